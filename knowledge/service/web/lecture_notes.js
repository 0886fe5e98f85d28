// What was made of a lecture: its summary by a template, and its glossary.

import { choice, labelled } from "./controls.js";
import { el, fill, icon } from "./dom.js";
import { share, t } from "./i18n.js";
import { markdown } from "./markdown.js";
import { clock } from "./times.js";

export class Summary {
  /** `onPlay(seconds)` hears a chosen time, `onWrite(template)` which template is wanted. */
  constructor({ onPlay, onWrite }) {
    Object.assign(this, { onPlay, onWrite });
    const { summary } = t.lectures;
    this.template = choice("template", []);
    this.button = el("button", { type: "button", class: "button", onclick: () => onWrite(this.template.value) }, icon("again"), summary.write);
    this.form = el("div", { class: "writing" }, labelled(summary.template, this.template), this.button);
    this.text = el("div", { class: "markdown" });
    this.node = el("div", {}, this.form, this.text);
  }

  show({ lecture, summary, templates }) {
    const texts = t.lectures.summary;
    const chosen = this.template.value || summary?.template;
    fill(this.template, ...templates.map((name) => el("option", { value: name }, t.lectures.templates[name] ?? name)));
    this.template.value = templates.includes(chosen) ? chosen : (templates[0] ?? "");
    const isWriting = lecture.state === "writing";
    this.form.hidden = !isWriting && lecture.state !== "ready";
    this.button.disabled = isWriting;
    const waiting = isWriting ? el("p", { class: "muted waiting" }, texts.writing) : null;
    if (!summary) return fill(this.text, waiting ?? el("p", { class: "empty" }, texts.none));
    return fill(this.text, waiting, made(summary.by, texts), ...markdown(summary.text, this.onPlay));
  }
}

const made = (by, texts) => el("p", { class: `note by-${by}` }, texts[by]);

/** The terms with their places; what the recording does not confirm is marked. `onPlace(term)` hears where to go. */
export function glossary(terms, hasTimes, onPlace) {
  const texts = t.lectures.glossary;
  if (!terms.length) return [el("p", { class: "empty" }, texts.none)];
  const isModels = terms.some(({ by }) => by === "model");
  return [isModels ? el("p", { class: "note" }, texts.some) : null, el("ul", { class: "terms" }, ...terms.map((term) => entry(term, hasTimes, onPlace)))];
}

function entry(term, hasTimes, onPlace) {
  const texts = t.lectures.glossary;
  const time = clock(term.start);
  const name = hasTimes ? t.lectures.transcript.at(time) : t.lectures.transcript.place;
  const place = el("button", { type: "button", class: "at", "aria-label": name, title: name, onclick: () => onPlace(term) }, hasTimes ? time : "→");
  return el(
    "li",
    { class: term.is_supported ? "term" : "term unsupported" },
    el(
      "div",
      { class: "head" },
      el("h3", {}, term.term),
      term.by === "extract" ? el("span", { class: "pill", title: texts.extractWhy }, texts.extract) : null,
      term.is_supported ? null : el("span", { class: "pill busy", title: texts.unsupportedWhy }, icon("bad"), texts.unsupported),
      el("span", { class: "muted certainty" }, texts.confidence(share(term.confidence))),
    ),
    el("p", { class: term.definition ? null : "muted" }, term.definition || texts.undefined),
    el("p", { class: "evidence" }, place, el("q", {}, term.quote)),
  );
}
