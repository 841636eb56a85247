() => {
  document.documentElement.lang = navigator.language;

  // A click on [n] in an answer brings the card of source n into view, of older answers too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite");
    const card = link && document.getElementById(link.hash.slice(1));
    if (!card) return;
    event.preventDefault();
    const shown = card.closest(".sources");
    for (const other of shown.parentElement.querySelectorAll(".sources")) {
      other.hidden = other !== shown;
    }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    card.focus({ preventScroll: true });
    card.classList.remove("flash");
    void card.offsetWidth; // begins the animation again
    card.classList.add("flash");
  });

  // The newest question stays in view, and again when its answer has come; a phone begins with
  // filters folded.
  let newest = "";
  let folded = !matchMedia("(max-width: 860px)").matches;
  new MutationObserver(() => {
    const all = document.querySelectorAll("#transcript .turn");
    const last = all[all.length - 1];
    const state = last ? `${all.length} ${Boolean(last.querySelector(".pending"))}` : "";
    if (last && state !== newest) last.scrollIntoView({ block: "start" });
    newest = state;
    const fold = folded ? null : document.querySelector("#filters > button");
    if (fold) {
      folded = true;
      setTimeout(() => fold.click(), 50); // once it listens
    }
  }).observe(document.body, { childList: true, subtree: true });
}
