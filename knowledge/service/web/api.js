// The service, as docs/knowledge-service.md describes it. All addresses are relative: the page may stand below a prefix.

export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const AGAIN_MS = 2000;

/** A path whose parts may hold any character. */
export const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

async function refusal(response) {
  const { error } = await response.json().catch(() => ({ error: {} }));
  return new Refused(response.status, error?.code ?? "", error?.message ?? response.statusText);
}

const query = (fields) => {
  const given = Object.entries(fields).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

export const session = () => call("GET", "session");
export const login = (token) => call("POST", "session", { token });
export const logout = () => call("DELETE", "session");
export const health = () => call("GET", "health");
export const settings = () => call("GET", "settings");
export const selfTest = () => call("POST", "settings/self-test");
export const documents = () => call("GET", "documents");
export const document_ = (path) => call("GET", `documents/${encoded(path)}`);
export const remove = (path) => call("DELETE", `documents/${encoded(path)}`);
export const reindex = (path) => call("POST", "reindex", path ? { path } : undefined);
export const collections = () => call("GET", "collections");
export const films = (fields) => call("GET", `films${query(fields)}`);
export const original = (path, page) => `sources/${encoded(path)}${page ? `#page=${page}` : ""}`;

export const lectures = () => call("GET", "lectures");
export const lecture = (id) => call("GET", `lectures/${encoded(id)}`);
/** `work` is "pause", "resume", "cancel" or "retry". */
export const steerLecture = (id, work) => call("POST", `lectures/${encoded(id)}/${work}`);
export const writeSummary = (id, template) => call("POST", `lectures/${encoded(id)}/summary`, { template });
export const correctLecture = (id, version, segments) => call("PUT", `lectures/${encoded(id)}/transcript`, { version, segments });
export const lectureExport = (id, format) => `lectures/${encoded(id)}/export?format=${format}`;

/** Whether a file can be had at the moment. */
export const isThere = (path) => fetch(path, { method: "HEAD" }).then(({ ok }) => ok, () => false);

/** Ask, and call `on(event, data)` for "sources", "text", "done" and "error" as they come. */
export async function ask(question, language, on) {
  const response = await fetch("ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question, language }),
  });
  if (!response.ok) throw await refusal(response);
  for await (const [event, data] of messages(response.body)) on(event, data);
}

/** The server-sent events of a body. */
async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.event) yield [fields.event, JSON.parse(fields.data)];
    }
  }
}

/** Send a file; `onProgress` hears the share that has left, 0 to 1. Resolves to the path it was given. */
export function upload(file, place, onProgress, signal) {
  const form = new FormData();
  form.append("kind", place.kind);
  form.append("collection", place.collection);
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what it has sent
    request.open("POST", "documents");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Refused(0, "connection", ""));
    request.onload = () => {
      const { status, response } = request;
      if (status < 300) resolve(response.documents[0].path);
      else reject(new Refused(status, response?.error?.code ?? "", response?.error?.message ?? ""));
    };
    signal.addEventListener("abort", () => request.abort());
    request.onabort = () => reject(new Refused(0, "cancelled", ""));
    request.send(form);
  });
}

/**
 * Hear what happens in the folder for as long as the page is in sight; `on(event, data)`. With "connected" anything may
 * have changed. All tabs of a browser share six connections to a host: one that nobody looks at leaves its own to them.
 */
export function listen(on) {
  let stop = null;
  const follow = () => {
    stop?.();
    stop = document.hidden ? null : connect(on);
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

/** Returns what ends it. */
function connect(on) {
  let source;
  let waiting;
  const open = () => {
    source = new EventSource("events");
    for (const name of ["progress", "document", "removed", "lecture"]) {
      source.addEventListener(name, (event) => on(name, JSON.parse(event.data)));
    }
    source.onopen = () => on("connected");
    source.onerror = () => {
      // Where nobody answers, a browser tries again by itself; where it is refused, as while the index is opened, it does not.
      if (source.readyState === EventSource.CLOSED) waiting = setTimeout(open, AGAIN_MS);
      on("disconnected");
    };
  };
  open();
  return () => {
    clearTimeout(waiting);
    source.close();
  };
}
