// How the service is set up, and how the page looks.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { chooseLanguage, dateTime, fileSize, LANGUAGES, problem, share, t } from "./i18n.js";

const THEME = "voice-rag-theme";

export function applyTheme() {
  const theme = localStorage.getItem(THEME);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export async function showSettings(main, frame) {
  const [health, settings] = await Promise.all([api.health(), api.settings()]);
  fill(
    main,
    el(
      "section",
      { class: "settings" },
      el("h1", {}, t.settings.title),
      card(t.settings.service, facts(health, settings)),
      embedder(settings.embedding),
      connection(),
      look(frame),
    ),
  );
}

const card = (title, ...content) => el("article", { class: "card" }, el("h2", {}, title), ...content);

function facts(health, settings) {
  const { embedding } = settings;
  const number = (value) => new Intl.NumberFormat(t.locale).format(value);
  const values = {
    folder: settings.folder,
    documents: number(health.documents),
    passages: number(health.passages),
    failed: number(health.failed),
    last_indexed: health.last_indexed ? dateTime(health.last_indexed) : "–",
    index: health.index,
    model: settings.model ?? t.settings.noModel,
    embedder: embedding.embedder ? `${embedding.embedder} · ${t.settings.states[embedding.state]}` : t.settings.none,
    reranker: settings.reranker ?? t.settings.noReranker,
    most: fileSize(settings.max_file_bytes),
    version: health.version,
  };
  return el("dl", {}, ...Object.entries(values).flatMap(([name, value]) => [el("dt", {}, t.settings.rows[name]), el("dd", {}, value)]));
}

function embedder(embedding) {
  const result = el("div", { class: "report", role: "status" });
  const isOff = embedding.state === "off";
  const progress =
    !isOff && embedding.embedded < embedding.passages
      ? el("progress", { max: embedding.passages, value: embedding.embedded, "aria-label": t.settings.rows.embedder })
      : null;
  const button = el("button", { type: "button", class: "primary", disabled: isOff }, t.settings.run);
  button.addEventListener("click", async () => {
    button.disabled = true;
    fill(result, el("p", { class: "muted waiting" }, t.settings.running));
    try {
      fill(result, report(await api.selfTest()));
    } catch (error) {
      fill(result, el("p", { class: "problem" }, problem(error)));
    }
    button.disabled = false;
  });
  if (embedding.report) fill(result, report(embedding.report));
  return card(
    t.settings.test,
    el("p", { class: "muted" }, isOff ? t.settings.noEmbedder : t.settings.testAbout),
    embedding.problem ? el("p", { class: "problem" }, embedding.problem) : null,
    progress,
    result,
    isOff ? null : button,
  );
}

function report({ languages }) {
  const names = t.settings.testRows;
  const rows = languages.map((test) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, t.languages[test.language]),
      el("td", {}, `${share(test.lexical)} → ${share(test.hybrid)}`),
      el("td", {}, `${share(test.lexical_paraphrased)} → ${share(test.hybrid_paraphrased)}`),
      el("td", {}, el("span", { class: `pill ${test.is_accepted ? "good" : "bad"}` }, test.is_accepted ? t.settings.used : t.settings.refused)),
    ),
  );
  const head = ["language", "same", "other", "verdict"].map((name) => el("th", { scope: "col" }, names[name]));
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)));
}

function connection() {
  const address = new URL("mcp", document.baseURI.split("#")[0]).href;
  return card(t.settings.connect, el("p", { class: "muted" }, t.settings.connectAbout), el("code", { class: "address" }, address));
}

function look(frame) {
  const language = choice("language", LANGUAGES, t.locale, (value) => {
    chooseLanguage(value);
    frame.redraw();
  });
  const theme = choice("theme", t.settings.themes, localStorage.getItem(THEME) ?? "auto", (value) => {
    if (value === "auto") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, value);
    applyTheme();
  });
  const leave = async () => {
    await api.logout();
    location.reload();
  };
  return card(
    t.settings.view,
    el("div", { class: "filters" }, labelled(t.settings.language, language), labelled(t.settings.theme, theme)),
    frame.hasToken && !frame.isIngress ? el("button", { type: "button", class: "button", onclick: leave }, t.settings.logout) : null,
  );
}

const choice = (id, names, chosen, onchange) => {
  const select = el("select", { id, onchange: () => onchange(select.value) });
  select.append(...Object.entries(names).map(([value, name]) => el("option", { value }, name)));
  select.value = chosen;
  return select;
};

const labelled = (name, field) => el("div", { class: "field" }, el("label", { for: field.id }, name), field);
