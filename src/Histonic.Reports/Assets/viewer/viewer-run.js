"use strict";
// The run's page: the report's section, its points and rows leading to their slides.
const run = document.getElementById("run").dataset.run;
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
});

// Which slides a mark of a chart stands for, from what the chart knows of it.
function slidesOf(datum, chart, rows) {
  if (datum.slide !== undefined) return rows.filter(row => row.slide === datum.slide);
  if (datum.truth !== undefined && datum.predicted !== undefined)
    return rows.filter(row => row.label === datum.truth && row.predicted === datum.predicted);
  const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  if (datum.t !== undefined) return rows.filter(row => row.time !== null && close(row.time, datum.t));
  if (datum.threshold !== undefined && datum.threshold !== null) {
    const of = datum.index ?? 1;
    return rows.filter(row => close(row.probabilities[of] ?? row.score, datum.threshold));
  }
  if (datum.from !== undefined && datum.to !== undefined)
    return rows.filter(row => row.score >= datum.from && (row.score < datum.to || datum.to >= 1));
  return [];
}

document.addEventListener("drawn", event => {
  const title = event.target.previousElementSibling.firstChild.textContent;
  event.target.classList.add("leads");
  event.detail.addEventListener("click", async (_, item) => {
    const datum = item?.datum?.datum ?? item?.datum;
    if (!datum) return;
    const { ids, rows } = await ready;
    // a line is one mark: the point of it that the pointer is nearest to is not told, its rows are
    const found = slidesOf(datum, title, rows);
    if (found.length === 1 && ids.has(found[0].slide)) { location.href = `/slide/${ids.get(found[0].slide)}`; return; }
    document.getElementById("behind-title").textContent = found.length > 0 ? `${title}: ${found.length} slides` : `${title}: no slide at this point`;
    behind.querySelector("ul").replaceChildren(...found.map(row => make("li", {},
      make("a", { href: `/slide/${ids.get(row.slide)}`, textContent: row.slide }), ` true ${row.truth ?? "unknown"}, predicted ${row.predicted}`)));
    behind.showModal();
  });
});
