// The files: what there is and how far it is read, what comes in, what goes.

import * as api from "./api.js";
import { action, choice, confirmed, labelled } from "./controls.js";
import { arrange, el, fill, icon, settled, toast } from "./dom.js";
import { fileSize, problem, t } from "./i18n.js";
import { openReader } from "./reader.js";
import { lectureLink } from "./times.js";
import { Uploads } from "./uploads.js";

const KINDS = ["document", "film", "lecture"];
const MOODS = { indexed: "good", failed: "bad", duplicate: "muted", pending: "muted", reading: "busy" };
const SYMBOLS = { indexed: "good", failed: "bad", duplicate: "same", pending: "wait", reading: "wait" };
const DRAW_MS = 150; // hundreds of files are told of one by one
const KIND_ICONS = { document: "documents", film: "films", lecture: "lecture" };

export function showDocuments(main, frame) {
  const view = new Documents();
  fill(main, view.node);
  frame.onEvent((event, data) => view.hear(event, data));
  view.load();
  return () => view.close();
}

class Documents {
  constructor() {
    this.records = new Map(); // by path
    this.missed = null; // what is heard while a list is on its way, which may be older
    this.isLoaded = false;
    this.rows = new Map(); // by what they show
    this.reading = null; // the path in work
    this.find = el("input", { type: "search", id: "find", oninput: settled(() => this.draw(), 120) });
    this.status = choice("status", [["", t.docs.all], ...Object.entries(t.statuses).slice(0, 3)], () => this.draw());
    this.kind = choice("shown-kind", [["", t.docs.all], ...KINDS.map((kind) => [kind, t.kinds[kind]])], () => this.draw());
    this.collection = choice("shown-collection", [["", t.docs.all]], () => this.draw());
    this.names = null; // of the collections, as they are offered
    this.drawing = null;
    this.list = el("ul", { class: "files" }, el("li", { class: "empty late" }, t.loading));
    this.count = el("p", { class: "muted count", role: "status" });
    this.uploads = new Uploads({
      name: "documents",
      kind: choice("kind", KINDS.map((kind) => [kind, t.kindFolders[`${kind}s`]])),
      formats: t.docs.formats,
      onSent: (path) => (this.records.has(path) ? this.uploads.arrived(path) : this.show(path)),
    });
    this.node = el(
      "section",
      { class: "documents" },
      el("div", { class: "title" }, el("h1", {}, t.docs.title), this.rescanButton()),
      this.uploads.node,
      el(
        "div",
        { class: "filters" },
        labelled(t.docs.find, this.find, "wide"),
        labelled(t.docs.status, this.status),
        labelled(t.docs.kind, this.kind),
        labelled(t.docs.collection, this.collection),
      ),
      this.count,
      this.list,
    );
  }

  close() {
    this.uploads.close();
  }

  async load() {
    const missed = (this.missed = []);
    try {
      const { documents } = await api.documents();
      if (missed !== this.missed) return; // a later list is on its way
      this.records = new Map(documents.map((record) => [record.path, record]));
      this.isLoaded = true;
      for (const path of this.records.keys()) this.uploads.arrived(path);
      this.draw();
    } catch (error) {
      fill(this.list, el("li", { class: "empty problem", role: "alert" }, problem(error)));
    }
    if (missed === this.missed) this.missed = null;
    for (const [event, data] of missed) this.hear(event, data);
  }

  hear(event, data) {
    if (event === "connected") return this.load();
    if (this.missed) return this.missed.push([event, data]);
    if (event === "progress") this.reading = data.path || null;
    if (event === "document") {
      this.records.set(data.path, data);
      this.reading = null;
      this.uploads.arrived(data.path);
    }
    if (event === "removed") this.records.delete(data.path);
    this.drawing ??= setTimeout(() => this.draw(), DRAW_MS);
  }

  rescanButton() {
    const work = () => api.reindex().then(() => toast(t.docs.rescanning), (error) => toast(problem(error), "bad"));
    const name = t.docs.rescan;
    return el("button", { type: "button", class: "button", title: name, "aria-label": name, onclick: work }, icon("again"), el("span", {}, name));
  }

  draw() {
    clearTimeout(this.drawing);
    this.drawing = null;
    if (!this.isLoaded) return; // not that somebody reads that there is nothing
    const { compare } = new Intl.Collator(t.locale);
    const all = [...this.records.values()].sort((a, b) => compare(a.path, b.path));
    this.drawCollections(all);
    const shown = all.filter((record) => this.isWanted(record));
    this.count.textContent = t.documents(shown.length);
    const nothing = el("li", { class: "empty" }, all.length ? t.docs.none : t.docs.empty);
    const held = this.list.contains(document.activeElement) && document.activeElement.title;
    arrange(this.list, shown.length ? this.rowsOf(shown) : [nothing]);
    if (held && !this.list.contains(document.activeElement)) this.list.querySelector(`[title="${CSS.escape(held)}"]`)?.focus();
  }

  /** A row that shows the same as before stays the same element: somebody may have the finger or the focus on it. */
  rowsOf(records) {
    const kept = this.rows;
    this.rows = new Map();
    for (const record of records) {
      const key = JSON.stringify([record, this.reading === record.path]);
      this.rows.set(key, kept.get(key) ?? this.row(record));
    }
    return [...this.rows.values()];
  }

  drawCollections(all) {
    const names = [...new Set(all.map((record) => record.collection).filter(Boolean))].sort();
    if (String(names) === String(this.names)) return; // somebody may be choosing
    this.names = names;
    const chosen = this.collection.value;
    fill(this.collection, el("option", { value: "" }, t.docs.all), ...names.map((name) => el("option", { value: name }, name)));
    this.collection.value = names.includes(chosen) ? chosen : "";
    this.collection.closest(".field").hidden = names.length === 0;
    this.uploads.offer(names);
  }

  isWanted(record) {
    const words = this.find.value.toLocaleLowerCase().split(/\s+/);
    const text = `${record.title} ${record.path} ${record.reason ?? ""}`.toLocaleLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!this.status.value || record.status === this.status.value) &&
      (!this.kind.value || record.kind === this.kind.value) &&
      (!this.collection.value || record.collection === this.collection.value)
    );
  }

  row(record) {
    const isHeardLater = record.status === "indexed" && !record.passages; // a recording whose turn has not come
    const status = this.reading === record.path ? "reading" : isHeardLater ? "pending" : record.status;
    const passages = status === "indexed" ? t.passages(record.passages) : null;
    return el(
      "li",
      { class: "file", "data-status": record.status },
      icon(KIND_ICONS[record.kind]),
      el(
        "div",
        { class: "name" },
        el("button", { type: "button", class: "link", onclick: () => this.open(record) }, record.title),
        el("p", { class: "muted path" }, record.path),
        record.reason ? el("p", { class: "reason" }, record.reason) : null,
      ),
      el("span", { class: `pill ${MOODS[status]}` }, icon(SYMBOLS[status]), t.statuses[status]),
      el("span", { class: "muted size" }, [passages, fileSize(record.size)].filter(Boolean).join(" · ")),
      el(
        "span",
        { class: "actions" },
        action("again", `${t.docs.again}: ${record.title}`, () => this.again(record)),
        record.is_removable ? action("trash", `${t.docs.delete}: ${record.title}`, () => this.remove(record)) : null,
      ),
    );
  }

  async show(path) {
    try {
      const { document: record } = await api.document_(path);
      this.records.set(path, record);
      this.draw();
    } catch {
      // Not read yet: an event will tell.
    }
  }

  async open(record) {
    if (record.kind === "lecture" && (await this.openLecture(record.path))) return null;
    if (record.status !== "indexed") return window.open(api.original(record.path), "_blank", "noopener");
    return openReader(record.path).catch((error) => toast(problem(error), "bad"));
  }

  /** Go to the lecture of a file, if it is one. */
  async openLecture(path) {
    const { lectures } = await api.lectures().catch(() => ({ lectures: [] }));
    const lecture = lectures.find((one) => one.path === path);
    if (lecture) location.hash = lectureLink(lecture.id);
    return Boolean(lecture);
  }

  async again(record) {
    await api.reindex(record.path).then(() => toast(t.docs.againSaid), (error) => toast(problem(error), "bad"));
  }

  async remove(record) {
    const text = record.kind === "lecture" ? t.lectures.remove.text : t.docs.confirm;
    if (!(await confirmed({ title: t.docs.confirmTitle, text: text(record.title), yes: t.docs.delete }))) return;
    try {
      await api.remove(record.path);
      this.records.delete(record.path);
      this.draw();
      toast(t.docs.deleted(record.title));
    } catch (error) {
      toast(problem(error), "bad");
    }
  }
}
