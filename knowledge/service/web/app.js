// The frame of the page: who may see it, which view is open, how the service is.

import * as api from "./api.js";
import { showAsk } from "./ask.js";
import { showDocuments } from "./documents.js";
import { el, fill, icon } from "./dom.js";
import { showFilms } from "./films.js";
import { t } from "./i18n.js";
import { showLectures } from "./lectures.js";
import { showLogin } from "./login.js";
import { FolderNotice } from "./notice.js";
import { followPanel } from "./panel.js";
import { openReader } from "./reader.js";
import { applyTheme, showSettings } from "./settings.js";

const VIEWS = { ask: showAsk, documents: showDocuments, lectures: showLectures, films: showFilms, settings: showSettings };
const main = document.getElementById("main");
const notice = new FolderNotice(document.getElementById("notice"));

let close = null; // what the open view leaves behind
let routed = 0;
let stopListening = null;
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
  stopListening ??= api.listen(heard);
  notice.look();
  addEventListener("hashchange", route);
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

function locked() {
  fill(document.getElementById("nav"));
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
  const left = (await VIEWS[view](main, frame, rest.join("/"))) ?? null;
  if (mine !== routed) return left?.(); // another view was opened meanwhile
  close = left;
  if (view === "documents" && rest.length) await openReader(rest.map(decodeURIComponent).join("/"));
}

function drawNavigation(open) {
  document.getElementById("skip").textContent = t.skip;
  const links = Object.keys(VIEWS).map((name) =>
    el("a", { href: `#${name}`, "aria-current": name === open ? "page" : null }, icon(name), el("span", {}, t.nav[name])),
  );
  fill(document.getElementById("nav"), ...links);
}

function heard(event, data) {
  if (event === "disconnected") say("bad", () => t.state.away);
  if (event === "progress" && data.pending) say("busy", () => t.state.reading(data.pending));
  if (event === "progress" && !data.pending) say("good", () => t.state.ready);
  notice.hear(event, data);
  for (const listener of listeners) listener(event, data);
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
