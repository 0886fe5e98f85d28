// Finding words in a transcript: how often, the next, the previous. The places are marked without touching the text.

import { action } from "./controls.js";
import { el, icon, settled } from "./dom.js";
import { t } from "./i18n.js";

const MARKS = window.CSS?.highlights; // an older browser shows the sentence only
const ALL = "found";
const NOW = "found-now";

const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

export class Finder {
  constructor(transcript) {
    this.transcript = transcript;
    this.places = []; // [segment's number, from, to]
    this.at = -1;
    this.asked = "";
    const texts = t.lectures.finder;
    this.field = el("input", { type: "search", id: "find-in", placeholder: texts.label, autocomplete: "off", oninput: settled(() => this.search(), 150) });
    this.field.addEventListener("keydown", (event) => this.typed(event));
    this.count = el("span", { class: "muted", role: "status" });
    const step = (symbol, name, by) => action(symbol, name, () => this.step(by));
    this.buttons = el("span", { class: "steps", hidden: true }, step("up", texts.previous, -1), step("down", texts.next, 1));
    this.node = el(
      "div",
      { class: "finder", role: "search" },
      icon("find"),
      el("label", { for: "find-in", class: "hidden" }, texts.label),
      this.field,
      this.count,
      this.buttons,
    );
  }

  close() {
    MARKS?.delete(ALL);
    MARKS?.delete(NOW);
  }

  /** Find what the field says, from the first place on. */
  search() {
    this.asked = this.field.value;
    this.collect();
    this.at = -1;
    this.step(1);
  }

  /** Find again after the text has changed, and stay at the place. */
  refresh() {
    if (!this.field.value.trim()) return;
    this.collect();
    this.at = Math.min(this.at, this.places.length - 1);
    this.say();
  }

  collect() {
    const wanted = folded(this.field.value.trim());
    this.places = [];
    for (const { number } of wanted ? this.transcript.segments : []) {
      const text = folded(this.transcript.nodes.get(number).textContent);
      for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
        this.places.push([number, from, from + wanted.length]);
      }
    }
    if (!MARKS) return;
    const marks = new Highlight();
    for (const place of this.places) marks.add(this.range(place));
    MARKS.set(ALL, marks);
  }

  range([number, startOffset, endOffset]) {
    const text = this.transcript.nodes.get(number).firstChild;
    return new StaticRange({ startContainer: text, startOffset, endContainer: text, endOffset });
  }

  step(by) {
    const many = this.places.length;
    if (many) {
      this.at = (this.at + by + many) % many;
      this.transcript.lookAt(this.places[this.at][0]);
    }
    this.say();
  }

  say() {
    const { count, none } = t.lectures.finder;
    const many = this.places.length;
    const isAsked = Boolean(this.field.value.trim());
    this.count.textContent = isAsked ? (many ? count(this.at + 1, many) : none) : "";
    this.buttons.hidden = !many;
    if (many) MARKS?.set(NOW, new Highlight(this.range(this.places[this.at])));
    else MARKS?.delete(NOW);
  }

  typed(event) {
    if (event.key === "Escape" && this.field.value) this.field.value = "";
    else if (event.key === "Enter" && this.asked === this.field.value) return this.step(event.shiftKey ? -1 : 1);
    else return null;
    return this.search();
  }
}
