// @ts-check
// The composer and the stream. What a model wrote arrives as text, or as HTML that the server rendered and cleaned.
import { csrf, say } from "./frame.js";

const chat = /** @type {HTMLElement} */ (document.getElementById("chat"));
const transcript = /** @type {HTMLElement} */ (document.getElementById("transcript"));
const composer = /** @type {HTMLFormElement} */ (document.getElementById("composer"));
const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("text"));
const model = /** @type {HTMLSelectElement} */ (document.getElementById("model"));
const strip = /** @type {HTMLElement} */ (document.getElementById("strip"));
const sendButton = /** @type {HTMLButtonElement} */ (document.getElementById("send"));
const stopButton = /** @type {HTMLButtonElement} */ (document.getElementById("stop"));
/** @type {Record<string, string>} */
const words = JSON.parse(chat.dataset.words ?? "{}");
// the only way HTML gets into this page besides htmx: what Sampan's own server sent
const trusted = window.trustedTypes?.createPolicy("sampan", { createHTML: (html) => html });

let conversation = chat.dataset.conversation ?? "";
let answering = "";
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

/** @param {string} path @param {unknown} value @param {string} method @param {AbortSignal} [signal] */
async function ask(path, value, method = "POST", signal) {
  const reply = await fetch(path, {
    method, signal, headers: { "content-type": "application/json", "sampan-csrf": csrf }, body: JSON.stringify(value),
  });
  if (reply.status === 401) location.assign("/enter");
  if (!reply.ok) throw new Error(String(reply.status));
  return reply.status === 204 ? {} : reply.json();
}

/** The last message that is shown. */
const last = () => transcript.querySelector("article:last-of-type")?.id ?? "";
const atEnd = () => transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 80;
const toEnd = () => { transcript.scrollTop = transcript.scrollHeight; };

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, innerHeight * 0.4)}px`;
}

/** @param {boolean} busy */
function busy(busy) {
  sendButton.hidden = busy;
  stopButton.hidden = !busy;
}

async function look() {
  asking?.abort();
  const typed = text.value;
  if (!typed.trim()) return strip.replaceChildren();
  asking = new AbortController();
  try {
    const told = await ask("/chat/strip", { text: typed, conversation, parent: last(), model: model.value }, "POST", asking.signal);
    strip.replaceChildren(made(told.html));
  } catch (error) {
    if (!(error instanceof DOMException)) strip.textContent = words.offline;
  }
}

function typed() {
  grow();
  clearTimeout(pause);
  pause = setTimeout(() => {
    look();
    if (conversation) ask(`/chat/${conversation}`, { draft: text.value }, "PATCH").catch(() => {});
    else sessionStorage.setItem("draft", text.value);
  }, 400);
}

async function send() {
  const said = text.value;
  if (!said.trim() || answering) return;
  busy(true);
  clearTimeout(pause);
  asking?.abort();
  try {
    const begun = await ask("/chat/send", { text: said, conversation, parent: last(), model: model.value });
    text.value = "";
    sessionStorage.removeItem("draft");
    grow();
    strip.replaceChildren();
    begin(begun);
  } catch {
    busy(false);
    say(words.failed);
    strip.textContent = words.failed;
  }
}

/** @param {{conversation: string, answer: string, html: string}} begun */
function begin(begun) {
  document.getElementById("first")?.remove();
  if (!conversation) {
    conversation = begun.conversation;
    history.replaceState(null, "", `/chat/${conversation}`);
  }
  transcript.append(made(begun.html));
  toEnd();
  follow(begun.answer);
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
      if (!reply.ok) throw new Error(String(reply.status));
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
      say(words.offline);
      await new Promise((done) => setTimeout(done, Math.min(250 * 2 ** tries, 4000)));
    }
  }
  const settled = await fetch(`/chat/answers/${answer}/events?after=done`).then((reply) => reply.json()).catch(() => null);
  if (settled) document.getElementById(answer)?.replaceWith(made(settled.html));
  answering = "";
  busy(false);
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
  if (event.type === "delta") rest.append(event.text);
  else if (event.type === "block") {
    article.querySelector(".text")?.append(made(event.html));
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
stopButton.addEventListener("click", stop);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && answering) stop(); });

function stop() {
  if (answering) ask(`/chat/answers/${answering}/stop`, {}).catch(() => say(words.failed));
}

transcript.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  const article = /** @type {HTMLElement} */ (button.closest("article"));
  if (button.classList.contains("copy")) return copy(button.closest("figure")?.querySelector("code")?.textContent ?? "");
  if (button.dataset.leaf) {
    await ask(`/chat/${conversation}`, { leaf: button.dataset.leaf }, "PATCH");
    location.reload();
  } else if (button.dataset.act === "copy") copy(article.querySelector(".text")?.textContent ?? "");
  else if (button.dataset.act === "again" && !answering) {
    const begun = await ask(`/chat/again/${article.id}`, { model: model.value });
    article.remove();
    begin(begun);
  }
});

/** @param {string} what */
async function copy(what) {
  await navigator.clipboard.writeText(what);
  say(words.copied);
}

if (!conversation && !text.value) text.value = sessionStorage.getItem("draft") ?? "";
grow();
toEnd();
if (text.value) look();
const under_way = transcript.querySelector('article[data-state="answering"]');
if (under_way) follow(under_way.id);
