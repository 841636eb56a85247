// Opens notes in their file: a click on [data-path], or an address that ends in #note=vault/path:13-15.
const dialog = element.querySelector("dialog");
let asked = 0;
let shown = ""; // the address of the note that is shown

const addressOf = ({ vault, path, first, last }) =>
  `#note=${encodeURIComponent(vault)}/${path.split("/").map(encodeURIComponent).join("/")}:${first}-${last}`;

const placeIn = (hash) => {
  const found = /^#note=([^/]+)\/(.+):(\d{1,9})-(\d{1,9})$/.exec(hash);
  try {
    const [vault, path] = [found[1], found[2]].map(decodeURIComponent);
    return { vault, path, first: Number(found[3]), last: Number(found[4]) };
  } catch {
    return null; // no address of a note
  }
};

const show = async (place) => {
  const mine = ++asked;
  let html;
  try {
    html = await server.read_note(place);
  } catch (error) {
    console.warn(error);
  }
  document.dispatchEvent(new CustomEvent("reached", { detail: html !== undefined }));
  if (mine !== asked || typeof html !== "string") return;
  dialog.innerHTML = html;
  const address = addressOf(place);
  if (dialog.open) history.replaceState(history.state, "", address);
  else if (location.hash !== address) history.pushState({ note: true }, "", address);
  shown = location.hash; // as the browser writes it
  if (!dialog.open) dialog.showModal();
  const file = dialog.querySelector(".file");
  const cited = file.querySelector(".cited");
  file.focus({ preventScroll: true });
  if (cited) cited.scrollIntoView({ block: "center" });
};

document.addEventListener("click", (event) => {
  const from = event.target.closest?.("[data-path]");
  if (!from || event.target.closest("a:not([data-path])")) return;
  event.preventDefault();
  const { vault, path, first, last } = from.dataset;
  show({ vault, path, first, last });
});

document.addEventListener("open-note", (event) => show(event.detail));

dialog.addEventListener("click", async (event) => {
  if (event.target === dialog || event.target.closest(".close")) dialog.close();
  const copy = event.target.closest(".copy");
  if (!copy) return;
  await navigator.clipboard.writeText(location.href);
  const told = copy.textContent;
  copy.textContent = copy.dataset.copied;
  setTimeout(() => { copy.textContent = told; }, 1500);
});

dialog.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  [...dialog.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key)?.click();
});

dialog.addEventListener("close", () => {
  if (location.hash !== shown) return; // another note is asked for already
  asked += 1;
  if (history.state?.note) history.back(); // the page is as it was before the note was opened
  else history.replaceState(null, "", location.pathname + location.search);
});

const follow = () => {
  const place = placeIn(location.hash);
  if (place) show(place);
};
addEventListener("popstate", () => {
  if (!dialog.open || placeIn(location.hash)) return;
  shown = location.hash; // Back closes the note
  dialog.close();
});
addEventListener("hashchange", follow);
follow();
