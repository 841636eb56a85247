// Searches while the form is filled in: one request at a time, the last state always asked for.
const PAUSE = 10; // ms without a key
const LOOK = 200; // ms after which what was found is looked at, and what answers in it is marked

let timer = 0;
let busy = false;
let again = false;
let told = ""; // the filters that the facets were counted for

const form = () => element.querySelector("form");

const values = () => {
  const all = {};
  for (const [name, value] of new FormData(form())) (all[name] ??= []).push(value);
  return all;
};

const filtersOf = (all) => {
  const typed = (all.query?.[0] ?? "").match(/\S*[:："“”-]\S*/g) ?? []; // words do not count
  const { query, order, mode, count, ...rest } = all;
  return JSON.stringify([typed, rest]);
};

const keepFocus = (part, html) => {
  const held = document.activeElement;
  const at = part.contains(held) && held.name ? [held.name, held.value] : null;
  const open = [...part.querySelectorAll("details[open]")].map((one) => one.closest("[data-facet]")?.dataset.facet);
  part.innerHTML = html;
  for (const name of open) part.querySelector(`[data-facet="${name}"] details`)?.setAttribute("open", "");
  if (at) [...part.querySelectorAll("input")].find((one) => one.name === at[0] && one.value === at[1])?.focus();
};

// What is read or opened is not torn away for its marks.
const isRead = (results) =>
  results.contains(document.activeElement) ||
  results.querySelector("details[open]") ||
  document.querySelector("dialog[open]");

const search = async (lit) => {
  if (busy) { again = true; return; }
  busy = true;
  const all = values();
  const filters = filtersOf(all);
  try {
    const found = await server.search({ ...all, lit, facets: filters !== told });
    document.dispatchEvent(new CustomEvent("reached", { detail: found !== undefined }));
    const results = element.querySelector("#results");
    if (!again && !(lit && isRead(results))) results.innerHTML = found.results;
    if (found.facets) keepFocus(element.querySelector("#facets"), found.facets);
    told = filters;
    if (!lit && !again) soon(LOOK, true);
  } catch (error) {
    console.warn(error); // the server is gone: page.js says so
  } finally {
    busy = false;
    if (again) { again = false; search(false); }
  }
};

const soon = (wait, lit = false) => {
  clearTimeout(timer);
  timer = setTimeout(search, wait, lit);
};

element.addEventListener("input", (event) => {
  if (!event.isComposing) soon(event.target.matches("[type=search], [type=text]") ? PAUSE : 0);
});
element.addEventListener("compositionend", () => soon(0));
element.addEventListener("submit", (event) => { event.preventDefault(); soon(0); });
element.addEventListener("click", (event) => {
  const shown = event.target.closest("#filters-shown");
  if (shown) shown.setAttribute("aria-expanded", shown.getAttribute("aria-expanded") !== "true");
  if (event.target.closest("#clear-filters")) {
    for (const box of element.querySelectorAll("#filters input")) {
      if (box.type === "checkbox") box.checked = false;
      else box.value = "";
    }
    soon(0);
  }
});

// A bar of the library's charts searches for its notes: page.js leaves here which.
const searchThese = () => {
  const wanted = document.body.dataset.searchThese;
  if (!wanted || !form()) return;
  delete document.body.dataset.searchThese;
  const { facet, value } = JSON.parse(wanted);
  form().reset();
  const boxes = [...element.querySelectorAll("#facets input")];
  for (const box of boxes) box.checked = box.name === facet && box.value === value;
  const box = boxes.find((one) => one.checked);
  box?.closest("details")?.setAttribute("open", "");
  if (!box) form().elements.query.value = `${facet}:"${value}"`; // of so many, it is not listed
  form().elements.order.value = "file";
  soon(0);
};
document.addEventListener("search-these", searchThese);
document.addEventListener("notes-changed", () => {
  if (!form()) return;
  told = "";
  soon(0);
});
watch("value", searchThese);
searchThese();
