// Seconds of a recording as people read them, and as links carry them.

/** "6:54", "1:02:03". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** The seconds of "6:54" or "1:02:03". */
export const secondsOf = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** The address of a lecture in this page, at a second where one is given. */
export const lectureLink = (id, seconds = null) =>
  `#lectures/${encodeURIComponent(id)}${seconds === null ? "" : `?t=${Math.floor(seconds)}`}`;

/** What stands behind "#lectures/": the lecture and the second, null where it names none. */
export function lecturePlace(text) {
  const [id, query] = text.split("?");
  const seconds = Number.parseFloat(new URLSearchParams(query).get("t"));
  return { id: id ? decodeURIComponent(id) : null, seconds: seconds >= 0 ? seconds : null };
}
