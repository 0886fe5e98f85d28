// The frame of the page: who may see it, which view is open, how the service is.

import * as api from "./api.js";
import { showAsk } from "./ask.js";
import { showDocuments } from "./documents.js";
import { el, fill, icon } from "./dom.js";
import { showFilms } from "./films.js";
import { problem, t } from "./i18n.js";
import { showLectures } from "./lectures.js";
import { showLogin } from "./login.js";
import { FolderNotice } from "./notice.js";
import { followPanel } from "./panel.js";
import { applyTheme, showSettings } from "./settings.js";

const VIEWS = { ask: showAsk, documents: showDocuments, lectures: showLectures, films: showFilms, settings: showSettings };
const [main, nav, skip] = ["main", "nav", "skip"].map((id) => document.getElementById(id));
const notice = new FolderNotice(document.getElementById("notice"));

let close = null; // what the open view leaves behind
let routed = 0;
let isBroken = false; // the open view could not be shown; it is tried again when the service is back
let isHeard = false;
const listeners = new Set();

/** What views need of the frame. `onEvent` is heard until the view closes. */
const frame = { onEvent: (listener) => listeners.add(listener), redraw, isIngress: false };
let mood = ["", () => ""]; // how the service is, to be said again in another language

async function start() {
  applyTheme();
  const session = await reachable();
  frame.isIngress = session.ingress;
  frame.hasToken = session.has_token;
  if (!session.authorised) return locked();
  api.listen(heard);
  notice.look();
  addEventListener("hashchange", route);
  skip.addEventListener("click", (event) => {
    event.preventDefault(); // the address tells which view is open
    main.focus();
  });
  addEventListener("dragover", offerPlace);
  await route();
  if (session.ingress && parent !== window) followPanel();
}

async function reachable() {
  for (;;) {
    try {
      return await api.session();
    } catch {
      say("bad", () => t.state.away);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

/** Files are dropped where there is a place for them; anywhere else the browser would leave the page to show them. */
function offerPlace(event) {
  if (![...event.dataTransfer.types].includes("Files") || main.querySelector(".drop")) return;
  location.hash = location.hash.startsWith("#lectures") ? "lectures" : "documents";
}

function locked() {
  fill(nav);
  say("good", () => "");
  showLogin(main, () => location.reload());
}

async function route() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const view = name in VIEWS ? name : "ask";
  const mine = ++routed;
  drawNavigation(view);
  close?.();
  listeners.clear();
  fill(main);
  document.title = `${t.nav[view]} · Voice RAG`;
  close = null;
  isBroken = false;
  let left = null;
  try {
    left = (await VIEWS[view](main, frame, rest.join("/"))) ?? null;
  } catch (error) {
    if (mine !== routed) return;
    isBroken = true;
    fill(main, el("p", { class: "problem", role: "alert" }, problem(error)));
  }
  if (mine !== routed) return left?.(); // another view was opened meanwhile
  close = left;
}

/** The links stay the same elements: one of them may have the focus. */
function drawNavigation(open) {
  skip.textContent = t.skip;
  if (!nav.firstChild) nav.append(...Object.keys(VIEWS).map((name) => el("a", { href: `#${name}` }, icon(name), el("span"))));
  for (const [index, name] of Object.keys(VIEWS).entries()) {
    const link = nav.children[index];
    link.lastChild.textContent = t.nav[name];
    link.ariaCurrent = name === open ? "page" : null;
  }
}

function heard(event, data) {
  if (event === "connected" && isBroken) route();
  if (event === "disconnected") sayWhy();
  isHeard = event !== "disconnected";
  if (event === "progress" && data.pending) say("busy", () => t.state.reading(data.pending));
  if (event === "progress" && !data.pending) say("good", () => t.state.ready);
  notice.hear(event, data);
  for (const listener of listeners) listener(event, data);
}

/** Why nothing is heard: the service is away, or it is still opening its index. */
async function sayWhy() {
  const starting = () => t.state.starting;
  if (mood[1]() !== starting()) say("bad", () => t.state.away);
  const isStarting = await api.health().then(() => false, ({ code }) => code === "starting");
  if (isHeard) return; // it has come back meanwhile
  if (isStarting) say("busy", starting);
  else say("bad", () => t.state.away);
}

function redraw() {
  say(...mood);
  notice.show();
  return route();
}

function say(name, text) {
  mood = [name, text];
  const state = document.getElementById("state");
  state.dataset.mood = name;
  if (state.textContent !== text()) fill(state, text() ? el("span", { class: "dot" }) : null, text());
}

await start();
