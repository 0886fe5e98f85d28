// A document in its passages, with the cited one in its place.

import * as api from "./api.js";
import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

const dialog = document.getElementById("reader");
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it, on the shade

/** Show a document; `hit` is the passage to be marked. Raises api.Refused. */
export async function openReader(path, hit = null) {
  const { document: record, passages } = await api.document_(path);
  const cited = hit && (passages.find((one) => one.text === hit.text) ?? passages.find((one) => one.text.includes(hit.text)));
  const page = cited?.page ?? hit?.page ?? null;
  fill(dialog, head(record, page), el("div", { class: "pages", tabindex: 0 }, ...body(passages, cited)));
  if (!dialog.open) dialog.showModal();
  const mark = dialog.querySelector("mark, .cited");
  if (mark) mark.scrollIntoView({ block: "center" });
  else dialog.querySelector(".pages").scrollTop = 0;
}

function head(record, page) {
  return el(
    "header",
    {},
    el("div", {}, el("h2", {}, record.title), el("p", { class: "muted path" }, record.path)),
    el(
      "a",
      { class: "button", href: api.original(record.path, page), target: "_blank", rel: "noopener" },
      icon("open"),
      el("span", {}, t.reader.open),
    ),
    el("button", { class: "plain", type: "button", "aria-label": t.reader.close, title: t.reader.close, onclick: () => dialog.close() }, icon("close")),
  );
}

/** Passages below the place where they stand; the place is said where it changes. */
function body(passages, cited) {
  let place = null;
  return passages.flatMap((passage) => {
    const isNew = passage.place !== place;
    place = passage.place;
    const isCited = passage === cited;
    const section = el("section", { class: isCited ? "passage cited" : "passage" });
    if (isCited) section.append(el("p", { class: "note" }, t.reader.here));
    section.append(...passage.text.split("\n").map((line) => el("p", {}, line)));
    return isNew && place ? [el("h3", {}, place), section] : [section];
  });
}
