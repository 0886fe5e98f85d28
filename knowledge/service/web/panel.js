// Home Assistant's panel around the page: it passes on neither query nor fragment of its address, but tells its path to
// a page that asks for it (https://github.com/home-assistant/frontend, src/panels/app).

import { lectureLink } from "./times.js";

/** Open what the panel's address names, now and whenever it changes: "/lectures/ID" or "/lectures/ID/SECONDS". */
export function followPanel() {
  let followed = "";
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || origin !== location.origin || data?.type !== "home-assistant/properties") return;
    const path = String(data.route?.path ?? "");
    if (path === followed) return; // it tells of other properties too
    followed = path;
    const [, view, id, seconds] = path.split("/");
    if (view === "lectures" && id) location.hash = lectureLink(id, seconds);
  });
  parent.postMessage({ type: "home-assistant/subscribe-properties" }, location.origin);
}
