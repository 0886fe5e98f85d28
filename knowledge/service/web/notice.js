// What keeps the household from using its folder, and what to do about it: above every view, until it is over.

import * as api from "./api.js";
import { el, fill, icon, settled } from "./dom.js";
import { t } from "./i18n.js";

const AFTER_SCAN_MS = 500;

export class FolderNotice {
  constructor(node) {
    this.node = node;
    this.problem = null;
    this.lookSoon = settled(() => this.look(), AFTER_SCAN_MS);
  }

  /** The end of a scan is also told when all that has changed is what is wrong with the folder. */
  hear(event, data) {
    if (event === "connected" || (event === "progress" && !data.pending)) this.lookSoon();
  }

  async look() {
    const health = await api.health().catch(() => null); // that it cannot be reached is said elsewhere
    if (!health || health.folder_problem === this.problem) return;
    this.problem = health.folder_problem;
    this.show();
  }

  /** Say it, also anew in another language. */
  show() {
    const texts = t.folder[this.problem];
    this.node.hidden = !texts;
    fill(this.node, texts ? [icon("bad"), el("div", {}, el("strong", {}, texts.title), el("p", {}, texts.todo))] : []);
  }
}
