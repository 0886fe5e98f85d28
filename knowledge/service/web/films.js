// The films as cards, by their fields.

import * as api from "./api.js";
import { el, fill, icon, settled, toast } from "./dom.js";
import { decimal, problem, t } from "./i18n.js";

const PAGE = 24;
const FIELDS = [
  ["title", "query", "search"],
  ["person", "person", "search"],
  ["genre", "genre", "search"],
  ["country", "country", "search"],
  ["year_from", "from", "number"],
  ["year_to", "to", "number"],
  ["rating", "rating", "number"],
];
const RANGES = { year_from: [1870, 2199, 1], year_to: [1870, 2199, 1], rating: [0, 10, 0.1] };

export async function showFilms(main, frame) {
  const grid = el("ul", { class: "grid" }, el("li", { class: "late" }, t.loading));
  const count = el("p", { class: "muted count", role: "status" });
  const more = el("button", { type: "button", class: "button more", hidden: true, onclick: () => show(grid.children.length) }, t.films.more);
  const form = el("form", { class: "filters", onsubmit: (event) => event.preventDefault(), oninput: settled(() => show(0)), onchange: () => form.reportValidity() });
  form.append(
    ...FIELDS.map(([name, text, type]) => {
      const [min, max, step] = RANGES[name] ?? [];
      const input = el("input", { id: `film-${name}`, name, type, min, max, step, inputmode: type === "number" ? "decimal" : null });
      return el("div", { class: `field ${type}` }, el("label", { for: input.id }, t.films[text]), input);
    }),
    el("button", { type: "reset", class: "button", onclick: () => setTimeout(() => show(0)) }, t.films.clear),
  );
  const isAnyWanted = () => [...new FormData(form).values()].some(Boolean);
  let asked = 0;
  async function find(offset) {
    if (!form.checkValidity()) return; // a year of which two digits are typed
    const mine = ++asked;
    const found = await api.films({ ...Object.fromEntries(new FormData(form)), limit: PAGE, offset });
    if (mine !== asked) return; // typed on meanwhile
    const cards = found.films.map(card);
    if (offset) grid.append(...cards);
    else fill(grid, ...(cards.length ? cards : [el("li", { class: "empty" }, isAnyWanted() ? t.films.none : t.films.empty)]));
    count.textContent = t.filmsCount(found.total);
    more.hidden = grid.children.length >= found.total || !cards.length;
  }
  const show = (offset) => find(offset).catch((error) => toast(problem(error), "bad"));
  fill(main, el("section", { class: "films" }, el("div", { class: "title" }, el("h1", {}, t.films.title)), form, count, grid, more));
  // The first list may still be on its way into the index.
  frame.onEvent((event, data) => event === "progress" && !data.pending && grid.querySelector(".empty") && show(0));
  await find(0);
}

function card(film) {
  const isOther = film.original_title && film.original_title !== film.title;
  const facts = [film.year, film.countries.join(", ")].filter(Boolean).join(" · ");
  return el(
    "li",
    { class: "film" },
    el(
      "div",
      { class: "head" },
      el("div", {}, el("h2", {}, film.title), isOther ? el("p", { class: "muted original" }, film.original_title) : null),
      film.rating === null
        ? null
        : el("span", { class: "rating", "aria-label": t.films.outOfTen(decimal(film.rating)) }, icon("star"), decimal(film.rating)),
    ),
    facts ? el("p", { class: "muted" }, facts) : null,
    el("p", { class: "tags" }, ...film.genres.map((genre) => el("span", { class: "tag" }, genre))),
    people(t.films.directors, film.directors),
    people(t.films.actors, film.actors.slice(0, 4)),
    film.synopsis ? el("details", {}, el("summary", {}, t.films.synopsis), el("p", {}, film.synopsis)) : null,
  );
}

const people = (role, names) => (names.length ? el("p", { class: "people" }, el("span", { class: "muted" }, `${role}: `), names.join(", ")) : null);
