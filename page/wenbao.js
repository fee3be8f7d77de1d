// The page's own behaviour: its language, marks that open the panel, examples to click, typing Chinese.
// TEXT (the page's words in both languages) is put before this by page.py.
(() => {
  const html = document.documentElement;
  const stored = () => { try { return localStorage.getItem("wenbao-language"); } catch { return null; } };
  const store = (language) => { try { localStorage.setItem("wenbao-language", language); } catch { /* private mode */ } };
  const preferred = stored() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

  const speak = (language) => {
    html.dataset.language = language;
    html.lang = language === "zh" ? "zh-CN" : "en";
  };
  speak(preferred);

  const panel = () => document.getElementById("panel");
  let opener = null;

  async function open(button) {
    const { report, start, end } = button.dataset;
    const query = new URLSearchParams({ report, start, end, language: html.dataset.language });
    document.querySelectorAll(".current").forEach((other) => other.classList.remove("current"));
    button.classList.add("current");
    opener = button;
    let content;
    try {
      const response = await fetch(`panel?${query}`);
      content = response.ok ? await response.text() : sorry((await response.json()).error[html.dataset.language]);
    } catch {
      content = sorry(TEXT[html.dataset.language].unreachable);
    }
    if (opener !== button) return; // another mark was clicked meanwhile
    panel().innerHTML = content;
    document.body.classList.add("panel-open");
    const marked = panel().querySelector("mark");
    const room = panel().querySelector(".passage");
    if (marked && room) room.scrollTop += marked.getBoundingClientRect().top - room.getBoundingClientRect().top - room.clientHeight / 4;
    (room ?? panel().querySelector("button")).focus({ preventScroll: true });
  }

  function sorry(sentence) {
    const box = document.createElement("div");
    box.innerHTML = '<header><button type="button" class="close" data-close>×</button><p role="alert"></p></header>';
    box.querySelector("button").ariaLabel = TEXT[html.dataset.language].close;
    box.querySelector("p").textContent = sentence;
    return box.innerHTML;
  }

  function close() {
    document.body.classList.remove("panel-open");
    if (!opener) return;
    opener.classList.remove("current");
    opener.focus({ preventScroll: true });
    opener = null;
  }

  function ask(question) {
    const box = document.querySelector("#question textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector("#send").click(), 60); // after Gradio has taken the text
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.dataset.report) open(button);
    else if (button.dataset.ask) ask(button.dataset.ask);
    else if ("close" in button.dataset) close();
  });
  async function upload(input) {
    const language = html.dataset.language;
    const state = document.querySelector(".uploaded");
    const form = new FormData();
    form.append("file", input.files[0]);
    state.textContent = TEXT[language].uploading;
    try {
      const response = await fetch("api/reports", { method: "POST", body: form, headers: { "X-Wenbao": "page" } });
      const told = await response.json();
      state.textContent = response.ok ? TEXT[language].uploaded + told.title : told.error[language];
      if (response.ok) document.querySelector("#reload").click();
    } catch {
      state.textContent = TEXT[language].unreachable;
    }
    input.value = "";
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".upload input") && event.target.files.length) upload(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("panel-open")) close();
    // Enter while choosing Chinese characters ends the choice; it does not send the question.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  // What is copied of an answer reads as text: "… grew by 12.5%. [1]", each claim on its line, and under it the sources.
  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection.rangeCount || !event.clipboardData) return;
    const range = selection.getRangeAt(0);
    const from = range.commonAncestorContainer;
    const answer = (from.nodeType === 1 ? from : from.parentElement)?.closest?.(".answer, .turn, #chat");
    if (!answer) return;
    const part = range.cloneContents();
    const marks = [...part.querySelectorAll(".claims .mark, .claim .mark, :scope > .mark")];
    if (!marks.length) return;
    const named = [...new Set(marks.map((mark) => mark.getAttribute("aria-label").replace(/^\S+\s*/, "")))];
    part.querySelectorAll(".sources").forEach((list) => list.remove());
    part.querySelectorAll(".mark").forEach((mark) => mark.replaceWith(` [${mark.textContent}]`));
    part.querySelectorAll(".claim, .claims, p, li").forEach((block) => block.append("\n"));
    const lines = part.textContent.split("\n").map((line) => line.trim()).filter(Boolean);
    event.clipboardData.setData("text/plain", [...lines, "", ...named.map(sourceLine)].join("\n"));
    event.preventDefault();
  });

  // "1: Port review 2024, page 3" -> "[1] Port review 2024, page 3"
  function sourceLine(label) {
    return label.replace(/^(\d+)\s*[:：]\s*/, "[$1] ");
  }

  // A new turn scrolls into sight, once; while its answer streams the reader's place is left alone.
  let turns = 0;
  new MutationObserver(() => {
    const all = document.querySelectorAll("#chat .turn");
    if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start", behavior: "smooth" });
    turns = all.length;
  }).observe(html, { childList: true, subtree: true });

  // The labels Gradio holds, as updates in the order page.py names them: Gradio itself goes by the browser's language
  // alone, knows Chinese only as zh-CN, and does not change it on the way.
  window.labels = (fields) =>
    fields.map((field) => {
      const update = { __type__: "update" };
      for (const [property, key] of Object.entries(field)) update[property] = TEXT[html.dataset.language][key];
      return update;
    });
  window.switchLanguage = (fields) => {
    speak(html.dataset.language === "zh" ? "en" : "zh");
    store(html.dataset.language);
    return labels(fields);
  };
})();
