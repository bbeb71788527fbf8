"use strict";
// What the page does beyond reading: it works without. Built from what stands in the page, never from text as markup.
const articles = [...document.querySelectorAll("article")];
const folds = articles.map((article) => article.querySelector("details"));
const form = document.querySelector("form.filters");

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const article = target.closest("article");
  if (form && (target.id === "news" || target.closest("[hidden]"))) clear();
  if (form && target.id === "search") target.focus();
  (target.classList.contains("body") ? article : target).scrollIntoView();
}

function clear() {
  form.reset();
  for (const button of form.querySelectorAll("[data-verdict]")) button.setAttribute("aria-pressed", "false");
  filter();
}

function filter() {
  const words = form.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
  const pressed = [...form.querySelectorAll("[aria-pressed=true]")].map((button) => button.dataset.verdict);
  const chosen = [...form.querySelectorAll("select")].filter((select) => select.value);
  const news = document.querySelector("[data-news]");
  let shown = 0;
  articles.forEach((article, i) => {
    const fits = (!pressed.length || pressed.includes(article.dataset.verdict))
      && chosen.every((select) => article.dataset[select.name] === select.value)
      && words.every((word) => texts[i].includes(word));
    if (article.hidden === fits) article.hidden = !fits;
    shown += fits;
  });
  for (const part of document.querySelectorAll("section.chapter"))
    part.hidden = !part.querySelector("article:not([hidden])");
  // What was asked for stands right below the form.
  if (news) news.hidden = Boolean(pressed.length || words.length || chosen.length);
  form.querySelector("output").textContent = `${shown} of ${articles.length} shown`;
}

let texts = [];
if (form) {
  texts = articles.map((article) => {
    const derivations = new Set(article.querySelectorAll(".derivation ol"));
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
      (node) => derivations.has(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const parts = [];
    while (walker.nextNode()) if (walker.currentNode.nodeType === Node.TEXT_NODE) parts.push(walker.currentNode.data);
    return parts.join("").toLowerCase();
  });
  for (const fold of folds) fold.open = false;
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("all" in button.dataset) {
      const open = !folds.some((fold) => fold.open);
      for (const fold of folds) fold.open = open;
      button.textContent = open ? "Close all" : "Open all";
      return;
    }
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    filter();
  });
  filter();
}
addEventListener("hashchange", reveal);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  // The address does not change when the same link is followed again.
  if (link && (link.getAttribute("href") || "") === location.hash) reveal();
});
if (location.hash) reveal();

// A formula that is wider than the page scrolls, and is then marked and a stop of the tab key, as it must be to be read.
function measure() {
  for (const box of document.querySelectorAll("details[open] .formula")) {
    const wide = box.scrollWidth > box.clientWidth + 1;
    if (wide === box.hasAttribute("tabindex")) continue;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Formula"]])
      wide ? box.setAttribute(name, value) : box.removeAttribute(name);
  }
}
document.addEventListener("toggle", measure, true);
addEventListener("resize", measure);

// Pixels of a formula on the screen that are as wide as a sheet, where letters are smaller. A choice: of A4, within lists.
const SHEET = 760;
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const fold of closed) fold.open = true;
  // A sheet does not scroll: what has no place to break and is wider than one is set smaller.
  for (const box of document.querySelectorAll(".derivation :is(.formula, p)")) {
    const widest = Math.max(0, ...[...box.querySelectorAll("math")].map((part) => part.getBoundingClientRect().width));
    if (widest > SHEET) box.style.setProperty("--fit", (SHEET / widest).toFixed(2));
  }
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});

for (const graph of document.querySelectorAll("svg.graph")) {
  const edges = [...graph.querySelectorAll("[data-from]")];
  const nodes = [...graph.querySelectorAll("[data-node]")];
  const reach = (start, from, to) => {
    const found = new Set([start]);
    for (const name of found) for (const edge of edges) if (edge.dataset[from] === name) found.add(edge.dataset[to]);
    return found;
  };
  const light = (name) => {
    const down = name ? reach(name, "from", "to") : new Set(), up = name ? reach(name, "to", "from") : new Set();
    graph.classList.toggle("chosen", Boolean(name));
    for (const node of nodes) node.classList.toggle("lit", up.has(node.dataset.node) || down.has(node.dataset.node));
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      edge.classList.toggle("lit", (up.has(from) && up.has(to)) || (down.has(from) && down.has(to)));
    }
  };
  for (const node of nodes) {
    for (const name of ["pointerenter", "focus"]) node.addEventListener(name, () => light(node.dataset.node));
    for (const name of ["pointerleave", "blur"]) node.addEventListener(name, () => light(""));
  }
}
