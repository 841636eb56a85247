// The map's controls: colours and their legend, the question and its hits, what is under the pointer.
const GREY = [150, 150, 150];
const PALETTE = ["#0f766e", "#d97706", "#6d28d9", "#2563eb", "#db2777", "#65a30d", "#dc2626", "#0891b2",
  "#a16207", "#7c3aed", "#059669", "#c2410c", "#4f46e5", "#be185d"]
  .map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

const part = (name) => element.querySelector(name);
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

let points = null;
let map = null; // what the server told: titles, colours, notes
let by = "cluster";
let alone = null; // the one value of the legend that is shown
let hits = []; // places in the map's lists
let drawings = 0; // how often the map, and a place on it, was asked for
let questions = 0;

const field = () => map.colours.find((one) => one.field === by) ?? map.colours[0];
const dark = matchMedia("(prefers-color-scheme: dark)");
const shadeOf = (value, names) => {
  const shade = names[value]?.faint ? GREY : PALETTE[value % PALETTE.length];
  return dark.matches ? shade.map((one) => Math.round(one + (255 - one) * 0.4)) : shade;
};

const paint = () => {
  const { codes, names } = field();
  const count = points.count;
  const shades = new Uint8Array(4 * count);
  const weights = new Float32Array(count).fill(1);
  const marked = new Set(hits);
  for (let i = 0; i < count; i += 1) {
    const isShown = alone === null || codes[i] === alone;
    const shade = shadeOf(codes[i], names);
    const alpha = marked.has(i) ? 255 : !isShown ? 18 : hits.length ? 110 : 200;
    shades.set([...shade, alpha], 4 * i);
    if (marked.has(i)) weights[i] = 2.2;
  }
  points.hidden = (i) => alone !== null && codes[i] !== alone && !marked.has(i);
  points.paint(shades, weights);
};

const legend = () => {
  const { codes, names } = field();
  const counts = new Array(names.length).fill(0);
  for (const code of codes) counts[code] += 1;
  part(".legend").replaceChildren(...names.map(({ label }, value) => {
    const button = document.createElement("button");
    const [swatch, name, number] = ["i", "span", "span"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.setAttribute("aria-pressed", alone === value);
    swatch.style.background = `rgb(${shadeOf(value, names)})`;
    name.className = "value";
    name.textContent = label;
    number.className = "n";
    number.textContent = counts[value].toLocaleString();
    button.append(swatch, name, number);
    button.addEventListener("click", () => {
      alone = alone === value ? null : value;
      legend();
      part(".legend").children[value].firstChild.focus();
      paint();
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
};

// Names stand over their clusters while these are what the colours say.
const label = () => {
  const over = part(".names");
  over.replaceChildren();
  if (by !== "cluster") return;
  const { codes, names } = field();
  const fields = map.colours.map((one) => one.field);
  for (const option of part("[name=colour]").options) option.hidden = !fields.includes(option.value);
  names.forEach(({ label: text, faint }, value) => {
    const xs = [];
    const ys = [];
    for (let i = 0; i < points.count; i += 1) {
      if (codes[i] === value) { xs.push(points.places[2 * i]); ys.push(points.places[2 * i + 1]); }
    }
    if (!xs.length || faint || text === map.unnamed) return;
    const middle = (all) => all.sort((a, b) => a - b)[all.length >> 1];
    const name = document.createElement("span");
    name.textContent = text;
    Object.assign(name, { x: middle(xs), y: middle(ys) });
    over.append(name);
  });
};

const follow = () => {
  for (const one of element.querySelectorAll(".names span, .asked-here")) {
    if (one.x === undefined) continue;
    let [left, top] = points.pixel(one.x, one.y);
    if (left > 0 && left < points.canvas.clientWidth) { // a long name does not leave the canvas
      const half = one.offsetWidth / 2 + 4;
      left = Math.max(half, Math.min(points.canvas.clientWidth - half, left));
    }
    one.style.transform = `translate(${left}px, ${top}px) translate(-50%, -50%)`;
  }
};

dark.addEventListener("change", () => { if (map) { legend(); paint(); } });

const colour = () => {
  alone = null;
  legend();
  label();
  paint();
};

const unpacked = (told) => {
  const xy = new Uint16Array(bytes(told.places).buffer);
  const places = Float32Array.from(xy, (value) => value / 32767.5 - 1);
  const colours = told.colours.map((one) => ({ ...one, codes: bytes(one.codes) }));
  return { ...told, places, colours };
};

// Gradio answers undefined where the server is gone; page.js says so.
const reached = (answer) => {
  document.dispatchEvent(new CustomEvent("reached", { detail: answer !== undefined }));
  return answer;
};

const say = (text) => { part(".map-state").textContent = text; };

const draw = async (layout) => {
  const mine = ++drawings;
  part(".map").setAttribute("aria-busy", "true");
  say(part(".map-state").dataset.busy);
  let told = null;
  try { told = reached(await server.draw_map(layout)); } catch (error) { console.warn(error); }
  if (mine !== drawings) return;
  part(".map").setAttribute("aria-busy", "false");
  if (!told || told.problem) {
    say("");
    if (told) part(".map-problem").innerHTML = told.problem;
    return;
  }
  const isSame = map?.generation === told.generation;
  map = unpacked(told);
  if (!isSame) hits = [];
  say(map.said);
  points.place(map.places);
  colour();
  const question = part("[type=search]").value;
  if (question) ask(question);
};

const markAsked = (place) => {
  const mark = part(".asked-here");
  mark.hidden = !place;
  if (place) Object.assign(mark, place);
};

const ask = async (question) => {
  if (!map) return; // it is asked again when the map is there
  const mine = ++questions;
  const { layout } = map;
  let found = null;
  try { found = reached(await server.locate({ question, layout })); } catch (error) { console.warn(error); }
  if (mine !== questions || layout !== map.layout || !found) return;
  const at = new Map(map.notes.map((note, i) => [note, i]));
  hits = found.notes.map((note) => at.get(note)).filter((i) => i !== undefined);
  part(".map-hits").innerHTML = found.html;
  markAsked(found.place && { x: found.place[0], y: found.place[1] });
  paint();
};

const openNote = async (i) => {
  try {
    const place = reached(await server.place_of(map.notes[i]));
    if (place) document.dispatchEvent(new CustomEvent("open-note", { detail: place }));
  } catch (error) { console.warn(error); }
};

const hover = (event) => {
  const tip = part(".tip");
  const i = event ? points.nearest(event.offsetX, event.offsetY) : -1;
  tip.hidden = i < 0;
  points.canvas.style.cursor = i < 0 ? "grab" : "pointer";
  if (i < 0) return i;
  tip.textContent = map.titles[i];
  const [left, top] = points.pixel(points.places[2 * i], points.places[2 * i + 1]);
  const side = left > points.canvas.clientWidth * 0.6 ? "-100%" : "0";
  tip.style.transform = `translate(${left}px, ${top}px) translate(${side}, 12px)`;
  return i;
};

const listen = (canvas) => {
  const held = new Map(); // pointers that are down
  let dragged = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (held.size === 1) dragged = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) { hover(event); return; }
    const now = [event.offsetX, event.offsetY];
    if (held.size === 2) {
      const other = [...held].find(([id]) => id !== event.pointerId)[1];
      const far = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;
      points.zoom(far(now) / far(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else {
      points.pan(now[0] - before[0], now[1] - before[1]);
    }
    dragged += Math.hypot(now[0] - before[0], now[1] - before[1]);
    held.set(event.pointerId, now);
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      held.delete(event.pointerId);
      if (kind === "pointercancel" || dragged > 5) return;
      const i = hover(event);
      if (i >= 0) openNote(i);
    });
  }
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    points.zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  const keys = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]) points.pan(...keys[event.key]);
    else if (event.key === "+" || event.key === "=") points.zoom(1.3);
    else if (event.key === "-") points.zoom(1 / 1.3);
    else if (event.key === "0") points.show(0, 0, 1);
    else return;
    event.preventDefault();
  });
};

const begin = () => {
  const canvas = part("canvas");
  if (!canvas || points?.canvas === canvas) return;
  points = new Points(canvas);
  if (!points.gl) { part(".map-problem").hidden = false; part(".map-problem").textContent = part(".map").dataset.without; return; }
  points.moved = follow;
  canvas.points = points; // for whoever measures it
  listen(canvas);
  draw("pca").then(() => { // is there at once
    const { value } = part("[name=layout]");
    if (map && value !== "pca") draw(value);
  });
};

element.addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (name === "colour") { by = value; if (map) colour(); }
  if (name === "layout") draw(value);
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(part("[type=search]").value);
});
element.addEventListener("input", (event) => {
  if (event.target.type === "search" && !event.target.value) ask("");
});
element.addEventListener("click", (event) => {
  const zoom = event.target.closest("[data-zoom]");
  if (zoom?.dataset.zoom === "0") points.show(0, 0, 1);
  else if (zoom) points.zoom(Number(zoom.dataset.zoom));
});
document.addEventListener("notes-changed", () => { if (map) draw(part("[name=layout]").value); });
watch("value", begin);
begin();
