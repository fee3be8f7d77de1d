// The page's own behaviour, one module: this file has what all parts need, chat.js the conversation, after.js what stands
// under an answer, panel.js the source beside it, shelf.js the reports. TEXT (the page's words in both languages) is put before this by page.py.
// What comes as HTML was escaped by the server; whatever is made here is made of text nodes.
const root = document.documentElement;
const find = (selector, inside = document) => inside.querySelector(selector);
const findAll = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const language = () => root.dataset.language;

// words("sending", 40) -> "Uploading, 40 %"
function words(key, ...values) {
  return values.reduce((text, value) => text.replace("{}", () => value), TEXT[language()][key]);
}

const storage = {
  get(key) { try { return localStorage.getItem(`wenbao-${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`wenbao-${key}`, value); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(`wenbao-${key}`); } catch { /* private mode */ } },
  json(key, otherwise) { try { return JSON.parse(this.get(key)) ?? otherwise; } catch { return otherwise; } },
};

// element("button", { class: "link", onclick }, "text", node)
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made[name] = value;
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// One of our texts in both languages; the page's style shows the reader's.
function both(key, ...values) {
  const told = (lang) => values.reduce((text, value) => text.replace("{}", () => value), TEXT[lang][key]);
  return bothOf(told("zh"), told("en"));
}

// The same of a sentence that the server tells in both.
function bothOf(zh, en) {
  const piece = document.createDocumentFragment();
  piece.append(element("span", { class: "ui", lang: "zh" }, zh), element("span", { class: "ui", lang: "en" }, en));
  return piece;
}

function button(key, onclick, attributes = {}) {
  return element("button", { type: "button", class: "link", onclick, ...attributes }, both(key));
}

// A button that is a sign; its name follows the page's language.
function sign(symbol, key, onclick, attributes = {}) {
  return element("button", { type: "button", class: "sign", "data-name": key, "aria-label": words(key), title: words(key), onclick, ...attributes }, symbol);
}

// The sentence of an error in the page's language, with one full stop: "Too large.." -> "Too large."
function sentence(error) {
  const text = error?.[language()] ?? error?.en ?? words("unreachable");
  return text.trim().replace(/([.。!！?？])[.。]+$/, "$1");
}

// The JSON of an answer; throws { told: "a sentence", status } where there is none.
async function request(address, options = {}) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw { told: words("unreachable"), status: 0 };
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw { told: sentence(told.error), error: told.error, status: response.status };
}

const post = (address, body, options = {}) =>
  request(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...options });

// What the reader should know, above the box: kind is "status" or "alert".
function hint(text, kind = "alert") {
  const place = find("#hint-text");
  place.replaceChildren();
  if (text) place.append(element("p", { role: kind, class: kind }, text));
}

async function copy(text, told = "copied") {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard where the page came without TLS
    const box = element("textarea", { class: "unseen" });
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) return hint(words("not_copied"));
  }
  hint(words(told), "status");
}

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function speak(chosen) {
  root.dataset.language = chosen;
  root.lang = chosen === "zh" ? "zh-CN" : "en";
  for (const named of findAll("[data-name]:not([data-tab])")) {
    named.ariaLabel = words(named.dataset.name);
    if (named.placeholder !== undefined) named.placeholder = words(named.dataset.name);
    else named.title = words(named.dataset.name);
  }
  for (const option of findAll("option[data-text]")) option.textContent = words(option.dataset.text);
}
speak(storage.get("language") ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));

// The labels Gradio holds, as updates in the order page.py names them: Gradio itself goes by the browser's language
// alone, knows Chinese only as zh-CN, and does not change it on the way.
window.labels = (fields) =>
  fields.map((field) => {
    const update = { __type__: "update" };
    for (const [property, key] of Object.entries(field)) update[property] = TEXT[language()][key];
    return update;
  });
window.switchLanguage = (fields) => {
  speak(language() === "zh" ? "en" : "zh");
  storage.set("language", language());
  showSend();
  showChips();
  showChats();
  showWelcome();
  return window.labels(fields);
};

// Everything that is clicked is a button whose data say what it does.
document.addEventListener("click", (event) => {
  const clicked = event.target.closest?.("button");
  if (!clicked) return;
  const data = clicked.dataset;
  if (data.report) openSource(clicked);
  else if (data.ask) put(data.ask);
  else if ("asTyped" in data) askAsTyped(clicked);
  else if ("close" in data) closeSource();
  else if (data.step) stepSource(Number(data.step));
  else if (data.more) readOn(data.more);
  else if (data.tab) showTab(clicked);
  else if (data.copy) copy(data.copy);
  else if (data.original) window.open(`api/reports/${encodeURIComponent(data.original)}/file`, "_blank", "noopener");
  else if ("only" in data) askOnly(clicked.closest("li"));
  else if ("about" in data) showAbout(clicked);
  else if (data.room) showRoom(data.room);
  else if (data.export) exportChat(data.export);
  else if ("print" in data) window.print();
  else if ("signOut" in data) signOut();
  else if ("drawer" in data) document.body.classList.remove("drawer-open");
});

document.addEventListener("keydown", (event) => {
  // Enter while choosing Chinese characters ends the choice; it does not send the question.
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  if (event.key !== "Escape" || event.target.closest?.("#composer")) return; // what is typed, and its place, stay
  if (document.body.classList.contains("panel-open")) closeSource();
  else document.body.classList.remove("drawer-open");
}, true);

window.showRoom = showRoom;
function showRoom(room) {
  document.body.dataset.room = room;
  for (const tab of findAll("[data-room]")) if (tab.tagName === "BUTTON") tab.ariaPressed = String(tab.dataset.room === room);
}
window.toggleDrawer = () => {
  closeSource();
  document.body.classList.toggle("drawer-open");
};

// What is copied of an answer reads as text: "… grew by 12.5%. [1]", each claim on its line, and under it the sources.
document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  if (!selection.rangeCount || !event.clipboardData) return;
  const range = selection.getRangeAt(0);
  const from = range.commonAncestorContainer;
  const answer = (from.nodeType === 1 ? from : from.parentElement)?.closest?.(".answer, .turn, #chat");
  if (!answer) return;
  const part = range.cloneContents();
  const marks = findAll(".claims .mark, .claim .mark, :scope > .mark", part);
  if (!marks.length) return;
  const named = [...new Set(marks.map((mark) => mark.getAttribute("aria-label").replace(/^\S+\s*/, "")))];
  findAll(".sources, .turn-tools", part).forEach((list) => list.remove());
  findAll(".mark", part).forEach((mark) => mark.replaceWith(` [${mark.textContent}]`));
  findAll("dt", part).forEach((name) => name.append(" "));
  findAll(".claim, .claims, p, li, dd, h3", part).forEach((block) => block.append("\n"));
  const lines = part.textContent.split("\n").map((line) => line.trim()).filter(Boolean);
  // "1: Port review 2024, page 3" -> "[1] Port review 2024, page 3"
  const sources = named.map((label) => label.replace(/^(\d+)\s*[:：]\s*/, "[$1] "));
  event.clipboardData.setData("text/plain", [...lines, "", ...sources].join("\n"));
  event.preventDefault();
});
