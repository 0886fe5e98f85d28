// One lecture: its recording, what was said in it, and what was made of that.

import * as api from "./api.js";
import { Chapters } from "./chapters.js";
import { confirmed } from "./controls.js";
import { Corrections } from "./corrections.js";
import { el, fill, icon, toast } from "./dom.js";
import { Finder } from "./finder.js";
import { problem, t } from "./i18n.js";
import { glossary, Summary } from "./lecture_notes.js";
import { collectionOf, facts, isRemovable, Status } from "./lecture_status.js";
import { Player, playerKeys } from "./player.js";
import { Tabs } from "./tabs.js";
import { lectureLink } from "./times.js";
import { Transcript } from "./transcript.js";

const FORMATS = ["md", "docx", "srt", "vtt", "json", "anki"];
const GONE = 404;
const TABS = ["transcript", "summary", "glossary", "chapters"];
// A lecture that is being transcribed changes every few seconds; the longer it is, the more there is to load.
const reloadMs = (segments) => Math.min(1000 + segments * 4, 6000);

/** Open a lecture at a second, where one is given. Returns what ends the view. */
export async function showLecture(main, frame, id, seconds) {
  const view = new LectureView(id);
  fill(main, view.node);
  frame.onEvent((event, data) => view.hear(event, data));
  await view.open(seconds);
  return () => view.close();
}

class LectureView {
  constructor(id) {
    this.id = id;
    this.back = el("a", { class: "back", href: "#lectures" }, icon("back"), t.lectures.back);
    this.node = el("section", { class: "lecture" }, this.back, el("p", { class: "empty late" }, t.loading));
    this.scrolled = {}; // how far down each tab was left
    this.heard = 0; // how often it was told of
    this.left = null; // the second where a lecture was that cannot be shown; it may come back
  }

  async open(seconds) {
    const { heard } = this;
    try {
      this.data = await this.load();
    } catch (error) {
      return this.leave(seconds, error);
    }
    if (!this.node.isConnected) return null; // another view was opened meanwhile
    fill(this.node, this.back);
    this.build();
    this.show();
    this.corrections.catchUp();
    this.tabs.choose("transcript");
    if (seconds !== null) this.goTo(seconds);
    if (this.heard !== heard) this.reloadSoon(); // told of while it was on its way, which may be older
    return null;
  }

  /** What is known of it; that it is gone may be old news by the time it is heard. */
  async load() {
    const { heard } = this;
    try {
      return await api.lecture(this.id);
    } catch (error) {
      if (error.status === GONE && this.heard !== heard) return this.load();
      throw error;
    }
  }

  close() {
    clearTimeout(this.waiting);
    this.waiting = null;
    if (!this.player) return;
    removeEventListener("keydown", this.keys);
    this.size.disconnect();
    for (const part of [this.player, this.transcript, this.finder]) part.close();
    this.player = null;
  }

  say(text) {
    fill(this.node, this.back, el("p", { class: "problem", role: "alert" }, text));
  }

  build() {
    const { lecture } = this.data;
    this.player = new Player(lecture, (seconds) => this.moved(seconds));
    this.keys = playerKeys(this.player);
    addEventListener("keydown", this.keys);
    this.corrections = new Corrections(this.id, {
      lecture: () => ({ version: this.data.lecture.version, segments: this.transcript.segments }),
      reload: () => this.reload(),
      onChange: () => this.finder.refresh(),
      transcript: () => this.transcript,
    });
    const play = (seconds) => this.play(seconds);
    this.transcript = new Transcript({ onPlay: play, onEdit: (...place) => this.edit(...place), textOf: this.corrections.textOf });
    this.finder = new Finder(this.transcript);
    this.summary = new Summary({ onPlay: play, onWrite: (template) => this.write(template) });
    this.glossary = el("div");
    this.chapters = new Chapters((segment) => this.visit(segment.start, () => segment));
    this.title = el("h1", { tabindex: -1 });
    this.facts = el("p", { class: "muted" });
    this.slides = el("a", { class: "slides", target: "_blank", rel: "noopener" }, icon("open"), t.lectures.slides);
    this.lost = el("div", { class: "card lost", hidden: true }, el("span"), el("button", { type: "button", class: "button", onclick: () => this.transcribe() }, icon("again"), t.lectures.lost.yes));
    this.status = new Status((work) => this.steer(work), this.title);
    const name = t.lectures.remove.name;
    this.removing = el("button", { type: "button", class: "button remove", title: name, "aria-label": name, onclick: () => this.remove() }, icon("trash"));
    this.arrange();
  }

  arrange() {
    const { pill, progress, problem: reason, actions } = this.status;
    const { tabs } = t.lectures;
    this.job = el("div", { class: "card job" }, el("div", { class: "head" }, pill, actions), progress, reason);
    this.editing = el("button", { type: "button", class: "button edit", onclick: () => this.toggleEditing() }, icon("edit"), el("span"));
    this.hint = el("p", { class: "note", hidden: true }, t.lectures.correct.hint);
    this.growing = el("p", { class: "note waiting", hidden: true }, t.lectures.transcript.grows);
    this.tabs = new Tabs(TABS.map((name) => [name, tabs[name]]), (name) => this.turned(name));
    const tools = el("div", { class: "tools" }, this.finder.node, this.editing);
    this.sheet = el(
      "div",
      { class: "sheet" },
      this.tabs.node,
      this.tabs.panel("transcript", tools, this.hint, this.transcript.node, this.growing, this.corrections.bar),
      this.tabs.panel("summary", this.summary.node),
      this.tabs.panel("glossary", this.glossary),
    );
    this.contents = this.tabs.panel("chapters", el("h2", {}, tabs.chapters), this.chapters.node);
    this.node.append(
      el("header", { class: "title" }, el("div", {}, this.title, this.facts, this.slides), exportMenu(this.id), this.removing),
      this.job,
      this.lost,
      el("div", { class: "desk" }, el("div", { class: "side" }, this.player.node, this.contents), this.sheet),
    );
    this.size = new ResizeObserver(() => this.node.style.setProperty("--player", `${this.player.node.offsetHeight}px`));
    this.size.observe(this.player.node);
  }

  /** Another tab is open: go where it was left, or to its beginning. */
  turned(name) {
    this.scrolled[this.node.dataset.tab] = scrollY;
    this.node.dataset.tab = name;
    if (name in this.scrolled) scrollTo({ top: this.scrolled[name], behavior: "instant" });
    else if (this.sheet.getBoundingClientRect().top < 0) this.sheet.scrollIntoView({ behavior: "instant" });
  }

  hear(event, data) {
    const isMine = event === "lecture" && data.lecture.id === this.id;
    if (isMine) this.heard += 1;
    if ((isMine || event === "connected") && this.left !== null) return this.comeBack();
    if (!this.player) return null;
    if (event === "connected") return this.reloadSoon();
    if (event === "removed" && data.path === this.data.lecture.path) return this.lookAgain();
    if ((event === "removed" || event === "document") && isBeside(data.path, this.data.lecture.path)) this.reloadSoon();
    // A file that was renamed is told of before the service gives it out under its new name.
    if (event === "document" && data.path === this.data.lecture.path) return this.player.recover();
    return isMine && this.take(data.lecture);
  }

  take(now) {
    const { lecture } = this.data;
    const isNew = now.version !== lecture.version || now.state !== lecture.state;
    this.showFacts({ ...now, version: lecture.version }); // of the text that is shown
    if (isNew) this.reloadSoon();
  }

  reloadSoon() {
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      // What somebody is writing is not moved under the hands; saving it finds out that there is something new.
      if (this.player && !this.corrections.isDirty) this.lookAgain();
    }, reloadMs(this.transcript?.segments.length ?? 0));
  }

  /** Show how it is now, if it is still there. */
  async lookAgain() {
    try {
      await this.reload();
    } catch (error) {
      if (error.status === GONE) this.leave(this.player?.seconds, error);
      else toast(problem(error), "bad");
    }
  }

  leave(seconds, error) {
    this.left = seconds ?? 0;
    this.close();
    this.say(error.status === GONE ? t.lectures.gone : problem(error));
  }

  async comeBack() {
    const seconds = this.left;
    this.left = null;
    await this.open(seconds || null);
  }

  async reload() {
    const data = await this.load();
    if (!this.player) return; // another view was opened meanwhile
    this.data = data;
    this.show();
  }

  show() {
    const { chapters, slides } = this.data;
    this.slides.hidden = !slides;
    if (slides) this.slides.href = api.original(slides);
    this.transcript.show(chapters);
    this.showFacts(this.data.lecture);
    this.finder.refresh();
    this.summary.show(this.data);
    const { hasTimes } = this.transcript;
    this.node.classList.toggle("timeless", !hasTimes);
    const visit = ({ start, quote }) => this.visit(start, () => this.transcript.saying(quote));
    fill(this.glossary, ...glossary(this.data.glossary, hasTimes, visit));
    this.chapters.show(chapters);
    this.tabs.hide("chapters", this.chapters.isEmpty);
    this.contents.classList.toggle("none", this.chapters.isEmpty);
    this.moved(this.player.seconds);
  }

  showFacts(lecture) {
    this.data.lecture = lecture;
    document.title = `${lecture.title} · Voice RAG`;
    this.title.textContent = lecture.title;
    const place = [collectionOf(lecture), ...facts(lecture), lecture.transcriber ? t.lectures.by(lecture.transcriber) : null];
    this.facts.textContent = place.filter(Boolean).join(" · ");
    this.removing.hidden = !isRemovable(lecture);
    this.player.follow(lecture);
    this.status.show(lecture);
    this.job.dataset.state = lecture.state;
    this.job.hidden = lecture.state === "ready" && !lecture.problem;
    this.lost.hidden = !lecture.can_transcribe;
    this.lost.firstChild.textContent = t.lectures.lost.text(lecture.transcriber);
    this.growing.hidden = lecture.state !== "transcribing" || !this.transcript.segments.length;
    this.showEditing();
  }

  /** The player is at a second: mark the sentence and the chapter. */
  moved(seconds) {
    if (!this.transcript.segments.length || (!seconds && !this.transcript.current)) return;
    this.transcript.follow(seconds);
    this.chapters.follow(seconds);
  }

  /** Show a second without playing it. */
  goTo(seconds) {
    this.tabs.choose("transcript");
    if (this.transcript.segments.length) this.transcript.goTo(seconds);
    this.player.seek(seconds);
  }

  play(seconds) {
    this.goTo(seconds);
    this.player.play();
    history.replaceState(null, "", lectureLink(this.id, seconds));
  }

  /** Play a place; in a text that tells no times, show the segment there. */
  visit(seconds, segment) {
    if (this.transcript.hasTimes) return this.play(seconds);
    this.tabs.choose("transcript");
    const found = segment();
    return found && this.transcript.lookAt(found.number);
  }

  toggleEditing() {
    this.transcript.isEditing = !this.transcript.isEditing;
    this.showEditing();
  }

  showEditing() {
    const { lecture } = this.data;
    const { start, stop, early } = t.lectures.correct;
    if (lecture.state !== "ready") this.transcript.isEditing = false;
    const { isEditing } = this.transcript;
    this.editing.disabled = lecture.state !== "ready" || !this.transcript.segments.length;
    this.editing.title = this.editing.disabled ? early : "";
    this.editing.ariaPressed = String(isEditing);
    this.editing.ariaLabel = this.editing.lastChild.textContent = isEditing ? stop : start; // a phone shows no text
    this.hint.hidden = !isEditing;
    this.transcript.node.classList.toggle("editing", isEditing);
  }

  edit(span, segment) {
    if (this.editing.disabled) return toast(t.lectures.correct.early);
    return this.corrections.edit(span, segment);
  }

  async remove() {
    const { title, path } = this.data.lecture;
    const { question, text, yes, done } = t.lectures.remove;
    if (!(await confirmed({ title: question, text: text(title), yes }))) return;
    try {
      await api.remove(path);
      this.corrections.discard();
      toast(done(title));
      location.hash = "#lectures";
    } catch (error) {
      toast(problem(error), "bad");
    }
  }

  /** Hear the recording, where the transcript came from a file that is gone. */
  async transcribe() {
    const { question, warning, yes } = t.lectures.lost;
    if (await confirmed({ title: question, text: warning, yes })) await this.steer("retry");
  }

  async steer(work) {
    await this.asked(() => api.steerLecture(this.id, work));
  }

  async write(template) {
    await this.asked(() => api.writeSummary(this.id, template));
  }

  async asked(ask) {
    try {
      const { lecture } = await ask();
      this.showFacts({ ...lecture, version: this.data.lecture.version });
      this.summary.show(this.data);
      this.reloadSoon();
    } catch (error) {
      toast(problem(error), "bad");
    }
  }
}

/** Whether two files have the same name but for its ending, as slides have. */
function isBeside(path, other) {
  const name = (file) => file.replace(/\.[^./]*$/, "");
  return path !== other && name(path) === name(other);
}

/** A menu that closes when something is chosen, when another place is clicked, and with Escape. */
function exportMenu(id) {
  const { export: name, formatNames } = t.lectures;
  const close = () => (menu.open = false);
  const links = FORMATS.map((format) => el("a", { href: api.lectureExport(id, format), download: true, onclick: close }, formatNames[format]));
  const opener = el("summary", { class: "button", "aria-label": name, title: name }, icon("keep"), el("span", {}, name));
  const menu = el("details", { class: "menu" }, opener, el("div", {}, ...links));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    opener.focus();
  });
  menu.addEventListener("focusout", (event) => (menu.open &&= menu.contains(event.relatedTarget)));
  return menu;
}
