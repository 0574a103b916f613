"use strict";
// Draws every chart of the page, and redraws when the reader's system changes between light and dark.
const dark = matchMedia("(prefers-color-scheme: dark)");
function draw() {
  const style = getComputedStyle(document.documentElement);
  const [ink, line] = ["--ink", "--line"].map(name => style.getPropertyValue(name).trim());
  const axis = { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, titleFontWeight: 500, labelFontSize: 12, titleFontSize: 13 };
  const config = {
    background: null, font: "system-ui, Segoe UI, Arial, sans-serif", view: { stroke: null }, axis,
    legend: { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12 },
    range: { category: dark.matches ? ["#78b0ee", "#ff9f6b", "#6fd3a3", "#d9a3f0", "#f0d264", "#9fb3c8"] : ["#2463a8", "#d9601a", "#1f8a5b", "#8a4bb0", "#a8851a", "#60758a"] },
    line: { color: dark.matches ? "#78b0ee" : "#2463a8" },
  };
  for (const place of document.querySelectorAll(".chart")) {
    const spec = { ...JSON.parse(place.nextElementSibling.textContent), config };
    new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "svg", container: place, hover: true }).runAsync();
  }
}
draw();
dark.addEventListener("change", () => { document.querySelectorAll(".chart").forEach(place => place.replaceChildren()); draw(); });

// Sorts a table by the column whose heading is pressed; pressed again, the other way round.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.parentElement, body = heading.closest("table").tBodies[0];
    const column = [...heading.parentElement.children].indexOf(heading);
    const up = heading.ariaSort !== "ascending";
    for (const other of heading.parentElement.children) other.ariaSort = "none";
    heading.ariaSort = up ? "ascending" : "descending";
    const key = row => { const text = row.children[column].textContent, number = parseFloat(text); return Number.isNaN(number) ? text : number; };
    const rows = [...body.rows].sort((a, b) => { const [x, y] = [key(a), key(b)]; return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1); });
    body.append(...rows);
  });
}
