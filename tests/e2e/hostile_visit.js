// What hostile notes did to the page, as a list of complaints; `before` is what it was like.
(before) => {
  const told = [];
  const parts = [...document.querySelectorAll("#transcript, #sources, #results, dialog.opened .file")];
  const all = (selector) =>
    parts.flatMap((part) => [...part.querySelectorAll(selector)]).filter((one) => one.checkVisibility());
  const named = (one) => one.outerHTML.slice(0, 120);

  for (const name of ["pwned", "querySelectorAll", "getElementById"]) {
    if (window[name] !== undefined) told.push(`window.${name} is set`);
  }
  if (Object.prototype.pwned !== undefined) told.push("Object.prototype is polluted");
  if (location.href.replace(/#note=.*/, "") !== before.href) told.push(`the page became ${location.href}`);
  if (document.title !== before.title) told.push(`the title became ${document.title}`);
  if (document.body?.tagName !== "BODY") told.push("document.body is clobbered");
  for (const [id, tag] of Object.entries(before.ids)) {
    const found = document.querySelectorAll(`[id="${id}"]`);
    if (found.length !== 1 || found[0].tagName !== tag) told.push(`#${id} is clobbered`);
  }

  const foreign =
    "script, iframe, frame, frameset, img, picture, object, embed, applet, form, input, button, " +
    "textarea, select, style, link, meta, base, title, svg, math, video, audio, dialog, template, " +
    "marquee, noscript, portal, [name], [srcdoc], [src], [background], [popover], [contenteditable]";
  for (const part of parts) {
    for (const one of part.querySelectorAll(foreign)) {
      const ours = one.matches("button.place, button.read") && !one.closest(".said");
      if (!ours) told.push(`there is ${named(one)}`);
    }
    for (const one of part.querySelectorAll("*")) {
      if (one.getAttributeNames().some((name) => name.startsWith("on"))) {
        told.push(`there is a handler in ${named(one)}`);
      }
    }
    for (const one of part.querySelectorAll(".html-container [style]")) {
      if (!/^width: ?\d{1,3}%;?$/.test(one.getAttribute("style")) && one.closest(".card, .turn")) {
        told.push(`there is a style in ${named(one)}`);
      }
    }
    for (const one of part.querySelectorAll(":is(.card, .turn) [id]")) told.push(`there is ${named(one)}`);
    for (const link of part.querySelectorAll("a[href]")) {
      const cites = /^#turn-\d+-source-\d+$/.test(link.getAttribute("href"));
      const leaves = ["http:", "https:", "mailto:"].includes(link.protocol);
      const alone = link.target === "_blank" && /noopener/.test(link.rel);
      if (!(cites ? link.matches(".cite") && !link.closest(".said") : leaves && alone)) {
        told.push(`there is the link ${named(link)}`);
      }
    }
    for (const one of part.querySelectorAll(":is(.said, .chips, .pairs, .trail, h3) [class]")) {
      const ours = ["answers", "image", "near", "as-written"].includes(one.className) ||
        (part.matches(".file") && /^(cited|front|as-written cited)$/.test(one.className));
      if (!ours && !one.matches(".chips > .tag, .chips .label, .passage > .pairs")) told.push(`there is ${named(one)}`);
    }
  }

  // Nothing of a note stands out of its box; what scrolls inside it may be wide.
  for (const box of all(".card, .quote")) {
    const edge = box.getBoundingClientRect();
    const stacked = /\p{M}{99}/u.test(box.textContent); // no browser breaks such a letter
    if (box.scrollWidth > box.clientWidth + 1 && !stacked) told.push(`too wide: ${named(box)}`);
    for (const one of box.querySelectorAll("*")) {
      const style = getComputedStyle(one);
      if (style.position === "fixed" || style.position === "sticky") told.push(`floats: ${named(one)}`);
      if (one.parentElement.closest("pre, table") || one.closest(".unseen")) continue;
      if (!one.checkVisibility()) continue;
      const at = one.getBoundingClientRect();
      const fits = at.left > edge.left - 2 && at.right < edge.right + 2 &&
        at.top > edge.top - 2 && at.bottom < edge.bottom + 2;
      if (at.width && at.height && !fits) told.push(`stands out: ${named(one)}`);
    }
    if (getComputedStyle(box).overflow !== "clip") told.push("stacked marks are not clipped");
  }
  for (const one of all(".said, .trail li, .card h3, .place, .chips li, .pairs dt, .pairs dd, .said code")) {
    const { unicodeBidi, direction } = getComputedStyle(one);
    if (!unicodeBidi.startsWith("isolate") || direction !== "ltr") told.push(`turns text: ${named(one)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) told.push("the page scrolls sideways");
  for (const part of parts) {
    const stacked = part.matches(".file") && /\p{M}{99}/u.test(part.textContent);
    if (part.scrollWidth > part.clientWidth + 1 && !stacked) told.push(`#${part.id} is too wide`);
  }
  return [...new Set(told)];
}
