"use strict";
const $ = id => document.getElementById(id);
const stage = $("stage"), id = stage.dataset.slide, api = `/api/slides/${id}`;
const canvas = make("canvas", { id: "overlay", ariaHidden: "true" });
const picture = document.createElement("canvas"); // one pixel a cell
let viewer, item, facts, grid, cells, tissue, layer = null, selected = null, asked = 0;

// The colours of heat maps: those of the program's pictures.
const stops = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]];
function colourOf(value) {
  const at = Math.min(Math.max(value, 0), 1) * (stops.length - 1), i = Math.min(Math.floor(at), stops.length - 2);
  return stops[i].map((from, k) => Math.round(from + (stops[i + 1][k] - from) * (at - i)));
}
$("legend").querySelector("i").style.background = `linear-gradient(90deg,${stops.map(stop => `rgb(${stop})`).join(",")})`;

const features = () => facts.features.length > 0 ? `features=${encodeURIComponent($("features").value)}` : "";
const numbers = async address => new Float32Array(await (await get(address)).arrayBuffer());
const colour = () => document.querySelector("input[name=colour]:checked").value;
const tell = text => { $("layer-note").textContent = text; };

function fail(error) {
  $("problem").textContent = error.message;
  $("problem").hidden = false;
}

// Reads the values of the chosen layer; an answer that was overtaken by another choice is dropped.
async function load() {
  const kind = colour(), turn = ++asked;
  $("channel-row").hidden = kind !== "channel";
  $("map-row").hidden = kind !== "map" || facts.maps.length < 2;
  if (kind === "none" || !grid) { layer = null; paint(); return; }
  if (kind === "map" && facts.maps.length === 0) {
    layer = null;
    paint();
    tell("No heat map of this slide lies in the folder: histonic explain writes them.");
    return;
  }
  const address = { components: "components?", channel: `channel?channel=${Number($("channel").value)}&`, map: `map?name=${encodeURIComponent($("map").value)}&` }[kind];
  tell("Loading …");
  try {
    const values = await numbers(`${api}/layers/${address}${features()}`);
    if (turn !== asked) return;
    let low = Infinity, high = -Infinity;
    if (kind !== "components") for (const value of values) if (!Number.isNaN(value)) { low = Math.min(low, value); high = Math.max(high, value); }
    layer = { kind, values, low, high };
    tell(kind === "components" ? "Red, green and blue are the cohort's first three principal components: like colours, like embeddings on every slide." : "");
  } catch (error) {
    if (turn === asked) { layer = null; tell(error.message); }
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
  draw();
}

function draw() {
  if (!item) return;
  const box = stage.getBoundingClientRect(), ratio = devicePixelRatio;
  if (canvas.width !== Math.round(box.width * ratio) || canvas.height !== Math.round(box.height * ratio))
    [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, box.width, box.height);
  const origin = item.imageToViewerElementCoordinates(new OpenSeadragon.Point(0, 0));
  const one = item.imageToViewerElementCoordinates(new OpenSeadragon.Point(1000, 0));
  const scale = (one.x - origin.x) / 1000;
  ruler(scale);
  if (!grid) return;
  const step = grid.stride * scale, left = origin.x + grid.offsetX * scale, top = origin.y + grid.offsetY * scale;
  if (layer) {
    context.globalAlpha = Number($("opacity").value);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, left, top, grid.columns * step, grid.rows * step);
    context.globalAlpha = 1;
  }
  const first = Math.max(0, Math.floor(-left / step)), last = Math.min(grid.columns - 1, Math.floor((box.width - left) / step));
  const upper = Math.max(0, Math.floor(-top / step)), lower = Math.min(grid.rows - 1, Math.floor((box.height - top) / step));
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
  if (selected) {
    context.lineWidth = 3;
    context.strokeStyle = "#ffffff";
    context.strokeRect(left + selected.column * step, top + selected.row * step, grid.patch * scale, grid.patch * scale);
    context.lineWidth = 1.5;
    context.strokeStyle = "#d4145a";
    context.strokeRect(left + selected.column * step, top + selected.row * step, grid.patch * scale, grid.patch * scale);
  }
}

// The scale bar: a round length between 60 and 150 pixels.
function ruler(scale) {
  $("scale").hidden = !grid?.mpp;
  if (!grid?.mpp) return;
  const micrometres = 150 / scale * grid.mpp, power = 10 ** Math.floor(Math.log10(micrometres));
  const length = [5, 2, 1].find(factor => factor * power <= micrometres) * power;
  $("scale").querySelector("i").style.width = `${length / grid.mpp * scale}px`;
  $("scale").querySelector("span").textContent = length >= 1000 ? `${length / 1000} mm` : `${length} µm`;
}

async function select(row, column, centre) {
  if (!grid || row < 0 || column < 0 || row >= grid.rows || column >= grid.columns) return;
  selected = { row, column };
  history.replaceState(null, "", `${location.search}#${row},${column}`);
  if (centre && item) {
    const side = grid.patch * 6;
    const x = grid.offsetX + column * grid.stride + grid.patch / 2, y = grid.offsetY + row * grid.stride + grid.patch / 2;
    viewer.viewport.fitBounds(item.imageToViewportRectangle(x - side / 2, y - side / 2, side, side));
  }
  draw();
  const place = $("patch");
  if (!cells.has(row * grid.columns + column)) {
    place.replaceChildren(make("p", { className: "note", textContent: `Row ${row}, column ${column}: no embedding, for there is too little tissue.` }));
    return;
  }
  place.replaceChildren(make("p", { className: "note", textContent: "Looking for its nearest patches …" }));
  try {
    const patch = await (await get(`${api}/patch?row=${row}&column=${column}&${features()}`)).json();
    if (selected.row === row && selected.column === column) show(patch);
  } catch (error) {
    place.replaceChildren(make("p", { className: "note", textContent: error.message }));
  }
}

function show(patch) {
  const of = (slide, row, column) => `/api/slides/${slide}/patch.jpg?row=${row}&column=${column}&${features()}`;
  const list = make("dl", { className: "facts" });
  const fact = (name, text) => list.append(make("dt", { textContent: name }), make("dd", { textContent: text }));
  fact("row, column", `${patch.row}, ${patch.column}`);
  fact("tissue", `${Math.round(100 * patch.tissue)} %`);
  for (const each of patch.contributions) fact(facts.maps.length > 1 ? `in ${each.map}` : "contribution", `${figure(each.value)}, ${each.rank === 1 ? "the most" : `place ${each.rank}`} of ${each.of}`);
  if (patch.contributions.length === 0) fact("contribution", "no heat map");
  const chart = make("div", { id: "embedding", role: "img", ariaLabel: `The ${patch.embedding.length} numbers of the embedding` });
  const near = make("ol", { className: "nearest" }, ...patch.nearest.map(each => make("li", {},
    make("a", { href: `/slide/${each.id}#${each.row},${each.column}`, title: `${each.slide}, row ${each.row}, column ${each.column}` },
      make("img", { src: of(each.id, each.row, each.column), alt: "", width: 84, height: 84, loading: "lazy" }),
      make("span", { textContent: each.slide }), make("small", { textContent: each.cosine.toFixed(3) })))));
  const among = patch.searched < patch.ofPatches ? `${patch.searched.toLocaleString("en")} of the cohort's ${patch.ofPatches.toLocaleString("en")} patches` : `all ${patch.ofPatches.toLocaleString("en")} patches of the cohort`;
  $("patch").replaceChildren(
    make("div", { className: "patch-head" }, ...(facts.hasPixels ? [make("img", { src: of(id, patch.row, patch.column), alt: "The patch", width: 128, height: 128 })] : []), list),
    make("h3", { textContent: "Embedding" }), chart,
    make("p", { className: "note", textContent: "Click a bar to see its channel on the slide." }),
    make("h3", { textContent: "Nearest patches" }),
    make("p", { className: "note", textContent: `By cosine, among ${among}.` }), near);
  for (const link of near.querySelectorAll("a")) link.addEventListener("click", event => {
    // on this slide only the place changes
    if (new URL(link.href).pathname === location.pathname) { event.preventDefault(); select(...new URL(link.href).hash.slice(1).split(",").map(Number), true); }
  });
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
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox" && event.target.type !== "radio") return;
  const toggle = name => { $(name).checked = !$(name).checked; draw(); };
  const turn = by => { $("channel").value = Math.min(Math.max(0, Number($("channel").value) + by), (grid?.channels ?? 1) - 1); pick("channel"); };
  const does = {
    g: () => toggle("grid"), t: () => toggle("tissue"), n: () => pick("none"), h: () => pick("map"), p: () => pick("components"), c: () => pick("channel"),
    "[": () => turn(-1), "]": () => turn(1), ",": () => $("previous").hidden || $("previous").click(), ".": () => $("next").hidden || $("next").click(),
  }[event.key];
  if (does) { event.preventDefault(); does(); }
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
  $("features").replaceChildren(...facts.features.map(name => make("option", { value: name, textContent: name })));
  $("features-row").hidden = facts.features.length < 2;
  $("map").replaceChildren(...facts.maps.map(name => make("option", { value: name, textContent: name })));
  for (const each of facts.predictions)
    $("predictions").append(
      make("dt", {}, make("a", { href: `/run/${each.runId}`, textContent: each.target })),
      make("dd", { textContent: `${each.row.predicted}${each.row.truth === null ? "" : `, true ${each.row.truth}`}${each.row.error === null ? "" : `, error ${figure(each.row.error)}`}` }));
  if (facts.predictions.length === 0) $("predictions").append(make("dt", { textContent: "No run predicted this slide." }));
  // an address may name the layers it is to be seen with: ?layers=grid,map
  for (const wanted of (new URLSearchParams(location.search).get("layers") ?? "").split(",")) {
    if (wanted === "grid" || wanted === "tissue") $(wanted).checked = true;
    if (["map", "components", "channel"].includes(wanted)) document.querySelector(`input[name=colour][value=${wanted}]`).checked = true;
  }
  await read();
  const white = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=";
  const source = facts.hasPixels ? `${api}/image.dzi` : { width: grid.width, height: grid.height, tileSize: 1024, getTileUrl: () => white };
  viewer = OpenSeadragon({
    element: $("image"), tileSources: source, showNavigationControl: false, showNavigator: true, navigatorPosition: "TOP_RIGHT", drawer: "canvas",
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true }, animationTime: 0.4, maxZoomPixelRatio: 4, visibilityRatio: 0.5, imageLoaderLimit: 8,
  });
  stage.append(canvas);
  viewer.addHandler("open", () => {
    item = viewer.world.getItemAt(0);
    const [row, column] = location.hash.slice(1).split(",").map(Number);
    draw();
    if (Number.isInteger(row) && Number.isInteger(column)) select(row, column, true);
    // OpenSeadragon's own element takes the keys that move and zoom
    viewer.canvas.setAttribute("aria-label", $("image").getAttribute("aria-label"));
    stage.dataset.ready = "true";
  });
  viewer.addHandler("open-failed", event => fail(new Error(event.message)));
  viewer.addHandler("tile-load-failed", () => { $("problem").textContent = "Some tiles of this slide cannot be read."; $("problem").hidden = false; });
  viewer.addHandler("update-viewport", draw);
  viewer.addHandler("resize", draw);
  viewer.addHandler("canvas-click", event => {
    if (!event.quick || !grid) return;
    const at = viewer.viewport.viewerElementToImageCoordinates(event.position);
    select(Math.floor((at.y - grid.offsetY) / grid.stride), Math.floor((at.x - grid.offsetX) / grid.stride));
  });
  // the layers do not turn with the slide
  viewer.addHandler("canvas-key", event => { if (/^[rfwasdq]$/i.test(event.originalEvent.key)) event.preventDefaultAction = true; });
  const others = (await (await get("/api/cohort")).json()).slides, here = others.findIndex(slide => slide.id === id);
  for (const [name, other] of [["previous", others[here - 1]], ["next", others[here + 1]]])
    if (other) { $(name).href = `/slide/${other.id}`; $(name).hidden = false; $(name).title = other.name; }
}

for (const control of document.querySelectorAll("input[name=colour]")) control.addEventListener("change", load);
for (const name of ["channel", "map"]) $(name).addEventListener("change", load);
for (const name of ["opacity", "threshold"]) $(name).addEventListener("input", paint);
for (const name of ["grid", "tissue"]) $(name).addEventListener("change", draw);
$("features").addEventListener("change", () => read().catch(fail));
addEventListener("resize", draw);
begin().catch(fail);
