// @ts-check
// The composer and the stream. What a model wrote arrives as text, or as HTML that the server rendered and cleaned.
import { ask, reason, say, trouble } from "./frame.js";

const chat = /** @type {HTMLElement} */ (document.getElementById("chat"));
const transcript = /** @type {HTMLElement} */ (document.getElementById("transcript"));
const composer = /** @type {HTMLFormElement} */ (document.getElementById("composer"));
const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("text"));
const model = /** @type {HTMLSelectElement} */ (document.getElementById("model"));
const strip = /** @type {HTMLElement} */ (document.getElementById("strip"));
const sendButton = /** @type {HTMLButtonElement} */ (document.getElementById("send"));
const temporary = /** @type {HTMLInputElement | null} */ (document.getElementById("temporary"));
const stopButton = /** @type {HTMLButtonElement} */ (document.getElementById("stop"));
/** @type {Record<string, string>} */
const words = JSON.parse(chat.dataset.words ?? "{}");
// the only way HTML gets into this page besides htmx: what Sampan's own server sent
const trusted = /** @type {any} */ (window).trustedTypes?.createPolicy("sampan", { createHTML: (/** @type {string} */ html) => html });

let conversation = chat.dataset.conversation ?? "";
let answering = "";
/** What goes with the message. @type {{name: string, kind: string, size: number, data: string}[]} */
let files = [];
/** Texts that the person sends as they are, this time. @type {{text: string, reason: string}[]} */
let unmask = [];
/** @type {number | undefined} */
let pause;
/** @type {AbortController | undefined} */
let asking;

/** @param {string} html @returns {DocumentFragment} */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = /** @type {string} */ (/** @type {unknown} */ (trusted ? trusted.createHTML(html) : html));
  return template.content;
}

/** The last message that is shown. */
const last = () => transcript.querySelector("article:last-of-type")?.id ?? "";
const atEnd = () => transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 80;
const toEnd = () => { transcript.scrollTop = transcript.scrollHeight; };

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, innerHeight * 0.4)}px`;
}

/** What the composer holds. */
function held() {
  return {
    text: text.value, conversation, parent: last(), model: model.value, unmask,
    files: files.map(({ name, kind, data }) => ({ name, kind, data })),
  };
}

/** @param {boolean} busy */
function busy(busy) {
  sendButton.hidden = busy;
  stopButton.hidden = !busy;
  stopButton.disabled = false;
}

async function look() {
  asking?.abort();
  if (!text.value.trim() && !files.length) return strip.replaceChildren();
  asking = new AbortController();
  try {
    const told = await ask("/chat/strip", held(), "POST", asking.signal);
    strip.replaceChildren(made(told.html));
  } catch (error) {
    if (!(error instanceof DOMException)) strip.textContent = reason(error);
  }
}

function typed() {
  grow();
  clearTimeout(pause);
  pause = setTimeout(() => {
    look();
    keepDraft();
  }, 400);
}

/** Keep what is typed: here at once, since the server may be away; with a conversation also there, for other tabs. */
function keepDraft() {
  if (temporary?.checked || conversation.startsWith("tmp_")) return;
  sessionStorage.setItem(`draft ${conversation}`, text.value);
  if (conversation) ask(`/chat/${conversation}`, { draft: text.value }, "PATCH").then(dropDraft, () => {});
}
const dropDraft = () => sessionStorage.removeItem(`draft ${conversation}`);

async function send() {
  if ((!text.value.trim() && !files.length) || answering) return;
  busy(true);
  clearTimeout(pause);
  asking?.abort();
  try {
    const begun = await ask("/chat/send", { ...held(), temporary: temporary?.checked ?? false });
    text.value = "";
    [files, unmask] = [[], []];
    listFiles();
    dropDraft();
    trouble("");
    grow();
    strip.replaceChildren();
    begin(begun);
  } catch (error) {
    busy(false);
    keepDraft();
    trouble(`${reason(error)} ${words.kept}`);
  }
}

/** @param {{conversation: string, answer: string, html: string}} begun */
function begin(begun) {
  document.getElementById("first")?.remove();
  if (!conversation) {
    conversation = begun.conversation;
    history.replaceState(null, "", `/chat/${conversation}`);
    showTools();
  }
  transcript.append(made(begun.html));
  toEnd();
  listConversations();
  follow(begun.answer);
}

/** What the page of a conversation has and the page of a new one has not. */
async function showTools() {
  if (temporary?.checked) temporary.disabled = true;
  else temporary?.closest("label")?.remove();
  const reply = await fetch(`/chat/${conversation}/about`).catch(() => null);
  if (!reply?.ok) return;
  const tools = document.getElementById("tools");
  tools?.replaceChildren(made(await reply.text()));
  document.title = /** @type {HTMLElement | null} */ (tools?.querySelector("[data-title]"))?.dataset.title ?? document.title;
}

async function listConversations() {
  const reply = await fetch(`/chat/list?open=${conversation}`).catch(() => null);
  if (reply?.ok) document.getElementById("found")?.replaceChildren(made(await reply.text()));
}

/** Follow an answer until its end, from where we are, however often the line breaks. @param {string} answer */
async function follow(answer) {
  answering = answer;
  busy(true);
  const article = /** @type {HTMLElement} */ (document.getElementById(answer));
  let next = 0;
  for (let tries = 0; answering === answer; tries += 1) {
    try {
      const reply = await fetch(`/chat/answers/${answer}/events?after=${next}`);
      if (reply.redirected) { answering = ""; busy(false); return trouble(words.over); }
      if (!reply.ok) throw new Error(String(reply.status));
      trouble("");
      if (reply.headers.get("content-type")?.startsWith("application/json")) {
        article.replaceWith(made((await reply.json()).html));
        break;
      }
      for await (const { number, event } of events(reply)) {
        if (number < next) continue;
        next = number + 1;
        tries = 0;
        shown(article, event);
        if (event.type === "end") answering = "";
      }
    } catch {
      if (tries > 0) trouble(words.offline);
      await new Promise((done) => setTimeout(done, Math.min(250 * 2 ** tries, 4000)));
    }
  }
  const settled = await fetch(`/chat/answers/${answer}/events?after=done`).then((reply) => reply.json()).catch(() => null);
  if (settled) document.getElementById(answer)?.replaceWith(made(settled.html));
  answering = "";
  busy(false);
  strip.querySelector(".going")?.remove();
  say(words.done);
}

/** @param {Response} reply */
async function* events(reply) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (reply.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const [id, data] = rest.slice(0, end).split("\n");
      rest = rest.slice(end + 2);
      yield { number: Number(id.slice(4)), event: JSON.parse(data.slice(6)) };
    }
  }
}

/** @param {HTMLElement} article @param {any} event */
function shown(article, event) {
  const follows = atEnd();
  const rest = /** @type {HTMLElement} */ (article.querySelector(".rest"));
  if (event.type !== "status") article.querySelector(".working")?.remove();
  if (event.type !== "held") article.querySelector(".held")?.remove();
  if (event.type === "facts") strip.replaceChildren(made(event.html));
  if (stopButton.disabled && (event.type === "delta" || event.type === "block")) return;
  if (event.type === "delta") rest.append(event.text);
  else if (event.type === "held") rest.before(made(event.html));
  else if (event.type === "block") {
    const block = made(event.html);
    say(block.textContent ?? "");  // finished blocks are read out, not every word
    article.querySelector(".text")?.append(block);
    rest.textContent = event.rest;
  }
  if (follows) toEnd();
}

composer.addEventListener("submit", (event) => { event.preventDefault(); send(); });
text.addEventListener("input", typed);
text.addEventListener("keydown", (event) => {
  // 229: a key that an input method has taken, also where `isComposing` is not told
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    send();
  }
});
model.addEventListener("change", look);
addEventListener("resize", grow);
temporary?.addEventListener("change", dropDraft);
stopButton.addEventListener("click", stop);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && answering) stop(); });

function stop() {
  if (!answering || stopButton.disabled) return;
  stopButton.disabled = true;
  say(words.stopping);
  ask(`/chat/answers/${answering}/stop`, {}).catch((error) => { stopButton.disabled = false; trouble(reason(error)); });
}

transcript.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  const article = /** @type {HTMLElement} */ (button.closest("article"));
  const { leaf, act, again, agree, scope } = button.dataset;
  try {
    if (button.classList.contains("copy")) await copy(button.closest("figure")?.querySelector("code")?.textContent ?? "", button);
    else if (leaf) await goTo(leaf);
    else if (act === "copy") await copy(article.querySelector(".text")?.textContent ?? "", button);
    else if (act === "edit") edit(article);
    else if (again && !answering) await answerAgain(article, again);
    else if (agree) {
      const waiting = /** @type {HTMLElement} */ (button.closest("[data-approval]"));
      await ask(`/chat/approvals/${waiting.dataset.approval}`, { action: agree, scope: scope ?? "once" });
    }
  } catch (error) { trouble(reason(error)); }
});

/** @param {HTMLElement} article @param {string} where */
async function answerAgain(article, where) {
  beginAt(article, await ask(`/chat/again/${article.id}`, { model: where }));
}

/** Begin in the place of a message, and of what followed it. @param {HTMLElement} article @param {any} begun */
function beginAt(article, begun) {
  while (article.nextElementSibling) article.nextElementSibling.remove();
  article.remove();
  begin(begun);
}

/** Show another branch. @param {string} leaf */
async function goTo(leaf) {
  await ask(`/chat/${conversation}`, { leaf }, "PATCH");
  location.reload();
}

// the places of a menu are asked for when it opens
document.addEventListener("toggle", async (event) => {
  const menu = /** @type {HTMLElement} */ (event.target);
  const places = /** @type {HTMLElement | null} */ (menu.querySelector?.("[data-places]"));
  if (!places || menu.dataset.known || /** @type {ToggleEvent} */ (event).newState !== "open") return;
  menu.dataset.known = "yes";
  const reply = await fetch(`/chat/places/${places.dataset.places}`);
  if (reply.ok) places.replaceChildren(made(await reply.text()));
}, true);

/** @param {HTMLElement} article */
function edit(article) {
  const shown = /** @type {HTMLElement} */ (article.querySelector(".text"));
  const acts = /** @type {HTMLElement} */ (article.querySelector(".acts"));
  const field = document.createElement("textarea");
  field.value = shown.textContent ?? "";
  const row = document.createElement("div");
  row.className = "row";
  const box = document.createElement("div");
  box.className = "editing";
  const back = async () => { box.remove(); shown.hidden = acts.hidden = false; };
  /** @param {string} label @param {() => Promise<void>} does @param {string} [style] */
  const button = (label, does, style = "small") => {
    const one = document.createElement("button");
    [one.type, one.textContent, one.className] = ["button", label, style];
    one.addEventListener("click", () => does().catch((error) => trouble(reason(error))));
    row.append(one);
  };
  button(words.rerun, async () => {
    if (answering) return;
    beginAt(article, await ask(`/chat/edit/${article.id}`, { text: field.value, rerun: true, model: model.value }));
  }, "small main");
  button(words.save, async () => {
    article.replaceWith(made((await ask(`/chat/edit/${article.id}`, { text: field.value })).html));
  });
  button(words.cancel, back);
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); back(); } });
  box.append(field, row);
  shown.hidden = acts.hidden = true;
  shown.after(box);
  field.focus();
}

// findings of what is typed: as it is this time, no finding at all, or always masked
strip.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  const menu = /** @type {HTMLElement | null} */ (button?.closest("[data-text]"));
  if (!button?.dataset.span || !menu) return;
  const said = menu.dataset.text ?? "";
  if (button.dataset.span === "clear") unmask.push({ text: said, reason: words.clear });
  else {
    const opinion = { text: said, kind: menu.dataset.kind, action: button.dataset.span };
    await ask("/chat/opinions", opinion).catch((error) => trouble(reason(error)));
  }
  look();
});

// files: by button, by dropping, by pasting
const picker = /** @type {HTMLInputElement} */ (document.getElementById("file"));
const listed = /** @type {HTMLElement} */ (document.getElementById("files"));
document.getElementById("attach")?.addEventListener("click", () => picker.click());
picker.addEventListener("change", () => { take(picker.files); picker.value = ""; });
text.addEventListener("paste", (event) => {
  if (event.clipboardData?.files.length) { event.preventDefault(); take(event.clipboardData.files); }
});
for (const kind of ["dragover", "dragleave", "drop"]) chat.addEventListener(kind, (event) => {
  event.preventDefault();
  chat.classList.toggle("dropping", kind === "dragover");
  if (kind === "drop") take(/** @type {DragEvent} */ (event).dataTransfer?.files ?? null);
});

/** @param {FileList | null} given */
async function take(given) {
  for (const file of [...given ?? []]) {  // a copy: the list empties when the field is cleared
    if (file.size > 12e6 || files.reduce((sum, each) => sum + each.size, file.size) > 16e6) { trouble(`${file.name}: ${words.large}`); continue; }
    const bytes = new Uint8Array(await file.arrayBuffer());
    let raw = "";
    for (let at = 0; at < bytes.length; at += 32768) raw += String.fromCharCode(...bytes.subarray(at, at + 32768));
    files.push({ name: file.name, kind: file.type || "application/octet-stream", size: file.size, data: btoa(raw) });
  }
  listFiles();
  look();
}

function listFiles() {
  listed.replaceChildren(...files.map((file, at) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const remove = document.createElement("button");
    row.className = "file";
    [name.className, name.textContent] = ["title", file.name];
    [remove.type, remove.textContent, remove.ariaLabel] = ["button", "×", `${words.remove} ${file.name}`];
    remove.addEventListener("click", () => { files.splice(at, 1); listFiles(); look(); });
    row.append(name, remove);
    return row;
  }));
}

// keys and dialogs
const palette = /** @type {HTMLDialogElement} */ (document.getElementById("palette"));
const finder = /** @type {HTMLInputElement} */ (document.getElementById("palette-find"));
document.addEventListener("keydown", (event) => {
  const typing = /** @type {HTMLElement} */ (event.target).matches("input, textarea, select");
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") { event.preventDefault(); palette.showModal(); finder.select(); }
  else if (command && event.shiftKey && event.key.toLowerCase() === "o") { event.preventDefault(); location.assign("/chat"); }
  else if (event.key === "?" && !typing) /** @type {HTMLDialogElement} */ (document.getElementById("keys")).showModal();
});
finder.addEventListener("input", () => {
  const wanted = finder.value.trim().toLowerCase();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (palette.querySelectorAll("li")))
    row.hidden = !(row.textContent ?? "").toLowerCase().includes(wanted);
});
palette.addEventListener("keydown", (event) => {
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (palette.querySelectorAll("li:not([hidden]) a"))];
  const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  if (event.key === "Enter" && at < 0) links[0]?.click();
  else if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (links[at - 1] ?? finder).focus();
  else return;
  event.preventDefault();
});
/** Copy, and let the button show it. @param {string} what @param {HTMLElement} button */
async function copy(what, button) {
  await navigator.clipboard.writeText(what);
  say(words.copied);
  const sign = button.querySelector("use");
  const [was, done] = [sign?.getAttribute("href") ?? "", button.textContent];
  if (sign) sign.setAttribute("href", was.replace(/#.*/, "#check"));
  else button.textContent = words.copied;
  setTimeout(() => { if (sign) sign.setAttribute("href", was); else button.textContent = done; }, 1500);
}

text.value = sessionStorage.getItem(`draft ${conversation}`) ?? text.value;
grow();
toEnd();
if (text.value) look();
const under_way = transcript.querySelector('article[data-state="answering"]');
if (under_way) follow(under_way.id);
