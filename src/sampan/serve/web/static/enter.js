// @ts-check
// The link's ticket stands behind `#`: it never reaches a log. It is posted once, and the address forgets it.
function enter() {
  const ticket = location.hash.slice(1);
  if (!ticket) return;
  history.replaceState(null, "", location.pathname);
  const field = /** @type {HTMLInputElement} */ (document.getElementById("ticket"));
  field.value = ticket;
  /** @type {HTMLFormElement} */ (document.getElementById("enter")).submit();
}
addEventListener("hashchange", enter);
enter();
