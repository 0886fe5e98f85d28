// A question, its answer while it is written, and where it stands.

import * as api from "./api.js";
import { el, fill, icon, toast } from "./dom.js";
import { problem, t } from "./i18n.js";
import { openReader } from "./reader.js";

const turns = []; // what was asked since the page was opened, so that it is still there after a look at the documents

export function showAsk(main) {
  const list = el("ol", { class: "turns", "aria-live": "polite" }, ...turns.map((turn) => turn.node));
  const field = el("textarea", { id: "question", rows: 1, maxlength: 2000, placeholder: t.ask.label, required: true });
  const intro = turns.length ? null : introduction((text) => put(text));
  const put = (text) => {
    intro?.remove();
    main.firstChild?.classList.add("talking");
    const turn = newTurn(text);
    turns.push(turn);
    list.append(turn.node);
    turn.node.scrollIntoView({ behavior: "smooth", block: "start" });
    answer(turn);
  };
  const submit = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    field.style.removeProperty("height");
    put(text);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  field.addEventListener("input", () => grow(field));
  const form = el(
    "form",
    { class: "question", onsubmit: submit },
    el("label", { for: "question", class: "hidden" }, t.ask.label),
    field,
    el("button", { class: "primary round", "aria-label": t.ask.send, title: t.ask.send }, icon("send")),
  );
  fill(main, el("section", { class: turns.length ? "ask talking" : "ask" }, intro, list, form));
  if (matchMedia("(hover: hover)").matches) field.focus();
}

function introduction(put) {
  const examples = t.ask.examples.map((text) => el("button", { class: "chip", type: "button", onclick: () => put(text) }, text));
  return el(
    "div",
    { class: "intro" },
    el("h1", {}, t.ask.title),
    el("p", { class: "muted" }, t.ask.about),
    el("div", { class: "examples", role: "group", "aria-label": t.ask.tried }, ...examples),
  );
}

function newTurn(question) {
  const text = el("div", { class: "text" }, el("p", { class: "muted waiting" }, t.ask.looking));
  const sources = el("div", { class: "sources" });
  const node = el("li", { class: "turn" }, el("h2", {}, question), el("article", { class: "answer", "aria-busy": "true" }, text, sources));
  return { question, node, text, sources };
}

async function answer(turn) {
  let written = "";
  let hits = [];
  let isDone = false;
  const on = {
    sources: (data) => {
      hits = data.sources;
      fill(turn.sources, ...sourceList(hits));
    },
    text: (data) => {
      written += data.text;
      fill(turn.text, ...paragraphs(written, hits));
    },
    done: (data) => {
      isDone = true;
      hits = data.sources;
      fill(turn.text, ...paragraphs(data.written, hits), provenance(data));
      fill(turn.sources, ...sourceList(hits));
    },
    error: (data) => {
      isDone = true;
      fail(turn, problem(data));
    },
  };
  try {
    await api.ask(turn.question, null, (event, data) => on[event]?.(data));
    if (!isDone) fail(turn, t.ask.stopped);
  } catch (error) {
    fail(turn, problem(error));
  }
  turn.node.querySelector(".answer").removeAttribute("aria-busy");
}

function fail(turn, message) {
  turn.text.querySelector(".waiting")?.remove();
  turn.text.append(el("p", { class: "problem", role: "alert" }, message || t.ask.failed));
}

function provenance(answer) {
  if (!answer.found) return null;
  return el("p", { class: "note" }, answer.engine === "extractive" ? t.ask.quoted : t.ask.written);
}

/** Paragraphs whose marks like [1] lead to their sources. */
function paragraphs(text, hits) {
  return text.split(/\n{2,}|\n(?=[-•\d])/).map((paragraph) => el("p", {}, ...marked(paragraph.trim(), hits)));
}

function marked(text, hits) {
  return text.split(/(\[\d+\])/).map((part) => {
    const hit = /^\[\d+\]$/.test(part) && hits.find((one) => `[${one.number}]` === part);
    if (!hit) return part;
    const name = `${hit.title}${hit.place ? `, ${hit.place}` : ""}`;
    return opener(hit, { class: "mark", title: name, "aria-label": name }, String(hit.number));
  });
}

function sourceList(hits) {
  if (!hits.length) return [];
  const cards = hits.map((hit) =>
    el(
      "li",
      {},
      opener(
        hit,
        { class: "source" },
        el("span", { class: "number" }, String(hit.number)),
        el("span", { class: "where" }, el("strong", {}, hit.title), hit.place ? el("span", { class: "muted" }, hit.place) : null),
        el("span", { class: "quote" }, hit.text),
      ),
    ),
  );
  return [el("h3", {}, t.ask.sources), el("ol", {}, ...cards)];
}

/** What leads to a source: a lecture to its second in the player, a document to its passage. */
function opener(hit, properties, ...content) {
  if (isLecture(hit)) return el("a", { ...properties, href: hit.link }, ...content);
  return el("button", { ...properties, type: "button", onclick: () => open(hit) }, ...content);
}

const isLecture = (hit) => hit.link?.startsWith("#lectures/");

async function open(hit) {
  try {
    await openReader(hit.document, hit);
  } catch (error) {
    toast(problem(error), "bad");
  }
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}
