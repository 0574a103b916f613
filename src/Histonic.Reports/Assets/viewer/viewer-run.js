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
function nearest(event, item, place, view) {
  if (!["line", "area", "trail"].includes(item.mark.marktype)) return item.datum;
  const box = place.querySelector("svg").getBoundingClientRect(), [left, top] = view.origin();
  const [x, y] = [event.clientX - box.left - left, event.clientY - box.top - top];
  return item.mark.items.reduce((best, each) => Math.hypot(each.x - x, each.y - y) < Math.hypot(best.x - x, best.y - y) ? each : best).datum;
}

document.addEventListener("drawn", drawn => {
  const place = drawn.target, view = drawn.detail, title = place.previousElementSibling.firstChild.textContent;
  place.classList.add("leads");
  view.addEventListener("click", async (event, item) => {
    if (!item?.datum || !item.mark || item.mark.marktype === "group") return;
    const datum = nearest(event, item, place, view);
    const { ids, rows } = await ready;
    const found = slidesOf(datum, title, rows);
    if (found.length === 1 && ids.has(found[0].slide)) { location.href = `/slide/${ids.get(found[0].slide)}`; return; }
    document.getElementById("behind-title").textContent = found.length > 0 ? `${title}: ${found.length} slides` : `${title}: no slide at this point`;
    behind.querySelector("ul").replaceChildren(...found.map(row => make("li", {},
      make("a", { href: `/slide/${ids.get(row.slide)}`, textContent: row.slide }), ` true ${row.truth ?? "unknown"}, predicted ${row.predicted}`)));
    behind.showModal();
  });
});
