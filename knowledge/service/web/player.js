// The recording: sound or video, how fast it plays, and what is said when the browser can't play it.

import * as api from "./api.js";
import { choice } from "./controls.js";
import { el, fill, icon } from "./dom.js";
import { decimal, t } from "./i18n.js";

const VIDEO = /\.(mp4|m4v|mkv|webm|mov|avi|mpe?g|ts|3gp)$/i;
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const STORED_SPEED = "voice-rag-speed";
const STEP_SECONDS = 10;

export class Player {
  /** `onTime(seconds, isPlaying)` hears where it is, several times a second while it plays. */
  constructor(lecture, onTime) {
    this.lecture = lecture;
    this.onTime = onTime;
    this.trouble = el("div", { class: "trouble", role: "status" });
    this.node = el("div", { class: "player" });
    this.show(0);
  }

  /** Where it is; without a recording, what is shown. */
  get seconds() {
    return this.media?.currentTime ?? this.place;
  }

  /** The lecture may have another file now; it is taken up at the same place. */
  follow(lecture) {
    const before = this.lecture;
    this.lecture = lecture;
    if (lecture.path === before.path && lecture.has_media === before.has_media) return;
    const isPlaying = this.media && !this.media.paused;
    const place = this.seconds;
    this.close();
    this.media = null;
    this.show(place);
    if (isPlaying) this.play();
  }

  /** The file is there now, if it was missed before. */
  recover() {
    if (this.lecture.has_media && (!this.media || this.media.error)) this.load(this.place);
  }

  /** Go to a second; the recording is not played before somebody asks for it. */
  seek(seconds) {
    this.place = seconds;
    if (!this.media) return this.onTime(seconds, false);
    this.media.currentTime = seconds; // before the length is known, the browser keeps it as the place to begin
    return this.tell();
  }

  /** Play on. */
  play() {
    this.media?.play().catch(() => {}); // what is wrong with it, its own event says
  }

  toggle() {
    if (this.media?.paused) this.play();
    else this.media?.pause();
  }

  step(seconds) {
    if (this.media) this.seek(Math.max(0, this.media.currentTime + seconds));
  }

  close() {
    this.media?.pause();
    this.media?.removeAttribute("src");
    this.media?.load(); // lets go of the connection
  }

  show(seconds) {
    this.place = seconds;
    if (this.lecture.has_media) this.load(seconds);
    else fill(this.node, el("p", { class: "muted" }, t.lectures.player.none));
  }

  load(seconds) {
    const isVideo = VIDEO.test(this.lecture.path);
    const track = el("track", { kind: "captions", src: api.lectureExport(this.lecture.id, "vtt"), srclang: this.lecture.language, label: t.lectures.tabs.transcript });
    this.media = el(
      isVideo ? "video" : "audio",
      { controls: true, preload: "metadata", playsinline: true, src: api.original(this.lecture.path), "aria-label": t.lectures.player.name },
      isVideo ? track : null,
    );
    const { media } = this;
    for (const name of ["timeupdate", "seeked", "play", "pause"]) media.addEventListener(name, () => media === this.media && this.tell());
    media.addEventListener("error", () => this.fail(media));
    media.addEventListener("loadedmetadata", () => this.node.classList.toggle("silent-film", isVideo && !media.videoWidth));
    media.defaultPlaybackRate = media.playbackRate = Number(localStorage.getItem(STORED_SPEED)) || 1;
    fill(this.node, media, this.controls());
    if (seconds) this.seek(seconds);
  }

  tell() {
    this.onTime(this.media.currentTime, !this.media.paused);
  }

  controls() {
    const { player } = t.lectures;
    const step = (name, seconds, symbol) =>
      el("button", { type: "button", class: "button", title: name, "aria-label": name, onclick: () => this.step(seconds) }, symbol);
    const speed = choice("speed", SPEEDS.map((value) => [value, `${decimal(value, 2)}×`]), () => {
      this.media.defaultPlaybackRate = this.media.playbackRate = Number(speed.value);
      localStorage.setItem(STORED_SPEED, speed.value);
    });
    speed.value = String(this.media.playbackRate);
    return el(
      "div",
      { class: "controls", title: player.keys },
      step(player.back, -STEP_SECONDS, "−10"),
      step(player.forth, STEP_SECONDS, "+10"),
      el("label", { for: "speed", class: "hidden" }, player.speed),
      speed,
      el("a", { class: "plain", href: api.original(this.lecture.path), download: true, title: player.keep, "aria-label": player.keep }, icon("keep")),
    );
  }

  /** Browsers give the same sign for a format that they don't know and for a file that did not come. */
  async fail(media) {
    if (!media.error || media !== this.media) return;
    const { player } = t.lectures;
    const address = api.original(this.lecture.path);
    const isLost = media.error.code === MediaError.MEDIA_ERR_NETWORK || !(await api.isThere(address));
    if (media !== this.media) return; // loaded again meanwhile
    this.place = media.currentTime;
    const again = () => this.load(this.place);
    const way = isLost
      ? el("button", { type: "button", class: "button", onclick: again }, icon("again"), player.again)
      : el("a", { class: "button", href: address, download: true }, icon("keep"), player.keep);
    this.media = null;
    fill(this.trouble, el("p", {}, isLost ? player.lost : player.unplayable), way);
    fill(this.node, this.trouble);
  }
}

/** K plays and pauses, J and L jump, on any layout of the keyboard, except where somebody writes. */
export function playerKeys(player) {
  const works = { KeyK: () => player.toggle(), KeyJ: () => player.step(-STEP_SECONDS), KeyL: () => player.step(STEP_SECONDS) };
  return (event) => {
    const isWriting = event.target.matches("input, select, textarea, [contenteditable]");
    const work = isWriting || event.ctrlKey || event.metaKey || event.altKey ? null : works[event.code];
    if (!work) return;
    event.preventDefault();
    work();
  };
}
