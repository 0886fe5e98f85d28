// Asking for the token, where Home Assistant has not asked for a password already.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { problem, t } from "./i18n.js";

export function showLogin(main, onDone) {
  const field = el("input", { id: "token", type: "password", autocomplete: "current-password", required: true });
  const refusal = el("p", { class: "problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await api.login(field.value);
      onDone();
    } catch (error) {
      refusal.textContent = error.status === 401 ? t.login.wrong : problem(error);
      field.select();
    }
  };
  fill(
    main,
    el(
      "form",
      { class: "card login", onsubmit: submit },
      el("h1", {}, t.login.title),
      el("p", { class: "muted" }, t.login.about),
      el("label", { for: "token" }, t.login.token),
      field,
      refusal,
      el("button", { class: "primary" }, t.login.enter),
    ),
  );
  field.focus();
}
