// What there is to say of a lecture wherever it is shown: when it was, how far it is, and what can be done about that.

import { action } from "./controls.js";
import { el, fill, icon } from "./dom.js";
import { longDate, t } from "./i18n.js";
import { clock } from "./times.js";

const MOODS = { ready: "good", failed: "bad", transcribing: "busy", writing: "busy" };
const SYMBOLS = { ready: "good", failed: "bad", transcribing: "wait", writing: "wait", waiting: "wait", paused: "pause", cancelled: "stop" };
const WORK = {
  transcribing: ["pause", "cancel"],
  writing: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  cancelled: ["resume"],
  failed: ["retry"],
};
const WORK_ICONS = { pause: "pause", cancel: "stop", resume: "play", retry: "again" };

const UPLOADS = "uploads"; // only where this page puts files

/** The folder below "lectures/". */
export function collectionOf(lecture) {
  const folders = lecture.path.split("/").slice(1, -1);
  return (folders[0] === UPLOADS ? folders.slice(1) : folders).join(" / ");
}

/** Whether it came in through the service, which may then delete it. */
export const isRemovable = ({ path }) => path.split("/")[1] === UPLOADS;

/** Its day, its length and its terms, as far as they are known. */
export function facts(lecture) {
  const minutes = Math.round((lecture.duration ?? 0) / 60);
  return [
    lecture.held_on ? longDate(lecture.held_on) : null,
    minutes ? t.lectures.duration(Math.floor(minutes / 60), minutes % 60) : null,
    lecture.terms ? t.lectures.terms(lecture.terms) : null,
  ]
    .filter(Boolean)
    .map((fact) => fact.replaceAll(" ", "\u00a0")); // a number stays beside its word
}

/** The parts that tell of a lecture's state. They change in their place, so that a button under the finger stays there. */
export class Status {
  /** `onWork` hears which button was pressed; `besides` gets the focus when the last button goes. */
  constructor(onWork, besides) {
    this.onWork = onWork;
    this.besides = besides;
    this.pill = el("span");
    this.bar = el("progress");
    this.left = el("span", { class: "muted" });
    this.progress = el("div", { class: "lecture-progress" }, this.bar, this.left);
    this.problem = el("p", { class: "reason" });
    this.actions = el("span", { class: "actions" });
  }

  show(lecture) {
    this.problem.textContent = lecture.problem ?? "";
    this.problem.hidden = !lecture.problem;
    this.showProgress(lecture);
    if (this.state !== lecture.state) this.showState(lecture);
  }

  showState({ state, title }) {
    this.state = state;
    this.pill.className = `pill ${MOODS[state] ?? "muted"}`;
    fill(this.pill, icon(SYMBOLS[state]), t.lectures.states[state]);
    const hadFocus = this.actions.contains(document.activeElement);
    const works = WORK[state] ?? [];
    fill(this.actions, ...works.map((work) => action(WORK_ICONS[work], `${t.lectures.work[work]}: ${title}`, () => this.onWork(work))));
    if (hadFocus) (this.actions.querySelector("button") ?? this.besides).focus();
  }

  showProgress({ progress, state, title }) {
    const isWorking = state === "transcribing" || state === "writing";
    this.progress.hidden = !progress || !(progress.total || isWorking); // in the queue, nothing may be known yet
    if (this.progress.hidden) return;
    this.bar.setAttribute("aria-label", title);
    if (progress.total) [this.bar.max, this.bar.value] = [progress.total, progress.done];
    else this.bar.removeAttribute("value");
    this.left.textContent = progressText(progress, isWorking);
  }
}

/** "12:00 of 1:30:00 · about 20 minutes left". */
function progressText({ done, total, remaining_seconds: seconds }, isWorking) {
  const share = total ? t.lectures.done(clock(done), clock(total)) : clock(done);
  if (!isWorking) return share;
  return `${share} · ${seconds === null ? t.lectures.estimating : t.lectures.remaining(seconds)}`;
}
