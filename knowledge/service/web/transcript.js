// What was said, in paragraphs: the spoken sentence is marked and kept in sight, and each leads to its second.

import { arrange, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { clock } from "./times.js";

const SCROLLING_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);
const HELD_FRAMES = 8;
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Transcript {
  /**
   * `onPlay(seconds)` hears what somebody wants to listen to, `onEdit(node, segment)` what is to be corrected;
   * `textOf(segment)` is what a sentence says for now.
   */
  constructor({ onPlay, onEdit, textOf }) {
    Object.assign(this, { onPlay, onEdit, textOf });
    this.segments = []; // in the order of their times
    this.nodes = new Map(); // by the segment's number
    this.blocks = new Map(); // headings and paragraphs by what they say
    this.current = null; // the segment at the player's place
    this.revealed = null; // the sentence that was last brought into sight, until the reader scrolls
    this.isFollowing = true;
    this.isEditing = false;
    this.text = el("div", { class: "transcript-text", role: "group", "aria-label": t.lectures.transcript.keys });
    this.toNow = el("button", { type: "button", class: "button to-now", hidden: true, onclick: () => this.bringBack() }, icon("down"), t.lectures.transcript.toNow);
    this.node = el("div", {}, this.text, this.toNow);
    this.text.addEventListener("click", (event) => this.clicked(event));
    this.text.addEventListener("mousedown", (event) => this.pressed(event));
    this.text.addEventListener("keydown", (event) => this.typed(event));
    const away = (event) => this.looksAway(event);
    this.watched = { wheel: away, touchmove: away, keydown: away, mousedown: away };
    for (const [name, listener] of Object.entries(this.watched)) addEventListener(name, listener, { passive: true });
  }

  close() {
    for (const [name, listener] of Object.entries(this.watched)) removeEventListener(name, listener);
  }

  /** Show chapters; what has not changed keeps its elements, and the reader's place stays where it is. */
  show(chapters) {
    const held = this.inTheMiddle();
    const top = held?.getBoundingClientRect().top;
    const kept = this.blocks;
    this.blocks = new Map();
    this.segments = chapters.flatMap(({ paragraphs }) => paragraphs.flatMap(({ segments }) => segments));
    this.hasTimes = this.segments.some(({ start }) => start > 0); // a plain text tells none
    this.nodes.clear();
    const sections = this.text.querySelectorAll(".chapter");
    const shown = chapters.map((chapter, index) => {
      const section = sections[index] ?? el("section", { class: "chapter" });
      return arrange(section, this.chapter(chapter, index, kept));
    });
    const nothing = el("p", { class: "empty" }, t.lectures.transcript.none);
    arrange(this.text, this.segments.length ? shown : [nothing]);
    this.mark(this.current && this.segments.find(({ start }) => start === this.current.start));
    if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** The paragraph that the reader has before the eyes. */
  inTheMiddle() {
    const { left, width } = this.text.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, innerHeight / 2)?.closest(".paragraph");
  }

  chapter({ title, paragraphs }, index, kept) {
    const heading = title ? this.block(`${index} ${title}`, kept, () => el("h3", {}, title)) : null;
    return [heading, ...paragraphs.map((paragraph) => this.paragraph(paragraph, kept))].filter(Boolean);
  }

  /** What was shown for a key before, or what is made for it now. */
  block(key, kept, make) {
    const node = kept.get(key) ?? make();
    this.blocks.set(key, node);
    return node;
  }

  paragraph(paragraph, kept) {
    const key = JSON.stringify([paragraph, paragraph.segments.map(this.textOf)]);
    const node = this.block(key, kept, () => this.newParagraph(paragraph));
    for (const span of node.querySelectorAll(".segment")) this.nodes.set(Number(span.dataset.number), span);
    return node;
  }

  newParagraph({ start, segments }) {
    const time = clock(start);
    const name = t.lectures.transcript.at(time);
    let speaker = "";
    const spoken = segments.flatMap((segment) => {
      const isNew = segment.speaker && segment.speaker !== speaker;
      speaker = segment.speaker;
      const span = el("span", { class: "segment", "data-number": segment.number, tabindex: -1 });
      this.write(span, segment);
      return [isNew ? el("strong", { class: "speaker" }, `${segment.speaker}: `) : null, span, " "];
    });
    const button = el("button", { type: "button", class: "time", tabindex: -1, "data-start": start, title: name, "aria-label": name }, time);
    return el("div", { class: "paragraph" }, button, el("p", {}, ...spoken));
  }

  /** Show what a sentence says for now: its own text, a correction, or that it is to be removed. */
  write(span, segment) {
    const text = this.textOf(segment);
    span.textContent = text || segment.text;
    span.classList.toggle("removed", !text);
    span.classList.toggle("changed", text !== segment.text);
  }

  /** Show every sentence again, after corrections were dropped. */
  rewrite() {
    for (const segment of this.segments) this.write(this.nodes.get(segment.number), segment);
  }

  /** The sentence that a text was taken from. */
  saying(text) {
    return this.segments.find((segment) => segment.text.includes(text) || text.includes(segment.text));
  }

  segment(number) {
    return this.segments.find((one) => one.number === number);
  }

  /** The segment that is spoken at a second, or was spoken last before it. */
  at(seconds) {
    let [low, high] = [0, this.segments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.segments[middle].start <= seconds + 0.05) low = middle + 1;
      else high = middle;
    }
    return this.segments[Math.max(0, low - 1)];
  }

  /** Mark what is spoken at a second, and keep it in sight unless the reader looks elsewhere. */
  follow(seconds) {
    if (!this.hasTimes) return;
    const segment = this.at(seconds);
    if (segment?.number === this.current?.number) return;
    this.mark(segment);
    const isWriting = this.isEditing || document.activeElement?.isContentEditable;
    if (this.isFollowing && !isWriting) this.reveal(this.nodes.get(segment.number));
  }

  mark(segment) {
    const before = this.text.querySelector(".spoken");
    before?.classList.remove("spoken");
    before?.removeAttribute("aria-current");
    this.current = segment ?? null;
    const node = this.nodes.get((segment ?? this.segments[0])?.number);
    if (segment) {
      node.classList.add("spoken");
      node.ariaCurrent = "true";
    }
    if (node && !this.text.contains(document.activeElement)) this.stop(node);
  }

  /** The one sentence that the Tab key comes to. */
  stop(node) {
    this.text.querySelector(".segment[tabindex='0']")?.setAttribute("tabindex", -1);
    node.setAttribute("tabindex", 0);
  }

  /** Show the sentence at a second, wherever the reader was. */
  goTo(seconds) {
    if (!this.hasTimes) return;
    this.mark(this.at(seconds));
    this.bringBack();
  }

  bringBack() {
    this.isFollowing = true;
    this.toNow.hidden = true;
    if (this.current) this.reveal(this.nodes.get(this.current.number));
  }

  /** Look at a sentence that is not the spoken one. */
  lookAt(number) {
    this.isFollowing = false;
    this.toNow.hidden = !this.current;
    this.reveal(this.nodes.get(number));
  }

  reveal(node) {
    const { top, bottom } = node.getBoundingClientRect();
    if (top > innerHeight * 0.25 && bottom < innerHeight * 0.75) return;
    const isNear = Math.abs(top - innerHeight / 2) < innerHeight;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.revealed = node;
    node.scrollIntoView({ block: "center", behavior: isNear && !isCalm ? "smooth" : "instant" });
    if (isNear && !isCalm) addEventListener("scrollend", () => this.hold(node, HELD_FRAMES), { once: true });
    else this.hold(node, HELD_FRAMES);
  }

  /** What comes into sight is laid out only then, and pushes away what was just shown: bring it back for some frames. */
  hold(node, frames) {
    requestAnimationFrame(() => {
      if (this.revealed !== node || !node.isConnected) return;
      node.scrollIntoView({ block: "center", behavior: "instant" });
      if (frames > 1) this.hold(node, frames - 1);
    });
  }

  /** The reader scrolls: when the spoken sentence is out of sight then, it is not run after. */
  looksAway(event) {
    if (event.type === "keydown" && (!SCROLLING_KEYS.has(event.key) || event.target !== document.body)) return;
    if (event.type === "mousedown" && event.target !== document.documentElement) return; // the scroll bar
    this.revealed = null;
    if (this.isFollowing && this.text.checkVisibility()) setTimeout(() => this.checkSight(), 250);
  }

  checkSight() {
    const node = this.current && this.nodes.get(this.current.number);
    if (!node?.isConnected) return;
    const { top, bottom } = node.getBoundingClientRect();
    this.isFollowing = bottom > 0 && top < innerHeight;
    this.toNow.hidden = this.isFollowing;
  }

  clicked(event) {
    const time = event.target.closest(".time");
    const span = event.target.closest(".segment");
    if (!this.hasTimes) return null;
    if (time) return this.onPlay(Number(time.dataset.start));
    if (!span || this.isEditing || !getSelection().isCollapsed) return null; // somebody marks text to copy it
    this.stop(span);
    return this.onPlay(this.segment(Number(span.dataset.number)).start);
  }

  /** A sentence becomes a field before the browser sets the caret, so that it stands where the finger was. */
  pressed(event) {
    const span = this.isEditing && event.target.closest(".segment");
    if (span && !span.isContentEditable) this.onEdit(span, this.segment(Number(span.dataset.number)));
  }

  typed(event) {
    const span = event.target;
    if (!span.matches(".segment") || span.isContentEditable) return;
    const segment = this.segment(Number(span.dataset.number));
    if (event.key in STEPS) this.step(segment, STEPS[event.key]);
    else if (event.key === "F2" || (event.key === "Enter" && this.isEditing)) this.onEdit(span, segment);
    else if (event.key === "Enter") this.onPlay(segment.start);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Bring the focus to a neighbour of a sentence. */
  step(segment, by) {
    const next = this.segments[this.segments.indexOf(segment) + by];
    const node = next && this.nodes.get(next.number);
    if (!node) return;
    this.stop(node);
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }
}
