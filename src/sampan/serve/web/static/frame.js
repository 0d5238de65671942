// @ts-check
// What every page needs: each change that htmx asks for carries the session's token.
export const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";

document.addEventListener("htmx:config:request", (event) => {
  const detail = /** @type {CustomEvent} */ (event).detail;
  detail.ctx.request.headers["sampan-csrf"] = csrf;
});

/** Say something to screen readers. @param {string} text */
export function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

// what htmx brings into the drawer opens it
document.addEventListener("htmx:after:swap", () => {
  const drawer = /** @type {HTMLDialogElement | null} */ (document.getElementById("drawer"));
  if (drawer?.childElementCount && !drawer.open) drawer.showModal();
});
document.addEventListener("close", (event) => {
  if (/** @type {HTMLElement} */ (event.target).id === "drawer") /** @type {HTMLElement} */ (event.target).replaceChildren();
}, true);
document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at instanceof HTMLDialogElement && at.classList.contains("drawer")) at.close();
  if (at.closest("[data-print]")) print();
  const erase = /** @type {HTMLElement | null} */ (at.closest("[data-erase]"));
  if (erase) {
    const reply = await fetch(`/receipts/${erase.dataset.erase}/sent`, { method: "DELETE", headers: { "sampan-csrf": csrf } });
    if (reply.ok) location.assign(`/receipts/${erase.dataset.erase}`);
  }
});

// settings: search, and what has to be asked first
const find = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
find?.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-find]")))
    row.hidden = !(row.dataset.find ?? "").includes(wanted);
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-group]")))
    group.hidden = !group.querySelector("[data-find]:not([hidden])");
});
document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const opens = /** @type {HTMLElement | null} */ (at.closest("[data-opens]"));
  if (opens) /** @type {HTMLDialogElement} */ (document.getElementById(opens.dataset.opens ?? "")).showModal();
  const headers = { "sampan-csrf": csrf, "content-type": "application/json" };
  if (at.closest("[data-erases-all]")) {
    await fetch("/settings/conversations", { method: "DELETE", headers, body: JSON.stringify({ sure: true }) });
    location.assign("/chat");
  }
  if (at.closest("[data-leaves]")) {
    sessionStorage.clear();
    await fetch("/leave", { method: "POST", headers, body: "{}", redirect: "manual" });
    location.assign("/enter");
  }
});
