// @ts-check
// What every page needs: the session's token with every change, what went wrong where everybody sees it, dialogs, the drawer.
const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
/** @type {Record<string, string>} */
const words = JSON.parse(document.body.dataset.words ?? "{}");

/** Say something to screen readers. @param {string} text */
export function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

/** A sentence, in which what stands between backticks is code. @param {Element} at @param {string} text */
function tell(at, text) {
  at.replaceChildren(...text.split("`").map((part, n) => {
    if (n % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  }));
}

/** Say what went wrong, to everybody. It stays until it is closed, or until `text` is empty. @param {string} text */
export function trouble(text) {
  const box = document.getElementById("trouble");
  const told = box?.querySelector("p");
  if (!box || !told) return;
  tell(told, text);
  if (box.matches(":popover-open")) box.hidePopover();
  if (text) box.showPopover();  // anew, so that it stands above a dialog that was opened since
}

/** What an error says. @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Ask Sampan itself. What is thrown says what is wrong, in the reader's language.
 * @param {string} path @param {unknown} [value] @param {string} [method] @param {AbortSignal} [signal]
 */
export async function ask(path, value, method = "POST", signal) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  const headers = { "content-type": "application/json", "sampan-csrf": csrf };
  const reply = await fetch(path, { method, signal, headers, body }).catch((error) => {
    throw signal?.aborted ? error : new Error(words.away);
  });
  const told = reply.headers.get("content-type")?.startsWith("application/json") ? await reply.json() : {};
  if (!reply.ok) throw new Error(reply.status === 401 && !told.error ? words.over : told.error ?? words.failed);
  return told;
}

// htmx: the token goes with every change; what fails is said
/** @param {Event} event */
const context = (event) => /** @type {CustomEvent} */ (event).detail.ctx ?? {};
document.addEventListener("htmx:config:request", (event) => { context(event).request.headers["sampan-csrf"] = csrf; });
document.addEventListener("htmx:error", (event) => { if (context(event).request) trouble(words.away); });
document.addEventListener("htmx:response:error", (event) => {
  if (context(event).response?.headers.get("content-type")?.startsWith("application/json"))
    trouble(JSON.parse(context(event).text).error);
});

// dialogs: what one asks for is done while it is open, and it stays and says so when that fails
/** @param {HTMLElement} within @param {string} text */
function fault(within, text) {
  let note = within.querySelector(".fault");
  if (!note) within.prepend(note = document.createElement("p"));
  note.className = "note bad fault";
  note.setAttribute("role", "alert");
  tell(note, text);
  /** @type {HTMLElement} */ (note).hidden = !text;
}

/** @param {HTMLFormElement} form @param {() => Promise<void>} does */
async function doing(form, does) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button:not([data-closes])"));
  fault(form, "");
  for (const each of buttons) each.disabled = true;
  try { await does(); } catch (error) { fault(form, reason(error)); }
  for (const each of buttons) each.disabled = false;
}

const sureBox = /** @type {HTMLDialogElement | null} */ (document.getElementById("sure"));
/** @type {() => Promise<void>} */
let agreed = async () => {};

/** Ask first. `title`, `told` and `verb` are the button's. @param {DOMStringMap} button @param {() => Promise<void>} does */
function sure(button, does) {
  const form = /** @type {HTMLFormElement} */ (sureBox?.querySelector("form"));
  const [title, told, yes] = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("h2, .told, button.danger"));
  [title.textContent, told.textContent, yes.textContent] = [button.sure ?? "", button.told ?? "", button.verb ?? ""];
  told.hidden = !button.told;
  fault(form, "");
  agreed = does;
  sureBox?.showModal();
}
sureBox?.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(/** @type {HTMLFormElement} */ (event.target), async () => { await agreed(); sureBox.close(); });
});
document.addEventListener("htmx:confirm", (event) => {
  const asked = /** @type {CustomEvent} */ (event).detail;
  event.preventDefault();
  sure(asked.ctx.sourceElement.dataset, async () => asked.issueRequest());
  sureBox?.addEventListener("close", () => asked.dropRequest(), { once: true });
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const [method, path] = form.dataset.sends?.split(" ") ?? [];
  if (!path) return;
  event.preventDefault();
  doing(form, async () => {
    await ask(path, Object.fromEntries(new FormData(form)), method);
    location.reload();
  });
});

document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  /** @param {string} what */
  const found = (what) => /** @type {HTMLElement | null} */ (at.closest(what));
  if (at instanceof HTMLDialogElement && at.classList.contains("drawer")) at.close();
  if (found("[data-print]")) print();
  if (found("[data-closes]")) {
    /** @type {HTMLDialogElement | null} */ (found("dialog"))?.close();
    /** @type {HTMLElement | null} */ (found("[popover]"))?.hidePopover();
  }
  const opens = found("[data-opens]");
  if (opens) /** @type {HTMLDialogElement} */ (document.getElementById(opens.dataset.opens ?? "")).showModal();
  const does = found("[data-does]");
  const [method, path] = does?.dataset.does?.split(" ") ?? [];
  if (!does || !path) return;
  const act = async () => {
    await ask(path, { sure: true }, method);
    if ("leaves" in does.dataset) sessionStorage.clear();
    location.assign(does.dataset.then ?? "");
  };
  if (does.dataset.sure) sure(does.dataset, act);
  else act().catch((error) => trouble(reason(error)));
});

// what htmx brings into the drawer opens it
document.addEventListener("htmx:after:swap", () => {
  const drawer = /** @type {HTMLDialogElement | null} */ (document.getElementById("drawer"));
  if (drawer?.childElementCount && !drawer.open) drawer.showModal();
});
document.addEventListener("close", (event) => {
  if (/** @type {HTMLElement} */ (event.target).id === "drawer") /** @type {HTMLElement} */ (event.target).replaceChildren();
}, true);

// settings: what was changed can be saved; search
document.addEventListener("input", (event) => {
  /** @type {HTMLElement} */ (event.target).closest(".setting")?.classList.add("changed");
});
const find = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
find?.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-find]")))
    row.hidden = !(row.dataset.find ?? "").includes(wanted);
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-group]")))
    group.hidden = !group.querySelector("[data-find]:not([hidden])");
});
