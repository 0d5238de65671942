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
