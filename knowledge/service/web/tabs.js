// Tabs that the arrow keys walk through, and the panels that belong to them.

import { el } from "./dom.js";

export class Tabs {
  /** `names` are pairs of a name and a title; `onChoose(name)` hears which is open now. */
  constructor(names, onChoose) {
    this.onChoose = onChoose;
    this.chosen = null;
    this.node = el("div", { class: "tabs", role: "tablist", onkeydown: (event) => this.typed(event) }, ...names.map((pair) => this.tab(...pair)));
  }

  tab(name, title) {
    const wiring = { id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => this.choose(name) };
    return el("button", { type: "button", role: "tab", ...wiring }, title);
  }

  panel(name, ...content) {
    const wiring = { id: `panel-${name}`, "aria-labelledby": `tab-${name}` };
    return el("div", { class: `panel panel-${name}`, role: "tabpanel", ...wiring }, ...content);
  }

  choose(name) {
    if (this.chosen === name) return;
    this.chosen = name;
    for (const tab of this.node.children) {
      const isChosen = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
    }
    this.onChoose(name);
  }

  /** A tab without anything behind it. */
  hide(name, isHidden) {
    this.node.querySelector(`#tab-${name}`).classList.toggle("none", isHidden);
  }

  typed(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const all = [...this.node.children].filter((tab) => tab.checkVisibility());
    const next = all[(all.indexOf(event.target) + by + all.length) % all.length];
    next.focus();
    next.click();
  }
}
