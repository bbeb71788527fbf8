"use strict";
// Read from disk, browsers start no workers: there the site's search runs in a hidden frame (the theme asks for the name).
window.IFrameWorker = class extends EventTarget {
  constructor(url) {
    super();
    const frame = document.createElement("iframe"), waiting = [];
    frame.hidden = true;
    document.documentElement.append(frame);
    const inside = frame.contentWindow, script = inside.document.createElement("script");
    const told = (data) => inside.dispatchEvent(new inside.MessageEvent("message", { data }));
    inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
    this.postMessage = (data) => waiting.push(data);
    script.onload = () => { this.postMessage = told; waiting.forEach(told); };
    script.src = url;
    inside.document.body.append(script);
  }
};
if (location.protocol === "file:") window.Worker = window.IFrameWorker;

// What is wider than the page scrolls, by the keyboard too.
function reach() {
  for (const part of document.querySelectorAll(".md-typeset__scrollwrap, .formula, .md-typeset :is(p, li):has(> math), pre > code")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
