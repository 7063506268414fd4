
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const items = all(".item");
  for (const item of items) item.tabIndex = -1;
  const byId = new Map(items.map((item) => [item.id, item]));
  const words = new Map();
  for (const piece of all("[data-items]")) {
    for (const id of piece.dataset.items.split(" ")) words.set(id, [...(words.get(id) || []), piece]);
  }
  let lit = [];
  let chosen = null;

  const light = (elements) => {
    for (const element of lit) element.classList.remove("lit");
    lit = elements;
    for (const element of lit) element.classList.add("lit");
  };
  const placesOf = (item) => {
    const cited = words.get(item.id) || [];
    if (cited.length) return cited;
    return all(".places a", item).map((link) => document.querySelector(link.getAttribute("href"))).filter(Boolean);
  };
  const lightItem = (item) => light([item, ...placesOf(item)]);
  const lightWords = (piece) => light([piece, ...piece.dataset.items.split(" ").map((id) => byId.get(id)).filter(Boolean)]);
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight;
  };
  const reveal = (element) => { if (element && !visible(element)) element.scrollIntoView({ block: "center" }); };
  const choose = (item) => {
    chosen = item;
    if (!item) { light([]); return; }
    lightItem(item);
    if (window.matchMedia("(min-width: 60.01rem)").matches) reveal(placesOf(item)[0]);
    reveal(item);
    item.focus({ preventScroll: true });
  };
  const restore = () => (chosen ? lightItem(chosen) : light([]));

  for (const item of items) {
    item.addEventListener("mouseenter", () => lightItem(item));
    item.addEventListener("mouseleave", restore);
    item.addEventListener("click", (event) => { if (!event.target.closest("a, button, summary, details")) choose(item); });
  }
  for (const piece of all("[data-items]")) {
    piece.addEventListener("mouseenter", () => lightWords(piece));
    piece.addEventListener("mouseleave", restore);
    piece.addEventListener("focus", () => lightWords(piece));
    piece.addEventListener("click", (event) => {
      event.preventDefault();
      const ids = piece.dataset.items.split(" ").filter((id) => byId.has(id) && !byId.get(id).hidden);
      const next = ids[(ids.indexOf(chosen ? chosen.id : "") + 1) % ids.length];
      if (next) choose(byId.get(next));
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("select, input, textarea")) return;
    const shown = items.filter((item) => !item.hidden);
    const at = shown.indexOf(chosen);
    if (event.key === "j" && shown.length) choose(shown[Math.min(at + 1, shown.length - 1)]);
    else if (event.key === "k" && shown.length) choose(shown[Math.max(at - 1, 0)]);
    else if (event.key === "Escape") choose(null);
  });

  const filters = document.querySelector(".filters");
  const [mark, kind, party] = ["by-mark", "by-kind", "by-party"].map((id) => document.getElementById(id));
  const filter = () => {
    let count = 0;
    for (const item of items) {
      const fits = (!mark.value || item.classList.contains(mark.value))
        && (!kind.value || item.parentElement.dataset.kind === kind.value)
        && (!party.value || item.dataset.parties.split(" ").includes(party.value));
      item.hidden = !fits;
      count += fits;
      const row = document.querySelector(`[data-row="${item.id}"]`);
      if (row) row.hidden = !fits;
    }
    const filtered = mark.value || kind.value || party.value;
    document.getElementById("shown").textContent = filtered ? `${count} of ${items.length} items` : "";
    if (chosen && chosen.hidden) choose(null);
  };
  filters.hidden = !items.length;
  filters.addEventListener("change", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed here */ }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const quotation = (item) => {
    const quote = item.querySelector("blockquote");
    return quote ? quote.textContent : (words.get(item.id) || []).map((piece) => piece.textContent).join("");
  };
  const source = document.querySelector(".facts").textContent;
  for (const item of items) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy with quotation and source";
    item.querySelector("details").append(button);
    button.addEventListener("click", async () => {
      const line = item.querySelector(".line").textContent.replace(/\s+/g, " ").trim();
      const quote = quotation(item);
      const done = await copy(`${line}\n${quote ? `“${quote}”\n` : ""}${source}`);
      button.textContent = done ? "Copied" : "The browser did not allow copying";
    });
  }

  const notes = document.querySelector(".footnotes");
  addEventListener("beforeprint", () => {
    if (!notes.hidden) return;
    for (const item of items.filter(quotation)) {
      const note = document.createElement("li");
      note.textContent = `${item.querySelector(".places").textContent} “${quotation(item)}”`;
      notes.querySelector("ol").append(note);
      const sign = document.createElement("span");
      sign.className = "note";
      sign.textContent = ` ${notes.querySelectorAll("li").length}`;
      item.querySelector(".line").append(sign);
    }
    notes.hidden = false;
  });
  addEventListener("afterprint", () => {
    notes.hidden = true;
    notes.querySelector("ol").replaceChildren();
    for (const sign of all(".line .note")) sign.remove();
  });
})();
