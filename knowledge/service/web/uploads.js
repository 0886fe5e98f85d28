// Files on their way: a place to drop them, and how far each has come.

import * as api from "./api.js";
import { action, labelled } from "./controls.js";
import { el, fill, icon } from "./dom.js";
import { problem, share, t } from "./i18n.js";

const lists = {}; // what is under way, by the name of the place: it goes on while another view is open
let sending = 0;

addEventListener("beforeunload", (event) => sending && event.preventDefault());

export class Uploads {
  /**
   * A place with a name of its own for files of one kind, or of the kind that is chosen in `kind`. `formats` says which
   * are taken, `onSent(path)` hears of each that has arrived.
   */
  constructor({ name, kind, formats, onSent }) {
    Object.assign(this, { kind, onSent });
    const { list, waiting } = (lists[name] ??= { list: el("ul", { class: "uploads", "aria-live": "polite" }), waiting: new Map() });
    this.list = list;
    this.waiting = waiting; // rows by the path that the service gave
    this.input = el("input", { type: "file", id: "files", multiple: true, class: "hidden", tabindex: -1, onchange: () => this.take(this.input.files) });
    this.collection = el("input", { id: "collection", list: "collections", placeholder: t.docs.collectionHint, maxlength: 200 });
    this.names = el("datalist", { id: "collections" });
    const chosenKind = typeof kind === "string" ? null : labelled(t.docs.kind, kind);
    this.zone = el(
      "div",
      { class: "drop" },
      icon("upload"),
      el("p", {}, el("span", { class: "dragging" }, el("strong", {}, t.docs.drop), ` ${t.docs.or} `), el("label", { for: "files", class: "choose", role: "button", tabindex: 0 }, t.docs.choose), this.input),
      el("p", { class: "muted" }, formats),
      el("div", { class: "place" }, chosenKind, labelled(t.docs.collection, this.collection), this.names),
    );
    this.zone.querySelector(".choose").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // the space bar would scroll
      this.input.click();
    });
    this.node = el("div", {}, this.zone, this.list);
    this.listeners = { dragover: (event) => this.over(event), dragleave: (event) => this.left(event), drop: (event) => this.drop(event) };
    for (const [type, listener] of Object.entries(this.listeners)) addEventListener(type, listener);
  }

  close() {
    for (const [type, listener] of Object.entries(this.listeners)) removeEventListener(type, listener);
  }

  offer(collections) {
    fill(this.names, ...collections.map((name) => el("option", { value: name })));
  }

  over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.zone.classList.add("over");
  }

  left(event) {
    if (!event.relatedTarget) this.zone.classList.remove("over");
  }

  drop(event) {
    event.preventDefault();
    this.zone.classList.remove("over");
    this.take(event.dataTransfer.files);
  }

  /** Send one file after the other: several at once are no faster in one house. */
  async take(files) {
    const kind = typeof this.kind === "string" ? this.kind : this.kind.value;
    const place = { kind, collection: this.collection.value };
    const rows = [...files].map((file) => [file, this.row(file)]);
    this.input.value = "";
    for (const [file, row] of rows) await this.send(file, place, row);
  }

  row(file) {
    const bar = el("progress", { max: 1, value: 0, "aria-label": file.name });
    const percent = el("span", { "aria-hidden": "true" }); // not to be read out at each step
    const state = el("span", { class: "muted" }, `${t.docs.uploading} `, percent);
    const giveUp = new AbortController();
    const stop = action("close", `${t.docs.cancel}: ${file.name}`, () => giveUp.abort());
    const node = el("li", {}, el("span", { class: "name" }, file.name), bar, state, stop);
    this.list.append(node);
    return { node, bar, percent, state, stop, signal: giveUp.signal };
  }

  async send(file, place, row) {
    if (row.signal.aborted) return row.node.remove();
    sending += 1;
    try {
      const path = await api.upload(file, place, (part) => sent(row, part), row.signal);
      sent(row, 1);
      row.state.textContent = t.docs.uploaded;
      row.stop.replaceWith(dismissal(row));
      this.waiting.set(path, row);
      await this.onSent(path);
    } catch (error) {
      fail(row, await explanation(error, file, place.kind));
    } finally {
      sending -= 1;
    }
  }

  /** A file that was sent is in the list now. */
  arrived(path) {
    this.waiting.get(path)?.node.remove();
    this.waiting.delete(path);
  }
}

function sent(row, part) {
  row.bar.value = part;
  row.percent.textContent = share(part);
}

function fail(row, text) {
  if (row.signal.aborted) return row.node.remove();
  row.bar.remove();
  row.node.classList.add("failed");
  row.state.textContent = text;
  row.stop.replaceWith(dismissal(row));
}

/** Why a file has not arrived, and what to do about it. */
async function explanation(error, file, kind) {
  if (error.code === "unsupported" && kind === "lecture") return t.lectures.unsupported;
  if (error.code === "unsupported" && /^(audio|video)\//.test(file.type)) return t.docs.recording;
  // A browser tells of a folder, or of a file that is gone, as if the connection were lost.
  const isReadable = error.code !== "connection" || (await file.slice(0, 1).arrayBuffer().then(() => true, () => false));
  return isReadable ? problem(error) : t.docs.unreadable;
}

const dismissal = (row) => action("close", t.docs.dismiss, () => row.node.remove());
