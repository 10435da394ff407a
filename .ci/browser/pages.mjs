// Judges web pages: node pages.mjs FILE.html...
//
// The W3C's Nu checker validates all of them; then a browser shows each in light and dark, narrow and wide,
// and on paper, where axe looks for accessibility problems. A page must not fetch anything, overflow to the
// side, or print anything on the console. The exit status is 1 if a problem is found. The packages are in
// $NODE_MODULES, and $CHROMIUM is the browser.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(resolve(process.env.NODE_MODULES, "x.js")));
const { chromium } = require("playwright-core");
const axe = require("axe-core");
const vnu = require("vnu-jar");

const files = process.argv.slice(2);
let problems = 0;
const report = (where, what) => {
  problems += 1;
  console.error(`${where}: ${what}`);
};
if (files.length === 0) report("pages", "there are no pages to judge");

const nu = spawnSync("java", ["-jar", vnu, "--stdout", "--format", "gnu", ...files], { encoding: "utf8" });
if (nu.error) report("the Nu checker", nu.error.message);
for (const line of (nu.stdout ?? "").split("\n").filter(Boolean)) report("the Nu checker", line);
if (nu.status !== 0) report("the Nu checker", `exit status ${nu.status} ${nu.stderr}`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
for (const file of files) {
  const url = pathToFileURL(resolve(file)).href;
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 1280]) {
      const where = `${file} (${colorScheme}, ${width} wide)`;
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      page.on("console", (message) => report(where, message.text()));
      page.on("pageerror", (error) => report(where, error.message));
      page.on("request", (request) => {
        const asked = request.url();
        if (asked !== url && !asked.startsWith("data:")) report(where, `it fetches ${asked}`);
      });
      await page.goto(url);
      const found = await page.evaluate(() => ({
        scripts: document.scripts.length,
        headings: document.querySelectorAll("h1").length,
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        broken: [...document.images].filter((image) => image.naturalWidth === 0).length,
      }));
      if (found.scripts > 0) report(where, "it has a script");
      if (found.headings !== 1) report(where, `it has ${found.headings} headings of the first level`);
      if (found.over > 0) report(where, `it is ${found.over} pixels too wide`);
      if (found.broken > 0) report(where, `${found.broken} pictures are not shown`);
      for (const media of ["screen", "print"]) {
        await page.emulateMedia({ media, colorScheme });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run());
        for (const { id, help, nodes } of violations) {
          report(`${where}, ${media}`, `axe ${id}: ${help}\n  ${nodes.map((node) => node.html).join("\n  ")}`);
        }
      }
      if (process.env.PICTURES) {
        const name = file.split("/").pop();
        await page.emulateMedia({ media: "screen", colorScheme });
        await page.screenshot({ path: `${process.env.PICTURES}/${name}.${colorScheme}.${width}.png`, fullPage: true });
        if (colorScheme === "light" && width === 1280) {
          await page.pdf({ path: `${process.env.PICTURES}/${name}.pdf`, preferCSSPageSize: true });
        }
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(`${files.length} pages judged: ${problems === 0 ? "nothing found" : `${problems} problems`}`);
process.exit(problems === 0 ? 0 : 1);
