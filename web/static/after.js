// What stands under an answer: what its reader says of it and, under the latest, what may be asked next. A turn keeps
// both as data: feedback { good, note }, next [question]. FEEDBACK says whether readers are asked.
const LONGEST_NOTE = 1000;
let leading = null; // the controller of the request for next questions

// --- what is said of an answer ---------------------------------------------------------------------------------------

function feedbackRow(turn) {
  const row = element("div", { class: "feedback" });
  const thumb = (key, good) =>
    sign("", key, () => say(turn, row, turn.feedback?.good === good ? null : { good, note: "" }), { class: `sign thumb ${key}`, "aria-pressed": "false" });
  row.append(thumb("good", true), thumb("bad", false), element("div", { class: "note" }));
  showSaid(turn, row);
  return row;
}

function showSaid(turn, row) {
  const { good, note } = turn.feedback ?? {};
  find(".good", row).ariaPressed = String(good === true);
  find(".bad", row).ariaPressed = String(good === false);
  find(".note", row).replaceChildren(...(note ? [element("p", {}, note)] : []));
}

// Tells the server; what it did not take is not shown as said. null takes back what was said.
async function say(turn, row, said) {
  const whole = chat;
  try {
    await post("page/feedback", { turn: turn.id, question: turn.question, answer: turn.answer, good: said?.good ?? null, note: said?.note ?? "" });
  } catch (problem) {
    return hint(problem.told);
  }
  hint("");
  turn.feedback = said;
  keep(whole);
  showSaid(turn, row);
  if (said && !said.note) find(".note", row).append(noteForm(turn, row));
  if (said) announce(words("noted"));
}

function noteForm(turn, row) {
  const field = element("textarea", { rows: 2, maxlength: LONGEST_NOTE, "data-name": "note", "aria-label": words("note"), placeholder: words("note") });
  const { good } = turn.feedback;
  const leave = () => { form.remove(); find(good ? ".good" : ".bad", row).focus(); };
  const done = (event) => {
    event.preventDefault();
    leave();
    if (field.value.trim()) say(turn, row, { good, note: field.value.trim() });
  };
  const form = element("form", { onsubmit: done }, element("p", {}, both("noted"), both("note_kept")), field,
    element("div", { class: "acts" }, element("button", { class: "link" }, both("submit")), button("no_note", leave)));
  return form;
}

// --- what may be asked next ------------------------------------------------------------------------------------------

// Asks for next questions once the answer stands; a question that is sent meanwhile, or another chat, gives them up.
async function lead(mine) {
  const { turn } = mine, controller = (leading = new AbortController());
  const turns = mine.chat.turns.slice(-MOST_HISTORY).map(({ question, answer }) => ({ question, answer }));
  try {
    const response = await post("page/next", { turns, filters: narrowed(turn.filters) }, { signal: controller.signal });
    for await (const questions of linesOf(response)) {
      if (leading !== controller) return;
      if (questions.length === (turn.next?.length ?? 0)) continue; // a button that is focused is left alone
      turn.next = questions;
      showNext(turn);
    }
  } catch {
    return; // an answer without them is whole
  }
  if (turn.next && leading === controller) keep(mine.chat);
}

function giveUpNext() {
  leading?.abort();
  leading = null;
  findAll("#turns .next").forEach((place) => place.replaceChildren());
}

function showNext(turn) {
  const place = find(".next", roomOf(turn, "after") ?? document.createElement("div"));
  if (!place || !turn.next?.length || chat.turns.at(-1) !== turn) return;
  const ask = (question) => element("li", {}, element("button", { type: "button", class: "example", onclick: () => put(question, { alone: true, filters: turn.filters }) }, question));
  place.replaceChildren(element("p", {}, both("ask_next")), element("ul", { class: "examples" }, ...turn.next.map(ask)));
}
