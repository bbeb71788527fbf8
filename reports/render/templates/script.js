"use strict";
// What the page does beyond reading: it works without. Built from what stands in the page, never from text as markup.
const articles = [...document.querySelectorAll("article")];
const folds = articles.map((article) => article.querySelector("details"));
const form = document.querySelector("form.filters");
const make = (name, ...content) => {
  const made = document.createElement(name);
  made.append(...content);
  return made;
};

// The address holds what is asked for, "#q=words&verdict=proved", or the place that is shown: Back and links keep both.
const asked = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

function reveal() {
  if (form) restore();
  if (form && location.hash.includes("=")) form.scrollIntoView();
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (form && target.closest("[hidden]")) clear();
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (form && target.id === "search") target.focus();
  (target.classList.contains("body") ? target.closest("article") : target).scrollIntoView();
}

function clear() {
  form.reset();
  for (const button of form.querySelectorAll("[data-verdict]")) button.setAttribute("aria-pressed", "false");
  filter();
}

function restore() {
  const wanted = asked();
  if (!location.hash.includes("=") && location.hash) return;  // A place: what was asked for stays.
  form.querySelector("input").value = wanted.get("q") || "";
  for (const select of form.querySelectorAll("select")) select.value = wanted.get(select.name) || "";
  const verdicts = wanted.getAll("verdict");
  for (const button of form.querySelectorAll("[data-verdict]"))
    button.setAttribute("aria-pressed", String(verdicts.includes(button.dataset.verdict)));
  filter();
}

function remember(step) {
  const wanted = new URLSearchParams();
  if (form.querySelector("input").value) wanted.set("q", form.querySelector("input").value);
  for (const select of form.querySelectorAll("select")) if (select.value) wanted.set(select.name, select.value);
  for (const button of form.querySelectorAll("[aria-pressed=true]")) wanted.append("verdict", button.dataset.verdict);
  const address = `#${wanted}`;
  // While words are typed it is one place, and what is chosen is a new one.
  if (address !== location.hash) history[step && asked().toString() === "" ? "pushState" : step || "replaceState"](null, "", address);
}

function filter() {
  const input = form.querySelector("input").value;
  const pressed = [...form.querySelectorAll("[aria-pressed=true]")].map((button) => button.dataset.verdict);
  const chosen = [...form.querySelectorAll("select")].filter((select) => select.value);
  const { scores, meant } = search(input);
  const fitting = [];
  articles.forEach((article, i) => {
    const fits = (!pressed.length || pressed.includes(article.dataset.verdict))
      && chosen.every((select) => article.dataset[select.name] === select.value) && (!scores || scores[i] > 0);
    if (article.hidden === fits) article.hidden = !fits;
    if (fits) fitting.push(i);
  });
  for (const part of document.querySelectorAll("section.chapter"))
    part.hidden = !part.querySelector("article:not([hidden])");
  const results = form.querySelector(".results");
  results.hidden = !scores || !fitting.length;
  if (scores) results.replaceChildren(...fitting.sort((a, b) => scores[b] - scores[a]).slice(0, 12).map((i) => {
    const link = make("a", articles[i].dataset.title);
    link.href = `#${articles[i].querySelector(".body").id}`;
    return make("li", link, " ", articles[i].querySelector(".badge").cloneNode(true));
  }));
  form.querySelector("output").textContent = `${fitting.length} of ${articles.length} shown${meant ? `, for ${meant}` : ""}`;
}

// Words and symbols: the hat of "π̂" is written after its letter, as in formulas, and "gamma" is γ, "pihat_m" π̂_m.
const GREEK = { alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", theta: "θ", lambda: "λ", mu: "μ", pi: "π", rho: "ρ", sigma: "σ" };
const SPELT = new RegExp(`\\b(${Object.keys(GREEK).join("|")})([_ ]?hat)?(?=_|\\b)`, "gi");
const ALSO = { kl: ["kullback", "leibler"], polyak: ["pl"] };  // What is searched for by another name, too.
const words = (text) => text.toLowerCase().normalize("NFD").replace(/\u0302/g, "^").normalize("NFKC").replace(/_/g, "")
  .match(/[\p{L}\p{N}^]+/gu) || [];
let index;  // Of each statement: word → its weight, which is more in a title.

function indexed() {
  if (index) return index;
  index = articles.map((article) => {
    const found = new Map();
    const add = (text, weight) => { for (const said of words(text)) for (const word of [said, ...(ALSO[said] || [])])
      if (!(found.get(word) >= weight)) found.set(word, weight); };
    const skipped = new Set(article.querySelectorAll(".derivation ol, .claims tr[id] details, svg"));
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      skipped.has(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const parts = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
      else if (!node.closest("math") || node.localName === "math") parts.push(" ");
    }
    add(parts.join(""), 1);
    add(article.dataset.title, 5);
    add(article.querySelector(".body").id, 5);
    return found;
  });
  return index;
}

function search(text) {
  const wanted = words(text.replace(/\^(?=\w)/g, "").replace(SPELT, (_, name, hat) => GREEK[name.toLowerCase()] + (hat ? "\u0302" : "")));
  if (!wanted.length) return {};
  const score = (found, word) => {
    let best = 0;
    for (const [known, weight] of found)
      if (known === word) best = Math.max(best, 12 * weight);
      else if (known.startsWith(word)) best = Math.max(best, 2 * weight);
      else if (word.length > 3 && known.includes(word)) best = Math.max(best, weight);
    return best;
  };
  const corrected = [];
  const columns = wanted.map((word) => {
    const column = indexed().map((found) => score(found, word));
    if (column.some(Boolean) || (word.length < 4 && !/[α-ω]/.test(word))) return column;
    const near = nearest(word);
    if (near) corrected.push(near);
    return near ? index.map((found) => score(found, near)) : column;
  });
  const scores = articles.map((_, i) => columns.every((column) => column[i]) ? columns.reduce((sum, column) => sum + column[i], 0) : 0);
  return { scores, meant: corrected.join(" ") };
}

function nearest(word) {
  const most = word.length < 8 ? 1 : 2;
  let best = "", least = most + 1;
  for (const known of new Set(index.flatMap((found) => [...found.keys()]))) {
    if (Math.abs(known.length - word.length) > most || (word.length < 4 && known[0] !== word[0])) continue;
    const distance = typos(word, known);
    if (distance < least) [best, least] = [known, distance];
  }
  return best;
}

function typos(a, b) {
  let above, row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const last = above;
    [above, row] = [row, [i]];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], last[j - 2] + 1);
    }
  }
  return row[b.length];
}

if (form) {
  for (const fold of folds) fold.open = false;
  form.hidden = false;
  form.addEventListener("input", (event) => { filter(); remember(event.target.localName === "select" ? "pushState" : ""); });
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
    remember("pushState");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      form.querySelector("input").focus();
    }
    // Down and up, from the words asked for through the best matches, or from one statement to the next.
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const places = event.target.closest("form.filters")
      ? [form.querySelector("input"), ...form.querySelectorAll(".results:not([hidden]) a")]
      : [...document.querySelectorAll("article:not([hidden]) > details > summary")];
    const next = places[places.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!places.includes(event.target) || !next) return;
    event.preventDefault();
    next.focus();
  });
}
for (const claim of document.querySelectorAll(".claims tr[id]")) {
  const link = make("a", "#");
  link.className = "permalink";
  link.href = `#${claim.id}`;
  link.setAttribute("aria-label", "Link to this claim");
  claim.querySelector("td > :is(details, small)").before(link);
}
addEventListener("hashchange", reveal);
addEventListener("popstate", () => { if (form) restore(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  // The address does not change when the same link is followed again.
  if (link && (link.getAttribute("href") || "") === location.hash) reveal();
});
reveal();

// What a symbol means, wherever it stands: the largest part of a formula, about the place pointed at, that is known.
const meanings = new Map();
const spelt = (part) => part.textContent.replace(/\s/g, "");
for (const entry of document.querySelectorAll(".symbols dt"))
  for (const formula of entry.querySelectorAll("math")) meanings.set(spelt(formula), entry);
const knowl = make("div");
knowl.id = "knowl";
knowl.hidden = true;
knowl.setAttribute("role", "tooltip");
document.body.append(knowl);

function symbolsOf(part) {
  const found = new Map();
  for (const each of part.querySelectorAll("*")) {
    const known = meanings.get(spelt(each));
    if (known && !each.parentElement.closest("[data-known]")) {
      each.dataset.known = "";
      found.set(known, each);
    }
  }
  for (const each of part.querySelectorAll("[data-known]")) delete each.dataset.known;
  return [...found.keys()];
}

function pointedAt(target) {
  let best = null;
  for (let part = target; part && part.localName !== "math"; part = part.parentElement) best = meanings.get(spelt(part)) || best;
  return best;
}

function explain(place, ...content) {
  knowl.replaceChildren(...content);
  knowl.hidden = false;
  const box = place.getBoundingClientRect();
  knowl.style.left = 0;  // At the right edge it would be squeezed, and measured so.
  const left = Math.min(box.left, document.documentElement.clientWidth - knowl.offsetWidth - 12);
  const below = box.bottom + knowl.offsetHeight + 12 < innerHeight || box.top < knowl.offsetHeight + 12;
  knowl.style.left = `${Math.max(6, left) + scrollX}px`;
  knowl.style.top = `${(below ? box.bottom + 6 : box.top - knowl.offsetHeight - 6) + scrollY}px`;
}

function meaningOf(badge) {
  for (const name of badge.classList) {
    const entry = document.getElementById(`verdict-${name}`);
    if (entry && !badge.closest(".legend")) return entry.nextElementSibling.textContent;
  }
  return "";
}

function listed(entries) {
  return make("dl", ...entries.flatMap((entry) => [entry, entry.nextElementSibling].map((part) => part.cloneNode(true))));
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || !event.target.closest) return;
  const formula = event.target.closest("math"), badge = event.target.closest("span.badge");
  if (badge && !badge.title) badge.title = meaningOf(badge);
  if (event.target.closest("#knowl") || !formula || event.target.closest(".symbols")) return;
  const known = pointedAt(event.target);
  if (known) explain(event.target, listed([known]));
  else knowl.hidden = true;
});
document.addEventListener("pointerout", (event) => { if (event.pointerType === "mouse" && event.target.closest("math")) knowl.hidden = true; });
document.addEventListener("click", (event) => {
  const formula = event.target.closest("math"), badge = event.target.closest("span.badge");
  if (event.target.closest("#knowl a")) knowl.hidden = true;
  if (event.target.closest("#knowl")) return;
  knowl.hidden = true;
  const meant = badge && meaningOf(badge);
  if (meant) {
    const legend = make("a", "What the words mean");
    legend.href = "#verdicts";
    event.preventDefault();  // Within a title it opens nothing.
    explain(badge, make("p", meant), legend);
  } else if (formula && !formula.closest("a, summary, .symbols")) {
    const known = symbolsOf(make("div", formula.cloneNode(true)));
    if (known.length) explain(formula, listed(known));
  }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") knowl.hidden = true; });

for (const lines of document.querySelectorAll("main pre")) {
  const button = make("button", "Copy"), text = lines.textContent;
  button.type = "button";
  button.className = "copy";
  lines.classList.add("copied");
  lines.append(button);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {  // not allowed here: what is selected can be copied by hand
      getSelection().setBaseAndExtent(lines.firstChild, 0, lines.firstChild, text.length);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

// The interactive figure: what its sliders name is looked up in the table of the page; nothing is computed here but places.
const explorer = document.getElementById("explorer");
if (explorer) {
  const table = JSON.parse(explorer.dataset.table);
  const named = (names, values) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const rows = table.rows.map(([row, starts]) => ({ ...named(table.names, row), starts: starts.map((start) => named(table.of_starts, start)) }));
  const ks = [...new Set(rows.map((row) => row.k))], weights = [...new Set(rows.map((row) => row.weights))];
  const starts = rows[0].starts.map((start) => start.radius);
  const drawn = explorer.querySelector("svg");
  const [WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM, LEAST, STEPS] = [420, 300, 52, 12, 12, 36, -9, 20];
  const x = (t) => LEFT + (WIDE - LEFT - RIGHT) * t / STEPS;
  const y = (log) => TOP + (HIGH - TOP - BOTTOM) * (1 - log) / (1 - LEAST);
  const shape = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.textContent = text;
    return made;
  };
  const show = () => {
    const places = [ks, weights, starts].map((values, i) => {
      const slider = explorer.querySelectorAll("input")[i], label = slider.parentElement.querySelector("output");
      slider.max = values.length - 1;
      const value = String(values[slider.value]);
      label.textContent = value;
      slider.setAttribute("aria-valuetext", value);
      return values[slider.value];
    });
    const row = rows.find((each) => each.k === places[0] && each.weights === places[1]);
    const start = row.starts.find((each) => each.radius === places[2]);
    const vanishing = Number(row.gap) === 0;
    const texts = {
      gamma: vanishing ? "none: strongly convex nowhere" : row.gamma, convexity: row.convexity === "inf" ? "∞" : row.convexity,
      gap: row.gap, beta: start.beta, factor: start.factor, bound: start.bound, kl: start.kl[0],
      limit: vanishing ? "1: KL falls like 1/t² only" : row.limit,
    };
    for (const name in texts) explorer.querySelector(`[data-shown=${name}]`).textContent = texts[name];
    const logs = start.kl.map((kl) => Math.log10(kl)).filter((log) => log >= LEAST);
    const parts = [];
    for (let log = 1; log >= LEAST; log -= 2) {
      parts.push(shape("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(log), y2: y(log), class: "grid" }));
      parts.push(shape("text", { x: LEFT - 6, y: y(log) + 4, "text-anchor": "end" }, log === 1 ? "10" : `1e${log}`));
    }
    for (let t = 0; t <= STEPS; t += 5) parts.push(shape("text", { x: x(t), y: HIGH - BOTTOM + 16, "text-anchor": "middle" }, t));
    parts.push(shape("text", { x: (LEFT + WIDE - RIGHT) / 2, y: HIGH - 4, "text-anchor": "middle" }, "steps t"));
    if (!vanishing) {
      const slope = 2 * Math.log10(row.limit), end = logs.length - 1;
      const from = Math.max(0, end + (1 - logs[end]) / slope), to = Math.min(STEPS, end + (LEAST - logs[end]) / slope);
      const at = (t) => y(logs[end] + slope * (t - end));
      parts.push(shape("line", { x1: x(from), y1: at(from), x2: x(to), y2: at(to), class: "predicted" }));
    }
    parts.push(shape("polyline", { points: logs.map((log, t) => `${x(t)},${y(log)}`).join(" "), class: "curve" }));
    logs.forEach((log, t) => {
      const point = shape("circle", { cx: x(t), cy: y(log), r: 3.5 });
      point.append(shape("title", {}, `t = ${t}: KL = ${start.kl[t]}`));
      parts.push(point);
    });
    drawn.replaceChildren(...parts);
    drawn.setAttribute("aria-label", `KL against steps of EM: ${start.kl[0]} at the start, ${start.kl[logs.length - 1]} after ${logs.length - 1} steps`);
  };
  explorer.hidden = false;
  explorer.addEventListener("input", show);
  show();
}

// A formula that is wider than the page scrolls, and is then marked and a stop of the tab key, as it must be to be read.
function measure() {
  for (const box of document.querySelectorAll(".derivation[open] li > div")) {
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
addEventListener("beforeprint", () => {
  // A sheet does not scroll: what has no place to break and is wider than one is set smaller.
  for (const box of document.querySelectorAll(".derivation li > :is(div, p)")) {
    const widest = Math.max(0, ...[...box.querySelectorAll("math")].map((part) => part.getBoundingClientRect().width));
    if (widest > SHEET) box.style.setProperty("--fit", (SHEET / widest).toFixed(2));
  }
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
