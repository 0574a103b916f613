// Takes the pictures of eng/pictures.sh: node pictures.js PLAYWRIGHT OUT ADDRESS REPORT SLIDE RUN
// Chromium's own --screenshot changes the window's height just before and does not wait for what is drawn anew.
const [, , playwright, out, address, report, slide, run] = process.argv;
const { chromium } = require(playwright);

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });
  async function picture(name, page, width, height) {
    const tab = await browser.newPage({ viewport: { width, height } });
    tab.setDefaultTimeout(300_000);
    await tab.goto(page);
    await tab.waitForFunction(() => document.querySelector("[aria-busy=true]") === null && [...document.images].slice(0, 8).every(image => image.complete));
    await tab.screenshot({ path: `${out}/${name}.png` });
    await tab.close();
  }
  await picture("demo-report", report, 1280, 2092);
  await picture("viewer", `${address}slide/${slide}#colour=map&opacity=0.45&patch=8,8&at=1024,1024,0.4`, 1280, 1036);
  await picture("viewer-run", `${address}run/${run}`, 1280, 900);
  await browser.close();
}

main().catch(error => { console.error(error); process.exit(1); });
