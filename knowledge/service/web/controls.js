// Controls that several views have.

import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

/** A button that is only a picture. */
export const action = (symbol, name, work) =>
  el("button", { type: "button", class: "plain", title: name, "aria-label": name, onclick: work }, icon(symbol));

export const choice = (id, options, onchange = null) =>
  el("select", { id, onchange }, ...options.map(([value, name]) => el("option", { value }, name)));

export const labelled = (name, field, width = "") => el("div", { class: `field ${width}` }, el("label", { for: field.id }, name), field);

/** Ask before something that can't be undone; resolves to whether it is wanted. */
export function confirmed({ title, text, yes }) {
  const dialog = document.getElementById("confirm");
  fill(
    dialog,
    el(
      "form",
      { method: "dialog" },
      el("h2", {}, title),
      el("p", {}, text),
      el("div", { class: "buttons" }, el("button", { value: "" }, t.docs.cancel), el("button", { value: "yes", class: "danger" }, yes)),
    ),
  );
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
