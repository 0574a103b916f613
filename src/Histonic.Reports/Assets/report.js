"use strict";
const root = document.documentElement;

// Light or dark: as the reader's system says, until the button is pressed.
const button = document.getElementById("theme");
const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
button.hidden = false;
button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
name();

// What the pointer is on, as text.
const tip = document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip", hidden: true, role: "status" }));
function showTip(_, event, item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  const list = document.createElement("dl");
  for (const [key, text] of Object.entries(value)) {
    list.append(Object.assign(document.createElement("dt"), { textContent: key }), Object.assign(document.createElement("dd"), { textContent: text }));
  }
  tip.replaceChildren(list);
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - box.width - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 14, innerHeight - box.height - 8)}px`;
}

// The charts take their colours from the page's style sheet, so they follow it without being drawn again.
const axis = {
  labelColor: "var(--ink)", titleColor: "var(--ink)", gridColor: "var(--line)", domainColor: "var(--soft)", tickColor: "var(--soft)",
  titleFontWeight: 500, labelFontSize: 12, titleFontSize: 13, titlePadding: 8, labelFlush: false,
};
const config = {
  background: null, font: "system-ui, Segoe UI, Helvetica Neue, Arial, sans-serif", view: { stroke: null }, axis,
  legend: { labelColor: "var(--ink)", titleColor: "var(--ink)", labelFontSize: 12, titleFontSize: 12, symbolSize: 90, symbolStrokeWidth: 3 },
  range: { category: [1, 2, 3, 4, 5, 6, 7, 8].map(i => `var(--c${i})`) },
};

// A chart as a file: a picture has no style sheet, so the colours are put in, those of print.
const plain = { "--ink": "#000000", "--soft": "#444f5c", "--line": "#cfd6de", "--paper": "#ffffff" };
async function save(view, title) {
  const light = name => plain[name] ?? { "--c1": "#2463a8", "--c2": "#b94c0d", "--c3": "#1f8a5b", "--c4": "#8a4bb0", "--c5": "#98760f", "--c6": "#c23b6a", "--c7": "#1f8c9c", "--c8": "#60758a" }[name];
  const svg = (await view.toSVG()).replace(/var\((--[a-z0-9]+)\)/g, (_, name) => light(name));
  const link = Object.assign(document.createElement("a"), { download: `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.svg` });
  link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  link.click();
  URL.revokeObjectURL(link.href);
}

for (const place of document.querySelectorAll(".chart")) {
  const spec = { ...JSON.parse(place.nextElementSibling.textContent), config };
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "svg", container: place, hover: true, tooltip: showTip });
  view.runAsync();
  // for the viewer, which leads from a point to its slides
  place.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail: view }));
  const heading = place.previousElementSibling, title = heading.textContent;
  const press = Object.assign(document.createElement("button"), { type: "button", className: "quiet save", textContent: "SVG", title: "Save this chart as SVG" });
  press.setAttribute("aria-label", `Save ${title} as SVG`);
  press.addEventListener("click", () => save(view, title));
  heading.append(press);
}

// Sorts a table by the column whose heading is pressed; pressed again, the other way round. Numbers by size, empty ones last.
for (const press of document.querySelectorAll("th button")) {
  press.addEventListener("click", () => {
    const heading = press.parentElement, body = heading.closest("table").tBodies[0];
    const column = [...heading.parentElement.children].indexOf(heading), numeric = heading.classList.contains("n");
    const up = heading.ariaSort !== "ascending";
    for (const other of heading.parentElement.children) other.ariaSort = other === heading ? (up ? "ascending" : "descending") : null;
    const key = row => row.children[column].textContent;
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === "");
      return (numeric ? x - y : x.localeCompare(y, "en", { numeric: true })) * (up ? 1 : -1);
    };
    body.append(...[...body.rows].sort(compare));
  });
}
