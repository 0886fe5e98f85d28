// The chapters of a lecture as its table of contents; the one that is spoken is marked.

import { el, fill } from "./dom.js";
import { clock } from "./times.js";

export class Chapters {
  /** `onChoose(segment)` hears which was chosen, by its first segment. */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.node = el("ol", { class: "chapters" });
  }

  /** Show those that have a title; a lecture that is still being transcribed has none. */
  show(chapters) {
    fill(this.node, ...chapters.filter(({ title }) => title).map((chapter) => this.entry(chapter)));
  }

  get isEmpty() {
    return !this.node.firstChild;
  }

  entry({ title, start, paragraphs }) {
    const work = { "data-start": start, onclick: () => this.onChoose(paragraphs[0].segments[0]) };
    return el("li", {}, el("button", { type: "button", ...work }, el("span", { class: "time" }, clock(start)), el("span", {}, title)));
  }

  follow(seconds) {
    const buttons = [...this.node.querySelectorAll("button")];
    const spoken = buttons.findLast((button) => Number(button.dataset.start) <= seconds + 0.05);
    if (!spoken || spoken.ariaCurrent) return;
    for (const button of buttons) button.ariaCurrent = button === spoken ? "true" : null;
    this.reveal(spoken);
  }

  /** Scroll the list, and nothing around it. */
  reveal({ offsetTop, offsetHeight }) {
    const list = this.node.parentElement;
    const isSeen = offsetTop >= list.scrollTop && offsetTop + offsetHeight <= list.scrollTop + list.clientHeight;
    if (!isSeen) list.scrollTop = offsetTop - list.clientHeight / 2;
  }
}
