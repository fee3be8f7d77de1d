// The reports: the list, searched and grouped; what is known of one; bringing reports in and taking them out.
let listed = []; // the lines of the list, newest first

const titleOf = (path) => listed.find((line) => line.dataset.path === path)?.dataset.title ?? path;

async function loadShelf() {
  try {
    const html = await (await request("page/reports")).text();
    if (html === loadShelf.shown) return;
    find("#shelf").innerHTML = loadShelf.shown = html;
  } catch (problem) {
    if (!listed.length) find("#shelf").replaceChildren(element("p", { role: "alert" }, problem.told));
    return; // what was listed stays
  }
  listed = findAll("#shelf li");
  find("#shelf-tools").hidden = listed.length < 2;
  arrange();
  find("#reload").click(); // Gradio's fields take the reports in, too
}

function groupOf(line, by) {
  const value = line.dataset[by];
  if (by === "language") return LANGUAGES[value] ?? words("unknown");
  return value || words(by === "folder" ? "no_folder" : "unknown");
}

function arrange() {
  const shelf = find("#shelf"), by = find("#shelf-group").value;
  const wanted = find("#shelf-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map();
  for (const line of listed) {
    if (!wanted.every((word) => line.dataset.words.includes(word))) continue;
    const name = by ? groupOf(line, by) : "";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(line);
  }
  const names = [...groups.keys()];
  if (by === "folder") names.sort((one, other) => one.localeCompare(other, root.lang));
  findAll("ul, .group", shelf).forEach((old) => old.remove());
  for (const name of names) {
    if (name) shelf.append(element("h3", { class: "group" }, name, element("span", { class: "count" }, String(groups.get(name).length))));
    shelf.append(element("ul", { class: "reports" }, ...groups.get(name)));
  }
  const fit = names.reduce((sum, name) => sum + groups.get(name).length, 0);
  if (listed.length) find("h2 .count", shelf).textContent = wanted.length ? `${fit} / ${listed.length}` : String(fit);
  if (listed.length && !names.length) shelf.append(element("p", { class: "group" }, both("find_none")));
}

function askOnly(line) {
  setFilters({ reports: [{ path: line.dataset.path, title: line.dataset.title }] });
  document.body.classList.remove("drawer-open");
  box().focus();
}

// --- one report ------------------------------------------------------------------------------------------------------

async function showAbout(clicked) {
  const line = clicked.closest("li"), shown = find(".details", line);
  clicked.setAttribute("aria-expanded", String(!shown));
  if (shown) return shown.remove();
  const details = element("div", { class: "details" });
  line.append(details);
  try {
    const report = await (await request(`api/reports/${encodeURIComponent(line.dataset.id)}`)).json();
    details.replaceChildren(...aboutOf(report, line, details));
  } catch (problem) {
    details.replaceChildren(element("p", { role: "alert" }, problem.told));
  }
}

function aboutOf(report, line, details) {
  const pairs = [["path", report.path], ["pages", report.pages], ["passages", report.passages]].filter(([, value]) => value);
  const list = element("dl", {}, ...pairs.map(([key, value]) => element("div", {}, element("dt", {}, both(key)), element("dd", {}, String(value)))));
  const left = report.left_out.length ? [element("p", { class: "left-out" }, both("left_out")), element("ul", {}, ...report.left_out.map((one, place) => element("li", {}, bothOf(report.left_out_zh[place], one))))] : [];
  const acts = element("div", { class: "acts" }, element("button", { type: "button", class: "link", "data-original": report.report }, both("original")));
  const restore = () => details.replaceChildren(...aboutOf(report, line, details));
  if (me.owner) acts.append(button("delete", () => confirmIn(acts, "really_delete", () => remove(report, restore), restore), { class: "link danger" }));
  return [list, ...left, acts];
}

async function remove(report, restore) {
  try {
    await request(`api/reports/${encodeURIComponent(report.report)}`, { method: "DELETE", headers: { "X-Wenbao": "page" } });
    tell("done", words("deleted") + (report.title || report.path));
    setFilters({ reports: filters.reports.filter((one) => one.path !== report.path) });
    closeSource();
    await loadShelf();
    showWelcome();
  } catch (problem) {
    tell("failed", problem.told);
    restore();
  }
}

// --- uploads ---------------------------------------------------------------------------------------------------------

// A line under the button: kind is "busy", "done" or "failed"; gives back the line.
function tell(kind, text, name = "", line = element("li")) {
  const signs = { busy: "…", done: "✓", failed: "!" };
  line.className = kind;
  line.setAttribute("role", kind === "failed" ? "alert" : "status");
  const close = kind === "busy" ? null : sign("×", "dismiss", () => line.remove());
  line.replaceChildren(element("span", { class: "icon", "aria-hidden": "true" }, signs[kind]), element("span", {}, ...(name && !text.includes(name) ? [element("b", {}, name), " "] : []), text), ...(close ? [close] : []));
  if (!line.isConnected) find(".uploads").append(line);
  return line;
}

async function uploadAll(files) {
  showRoom("reports");
  if (matchMedia("(max-width: 999px)").matches) document.body.classList.add("drawer-open");
  closeSource();
  const lines = files.map((file) => tell("busy", words("sending", 0), file.name));
  let added = 0;
  for (const [place, file] of files.entries()) added += await upload(file, lines[place]);
  if (!added) return;
  await loadShelf();
  showWelcome();
}

async function upload(file, line) {
  const most = Number(find("#files").dataset.most);
  if (file.size > most * 2 ** 20) {
    tell("failed", words("too_large", (file.size / 2 ** 20).toFixed(1), most), file.name, line);
    return false;
  }
  const { status, body } = await send(file, (share) => tell("busy", share < 1 ? words("sending", Math.floor(share * 100)) : words("reading"), file.name, line));
  if (status !== 200) {
    tell("failed", sentence(body?.error), file.name, line);
    return false;
  }
  const known = await request(`api/reports/${encodeURIComponent(body.report)}`).then((response) => response.json()).catch(() => null);
  tell("done", words("indexed", known?.passages ?? "?"), file.name, line);
  return true;
}

// fetch() does not tell how much has been sent
function send(file, progress) {
  return new Promise((resolve) => {
    const sent = new XMLHttpRequest(), form = new FormData();
    form.append("file", file);
    sent.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    sent.onloadend = () => {
      let body = null;
      try { body = JSON.parse(sent.responseText); } catch { /* the connection broke */ }
      resolve({ status: sent.status, body });
    };
    sent.open("POST", "api/reports");
    sent.setRequestHeader("X-Wenbao", "page");
    sent.send(form);
  });
}

document.addEventListener("change", (event) => {
  if (event.target.id === "files" && event.target.files.length) {
    uploadAll([...event.target.files]);
    event.target.value = "";
  }
  if (event.target.id === "shelf-group") { storage.set("group", event.target.value); arrange(); }
});
document.addEventListener("input", (event) => {
  if (event.target.id === "shelf-search") arrange();
  if (event.target.id === "chat-search") showChats();
});

// Files may be dropped anywhere on the page.
let dragged = 0;
const brings = (event) => event.dataTransfer?.types.includes("Files") && me.owner;
const over = (change) => (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  dragged = Math.max(0, dragged + change);
  document.body.classList.toggle("dropping", dragged > 0);
};
document.addEventListener("dragenter", over(1));
document.addEventListener("dragleave", over(-1));
document.addEventListener("dragover", over(0));
document.addEventListener("drop", (event) => {
  over(-Infinity)(event);
  if (brings(event) && event.dataTransfer.files.length) uploadAll([...event.dataTransfer.files]);
}, true);

// --- the beginning ---------------------------------------------------------------------------------------------------

// Who comes back to the page sees what the folder holds by then.
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !find("#shelf")) return;
  loadShelf();
  showWelcome();
});

async function signOut() {
  try {
    await request("logout", { method: "POST" });
    location.assign("login");
  } catch (problem) {
    hint(problem.told);
  }
}

window.start = async () => {
  me = await request("api/me").then((response) => response.json()).catch(() => me);
  document.body.classList.toggle("reader", !me.owner);
  find("#account").hidden = !me.signed_in;
  find("#account b").textContent = me.name;
  find("#shelf-group").value = storage.get("group") ?? "";
  showRoom("reports");
  speak(language());
  showSend();
  showChats();
  followAddress();
  await loadShelf();
};
