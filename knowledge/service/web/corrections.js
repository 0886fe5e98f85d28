// Correcting sentences by hand: several are changed where they stand and saved together.

import * as api from "./api.js";
import { el, fill, toast } from "./dom.js";
import { problem, t } from "./i18n.js";
import { clock } from "./times.js";

const CONFLICT = 409;
const kept = new Map(); // what is not saved yet, by lecture: it outlives a look at another view

addEventListener("beforeunload", (event) => [...kept.values()].some((drafts) => drafts.size) && event.preventDefault());

export class Corrections {
  /**
   * `lecture()` is the lecture as it is shown; `reload()` brings it up to date and shows it; `onChange()` hears that a
   * sentence says something else now, or that all were given up.
   */
  constructor(id, { lecture, reload, onChange, transcript }) {
    Object.assign(this, { id, lecture, reload, onChange, transcript });
    if (!kept.has(id)) kept.set(id, new Map());
    this.drafts = kept.get(id); // segment's number -> { text, was, start }
    this.homeless = []; // drafts whose sentence is gone
    this.touched = []; // drafts whose sentence was changed by somebody else
    this.message = el("div", { class: "message", role: "alert" });
    this.count = el("span", { role: "status" });
    const { save, discard } = t.lectures.correct;
    this.saving = el("button", { type: "button", class: "primary", onclick: () => this.save() }, save);
    this.bar = el(
      "div",
      { class: "save-bar", hidden: true },
      this.message,
      this.count,
      el("button", { type: "button", class: "button", onclick: () => this.discard() }, discard),
      this.saving,
    );
    this.say();
  }

  get isDirty() {
    return this.drafts.size > 0 || this.field !== null;
  }

  field = null; // the sentence in which somebody writes

  textOf = (segment) => this.drafts.get(segment.number)?.text ?? segment.text;

  /** Let somebody write in a sentence: Enter and leaving it keep what is written, Escape does not. */
  edit(span, segment) {
    const before = this.textOf(segment);
    span.textContent = before;
    span.classList.remove("removed");
    const name = t.lectures.correct.sentence(clock(segment.start));
    const field = { contenteditable: "plaintext-only", role: "textbox", "aria-label": name };
    for (const [key, value] of Object.entries(field)) span.setAttribute(key, value);
    if (!span.isContentEditable) span.contentEditable = "true"; // an older browser
    this.field = span;
    const leave = new AbortController();
    const finish = (text) => {
      leave.abort();
      this.field = null;
      for (const key of Object.keys(field)) span.removeAttribute(key);
      this.keep(span, segment, text.replace(/\s+/g, " ").trim());
    };
    const typed = (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      finish(event.key === "Enter" ? span.textContent : before);
      span.focus();
    };
    span.addEventListener("keydown", typed, { signal: leave.signal });
    span.addEventListener("blur", () => finish(span.textContent), { signal: leave.signal });
    span.focus();
    getSelection().selectAllChildren(span);
    getSelection().collapseToEnd();
  }

  keep(span, segment, text) {
    if (text === segment.text) this.drafts.delete(segment.number);
    else this.drafts.set(segment.number, { text, was: segment.text, start: segment.start });
    this.transcript().write(span, segment);
    this.say();
    this.onChange();
  }

  say() {
    this.bar.hidden = !this.drafts.size && !this.homeless.length;
    this.count.textContent = t.lectures.correct.count(this.drafts.size);
    this.saving.disabled = !this.drafts.size;
  }

  discard() {
    this.drafts.clear();
    this.homeless = [];
    fill(this.message);
    this.say();
    this.transcript().rewrite();
    this.onChange();
  }

  async save() {
    this.saving.disabled = true;
    this.touched = [];
    try {
      await this.send();
      this.drafts.clear();
      await this.reload();
      this.discard();
      toast(t.lectures.correct.saved);
    } catch (error) {
      if (!this.touched.length) fill(this.message, el("p", {}, problem(error)));
    }
    this.say();
  }

  /** Send the corrections. Where others changed nothing of what they correct, a newer version is no obstacle. */
  async send() {
    try {
      await this.put();
    } catch (error) {
      if (error.status !== CONFLICT) throw error;
      await this.reload();
      this.catchUp();
      if (this.touched.length) throw error;
      await this.put();
    }
  }

  /** Bring the drafts to the transcript as it is shown now, and say where somebody else has changed it too. */
  catchUp() {
    this.touched = this.move(this.lecture().segments);
    if (this.touched.length) this.settle();
    this.transcript().rewrite();
    this.say();
  }

  put() {
    const segments = [...this.drafts].map(([number, { text }]) => ({ number, text }));
    return api.correctLecture(this.id, this.lecture().version, segments);
  }

  /**
   * Bring the drafts to the sentences of a transcript that was loaded anew, by their times. Returns those whose sentence
   * has changed meanwhile or is gone; of the latter there is no draft any more.
   */
  move(segments) {
    const drafts = [...this.drafts];
    this.drafts.clear();
    const touched = drafts.filter(([number, draft]) => {
      const segment = placeOf(number, draft, segments);
      if (!segment) return this.homeless.push(draft);
      this.drafts.set(segment.number, { ...draft, was: segment.text });
      return segment.text !== draft.was;
    });
    return touched.map(([, draft]) => draft);
  }

  /** Say what came between, with all that was typed still there. */
  settle() {
    const { conflict, lost, now } = t.lectures.correct;
    const texts = new Map(this.lecture().segments.map(({ start, text }) => [start, text]));
    const changed = this.touched.filter(({ start }) => texts.has(start));
    const list = (drafts, said) => el("ul", {}, ...drafts.map((draft) => el("li", {}, `${clock(draft.start)} ${said(draft)}`)));
    fill(
      this.message,
      el("p", {}, conflict),
      list(changed, ({ start }) => now(texts.get(start))),
      this.homeless.length ? [el("p", {}, lost), list(this.homeless, ({ text }) => text)] : null,
    );
  }
}

/** The sentence that a draft belongs to: at its time, and where a text tells no times, the same one. */
function placeOf(number, { start, was }, segments) {
  const there = segments.filter((segment) => segment.start === start);
  const same = there.find((segment) => segment.text === was) ?? there.find((segment) => segment.number === number);
  return same ?? (there.length === 1 ? there[0] : undefined);
}
