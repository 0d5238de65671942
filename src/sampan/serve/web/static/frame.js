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
