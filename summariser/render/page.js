
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const items = all(".item");
  document.documentElement.classList.add("scripted");
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
  const wide = window.matchMedia("(min-width: 60.01rem)");
  const article = document.querySelector("article");
  const revealInArticle = (element) => {
    if (!element) return;
    if (!wide.matches) { element.scrollIntoView({ block: "center" }); return; }
    const box = element.getBoundingClientRect(), frame = article.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > Math.min(frame.bottom, window.innerHeight)) {
      article.scrollTop += box.top - frame.top - article.clientHeight / 3;
    }
  };
  const choose = (item, place) => {
    chosen = item;
    if (!item) { light([]); return; }
    lightItem(item);
    if (wide.matches || place) revealInArticle(place || placesOf(item)[0]);
    if (wide.matches || !place) reveal(item);
    if (!place || wide.matches) item.focus({ preventScroll: true });
  };
  const restore = () => (chosen ? lightItem(chosen) : light([]));
  let resting = false; // after a key the page moves under the mouse, which points at nothing until it moves itself
  document.addEventListener("mousemove", (event) => { resting &&= !(event.movementX || event.movementY); }, true);
  const onPointing = (element, show) => {
    element.addEventListener("mouseenter", () => { if (!resting) show(); });
    element.addEventListener("mouseleave", restore);
  };

  for (const item of items) {
    onPointing(item, () => lightItem(item));
    item.addEventListener("click", (event) => {
      const link = event.target.closest(".places a");
      if (link) {
        if (wide.matches) {
          event.preventDefault();
          choose(item, document.querySelector(link.getAttribute("href")));
        } else { // the browser follows the link, and its Back leads to the item again
          chosen = item;
          lightItem(item);
        }
      } else if (!event.target.closest("a, button, summary, details")) {
        choose(item);
        if (!wide.matches) item.querySelector("details").open = true;
      }
    });
  }
  for (const piece of all("[data-items]")) {
    onPointing(piece, () => lightWords(piece));
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
    resting = true;
    if (event.key === "j" && shown.length) choose(shown[Math.min(at + 1, shown.length - 1)]);
    else if (event.key === "k" && shown.length) choose(shown[Math.max(at - 1, 0)]);
    else if (event.key === "Enter" && event.target === chosen) {
      const details = chosen.querySelector("details");
      details.open = !details.open;
    } else if (event.key === "Escape") choose(null);
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
    for (const list of all(".items > ol")) {
      const empty = !list.querySelector(".item:not([hidden])");
      for (let each = list; each && (each === list || !each.matches("ol")); each = each.previousElementSibling) each.hidden = empty;
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
    const said = quote ? quote.textContent : (words.get(item.id) || []).map((piece) => piece.textContent).join(" ");
    return said.replace(/\s+/g, " ").trim();
  };
  const source = `${document.querySelector("h1").textContent} (${document.querySelector(".facts").textContent})`;
  const quoted = (text) => (/^[“"«„]/.test(text) ? text : `“${text}”`);
  for (const item of items) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.title = "Copy with quotation and source";
    const details = item.querySelector("details");
    item.querySelector(".line").before(button);
    details.addEventListener("toggle", () => {
      const said = quotation(item);
      if (!details.open || !said || details.querySelector("blockquote")) return;
      const quote = document.createElement("blockquote");
      quote.textContent = said;
      details.querySelector("summary").after(quote);
    });
    button.addEventListener("click", async () => {
      const line = item.querySelector(".line").textContent.replace(/\s+/g, " ").trim();
      const quote = quotation(item);
      const reason = item.querySelector(".reason");
      const lines = [line, reason && reason.textContent, quote && quoted(quote), source];
      const done = await copy(lines.filter(Boolean).join("\n"));
      button.textContent = done ? "Copied" : "The browser did not allow copying";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  const notes = document.querySelector(".footnotes");
  addEventListener("beforeprint", () => {
    if (!notes.hidden) return;
    for (const each of all(".legend, .notes")) each.open = true;
    for (const item of items.filter((each) => !each.hidden && quotation(each))) {
      const note = document.createElement("li");
      note.textContent = `${item.querySelector(".places").textContent} ${quoted(quotation(item))}`;
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
