// Making elements. Text always comes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. Properties that begin with "on" are listeners, "class" and "aria-..." are attributes, null is left out.
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  ask: "M4 5h16v11H9l-5 4z",
  documents: "M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6",
  films: "M4 5h16v14H4z M8 5v14 M16 5v14 M4 9h4 M4 15h4 M16 9h4 M16 15h4",
  settings: "M4 7h9 M19 7h1 M4 17h1 M11 17h9 M16 4v6 M8 14v6",
  lectures: "M12 4L2.5 9 12 14l9.5-5z M6 11v5c3 2.7 9 2.7 12 0v-5",
  lecture: "M12 4v10 M8 9v3a4 4 0 0 0 8 0V9 M12 16v4 M8 20h8",
  upload: "M12 16V5 M7 10l5-5 5 5 M5 19h14",
  send: "M5 12h13 M13 6l6 6-6 6",
  trash: "M5 7h14 M9 7V4h6v3 M7 7l1 13h8l1-13",
  again: "M19 8a8 8 0 1 0 1 5 M20 3v6h-6",
  close: "M6 6l12 12 M18 6L6 18",
  open: "M14 4h6v6 M20 4l-9 9 M18 14v6H4V6h6",
  good: "M5 12l5 5 9-10",
  bad: "M12 4v10 M12 18v1",
  wait: "M12 6v6l4 2 M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0",
  same: "M8 8h12v12H8z M4 16V4h12",
  pause: "M9 5v14 M15 5v14",
  stop: "M7 7h10v10H7z",
  play: "M8 5l11 7-11 7z",
  edit: "M4 20l1-4L16 5l3 3L8 19z M14 7l3 3",
  back: "M19 12H6 M11 6l-6 6 6 6",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  find: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13 M15.5 15.5L20 20",
  keep: "M12 5v11 M7 11l5 5 5-5 M5 19h14",
  star: "M12 4l2.4 5.2 5.6.6-4.2 3.8 1.2 5.6L12 16.4 7 19.2l1.2-5.6L4 9.8l5.6-.6z",
};

/** A decorative picture; what it stands for has to be said beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Replace what an element holds. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter(Boolean));
  return node;
}

/** Replace what an element holds, and leave alone what stays in its place. */
export function arrange(node, children) {
  const wanted = new Set(children);
  for (const child of [...node.childNodes]) if (!wanted.has(child)) child.remove();
  for (const [index, child] of children.entries()) if (node.childNodes[index] !== child) node.insertBefore(child, node.childNodes[index] ?? null);
  return node;
}

/** Call `work` once a person has stopped typing. */
export function settled(work, milliseconds = 250) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}

/** Say something that needs no answer. */
export function toast(text, kind = "info") {
  const node = el("p", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), 6000);
}
