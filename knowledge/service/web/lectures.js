// The lectures: what comes in, how far each has come, and the ready ones by collection.

import * as api from "./api.js";
import { labelled } from "./controls.js";
import { el, fill, icon, settled, toast } from "./dom.js";
import { problem, t } from "./i18n.js";
import { showLecture } from "./lecture.js";
import { collectionOf, facts, Status } from "./lecture_status.js";
import { lectureLink, lecturePlace } from "./times.js";
import { Uploads } from "./uploads.js";

/** In this order they stand under "in work"; the others have come to their end. */
const IN_WORK = ["transcribing", "writing", "waiting", "paused", "failed"];
const MANY = 8; // from here on a field for finding one is worth its place

let left = null; // what was looked for and how far down, while one of the list is open

export function showLectures(main, frame, place) {
  const { id, seconds } = lecturePlace(place);
  if (id) return showLecture(main, frame, id, seconds);
  const view = new Lectures();
  fill(main, view.node);
  frame.onEvent((event, data) => view.hear(event, data));
  view.open(left);
  return () => {
    left = location.hash.startsWith(lectureLink("")) ? { find: view.find.value, top: scrollY } : null;
    view.close();
  };
}

class Lectures {
  constructor() {
    this.lectures = new Map(); // by id, the newest first
    this.rows = new Map();
    this.missed = null; // what is heard while a list is on its way, which may be older
    this.find = el("input", { type: "search", id: "find", oninput: settled(() => this.draw(), 120) });
    this.search = labelled(t.lectures.find, this.find);
    this.groups = el("div", { class: "groups" }, el("p", { class: "empty late" }, t.loading));
    this.uploads = new Uploads({
      name: "lectures",
      kind: "lecture",
      formats: t.lectures.formats,
      onSent: () => this.load(),
    });
    this.node = el(
      "section",
      { class: "lectures" },
      el("div", { class: "title" }, el("h1", {}, t.lectures.title), this.search),
      this.uploads.node,
      this.groups,
    );
  }

  /** Show them, as they were left where somebody comes back. */
  async open(left) {
    this.find.value = left?.find ?? "";
    await this.load();
    if (left) scrollTo({ top: left.top, behavior: "instant" });
  }

  close() {
    this.uploads.close();
  }

  async load() {
    const missed = (this.missed = []);
    try {
      const { lectures } = await api.lectures();
      if (missed !== this.missed) return; // a later list is on its way
      this.lectures = new Map(lectures.map((lecture) => [lecture.id, lecture]));
      for (const lecture of lectures) this.take(lecture);
      this.draw();
    } catch (error) {
      fill(this.groups, el("p", { class: "problem", role: "alert" }, problem(error)));
    }
    if (missed === this.missed) this.missed = null;
    for (const [event, data] of missed) this.hear(event, data);
  }

  hear(event, data) {
    if (event === "connected") return this.load();
    if (this.missed) return this.missed.push([event, data]);
    if (event === "document") this.uploads.arrived(data.path);
    if (event === "removed") this.forget(data.path);
    if (event === "lecture") this.change(data.lecture);
  }

  change(lecture) {
    const before = this.lectures.get(lecture.id);
    this.lectures.set(lecture.id, lecture);
    this.take(lecture);
    if (before?.state === "writing" && lecture.state === "ready") toast(t.lectures.readySaid(lecture.title));
    if (!before) this.load(); // where it stands among the others, the service knows
    else if (before.state !== lecture.state || before.path !== lecture.path) this.draw();
  }

  take(lecture) {
    const row = this.rows.get(lecture.id) ?? new Row((work) => this.steer(lecture.id, work));
    this.rows.set(lecture.id, row);
    row.show(lecture);
    this.uploads.arrived(lecture.path);
  }

  forget(path) {
    const gone = [...this.lectures.values()].find((lecture) => lecture.path === path);
    if (!gone) return;
    this.lectures.delete(gone.id);
    this.rows.delete(gone.id);
    this.draw();
  }

  async steer(id, work) {
    try {
      this.hear("lecture", await api.steerLecture(id, work));
    } catch (error) {
      toast(problem(error), "bad");
    }
  }

  /** Put the rows where they belong. The one that has the focus keeps it. */
  draw() {
    const focused = document.activeElement;
    const all = [...this.lectures.values()];
    this.search.hidden = all.length < MANY;
    this.uploads.offer([...new Set(all.map(collectionOf).filter(Boolean))].sort());
    const shown = all.filter((lecture) => this.isWanted(lecture));
    const groups = grouped(shown).map(([name, lectures]) => this.group(name, lectures));
    const nothing = el("p", { class: "empty" }, all.length ? t.lectures.none : t.lectures.empty);
    fill(this.groups, ...(groups.length ? groups : [nothing]));
    if (focused !== document.activeElement) focused.focus?.();
  }

  isWanted(lecture) {
    const words = this.find.value.toLocaleLowerCase().split(/\s+/);
    const text = `${lecture.title} ${lecture.path}`.toLocaleLowerCase();
    return this.search.hidden || words.every((word) => text.includes(word));
  }

  group(name, lectures) {
    const rows = lectures.map(({ id }) => this.rows.get(id).node);
    return el("section", {}, el("h2", {}, name), el("ul", { class: "files" }, ...rows));
  }
}

/** What is in work first, then the collections by name, those without one at the end; within each the newest first. */
function grouped(lectures) {
  const inWork = IN_WORK.flatMap((state) => lectures.filter((lecture) => lecture.state === state));
  const rest = Map.groupBy(
    lectures.filter((lecture) => !IN_WORK.includes(lecture.state)),
    collectionOf,
  );
  const collections = [...rest].sort(([a], [b]) => !a - !b || a.localeCompare(b, t.locale));
  const isPlain = collections.length === 1 && collections[0][0] === "";
  const named = collections.map(([name, group]) => [name || (isPlain ? t.lectures.count(group.length) : t.lectures.others), group]);
  return inWork.length ? [[t.lectures.working, inWork], ...named] : named;
}

/** A lecture in the list; `onWork` hears which button was pressed. */
class Row {
  constructor(onWork) {
    this.link = el("a", { class: "link" });
    this.facts = el("p", { class: "muted" });
    this.status = new Status(onWork, this.link);
    const { pill, progress, problem: reason, actions } = this.status;
    this.node = el("li", { class: "file" }, icon("lectures"), el("div", { class: "name" }, this.link, this.facts, progress, reason), actions, pill);
  }

  show(lecture) {
    this.link.href = lectureLink(lecture.id);
    this.link.textContent = lecture.title;
    this.facts.textContent = facts(lecture).join(" · ");
    this.node.dataset.state = lecture.state;
    this.status.show(lecture);
  }
}
