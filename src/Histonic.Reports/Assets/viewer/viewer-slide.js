"use strict";
const $ = id => document.getElementById(id);
const stage = $("stage"), id = stage.dataset.slide, api = `/api/slides/${id}`;
const canvas = make("canvas", { id: "overlay", ariaHidden: "true" });
const picture = document.createElement("canvas"); // one pixel a cell
let viewer, item, facts, grid, cells, tissue, layer = null, selected = null, asked = 0, working = 0;

// The colours of heat maps: those of the program's pictures.
function colourOf(value) {
  const stops = facts.colours, at = Math.min(Math.max(value, 0), 1) * (stops.length - 1), i = Math.min(Math.floor(at), stops.length - 2);
  return stops[i].map((from, k) => Math.round(from + (stops[i + 1][k] - from) * (at - i)));
}

// While something moves or is read, assistive programs and tests wait.
function busy(by = 0) {
  working += by;
  const port = viewer?.viewport, moves = item && (port.getZoom(true) !== port.getZoom() || !port.getCenter(true).equals(port.getCenter()));
  stage.ariaBusy = String(working > 0 || (item ? moves || !item.getFullyLoaded() : !$("problem").textContent));
}

const features = () => facts.features.length > 0 ? `features=${encodeURIComponent($("features").value)}` : "";
const numbers = async address => new Float32Array(await (await get(address)).arrayBuffer());
const colour = () => document.querySelector("input[name=colour]:checked").value;
const tell = text => { $("layer-note").textContent = text; };

// Tells why there is no picture yet; the share done stands in a bar, where it is known.
function wait(text, share = null) {
  const place = $("wait"), bar = place.querySelector("progress");
  place.hidden = text === null;
  if (place.querySelector("p").textContent !== text) place.querySelector("p").textContent = text ?? "";
  bar.hidden = share === null;
  if (share !== null) bar.value = share;
}

// A slide whose file cannot be read in parts is copied once by the program; until then there is nothing to show.
async function prepared() {
  for (let share = facts.preparing; share !== null; share = await (await get(`${api}/preparing`)).json())
    wait("This file gives its pixels only from the top to the bottom. It is read once now; then any part of it is shown at once.", share);
  wait(null);
}

function fail(error) {
  wait(null);
  $("problem").textContent = error.message;
  $("problem").hidden = false;
  busy();
}

// Reads the values of the chosen layer; an answer that was overtaken by another choice is dropped.
async function load() {
  const kind = colour(), turn = ++asked;
  keep();
  $("channel-row").hidden = kind !== "channel";
  $("map-row").hidden = kind !== "map" || facts.maps.length < 2;
  $("of-row").hidden = kind !== "map" || facts.maps.length === 0;
  if (kind === "none" || !grid) { layer = null; paint(); return; }
  if (kind === "map" && facts.maps.length === 0) {
    layer = null;
    paint();
    tell("No heat map of this slide lies in the folder: histonic explain writes them.");
    return;
  }
  const address = { components: "components?", channel: `channel?channel=${Number($("channel").value)}&`, map: `map?name=${encodeURIComponent($("map").value)}&of=${$("of").value}&` }[kind];
  tell("Loading …");
  busy(+1);
  try {
    const values = await numbers(`${api}/layers/${address}${features()}`);
    if (turn !== asked) return;
    let low = Infinity, high = -Infinity;
    if (kind !== "components") for (const value of values) if (!Number.isNaN(value)) { low = Math.min(low, value); high = Math.max(high, value); }
    layer = { kind, values, low, high };
    tell(kind === "map" && low > high ? "This heat map does not tell it." : kind === "components" ? "Red, green and blue are the cohort's first three principal components: like colours, like embeddings on every slide." : "");
  } catch (error) {
    if (turn === asked) { layer = null; tell(error.message); }
  } finally {
    busy(-1);
  }
  paint();
}

// Paints the grid, one pixel a cell; drawing scales it.
function paint() {
  const cut = Number($("threshold").value), scaled = layer && layer.kind !== "components";
  $("threshold").disabled = !scaled;
  $("opacity-value").textContent = `${Math.round(100 * Number($("opacity").value))} %`;
  $("threshold-value").textContent = scaled && Number.isFinite(layer.low) ? `≥ ${figure(layer.low + cut * (layer.high - layer.low))}` : "";
  $("legend").hidden = !scaled;
  if (scaled) { $("low").textContent = figure(layer.low); $("high").textContent = figure(layer.high); }
  if (!grid) return;
  [picture.width, picture.height] = [grid.columns, grid.rows];
  const context = picture.getContext("2d"), image = context.createImageData(grid.columns, grid.rows);
  if (layer) {
    for (const cell of cells) {
      let rgb;
      if (layer.kind === "components") rgb = [0, 1, 2].map(k => 255 * layer.values[cell * 3 + k]);
      else {
        const value = layer.values[cell];
        const share = layer.high > layer.low ? (value - layer.low) / (layer.high - layer.low) : 0;
        if (Number.isNaN(value) || share < cut) continue;
        rgb = colourOf(share);
      }
      image.data.set([...rgb, 255], cell * 4);
    }
  }
  context.putImageData(image, 0, 0);
  redraw();
}

const redraw = () => viewer?.forceRedraw();

// Draws the layers just after the slide itself was drawn, with the same size and place: at any other time the two may differ.
function draw() {
  const size = viewer.viewport.getContainerSize(), ratio = devicePixelRatio;
  if (canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio))
    [canvas.width, canvas.height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
  const context = canvas.getContext("2d");
  context.setTransform(canvas.width / size.x, 0, 0, canvas.height / size.y, 0, 0);
  context.clearRect(0, 0, size.x, size.y);
  if (!item) return;
  // the map of the whole slide says nothing where all of it is seen
  viewer.navigator.element.style.visibility = viewer.viewport.getZoom(true) <= viewer.viewport.getHomeZoom() * 1.01 ? "hidden" : "visible";
  const origin = item.imageToViewerElementCoordinates(new OpenSeadragon.Point(0, 0));
  const scale = item.viewportToImageZoom(viewer.viewport.getZoom(true));
  ruler(scale);
  if (!grid) return;
  const step = grid.stride * scale, left = origin.x + grid.offsetX * scale, top = origin.y + grid.offsetY * scale;
  if (layer) {
    context.globalAlpha = Number($("opacity").value);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, left, top, grid.columns * step, grid.rows * step);
    context.globalAlpha = 1;
  }
  const first = Math.max(0, Math.floor(-left / step)), last = Math.min(grid.columns - 1, Math.floor((size.x - left) / step));
  const upper = Math.max(0, Math.floor(-top / step)), lower = Math.min(grid.rows - 1, Math.floor((size.y - top) / step));
  if ($("tissue").checked && tissue) {
    context.fillStyle = "rgb(20 30 45)";
    for (let row = upper; row <= lower; row++) {
      for (let column = first; column <= last; column++) {
        const share = tissue[row * grid.columns + column];
        if (share >= 1) continue;
        // what is not tissue is dimmed
        context.globalAlpha = 0.6 * (1 - share);
        context.fillRect(left + column * step, top + row * step, step, step);
      }
    }
    context.globalAlpha = 1;
  }
  if ($("grid").checked && step >= 4) {
    context.strokeStyle = "rgb(20 110 220 / .8)";
    context.lineWidth = step > 40 ? 1.5 : 1;
    context.beginPath();
    for (const cell of cells) {
      const row = Math.floor(cell / grid.columns), column = cell % grid.columns;
      if (row >= upper && row <= lower && column >= first && column <= last)
        context.rect(left + column * step, top + row * step, grid.patch * scale, grid.patch * scale);
    }
    context.stroke();
  }
  if (selected && grid) {
    context.lineWidth = 3;
    context.strokeStyle = "#ffffff";
    context.strokeRect(left + selected.column * step, top + selected.row * step, grid.patch * scale, grid.patch * scale);
    context.lineWidth = 1.5;
    context.strokeStyle = "#d4145a";
    context.strokeRect(left + selected.column * step, top + selected.row * step, grid.patch * scale, grid.patch * scale);
  }
}

// The scale bar: a round length between 60 and 150 pixels; beside it the magnification, 10 being 1 µm a pixel of the screen.
function ruler(scale) {
  $("magnification").textContent = facts.mpp ? `${magnification(scale)}×` : `${(100 * scale).toPrecision(2)} %`;
  const [least, most] = [viewer.viewport.getMinZoom(), viewer.viewport.getMaxZoom()].map(zoom => item.viewportToImageZoom(zoom));
  for (const press of document.querySelectorAll("#zoom [data-times]")) press.disabled = scaleAt(press) < least || scaleAt(press) > most;
  const bar = $("bar");
  bar.hidden = !facts.mpp;
  if (!facts.mpp) return;
  const micrometres = 150 / scale * facts.mpp, power = 10 ** Math.floor(Math.log10(micrometres));
  const length = [5, 2, 1].find(factor => factor * power <= micrometres) * power;
  bar.querySelector("i").style.width = `${length / facts.mpp * scale}px`;
  bar.querySelector("span").textContent = length >= 1000 ? `${length / 1000} mm` : `${length} µm`;
}

const magnification = scale => { const times = 10 * scale / facts.mpp; return times >= 100 ? Math.round(times) : Number(times.toPrecision(2)); };
// screen pixels a pixel of the slide at a button's magnification
const scaleAt = press => Number(press.dataset.times) * facts.mpp / 10;

function zoom(how) {
  const port = viewer.viewport;
  if (how === "all") port.goHome();
  else if (how === "in" || how === "out") port.zoomBy(how === "in" ? 2 : 0.5).applyConstraints();
  else if (facts.mpp) port.zoomTo(item.imageToViewportZoom(scaleAt(how)));
}

// What is seen stands in the address, so that a place can be sent to a colleague, and slides be leafed through under one layer.
function keep() {
  if (!item) return;
  const now = layersInAddress(), centre = viewer.viewport.viewportToImageCoordinates(viewer.viewport.getCenter());
  now.set("at", [centre.x, centre.y].map(Math.round).concat(item.viewportToImageZoom(viewer.viewport.getZoom()).toPrecision(4)).join(","));
  if (selected) now.set("patch", `${selected.row},${selected.column}`);
  history.replaceState(null, "", `#${plain(now)}`);
  for (const name of ["previous", "next"]) $(name).hash = plain(layersInAddress());
  for (const link of document.querySelectorAll(".nearest a")) link.hash = plain(withPatch(link.dataset.place));
}

const plain = words => words.toString().replaceAll("%2C", ",");

function layersInAddress() {
  const now = new URLSearchParams(), kind = colour();
  const shown = ["grid", "tissue"].filter(name => $(name).checked);
  if (shown.length > 0) now.set("layers", shown.join(","));
  if (kind !== "none") now.set("colour", kind);
  if (kind === "channel") now.set("channel", $("channel").value);
  if (kind === "map" && $("map").value) now.set("map", $("map").value);
  if (kind === "map" && $("of").selectedIndex > 0) now.set("of", $("of").value);
  if (facts.features.length > 1) now.set("features", $("features").value);
  for (const name of ["opacity", "threshold"]) if ($(name).value !== $(name).defaultValue) now.set(name, $(name).value);
  return now;
}

const fromAddress = () => new URLSearchParams(location.hash.slice(1));

// Sets the controls as the address says; what it does not name is as at first.
function recall(then) {
  const shown = (then.get("layers") ?? "").split(",");
  for (const name of ["grid", "tissue"]) $(name).checked = shown.includes(name);
  for (const each of document.querySelectorAll("input[name=colour]")) each.checked = each.value === (then.get("colour") ?? "none");
  if (!document.querySelector("input[name=colour]:checked")) document.querySelector("input[name=colour]").checked = true;
  for (const name of ["opacity", "threshold", "channel"]) $(name).value = then.get(name) ?? $(name).defaultValue;
  $("of").value = [...$("of").options].some(option => option.value === then.get("of")) ? then.get("of") : "value";
  for (const name of ["map", "features"]) if (facts[name === "map" ? "maps" : name].includes(then.get(name))) $(name).value = then.get(name);
}

// Goes to the place that the address names.
function goThere(then) {
  const numbers = name => (then.get(name) ?? "").split(",").map(part => part === "" ? NaN : Number(part));
  const [row, column] = numbers("patch"), [x, y, scale] = numbers("at"), isPlace = [x, y, scale].every(Number.isFinite) && scale > 0;
  if (isPlace) {
    viewer.viewport.zoomTo(item.imageToViewportZoom(scale), null, true);
    viewer.viewport.panTo(item.imageToViewportCoordinates(x, y), true);
    viewer.viewport.applyConstraints(true);
  }
  if (Number.isInteger(row) && Number.isInteger(column)) select(row, column, !isPlace);
}

async function select(row, column, centre) {
  if (!grid || row < 0 || column < 0 || row >= grid.rows || column >= grid.columns) return;
  selected = { row, column };
  if (centre) {
    const side = grid.patch * 6;
    const x = grid.offsetX + column * grid.stride + grid.patch / 2, y = grid.offsetY + row * grid.stride + grid.patch / 2;
    viewer.viewport.fitBounds(item.imageToViewportRectangle(x - side / 2, y - side / 2, side, side));
  }
  keep();
  redraw();
  const place = $("patch");
  if (!cells.has(row * grid.columns + column)) {
    place.replaceChildren(make("p", { className: "note", textContent: `Row ${row}, column ${column}: no embedding, for there is too little tissue.` }));
    return;
  }
  place.replaceChildren(make("p", { className: "note", textContent: "Looking for its nearest patches …" }));
  busy(+1);
  try {
    const patch = await (await get(`${api}/patch?row=${row}&column=${column}&${features()}`)).json();
    if (selected.row === row && selected.column === column) show(patch);
  } catch (error) {
    place.replaceChildren(make("p", { className: "note", textContent: error.message }));
  } finally {
    busy(-1);
  }
}

function withPatch(place) {
  const words = layersInAddress();
  words.set("patch", place);
  return words;
}

function show(patch) {
  const of = (slide, row, column) => `/api/slides/${slide}/patch.jpg?row=${row}&column=${column}&${features()}`;
  const list = make("dl", { className: "facts" });
  const fact = (name, text) => list.append(make("dt", { textContent: name }), make("dd", { textContent: text }));
  fact("row, column", `${patch.row}, ${patch.column}`);
  fact("tissue", `${Math.round(100 * patch.tissue)} %`);
  // how far networks differ, and the grid turned and mirrored, stands with the value, where explain wrote it
  const spread = each => [[each.spread, "networks"], [each.spreadSymmetries, "symmetries"]].filter(([value]) => value !== null)
    .map(([value, over]) => `± ${figure(value)} over ${over}`);
  const spoke = make("table", {}, make("tbody", {}, ...patch.contributions.map(each => make("tr", {},
    make("th", { scope: "row", textContent: each.map }),
    make("td", { className: "n" }, figure(each.value), ...spread(each).map(text => make("small", { textContent: text }))),
    make("td", { className: "n", textContent: each.rank === 1 ? `most of ${each.of}` : `place ${each.rank} of ${each.of}` })))));
  const chart = make("div", { id: "embedding", role: "img", ariaLabel: `The ${patch.embedding.length} numbers of the embedding` });
  const near = make("ol", { className: "nearest" }, ...patch.nearest.map(each => {
    const place = `${each.row},${each.column}`;
    const link = make("a", { href: `/slide/${each.id}#${plain(withPatch(place))}`, title: `${each.slide}, row ${each.row}, column ${each.column}` },
      make("img", { src: of(each.id, each.row, each.column), alt: "", width: 84, height: 84, loading: "lazy" }),
      make("span", { textContent: each.slide }), make("small", { textContent: each.cosine.toFixed(3) }));
    link.dataset.place = place;
    return make("li", {}, link);
  }));
  const among = patch.searched < patch.ofPatches ? `${patch.searched.toLocaleString("en")} of the cohort's ${patch.ofPatches.toLocaleString("en")} patches` : `all ${patch.ofPatches.toLocaleString("en")} patches of the cohort`;
  $("patch").replaceChildren(
    make("div", { className: "patch-head" }, ...(facts.hasPixels ? [make("img", { src: of(id, patch.row, patch.column), alt: "The patch", width: 128, height: 128 })] : []), list),
    make("h3", { textContent: "Contribution to the prediction" }),
    patch.contributions.length > 0 ? make("div", { className: "scroll contributions" }, spoke) : make("p", { className: "note", textContent: "Not known: no heat map of this slide lies in the folder." }),
    make("h3", { textContent: "Embedding" }), chart,
    make("p", { className: "note", textContent: "Click a bar to see its channel on the slide." }),
    make("h3", { textContent: "Nearest patches" }),
    make("p", { className: "note", textContent: `By cosine, among ${among}.` }), near);
  const axis = { labelColor: "var(--ink)", titleColor: "var(--ink)", gridColor: "var(--line)", domainColor: "var(--soft)", tickColor: "var(--soft)", labelFontSize: 11, titleFontSize: 11, titleFontWeight: 500 };
  const specification = {
    width: 300, height: 90, background: null, padding: 2, data: { values: patch.embedding.map((value, channel) => ({ channel, value })) },
    mark: { type: "bar", color: "var(--c1)", tooltip: true, width: Math.max(1, 280 / patch.embedding.length), cursor: "pointer" },
    encoding: { x: { field: "channel", type: "quantitative", axis: { tickCount: 5, grid: false }, scale: { domain: [0, patch.embedding.length] } }, y: { field: "value", type: "quantitative", axis: { tickCount: 3, title: null } } },
    config: { view: { stroke: null }, axis, font: "system-ui, Segoe UI, Helvetica Neue, Arial, sans-serif" },
  };
  const view = new vega.View(vega.parse(vegaLite.compile(specification).spec), { renderer: "svg", container: chart, hover: true });
  view.addEventListener("click", (_, mark) => {
    if (mark?.datum?.channel === undefined) return;
    $("channel").value = mark.datum.channel;
    pick("channel");
  });
  view.runAsync();
}

function pick(kind) {
  document.querySelector(`input[name=colour][value=${kind}]`).checked = true;
  load();
}

function middle() {
  if (!item || !grid) return;
  const centre = viewer.viewport.viewportToImageCoordinates(viewer.viewport.getCenter(true));
  return { row: Math.floor((centre.y - grid.offsetY) / grid.stride), column: Math.floor((centre.x - grid.offsetX) / grid.stride) };
}

function keys(event) {
  if (!item || event.ctrlKey || event.metaKey || event.altKey || /^(SELECT|TEXTAREA)$/.test(event.target.tagName) || event.target.type === "number") return;
  const toggle = name => { $(name).checked = !$(name).checked; redraw(); keep(); };
  const turn = by => { $("channel").value = Math.min(Math.max(0, Number($("channel").value) + by), (grid?.channels ?? 1) - 1); pick("channel"); };
  const does = {
    g: () => toggle("grid"), t: () => toggle("tissue"), n: () => pick("none"), h: () => pick("map"), p: () => pick("components"), c: () => pick("channel"),
    "+": () => zoom("in"), "=": () => zoom("in"), "-": () => zoom("out"), 0: () => zoom("all"), ...Object.fromEntries([...document.querySelectorAll("#zoom [data-times]")].map((press, i) => [i + 1, () => press.click()])),
    "[": () => turn(-1), "]": () => turn(1), ",": () => $("previous").hidden || $("previous").click(), ".": () => $("next").hidden || $("next").click(),
  }[event.key];
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
  if (does) { event.preventDefault(); does(); }
  // where nothing else has the keys; on the slide itself OpenSeadragon takes them
  else if (dx !== undefined && event.target === document.body) viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(80 * dx, 80 * dy))).applyConstraints();
  else if (event.key === "Enter" && (event.target === document.body || $("image").contains(event.target))) { const at = middle(); if (at) select(at.row, at.column); }
}

async function read() {
  layer = null;
  if (facts.features.length === 0) {
    for (const control of document.querySelectorAll("#layers input, #layers select")) control.disabled = true;
    tell("No embeddings of this slide lie in the folder: histonic compress makes them.");
    return;
  }
  grid = await (await get(`${api}/grid?${features()}`)).json();
  cells = new Set(grid.cells);
  $("channel").max = grid.channels - 1;
  tissue = await numbers(`${api}/layers/tissue?${features()}`);
  await load();
}

async function begin() {
  document.addEventListener("keydown", keys);
  facts = await (await get(api)).json();
  $("legend").querySelector("i").style.background = `linear-gradient(90deg,${facts.colours.map(stop => `rgb(${stop})`).join(",")})`;
  $("features").replaceChildren(...facts.features.map(name => make("option", { value: name, textContent: name })));
  $("features-row").hidden = facts.features.length < 2;
  $("map").replaceChildren(...facts.maps.map(name => make("option", { value: name, textContent: name })));
  for (const each of facts.predictions)
    $("predictions").append(
      make("dt", {}, make("a", { href: `/run/${each.runId}`, textContent: each.target, title: each.run })),
      make("dd", { textContent: `${each.row.predicted}${each.row.truth === null ? "" : `, true ${each.row.truth}`}${each.row.error === null ? "" : `, error ${score(each.row.error)}`}` }));
  // labels that no run predicts
  for (const each of facts.labels.filter(label => label.value !== "" && !facts.predictions.some(one => one.target.split(", ").includes(label.column))))
    $("predictions").append(make("dt", { textContent: each.column, title: each.table }), make("dd", { textContent: each.value }));
  if (facts.predictions.length === 0) $("predictions").before(make("p", { className: "note", textContent: "No run predicted this slide." }));
  recall(fromAddress());
  await read();
  if (facts.problem) throw new Error(facts.problem);
  const others = (await (await get("/api/cohort")).json()).slides, here = others.findIndex(slide => slide.id === id);
  for (const [name, other] of [["previous", others[here - 1]], ["next", others[here + 1]]])
    if (other) { $(name).href = `/slide/${other.id}#${plain(layersInAddress())}`; $(name).hidden = false; $(name).title = other.name; }
  if (facts.hasPixels) await prepared();
  const white = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=";
  viewer = OpenSeadragon({
    element: $("image"), tileSources: facts.hasPixels ? `${api}/image.dzi` : { width: facts.width, height: facts.height, tileSize: 1024, getTileUrl: () => white },
    showNavigationControl: false, showNavigator: true, navigatorPosition: "TOP_RIGHT", navigatorSizeRatio: 0.14, drawer: "canvas", gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    animationTime: 0.5, springStiffness: 8, zoomPerScroll: 1.3, maxZoomPixelRatio: 4, minZoomImageRatio: 0.3, visibilityRatio: 0.5, imageLoaderLimit: 8,
  });
  // under the map of the whole slide and the buttons
  viewer.canvas.append(canvas);
  viewer.addHandler("open", () => {
    item = viewer.world.getItemAt(0);
    item.addHandler("fully-loaded-change", () => busy());
    // one without small levels takes a few seconds for its first picture
    const slow = setTimeout(() => wait("Reading the slide for its first picture …"), 700);
    viewer.addOnceHandler("tile-loaded", () => { clearTimeout(slow); wait(null); });
    goThere(fromAddress());
    redraw();
    $("zoom").hidden = false;
    for (const press of document.querySelectorAll("#zoom [data-times]")) press.hidden = !facts.mpp;
    // OpenSeadragon's own element takes the keys that move
    viewer.canvas.setAttribute("role", "application");
    viewer.canvas.setAttribute("aria-label", `The slide ${facts.name}. Arrow keys move, plus and minus zoom, 0 shows all of it, Enter chooses the patch in the middle.`);
  });
  viewer.addHandler("open-failed", event => fail(new Error(event.message)));
  viewer.addHandler("tile-load-failed", () => { wait(null); $("problem").textContent = "Some tiles of this slide cannot be read."; $("problem").hidden = false; });
  viewer.addHandler("update-viewport", draw);
  for (const event of ["zoom", "pan", "animation-finish"]) viewer.addHandler(event, () => busy());
  viewer.addHandler("animation-finish", keep);
  viewer.addHandler("canvas-click", event => {
    if (!event.quick || !grid) return;
    const at = viewer.viewport.viewerElementToImageCoordinates(event.position);
    select(Math.floor((at.y - grid.offsetY) / grid.stride), Math.floor((at.x - grid.offsetX) / grid.stride));
  });
  // the layers do not turn with the slide, and what zooms stands among our own keys
  viewer.addHandler("canvas-key", event => { if (/^[rfwasdq0=+_-]$/i.test(event.originalEvent.key)) event.preventDefaultAction = true; });
  for (const press of document.querySelectorAll("#zoom button")) press.addEventListener("click", () => zoom(press.dataset.how ?? press));
}

for (const control of document.querySelectorAll("input[name=colour]")) control.addEventListener("change", load);
for (const name of ["channel", "map", "of"]) $(name).addEventListener("change", load);
for (const name of ["opacity", "threshold"]) { $(name).addEventListener("input", paint); $(name).addEventListener("change", keep); }
for (const name of ["grid", "tissue"]) $(name).addEventListener("change", () => { redraw(); keep(); });
$("features").addEventListener("change", () => read().catch(fail));
// Reading a layer writes what is seen into the address: where it led is remembered.
addEventListener("hashchange", () => { const then = fromAddress(); recall(then); read().then(() => goThere(then)).catch(fail); });
begin().catch(fail);
