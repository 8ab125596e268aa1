// Search, filter, order and folding. Everything is in the file without this; nothing is made here but visible or not.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const BATCH = 50, CARD_PX = 190, FOLD_ABOVE = 3, MOST_UNFOLDED = 40, WARM_AFTER_MS = 1000;
  const RANK = ["unfinished", "error", "failed", "skipped", "omitted", "not-run", "passed"];
  const batches = [...document.querySelectorAll(".batch")];
  const nodes = document.querySelectorAll("article"), number = nodes.length;
  let cards = [], unfolded = [];
  const words = at("find-words"), outcome = at("find-outcome"), clause = at("find-clause");
  const system = at("find-system"), order = at("find-order"), fold = at("find-fold");

  // What a card is asked for is read when it is first asked for, and kept: a page of thousands opens without it.
  class Card {
    constructor(node, order) {
      this.node = node;
      this.order = order;
      this.section = node.parentNode.parentNode;
      this.outcome = (node.className || "o-passed").slice(2);
    }
    get text() { return (this.itsText ??= this.node.textContent.toLowerCase()); }
    get name() { return (this.itsName ??= this.node.firstElementChild.lastChild.data); }
    get ms() { return (this.itsMs ??= Number(this.node.dataset.ms)); }
    get systems() { return (this.itsSystems ??= (this.node.dataset.s || "").split(" ")); }
    get clauses() {
      return (this.itsClauses ??= Array.from(this.node.children[1].children, (each) => each.textContent));
    }
    warm() { return [this.text, this.clauses, this.ms]; }
  }
  const read = () => { if (!cards.length) cards = Array.from(nodes, (node, order) => new Card(node, order)); };
  let warmed = 0;
  const warm = (idle) => {
    read();
    for (; warmed < number && idle.timeRemaining() > 1; warmed += 1) cards[warmed].warm();
    if (warmed < number) requestIdleCallback(warm);
  };

  // What a search finds within a folded part is unfolded, and folded again with the next search.
  const unfold = (sought) => {
    for (const each of unfolded) each.open = false;
    unfolded = [];
    if (!sought.length) return;
    const shown = cards.filter((card) => !card.node.hidden).slice(0, MOST_UNFOLDED);
    for (const card of shown) {
      for (const each of card.node.querySelectorAll("details:not([open])")) {
        if (unfolded.length === MOST_UNFOLDED) return;
        const inside = each.textContent.slice(each.firstElementChild.textContent.length).toLowerCase();
        if (!sought.some((word) => inside.includes(word))) continue;
        each.open = true;
        unfolded.push(each);
      }
    }
  };

  const filter = () => {
    read();
    const sought = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const yes = (!outcome.value || card.outcome === outcome.value)
        && (!clause || !clause.value || card.clauses.includes(clause.value))
        && (!system || !system.value || card.systems.includes(system.value))
        && sought.every((word) => card.text.includes(word));
      if (card.node.hidden === yes) card.node.hidden = !yes;
      shown += yes;
    }
    for (const batch of batches) {
      let left = 0;
      for (const node of batch.children) left += !node.hidden;
      if (batch.hidden === !!left) batch.hidden = !left;
      if (batch.classList.contains("many")) batch.style.containIntrinsicBlockSize = `${left * CARD_PX}px`;
    }
    at("find-count").textContent = `${shown.toLocaleString("en")} / ${number.toLocaleString("en")}`;
    unfold(sought);
  };

  const BY = {
    run: (a, b) => a.order - b.order,
    worst: (a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome) || a.order - b.order,
    slow: (a, b) => b.ms - a.ms || a.order - b.order,
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.order - b.order),
  };
  const sort = () => {
    read();
    const sections = new Map();
    for (const card of [...cards].sort(BY[order.value])) {
      if (!sections.has(card.section)) sections.set(card.section, []);
      sections.get(card.section).push(card.node);
    }
    for (const [section, nodes] of sections) {
      [...section.querySelectorAll(".batch")].forEach((batch, n) => batch.append(...nodes.slice(n * BATCH, (n + 1) * BATCH)));
    }
    filter();
  };

  // A box is folded when it is first seen: thousands of steps nobody looks at cost nothing.
  const PASSED = ".steps > li:not([class^=o-f], [class^=o-e], [class^=o-u]) > details";
  const seen = new Set(), done = new Map();
  const foldBatch = (batch) => {
    if (done.get(batch) === fold.checked) return;
    done.set(batch, fold.checked);
    for (const each of batch.querySelectorAll(PASSED)) each.open = !fold.checked;
  };
  const folding = () => seen.forEach(foldBatch);
  for (const batch of batches) {
    if (!batch.classList.contains("many") || !("oncontentvisibilityautostatechange" in batch)) seen.add(batch);
    batch.addEventListener("contentvisibilityautostatechange", (event) => {
      if (event.skipped) { seen.delete(batch); return; }
      seen.add(batch);
      foldBatch(batch);
    });
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of closed) each.open = false; });

  const follow = () => {
    const card = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!card || !card.closest("[hidden]")) return;
    for (const each of [words, outcome, clause, system]) if (each) each.value = "";
    filter();
    card.scrollIntoView();
  };

  words.addEventListener("input", filter);
  for (const each of [outcome, clause, system]) if (each) each.addEventListener("change", filter);
  order.addEventListener("change", sort);
  fold.addEventListener("change", folding);
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select");
    if (event.key === "/" && !typing) { event.preventDefault(); words.focus(); }
    if (event.key === "Escape" && event.target === words && words.value) { words.value = ""; filter(); }
  });

  at("find").hidden = false;
  at("find-count").textContent = number.toLocaleString("en");
  fold.checked = number > FOLD_ABOVE;
  folding();
  if (window.requestIdleCallback) setTimeout(() => requestIdleCallback(warm), WARM_AFTER_MS);
})();
