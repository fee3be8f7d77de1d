// The conversation: kept in the browser as data, never as HTML. A turn is { id, question, filters, alone, context, answer,
// state, error, feedback, next }: `alone` asks it without what came before, `context` is by how many turns it was
// understood; after.js has the last two.
const MOST_HISTORY = 20, LONGEST_QUESTION = 2000, LONGEST_ANSWER = 10_000, RENDERED_AT_ONCE = 10;
let me = { name: "", owner: true, signed_in: false };
let chat = null; // { id, title, changed, turns }
let running = null; // { chat, turn, controller }
let queued = null; // { question, options }
let editing = null; // how many turns stand before the question that is edited
let filters = { reports: [], languages: [], years: [] };

const box = () => find("#question textarea");
const keyOf = (id) => `chat-${me.name}-${id}`;
const chatsKey = () => `chats-${me.name}`;
const fresh = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36);
const hasFilters = (some) => Boolean(some && (some.reports.length || some.languages.length || some.years.length));

function type(text) {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

// --- asking ----------------------------------------------------------------------------------------------------------

// What page.py calls for Enter and for the button: each gives back what then stands in the box.
window.submitQuestion = (text) => {
  if (!text?.trim()) { hint(words("empty")); return text ?? ""; }
  return put(text.trim()) ? "" : text;
};
window.sendOrStop = (text) => {
  if (!running) return window.submitQuestion(text);
  stop();
  return text;
};

// Asks now, or after the answer that is being written; false where one question waits already.
function put(question, options = {}) {
  hint("");
  const length = [...question].length;
  if (length > LONGEST_QUESTION) { hint(words("too_long", length.toLocaleString("en"), LONGEST_QUESTION.toLocaleString("en"))); return false; }
  if (running && queued) { hint(words("waiting_full")); return false; }
  const whole = { alone: false, context: editing ?? undefined, filters: structuredClone(filters), ...options };
  editing = null;
  if (running) { queued = { question, options: whole }; showQueued(); return true; }
  begin(question, whole);
  return true;
}

function begin(question, options) {
  if (!chat) {
    chat = { id: fresh(), title: question.slice(0, 60), changed: Date.now(), turns: [] };
    history.pushState(null, "", `#c=${chat.id}`);
    find("#turns").replaceChildren();
  }
  const turn = { id: fresh(), question, ...options, context: options.context ?? chat.turns.length, answer: null, state: "asking" };
  chat.turns.push(turn);
  find("#turns").append(sectionOf(turn));
  find("#turns").lastChild.scrollIntoView({ block: "start", behavior: "smooth" });
  run(turn);
}

function askAsTyped(clicked) {
  const turn = turnOf(clicked);
  if (turn) put(turn.question, { alone: true, filters: turn.filters });
}

const turnOf = (inside) => chat?.turns.find((turn) => `t-${turn.id}` === inside.closest(".turn")?.id);

function historyOf(whole, turn) {
  if (turn.alone) return [];
  const cut = (text, most) => { const part = String(text ?? "").slice(0, most); return part.toWellFormed?.() ?? part; };
  return whole.turns.slice(0, turn.context).slice(-MOST_HISTORY).map((earlier) => ({
    question: cut(earlier.answer?.question || earlier.question, LONGEST_QUESTION),
    answer: cut(earlier.answer?.answer, LONGEST_ANSWER),
  }));
}

async function run(turn) {
  const mine = (running = { chat, turn, controller: new AbortController() });
  giveUpNext();
  Object.assign(turn, { answer: null, error: null, state: "asking" });
  keep(mine.chat);
  showSend();
  showTurn(turn, searching());
  try {
    const body = { question: turn.question, history: historyOf(mine.chat, turn), filters: narrowed(turn.filters), html: true };
    const response = await post("api/ask/stream", body, { signal: mine.controller.signal });
    for await (const line of linesOf(response)) {
      if (line.error) throw { told: sentence(line.error), error: line.error, status: 500 };
      const { html, whole, ...answer } = line;
      turn.answer = answer;
      if (whole) turn.state = "done";
      showHtml(turn, html);
    }
    if (turn.state !== "done") throw { told: words("unreachable"), status: 0 };
  } catch (problem) {
    if (problem.status === 422) return refuse(mine, problem);
    turn.state = problem.name === "AbortError" ? "stopped" : "failed";
    turn.error = problem.error ?? (problem.name === "AbortError" ? null : { zh: TEXT.zh.unreachable, en: TEXT.en.unreachable });
  }
  end(mine);
}

// Filters as the server takes them.
function narrowed({ reports, languages, years }) {
  return { reports: reports.map((one) => one.path), languages, years: years.map(Number) };
}

async function* linesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) if (line.trim()) yield JSON.parse(line);
    if (done) return;
  }
}

// What cannot be asked goes back into the box, with the reason above it.
function refuse(mine, problem) {
  mine.chat.turns = mine.chat.turns.filter((turn) => turn !== mine.turn);
  document.getElementById(`t-${mine.turn.id}`)?.remove();
  keep(mine.chat);
  running = null;
  showSend();
  if (!box().value) type(mine.turn.question);
  hint(problem.told);
  if (mine.chat.turns.length || chat !== mine.chat) return;
  chat = null;
  history.replaceState(null, "", location.pathname + location.search);
  showWelcome();
}

function end(mine) {
  running = null;
  keep(mine.chat);
  finishTurn(mine.turn);
  showSend();
  const { answer, state } = mine.turn;
  if (state === "done") announce(words("answered") + (answer.answer || answer.note).slice(0, 400));
  const next = queued;
  queued = null;
  showQueued();
  if (chat !== mine.chat) return;
  if (next) begin(next.question, next.options);
  else if (state === "done" && answer.claims.length) lead(mine);
}

function stop() {
  running?.controller.abort();
}

function showSend() {
  const send = find("#send");
  if (!send) return;
  send.textContent = words(running ? "stop" : "send");
  send.classList.toggle("stop", Boolean(running));
}

function showQueued() {
  const cancel = () => { type(queued.question); queued = null; showQueued(); box().focus(); };
  find("#queued").replaceChildren(...(queued ? [element("p", { class: "queued" }, both("waiting"), element("span", {}, queued.question), sign("×", "cancel", cancel))] : []));
}

function announce(text) {
  find("#announce").textContent = text;
}

// --- how turns look --------------------------------------------------------------------------------------------------

function searching() {
  return element("div", { class: "answer searching" }, both("searching"));
}

function sectionOf(turn) {
  return element("section", { class: "turn", id: `t-${turn.id}` },
    element("h3", { class: "asked" }, turn.question),
    element("div", { class: "turn-tools" }, sign("✎", "edit", () => edit(turn)), sign("#", "link", () => copy(addressOf(turn), "link_copied"))),
    element("div", { class: "room" }), element("div", { class: "after" }));
}

const addressOf = (turn) => `${location.href.split("#")[0]}#c=${chat.id}&t=${turn.id}`;
const roomOf = (turn, kind = "room") => find(`.${kind}`, document.getElementById(`t-${turn.id}`) ?? document.createElement("div"));

function showTurn(turn, content) {
  roomOf(turn)?.replaceChildren(content);
  roomOf(turn, "after")?.replaceChildren();
}

function showHtml(turn, html) {
  const room = roomOf(turn);
  if (!room || room.dataset.shown === html) return; // a place that is read or focused is left alone
  room.innerHTML = html;
  room.dataset.shown = html;
}

// What stands under an answer: why it ended early, or where only some reports were asked, which; and what after.js has.
function finishTurn(turn) {
  const after = roomOf(turn, "after");
  if (!after) return;
  after.replaceChildren();
  if (!turn.answer) roomOf(turn).replaceChildren();
  if (turn.error && turn.state === "failed")
    after.append(element("div", { class: "answer problem", role: "alert" }, element("p", {}, sentence(turn.error))));
  if (turn.state !== "done")
    after.append(element("p", { class: "ended" }, both(turn.state === "stopped" ? "stopped" : "unanswered"), " ", button("again", () => again(turn))));
  else if (turn.answer.certainty !== "sure" && hasFilters(turn.filters))
    after.append(element("div", { class: "asked-only" }, both("asked_only"), ...chipsOf(turn.filters), " ",
      button("ask_all", () => { clearFilters(); put(turn.question, { alone: turn.alone, context: turn.context }); })));
  if (turn.state !== "done") return;
  if (FEEDBACK) after.append(feedbackRow(turn));
  after.append(element("div", { class: "next" }));
  showNext(turn);
}

function again(turn) {
  if (running) return hint(words("busy"));
  delete roomOf(turn).dataset.shown;
  run(turn);
}

document.addEventListener("input", (event) => {
  if (event.target === box() && !event.target.value) editing = null; // what was edited is given up
});

function edit(turn) {
  editing = chat.turns.indexOf(turn);
  type(turn.question);
  box().focus();
}

async function showWelcome(tries = 30) {
  if (chat) return;
  const told = await request(`page/welcome?language=${language()}`).then((response) => response.json()).catch(() => null);
  if (chat) return;
  const shown = find("#turns").dataset.shown;
  if (told && (shown !== told.html || !find("#turns .welcome"))) {
    find("#turns").innerHTML = told.html;
    find("#turns").dataset.shown = told.html;
  }
  const was = document.body.classList.contains("no-reports");
  document.body.classList.toggle("no-reports", Boolean(told?.empty));
  if (was && told && !told.empty) loadShelf();
  clearTimeout(showWelcome.timer);
  if (told?.empty) showWelcome.timer = setTimeout(showWelcome, 3000);
  else if (!told?.settled && tries) showWelcome.timer = setTimeout(showWelcome, 1500, tries - 1);
}

// --- filters ---------------------------------------------------------------------------------------------------------

// page.py: the fields' values as they are chosen, and what is to stand in the fields.
window.filtersChosen = (reports, languages, years) => {
  filters = { reports: (reports ?? []).map((path) => ({ path, title: titleOf(path) })), languages: (languages ?? []).map(String), years: (years ?? []).map(String) };
  showChips();
};
window.filtersNow = () => [filters.reports.map((one) => one.path), filters.languages, filters.years];

function setFilters(changed) {
  filters = { ...filters, ...changed };
  showChips();
  find("#set-filters").click();
}
const clearFilters = () => setFilters({ reports: [], languages: [], years: [] });

// A chip for each report, language and year; `remove` is called with the filters that are left.
function chipsOf(some, remove = null) {
  const chip = (label, rest) => element("span", { class: "chip" }, label, remove && sign("×", "remove_filter", () => remove(rest), { "aria-label": words("remove_filter") + label }));
  return [
    ...some.reports.map((one) => chip(one.title, { reports: some.reports.filter((other) => other !== one) })),
    ...some.languages.map((one) => chip(LANGUAGES[one], { languages: some.languages.filter((other) => other !== one) })),
    ...some.years.map((one) => chip(one, { years: some.years.filter((other) => other !== one) })),
  ];
}

function showChips() {
  find("#chips")?.replaceChildren(...(hasFilters(filters) ? [both("only_in"), ...chipsOf(filters, setFilters)] : []));
}

// --- conversations ---------------------------------------------------------------------------------------------------

function chats() {
  const list = storage.json(chatsKey(), []);
  return Array.isArray(list) ? list.filter((one) => one?.id) : [];
}

function keep(whole) {
  if (!whole.turns.length) return forget(whole.id);
  whole.changed = Date.now();
  const line = { id: whole.id, title: whole.title, changed: whole.changed };
  const kept = storage.set(keyOf(whole.id), JSON.stringify(whole)) && storage.set(chatsKey(), JSON.stringify([line, ...chats().filter((one) => one.id !== whole.id)]));
  if (!kept) hint(words("not_kept"));
  showChats();
}

function forget(id) {
  storage.remove(keyOf(id));
  storage.set(chatsKey(), JSON.stringify(chats().filter((one) => one.id !== id)));
  showChats();
}

function stored(id) {
  const found = storage.json(keyOf(id), null);
  if (!found || !Array.isArray(found.turns)) return null;
  const turns = found.turns.filter((turn) => typeof turn?.question === "string" && typeof turn.id === "string");
  return { ...found, id, turns: turns.map((turn) => ({ ...turn, filters: { reports: [], languages: [], years: [], ...turn.filters }, answer: turn.answer ?? null })) };
}

// What a chat says and quotes, to be searched in.
function wordsOf(one) {
  const said = (stored(one.id)?.turns ?? []).flatMap(({ question, answer }) => [
    question, answer?.note, ...(answer?.claims ?? []).flatMap((claim) => [claim.text, ...claim.citations.map((cited) => cited.quote)]),
  ]);
  return [one.title, ...said].join(" ").toLowerCase();
}

window.newChat = () => {
  leave();
  history.pushState(null, "", location.pathname + location.search);
  clearFilters();
  type("");
  closeSource();
  document.body.classList.remove("drawer-open");
  showWelcome();
  box().focus();
};

function leave() {
  queued = null;
  editing = null;
  stop();
  giveUpNext();
  chat = null;
  find("#turns").replaceChildren();
  hint("");
  showQueued();
  showChats();
}

// #c=conversation&t=turn
function followAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  const id = address.get("c");
  if (!id) { if (chat) leave(); showWelcome(); return; }
  if (chat?.id !== id) openChat(id);
  const turn = document.getElementById(`t-${address.get("t")}`);
  (turn ?? find("#turns").lastElementChild)?.scrollIntoView({ block: "start" });
}
window.addEventListener("popstate", followAddress);

async function openChat(id) {
  leave();
  const found = stored(id);
  if (!found) { hint(words("no_chat")); return showWelcome(); }
  chat = found;
  document.body.classList.remove("no-reports");
  find("#turns").replaceChildren(...chat.turns.map(sectionOf));
  showChats();
  for (let at = 0; at < chat.turns.length && chat === found; at += RENDERED_AT_ONCE) {
    const some = found.turns.slice(at, at + RENDERED_AT_ONCE);
    some.forEach((turn) => showTurn(turn, searching()));
    try {
      const asked = some.map(({ question, answer }) => ({ question, answer }));
      const shown = await (await post("page/answers", { turns: asked })).json();
      some.forEach((turn, place) => showHtml(turn, shown[place]));
    } catch (problem) {
      some.forEach((turn) => showTurn(turn, element("div", { class: "answer problem" }, element("p", {}, problem.told ?? ""))));
    }
    some.forEach(finishTurn);
  }
  if (chat === found) followAddress();
}

function goTo(id) {
  history.pushState(null, "", `#c=${id}`);
  document.body.classList.remove("drawer-open");
  followAddress();
}

function showChats() {
  const list = find("#chat-list");
  if (!list) return;
  const wanted = (find("#chat-search").value ?? "").trim().toLowerCase();
  const fits = (one) => !wanted || wordsOf(one).includes(wanted);
  const shown = chats().filter(fits);
  list.replaceChildren(...shown.map(lineOf));
  find("#no-chats").hidden = shown.length > 0;
  find("#chat-tools").hidden = !chat;
  document.title = chat ? `${chat.title} · 问报 Wenbao` : "问报 Wenbao";
}

// What another tab did to the chats is seen here too.
window.addEventListener("storage", (event) => {
  if (event.key === `wenbao-${chatsKey()}`) showChats();
  if (!chat || running || event.key !== `wenbao-${keyOf(chat.id)}`) return;
  if (!stored(chat.id)?.turns.some((turn) => turn.state === "asking")) openChat(chat.id);
});

function lineOf(one) {
  const changed = new Date(one.changed).toLocaleString(root.lang, { dateStyle: "medium", timeStyle: "short" });
  const line = element("li", { class: chat?.id === one.id ? "current" : "" },
    element("button", { type: "button", class: "report", onclick: () => goTo(one.id) }, element("b", {}, one.title), element("span", { class: "about" }, changed)));
  const acts = element("div", { class: "acts" }, button("rename", () => rename(one, acts)), button("delete", () => confirmIn(acts, "really_delete_chat", () => drop(one), showChats)));
  line.append(acts);
  return line;
}

function rename(one, acts) {
  const field = element("input", { "aria-label": words("name"), value: one.title, maxlength: 120 });
  const done = (event) => {
    event.preventDefault();
    const whole = chat?.id === one.id ? chat : stored(one.id);
    if (whole && field.value.trim()) { whole.title = field.value.trim(); keep(whole); } else showChats();
  };
  acts.replaceChildren(element("form", { onsubmit: done }, field, element("button", { class: "link" }, both("save")), button("cancel", showChats)));
  field.select();
}

function drop(one) {
  if (chat?.id === one.id) {
    chat.turns = []; // or the end of an answer that is being written would keep it again
    window.newChat();
  }
  forget(one.id);
}

// Asks in place whether it is meant.
function confirmIn(place, key, yes, no) {
  place.replaceChildren(element("span", { role: "alert" }, both(key)), button("delete", yes, { class: "link danger" }), button("cancel", no));
  find("button", place).focus();
}

async function exportChat(kind) {
  const turns = chat.turns.map(({ question, answer }) => ({ question, answer }));
  try {
    const response = await post("page/export", { title: chat.title, turns, kind, language: language() });
    const name = chat.title.replace(/[\\/:*?"<>|\s]+/g, " ").trim() || "wenbao";
    save(await response.blob(), name + (kind === "word" ? ".docx" : ".md"));
  } catch (problem) {
    hint(problem.told);
  }
}
