() => {
  document.documentElement.lang = navigator.language;

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const panel = () => [...document.querySelectorAll('[role="tabpanel"]')].find((one) => one.offsetParent);

  // Of several answers' sources, those of one are shown.
  const showSources = (section) => {
    if (!section || !section.hidden) return;
    for (const other of section.parentElement.querySelectorAll(".sources")) {
      other.hidden = other !== section;
    }
  };

  // A click on [n] in an answer brings the card of source n into view, of older answers too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite");
    const card = link && document.getElementById(link.hash.slice(1));
    if (!card) return;
    event.preventDefault();
    showSources(card.closest(".sources"));
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    card.focus({ preventScroll: true });
    card.classList.remove("flash");
    void card.offsetWidth; // begins the animation again
    card.classList.add("flash");
  });

  // Beside the conversation stand the sources of the answer under the cursor, or with the focus.
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const turn = event.target.closest?.("#transcript .turn");
      if (turn) showSources(document.querySelector(`#sources [data-turn="${turn.dataset.turn}"]`));
    });
  }

  // A bar of the library's charts searches for its notes; the search page may not be there yet.
  document.addEventListener("click", (event) => {
    const bar = event.target.closest?.("button[data-facet]");
    if (!bar) return;
    const { facet, value } = bar.dataset;
    document.body.dataset.searchThese = JSON.stringify({ facet, value });
    document.getElementById("tab-search-button").click();
    document.dispatchEvent(new Event("search-these"));
  });

  // "/" goes to the box, Esc leaves it; arrows move among the cards, Enter opens one.
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const here = event.target;
    if (event.key === "/" && !isTyping(here)) {
      event.preventDefault();
      const box = panel()?.querySelector("#question textarea, [type=search]");
      box?.focus();
      box?.select();
      return;
    }
    if (event.key === "Escape" && isTyping(here)) return here.blur();
    const cards = [...(panel()?.querySelectorAll(".card") ?? [])].filter((card) => card.offsetParent);
    const at = cards.indexOf(here.closest?.(".card"));
    const isCard = at >= 0 && here === cards[at];
    const fromBox = here.matches?.("[type=search]") && event.key === "ArrowDown";
    if (event.key === "Escape" && at >= 0) {
      panel().querySelector("#question textarea, [type=search]")?.focus();
    } else if (event.key === "Enter" && isCard) {
      cards[at].querySelector("[data-path]")?.click();
    } else if (fromBox || (isCard && ["ArrowDown", "ArrowUp"].includes(event.key))) {
      const to = cards[fromBox ? 0 : at + (event.key === "ArrowDown" ? 1 : -1)];
      if (!to && fromBox) return;
      event.preventDefault();
      if (to) to.focus();
      else if (at === 0) panel().querySelector("[type=search]")?.focus();
    }
  });

  // What was asked of the waiting page is asked again, of the app.
  const askAgain = (question) => {
    const box = document.querySelector("#question textarea");
    const send = document.querySelector("#send");
    const isAlive = document.querySelector("#transcript .welcome"); // the server has told it
    if (!box || !send || !isAlive) return setTimeout(askAgain, 50, question);
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => send.click(), 50); // once the box has told what it holds
  };
  const asked = sessionStorage.getItem("asked");
  sessionStorage.removeItem("asked");
  if (asked) askAgain(asked);

  // What the server refuses (too much, not signed in) it says why, whoever asked for it.
  let refusedAt = -Infinity;
  const ask = window.fetch;
  window.fetch = async (...given) => {
    const answer = await ask(...given);
    const isTold = String(given[0]?.url ?? given[0]).includes("/queue/join"); // by Gradio itself
    if (answer.status === 401) location.reload(); // to sign in again
    if ([413, 429].includes(answer.status) && !isTold) {
      refusedAt = performance.now();
      answer.clone().json().then(({ detail }) => sayRefused(detail), () => {});
    }
    return answer;
  };
  let refusal;
  const sayRefused = (words) => {
    let told = document.getElementById("refused");
    if (!told) {
      told = document.createElement("p");
      told.id = "refused";
      told.setAttribute("role", "alert");
      document.body.append(told);
    }
    told.textContent = words;
    told.hidden = false;
    clearTimeout(refusal);
    refusal = setTimeout(() => { told.hidden = true; }, 12000);
  };

  // Where the server does not answer, the page's head says so, until it does again.
  document.addEventListener("reached", ({ detail }) => {
    const gone = document.querySelector("#masthead .gone");
    if (gone) gone.hidden = detail || performance.now() - refusedAt < 1000; // it answered: no
  });

  // The newest question stays in view, and again when its answer has come.
  let newest = "";
  new MutationObserver(() => {
    const all = document.querySelectorAll("#transcript .turn");
    const last = all[all.length - 1];
    const state = last ? `${all.length} ${Boolean(last.querySelector(".pending"))}` : "";
    if (last && state !== newest) last.scrollIntoView({ block: "start" });
    newest = state;
    // Gradio names the place to drop files otherwise than it reads.
    document.querySelector("#drop .upload-container[aria-label]")?.removeAttribute("aria-label");
  }).observe(document.body, { childList: true, subtree: true });
}
