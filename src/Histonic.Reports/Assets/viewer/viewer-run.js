"use strict";
// The run's page: the report's section, its points and rows leading to their slides.
const section = document.getElementById("run"), run = section.dataset.run;
const behind = document.getElementById("behind");
behind.querySelector("button").addEventListener("click", () => behind.close());
behind.addEventListener("click", event => { if (event.target === behind) behind.close(); });

const ready = get("/api/cohort").then(answer => answer.json()).then(cohort => {
  const ids = new Map(cohort.slides.map(slide => [slide.name, slide.id]));
  return { ids, rows: cohort.runs.find(each => each.id === run).rows };
});

ready.then(({ ids }) => {
  for (const table of document.querySelectorAll("#section > .tall table")) {
    for (const row of table.tBodies[0].rows) {
      const cell = row.cells[0], id = ids.get(cell.textContent);
      if (id) cell.replaceChildren(make("a", { href: `/slide/${id}`, textContent: cell.textContent }));
    }
  }
}).finally(() => { section.ariaBusy = "false"; });

// Which slides a mark of a chart stands for, from what the chart knows of it.
function slidesOf(datum, chart, rows) {
  const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  if (datum.slide !== undefined) return rows.filter(row => row.slide === datum.slide);
  if (datum.truth !== undefined && datum.predicted !== undefined)
    return rows.filter(row => row.label === datum.truth && row.predicted === datum.predicted);
  if (datum.t !== undefined) return rows.filter(row => row.time !== null && close(row.time, datum.t));
  // of more than two classes each has its own curve, and its own probability
  const scores = row => row.probabilities.length > 2 ? row.probabilities : [row.score];
  if (datum.threshold !== undefined) return datum.threshold === null ? [] : rows.filter(row => scores(row).some(score => close(score, datum.threshold)));
  if (chart === "Reliability" && datum.n !== undefined) {
    // the bins have equal width: the mean of a bin tells which it is
    const bin = value => Math.min(9, Math.floor(10 * value));
    return rows.filter(row => bin(Math.max(...(scores(row)))) === bin(datum.x));
  }
  return [];
}

// The point of a line or band that is nearest to the pointer: the whole of it is one mark.
function nearest(event, item) {
  if (!["line", "area", "trail"].includes(item.mark.marktype)) return item.datum;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(event.target.getScreenCTM().inverse());
  return item.mark.items.reduce((best, each) => Math.hypot(each.x - x, each.y - y) < Math.hypot(best.x - x, best.y - y) ? each : best).datum;
}

// Opens the slide behind a mark, or lists them where there are several.
async function lead(datum, title) {
  const { ids, rows } = await ready;
  const found = slidesOf(datum, title, rows);
  if (found.length === 1 && ids.has(found[0].slide)) { location.href = `/slide/${ids.get(found[0].slide)}`; return; }
  document.getElementById("behind-title").textContent = found.length > 0 ? `${title}: ${found.length} slides` : `${title}: no slide at this point`;
  behind.querySelector("ul").replaceChildren(...found.map(row => make("li", {},
    make("a", { href: `/slide/${ids.get(row.slide)}`, textContent: row.slide }), ` true ${row.truth ?? "unknown"}, predicted ${row.predicted}`)));
  behind.showModal();
}

// The marks of a chart that lead to slides, from left to right; what lies on the same place counts once.
function stopsOf(place, title, rows) {
  const here = place.getBoundingClientRect(), stops = new Map();
  for (const path of place.querySelectorAll([".mark-symbol", ".mark-rect", ".mark-line"].map(kind => `.role-mark${kind} > path`))) {
    const own = path.getBoundingClientRect(), item = path.__data__, isLine = item?.mark?.marktype === "line";
    for (const each of isLine ? item.mark.items : [item]) {
      if (!each?.datum || slidesOf(each.datum, title, rows).length === 0) continue;
      const on = isLine ? new DOMPoint(each.x, each.y).matrixTransform(path.getScreenCTM()) : { x: own.x + own.width / 2, y: own.y + own.height / 2 };
      const [x, y] = [on.x - here.x, on.y - here.y];
      stops.set(`${Math.round(x)},${Math.round(y)}`, { x, y, item: each });
    }
  }
  return [...stops.values()].sort((a, b) => a.x - b.x || a.y - b.y);
}

// Tab goes to a chart, arrow keys from mark to mark, Enter to the slides behind one.
function byKeys(place, title, stops) {
  const ring = place.appendChild(make("i", { className: "ring", hidden: true }));
  let at = -1;
  function leave() {
    [ring.hidden, tip.hidden, at] = [true, true, -1];
  }
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.ariaLabel = `${title}: arrow keys go through its ${stops.length} points, Enter opens the slides behind one.`;
  place.addEventListener("blur", leave);
  place.addEventListener("keydown", event => {
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && at >= 0) { event.preventDefault(); lead(stops[at].item.datum, title); }
    if (to === undefined) return;
    event.preventDefault();
    at = Math.min(Math.max(to, 0), stops.length - 1);
    const { x, y, item } = stops[at];
    ring.hidden = false;
    [ring.style.left, ring.style.top] = [`${x}px`, `${y}px`];
    ring.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = ring.getBoundingClientRect();
    showTip(null, { clientX: box.right, clientY: box.bottom }, item, item.tooltip);
  });
}

document.addEventListener("drawn", drawn => {
  const place = drawn.target, view = drawn.detail, title = place.previousElementSibling.firstChild.textContent;
  place.classList.add("leads");
  view.addEventListener("click", (event, item) => {
    if (item?.datum && item.mark && item.mark.marktype !== "group") lead(nearest(event, item), title);
  });
  Promise.all([ready, view.runAsync()]).then(([{ rows }]) => {
    const stops = stopsOf(place, title, rows);
    if (stops.length > 0) byKeys(place, title, stops);
  });
});
