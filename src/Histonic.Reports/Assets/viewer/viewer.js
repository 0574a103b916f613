"use strict";
// What the viewer's pages share: light or dark, kept from page to page, and a few words for making elements.
const page = document.documentElement;
const stored = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
if (stored === "light" || stored === "dark") page.dataset.theme = stored;
new MutationObserver(() => { try { localStorage.setItem("theme", page.dataset.theme ?? ""); } catch { /* not kept */ } })
  .observe(page, { attributeFilter: ["data-theme"] });

// The run's page has the report's script, which does this itself.
if (!document.body.classList.contains("runpage")) {
  const button = document.getElementById("theme");
  const isDark = () => (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.addEventListener("click", () => { page.dataset.theme = isDark() ? "light" : "dark"; name(); });
  name();
}

// An element; strings become text, never markup.
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function get(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

const figure = value => value === null || value === undefined ? ""
  : Math.abs(value) >= 100 ? value.toFixed(1) : value === 0 || Math.abs(value) >= 0.001 ? value.toFixed(3) : value.toExponential(1);
// probabilities and errors: what is nothing at three decimals is nothing
const score = value => value !== null && Math.abs(value) < 0.0005 ? "0.000" : figure(value);
