// The panel beside the chat: a source in its report. What is shown of it is { report, start, end, said, above, below }.
const MORE = 6000, WHOLE = 1e9;
let source = null, opener = null;

const panel = () => find("#panel");
const passage = () => find("#panel .passage");

function addressOfSource(some) {
  const { report, start, end, above, below, said } = some;
  const query = new URLSearchParams({ report, start, end, language: language() });
  if (above) query.set("above", above);
  if (below) query.set("below", below);
  if (said) query.set("said", said);
  return `panel?${query}`;
}

async function openSource(clicked) {
  const { report, start, end, said } = clicked.dataset;
  findAll(".mark.current, .near.current, .report.current").forEach((other) => other.classList.remove("current"));
  clicked.classList.add("current");
  opener = clicked;
  source = { report, start, end, said };
  let content;
  try {
    content = await (await request(addressOfSource(source))).text();
  } catch (problem) {
    content = null;
    panel().replaceChildren(element("header", {}, sign("×", "close", closeSource, { class: "close" }), element("p", { role: "alert" }, problem.told)));
  }
  if (opener !== clicked) return; // another mark was clicked meanwhile
  if (content !== null) panel().innerHTML = content;
  document.body.classList.add("panel-open");
  showSteps();
  toMark();
  (passage() ?? find("#panel button")).focus({ preventScroll: true });
  // on a phone the panel covers the lower part: the mark that was clicked goes above it
  if (matchMedia("(max-width: 999px)").matches) scrollBy({ top: clicked.getBoundingClientRect().top - innerHeight * 0.2 });
}

function toMark() {
  const mark = find("mark", panel()), room = passage();
  if (mark && room) room.scrollTop += mark.getBoundingClientRect().top - room.getBoundingClientRect().top - room.clientHeight / 3;
}

function closeSource() {
  document.body.classList.remove("panel-open");
  globalThis.CSS?.highlights?.clear();
  if (!opener) return;
  opener.classList.remove("current");
  if (opener.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

// The sources of the same answer in their order, each once.
function siblings() {
  const answer = opener?.closest(".answer");
  const places = new Map();
  for (const one of answer ? findAll("button[data-report]", answer) : []) {
    const place = [one.dataset.report, one.dataset.start, one.dataset.end].join();
    if (!places.has(place)) places.set(place, one);
  }
  return [...places.values()];
}

function whichSource() {
  return siblings().findIndex((one) => ["report", "start", "end"].every((key) => one.dataset[key] === opener.dataset[key]));
}

function showSteps() {
  const steps = find("#panel .steps");
  if (!steps) return;
  const at = whichSource(), count = siblings().length;
  steps.hidden = count < 2;
  for (const step of findAll("button", steps)) step.disabled = !(at + Number(step.dataset.step) in siblings());
}

function stepSource(step) {
  const next = siblings()[whichSource() + step];
  if (next) openSource(next);
}

// Shows more of the report and leaves what is read where it stands.
async function readOn(where, size = MORE) {
  const shown = { above: 2400, below: 2400, ...source };
  source = { ...shown, [where]: Math.min(WHOLE, Number(shown[where]) + size) };
  await showAgain(where === "above");
}

async function showAgain(growsAbove) {
  const room = passage(), wanted = source;
  const markTop = () => find("mark", room)?.getBoundingClientRect().top;
  try {
    const page = element("div");
    page.innerHTML = await (await request(addressOfSource(source))).text();
    if (wanted !== source) return;
    const mark = markTop(), fromEnd = room.scrollHeight - room.scrollTop, fromTop = room.scrollTop;
    room.innerHTML = find(".passage", page).innerHTML;
    if (mark !== undefined) room.scrollTop += markTop() - mark;
    else room.scrollTop = growsAbove ? room.scrollHeight - fromEnd : fromTop;
  } catch (problem) {
    hint(problem.told);
  }
}

function showTab(clicked) {
  const isPage = clicked.dataset.tab === "page", sheet = find("#panel .sheet");
  findAll("#panel [data-tab]").forEach((tab) => { tab.ariaPressed = String(tab === clicked); });
  passage().hidden = isPage;
  sheet.hidden = !isPage;
  if (!isPage || sheet.firstChild) return;
  const query = new URLSearchParams({ report: source.report, page: clicked.dataset.page, start: source.start, end: source.end });
  const failed = () => sheet.replaceChildren(element("p", { role: "alert" }, both("no_image")));
  sheet.append(element("img", { src: `panel/page.png?${query}`, alt: clicked.dataset.name, onerror: failed }));
}

// --- finding words ---------------------------------------------------------------------------------------------------

let hits = [], hit = -1;

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("#panel .find")) return;
  clearTimeout(showHits.timer);
  showHits.timer = setTimeout(showHits, 200, event.target.value.trim());
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("#panel .find")) return;
  event.preventDefault();
  toHit(hit + (event.shiftKey ? -1 : 1));
});

async function showHits(wanted) {
  if (wanted && !(source.above >= WHOLE && source.below >= WHOLE)) {
    source = { ...source, above: WHOLE, below: WHOLE };
    await showAgain(true);
  }
  hits = wanted ? rangesOf(wanted) : [];
  paint("found", hits);
  if (hits.length) toHit(Math.max(0, hits.findIndex((range) => range.getBoundingClientRect().top >= passage().getBoundingClientRect().top)));
  else { paint("current-found", []); find("#panel .found").textContent = wanted ? words("find_none") : ""; }
}

function toHit(place) {
  if (!hits.length) return;
  hit = (place + hits.length) % hits.length;
  paint("current-found", [hits[hit]]);
  find("#panel .found").textContent = `${hit + 1} / ${hits.length}`;
  const room = passage();
  room.scrollTop += hits[hit].getBoundingClientRect().top - room.getBoundingClientRect().top - room.clientHeight / 3;
}

function paint(name, ranges) {
  if (globalThis.CSS?.highlights) CSS.highlights.set(name, new Highlight(...ranges));
}

// Where words stand in the text that is shown, over the borders of bold words and links but not of paragraphs.
function rangesOf(wanted) {
  const walker = document.createTreeWalker(passage(), NodeFilter.SHOW_TEXT);
  const pieces = [];
  let text = "", block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const home = node.parentElement.closest("p, td, th, pre, span.bullet");
    if (home !== block) { text += "\n"; block = home; }
    pieces.push([text.length, node]);
    text += node.data;
  }
  const lower = text.toLowerCase(), searched = lower.length === text.length ? lower : text;
  const needle = searched === lower ? wanted.toLowerCase() : wanted;
  const point = (offset, isEnd) => {
    const piece = pieces.findLast(([start]) => (isEnd ? start < offset : start <= offset));
    return [piece[1], offset - piece[0]];
  };
  const ranges = [];
  for (let at = searched.indexOf(needle); at >= 0; at = searched.indexOf(needle, at + needle.length)) {
    const range = document.createRange();
    range.setStart(...point(at, false));
    range.setEnd(...point(at + needle.length, true));
    ranges.push(range);
  }
  return ranges;
}
