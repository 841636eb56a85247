// Opens notes in their file: a click on [data-path], or an address that ends in #note=vault/path:13-15.
const dialog = element.querySelector("dialog");
let asked = 0;
let shown = ""; // the address of the note that is shown

const addressOf = ({ vault, path, first, last }) =>
  `#note=${encodeURIComponent(vault)}/${path.split("/").map(encodeURIComponent).join("/")}:${first}-${last}`;

const placeIn = (hash) => {
  const found = /^#note=([^/]+)\/(.+):(\d+)-(\d+)$/.exec(hash);
  if (!found) return null;
  const [vault, path] = [found[1], found[2]].map(decodeURIComponent);
  return { vault, path, first: Number(found[3]), last: Number(found[4]) };
};

const show = async (place) => {
  const mine = ++asked;
  let html;
  try {
    html = await server.read_note(place);
  } catch {
    html = null; // the server is gone: the page says so itself
  }
  if (mine !== asked || html === null) return;
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  shown = addressOf(place);
  if (location.hash !== shown) history.replaceState(null, "", shown);
  shown = location.hash; // as the browser writes it
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
  history.replaceState(null, "", location.pathname + location.search);
});

const follow = () => {
  const place = placeIn(location.hash);
  if (place) show(place);
};
addEventListener("hashchange", follow);
follow();
