"use strict";
const body = document.querySelector("#slides tbody");
const [runs, find, label, show, count] = ["run", "find", "label", "show", "count"].map(id => document.getElementById(id));
let cohort, rows = [], key = "slide", up = true;

// The state stands in the address, so that the way back finds the list as it was left.
const state = new URLSearchParams(location.hash.slice(1));

function keep() {
  const now = new URLSearchParams({ run: runs.value, find: find.value, label: label.value, show: show.value, key, up });
  history.replaceState(null, "", `#${now}`);
}

function choose() {
  const run = cohort.runs.find(run => run.id === runs.value), option = runs.selectedOptions[0];
  // a column of labels is shown as a run that predicted nothing
  const given = option?.dataset.table && cohort.labels[option.dataset.table].rows.map(row => ({ ...row, truth: row.values[option.dataset.column] }));
  const of = Map.groupBy(run?.rows ?? given ?? [], row => row.slide);
  rows = cohort.slides.flatMap(slide => (of.get(slide.name) ?? [null]).map(row => ({
    ...slide, slide: slide.name, patient: row?.patient ?? "", fold: row?.fold ?? null, label: row?.truth ?? "", prediction: row?.predicted ?? "",
    score: row?.score ?? null, error: row?.error ?? null, time: row?.time ?? null,
  })));
  const words = [...new Set(rows.map(row => row.label).filter(Boolean))].sort();
  const labels = run?.task === "classification" || words.length <= 12 ? words : [];
  const before = label.value || state.get("label") || "";
  label.replaceChildren(make("option", { value: "", textContent: "all" }), ...labels.map(text => make("option", { value: text, textContent: text })));
  label.value = labels.includes(before) ? before : "";
  label.disabled = labels.length === 0;
  draw();
}

const numeric = text => text !== "" && text !== null && !Number.isNaN(Number.parseFloat(text)) && /^[-+0-9.eE]+\+?$/.test(text);

function compare(a, b) {
  const [x, y] = [a[key] ?? "", b[key] ?? ""];
  // what is empty stands last, whichever way round
  if (x === "" || y === "") return (x === "") - (y === "") || a.slide.localeCompare(b.slide, "en", { numeric: true });
  const order = numeric(x) && numeric(y) ? Number.parseFloat(x) - Number.parseFloat(y) : String(x).localeCompare(String(y), "en", { numeric: true });
  return (up ? order : -order) || a.slide.localeCompare(b.slide, "en", { numeric: true });
}

function draw() {
  const words = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const errors = rows.map(row => row.error).filter(error => error !== null).sort((a, b) => b - a);
  const bad = errors[Math.max(0, Math.ceil(errors.length / 4) - 1)] ?? Infinity;
  const shown = rows.filter(row =>
    words.every(word => `${row.slide} ${row.patient} ${row.label} ${row.prediction}`.toLowerCase().includes(word))
    && (label.value === "" || row.label === label.value)
    && (show.value !== "wrong" || (row.error !== null && row.error >= bad))
    && (show.value !== "map" || row.maps > 0)).sort(compare);
  body.replaceChildren(...shown.map(line));
  count.textContent = shown.length === rows.length ? `${rows.length} slides` : `${shown.length} of ${rows.length} slides`;
  for (const heading of document.querySelectorAll("#slides th[data-key]"))
    heading.ariaSort = heading.dataset.key === key ? (up ? "ascending" : "descending") : null;
  keep();
}

function line(row) {
  const open = `/slide/${row.id}`;
  const picture = row.hasPixels
    ? make("img", { src: `/api/slides/${row.id}/thumbnail.jpg`, alt: "", loading: "lazy", width: 96, height: 72 })
    : make("span", { className: "nopicture", textContent: "no slide file" });
  const cell = (text, number) => make("td", { className: number ? "n" : "", textContent: text });
  const wrong = row.label !== "" && row.error !== null && row.error > 0.5 && row.label !== row.prediction && !numeric(row.label);
  return make("tr", {},
    make("td", {}, make("a", { href: open, tabIndex: -1, ariaHidden: "true" }, picture)),
    make("td", {}, make("a", { href: open, textContent: row.slide })),
    cell(row.patient), cell(row.fold ?? "", true), cell(row.label, numeric(row.label)),
    make("td", { className: numeric(row.prediction) ? "n" : "" }, make(wrong ? "strong" : "span", { className: wrong ? "wrong" : "", textContent: row.prediction })),
    cell(score(row.score), true), cell(score(row.error), true));
}

for (const press of document.querySelectorAll("#slides th button")) {
  press.addEventListener("click", () => {
    const wanted = press.parentElement.dataset.key;
    // errors are looked at from the greatest
    [key, up] = [wanted, wanted === key ? !up : wanted !== "error"];
    draw();
  });
}
document.getElementById("tools").addEventListener("submit", event => event.preventDefault());
runs.addEventListener("change", choose);
for (const tool of [find, label, show]) tool.addEventListener("input", draw);
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== find) { event.preventDefault(); find.focus(); }
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (document.activeElement === find || body.contains(document.activeElement))) {
    const links = [...body.querySelectorAll("td:nth-child(2) a")];
    const next = links[links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  }
});

get("/api/cohort").then(answer => answer.json()).then(all => {
  cohort = all;
  const group = (label, options) => options.length > 0 ? [make("optgroup", { label }, ...options)] : [];
  runs.replaceChildren(
    ...group("Predictions of", all.runs.map(run => make("option", { value: run.id, textContent: run.name }))),
    ...group("Labels of", all.labels.flatMap((table, t) => table.columns.map((column, c) => {
      const option = make("option", { value: `${table.name}:${column}`, textContent: `${table.name}: ${column}` });
      [option.dataset.table, option.dataset.column] = [t, c];
      return option;
    }))));
  if (runs.options.length === 0) runs.append(make("option", { value: "", textContent: "nothing but slides" }));
  if ([...runs.options].some(option => option.value === state.get("run"))) runs.value = state.get("run");
  find.value = state.get("find") ?? "";
  show.value = state.get("show") ?? "";
  if (document.querySelector(`#slides th[data-key="${CSS.escape(state.get("key") ?? "")}"]`)) key = state.get("key");
  up = state.get("up") !== "false";
  choose();
}).catch(error => { count.textContent = error.message; }).finally(() => { body.ariaBusy = "false"; });
