// Faults of a page's layout as sentences: text or controls that overlap, or are cut off by the window.
() => {
  const faults = [];
  const scrolls = element => {
    for (let at = element.parentElement; at; at = at.parentElement)
      if (/(auto|scroll)/.test(getComputedStyle(at).overflowX + getComputedStyle(at).overflowY)) return at;
    return null;
  };
  // what a box leaves of another
  const cut = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const isEmpty = box => box.right - box.left < 1 || box.bottom - box.top < 1;
  const seen = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("#image, script, style, option, #overlay") || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const texts = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim() !== "");
    if (texts.length === 0 && !element.matches("img, input, select, button")) continue;
    let box = element.getBoundingClientRect();
    if (texts.length > 0 && !element.matches("button, select")) {
      const range = document.createRange();
      range.setStartBefore(texts[0]);
      range.setEndAfter(texts.at(-1));
      box = range.getBoundingClientRect();
    }
    const name = `${element.tagName.toLowerCase()} "${(element.textContent || element.id || element.alt || element.name || "").trim().slice(0, 40)}"`;
    const scroller = scrolls(element);
    if (box.width < 1 || box.height < 1) { if (element.tagName === "IMG") faults.push(`${name} is empty`); continue; }
    if (!scroller && (box.left < -1 || box.right > innerWidth + 1)) faults.push(`${name} is cut off: ${box.left.toFixed(0)} to ${box.right.toFixed(0)} of ${innerWidth}`);
    if (!scroller && document.body.matches(".slidepage") && box.bottom > innerHeight + 1) faults.push(`${name} is cut off below: ${box.bottom.toFixed(0)} of ${innerHeight}`);
    // text that its own box hides, without saying so by dots
    const style = getComputedStyle(element);
    if (style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1) faults.push(`${name} hides its end`);
    const visible = scroller ? cut(box, scroller.getBoundingClientRect()) : box;
    if (!isEmpty(visible)) seen.push({ element, name, box: visible });
  }
  for (let i = 0; i < seen.length; i++) {
    for (let j = i + 1; j < seen.length; j++) {
      const [a, b] = [seen[i], seen[j]];
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const shared = cut(a.box, b.box);
      // lines of text may touch
      if (shared.right - shared.left > 2 && shared.bottom - shared.top > 4) faults.push(`${a.name} lies on ${b.name}`);
    }
  }
  for (const chart of document.querySelectorAll(".chart, #embedding")) {
    const svg = chart.querySelector("svg");
    if (!svg || svg.getBoundingClientRect().height < 40 || svg.querySelectorAll("path").length < 2) faults.push(`chart ${chart.getAttribute("aria-label")} is empty`);
  }
  return faults.slice(0, 20);
}
