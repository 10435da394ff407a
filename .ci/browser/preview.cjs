// Tests the live preview in a real browser: node preview.cjs PROGRAM [FOLDER for pictures]
//
// `playwright-core` is found through $NODE_PATH, and $CHROMIUM is the browser.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [program, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const founding = path.join(__dirname, "../../letters/remain-in-mexico-2021");

/** Starts `watch` on a copy of the founding letter. */
async function watch(folder, ...more) {
  const child = spawn(program, ["watch", folder, ...more], { cwd: path.dirname(folder) });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data).trim()));
    child.once("exit", (status) => reject(new Error(`watch ended with ${status}`)));
  });
  child.stdout.resume();
  child.stderr.resume();
  return { child, url };
}

/** Replaces a file at once: `watch` may see the moment in which one that is written in place is empty. */
function save(file, text) {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

/** The status of the answer to a request with another host name. */
function statusFor(url, host) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { Host: host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("error", reject);
  });
}

async function main() {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "undersigned-preview-"));
  const letter = path.join(temporary, "letter");
  fs.cpSync(founding, letter, { recursive: true });
  const body = path.join(letter, "body.en.md");
  const original = fs.readFileSync(body, "utf8");
  // Two of its languages and their edition, which a wide window has room for.
  const running = [await watch(letter, ...["en", "es-MX", "en+es-MX"].flatMap((tag) => ["--lang", tag]))];
  const [{ child, url }] = running;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      ..."--no-sandbox --disable-gpu --disable-quic --no-first-run".split(" "),
      ..."--disable-background-networking --disable-component-update --disable-sync".split(" "),
    ],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1900, height: 900 }, acceptDownloads: true });
    // A machine may be busy, but not this long.
    context.setDefaultTimeout(300_000);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    const picture = (name) => pictures && page.screenshot({ path: path.join(pictures, `${name}.png`) });
    const step = (name) => console.log(`preview: ${name}`);
    const column = (tag) => page.locator(`.language[data-tag="${tag}"]`);
    const drawing = (tag, number) =>
      column(tag).locator(".page").nth(number).evaluate((sheet) => sheet.querySelector("img").src);
    const top = (tag) => column(tag).evaluate((section) => section.scrollTop);
    const drawn = () =>
      page.waitForFunction(() => {
        const pages = [...document.querySelectorAll(".language:not(.stale) .page img")];
        return pages.length > 0 && pages.every((img) => img.complete && img.naturalWidth > 0 || !img.offsetParent);
      });

    const choice = (name) => page.locator("#choice").getByRole("button", { name, exact: true });
    /** What axe finds wrong with the page as it is. */
    const accessible = async (what) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
      assert.deepEqual(found, [], what);
    };

    step("the pages appear, the original beside a translation");
    await page.goto(url);
    await column("en").locator(".page img").first().waitFor();
    await column("es-MX").locator(".page img").first().waitFor();
    await drawn();
    await page.waitForFunction(() => /^no errors, \d+ warnings$/.test(document.getElementById("status").textContent));
    const boxes = await Promise.all(["en", "es-MX"].map((tag) => column(tag).boundingBox()));
    assert.equal(boxes[0].y, boxes[1].y);
    assert.ok(boxes[0].x + boxes[0].width <= boxes[1].x + 1);
    assert.equal(await page.title(), "letter – undersigned");
    const drawings = [];
    const noteThat = (what) => (request) => request.url().includes("/pages/") && drawings.push(`${what} ${request.url()}`);
    page.on("request", noteThat("asks for"));
    page.on("requestfinished", noteThat("has"));
    await page.reload();
    await column("es-MX").locator(".page img").first().waitFor();
    await drawn();
    assert.equal(drawings[1], drawings[0].replace("asks for", "has"), "the first page comes before all others");
    const html = await (await fetch(url)).text();
    const preloaded = /<link rel="preload" as="image" href="([^"]+)">/.exec(html);
    assert.equal(drawings[0], `asks for ${new URL(preloaded[1], url)}`, "the page says which it is");
    await picture("wide-light");
    const both = "en+es-MX";
    assert.equal(await column(both).count(), 0, "the edition is there to choose");
    await choice("English + Spanish").click();
    await column(both).locator(".page img").first().waitFor();
    assert.equal(await page.locator(".language").count(), 3);

    step("an edit appears, and the place that was read stays");
    await column("en").evaluate((section) => (section.scrollTop = 500));
    const [before, spanish] = [await drawing("en", 0), await drawing("es-MX", 0)];
    const first = original.split("\n").findIndex((line) => line.length > 80);
    const lines = original.split("\n");
    lines[first] = `Xylophone ${lines[first]}`;
    save(body, lines.join("\n"));
    await page.waitForFunction(
      (old) => document.querySelector('.language[data-tag="en"] .page img').src !== old,
      before,
    );
    await drawn();
    assert.equal(await top("en"), 500);
    assert.equal(await drawing("es-MX", 0), spanish, "the other language was not touched");

    step("a click leads to the source, and copies it");
    const line = `[data-line="letter/body.en.md:${first + 1}"]`;
    const spot = column("en").locator(`.spot[data-first]${line}`).first();
    await spot.click();
    await page.waitForFunction(() => document.getElementById("copied").textContent === "copied");
    assert.equal(await page.locator("#place").textContent(), `letter/body.en.md:${first + 1}:1`);
    assert.match(await page.locator("#written").textContent(), /^Xylophone /);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `letter/body.en.md:${first + 1}`);
    const editor = await page.locator("#editor").getAttribute("href");
    assert.equal(editor, `vscode://file${body}:${first + 1}:1`);
    const same = await page.locator(".language[data-tag='es-MX'] .spot.chosen").count();
    assert.ok(same > 0, "the same paragraph is marked in the other language");
    await picture("chosen");
    const name = page.locator('.spot[data-first][data-group^="signatory/"]').first();
    await name.click();
    assert.match(await page.locator("#place").textContent(), /^letter\/letter\.toml:\d+:\d+$/);
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#note").isHidden());

    step("the edition stands beside the languages, and each of its paragraphs leads to its own source");
    assert.equal(await column(both).locator("h2").first().textContent(), "English + Spanish en+es-MX · 4 pages");
    const inBoth = (file) => column(both).locator(`.spot[data-first][data-group="body/1"][data-line^="letter/${file}:"]`);
    for (const file of ["body.en.md", "body.es.md"]) {
      assert.equal(await inBoth(file).count(), 1, file);
      await inBoth(file).click();
      assert.ok((await page.locator("#place").textContent()).startsWith(`letter/${file}:`), file);
      const chosen = await page.locator(".spot.chosen").evaluateAll((spots) =>
        [...new Set(spots.map((spot) => `${spot.closest(".language").dataset.tag} ${spot.dataset.line.split(":")[0]}`))].sort(),
      );
      const sides = ["en letter/body.en.md", `${both} letter/body.en.md`, `${both} letter/body.es.md`, "es-MX letter/body.es.md"];
      assert.deepEqual(chosen, sides.sort());
    }
    await picture("edition");
    await page.keyboard.press("Escape");

    step("equal messages are one, and their kinds can be folded");
    const kinds = page.locator("#problems details");
    const links = kinds.filter({ hasText: "A link without an address" });
    assert.equal(await links.locator(".equal").count(), 1);
    const places = await links.locator(".places .problem").allTextContents();
    assert.ok(places.length > 2 && places.every((place) => /^letter\.toml:\d+$/.test(place)), `${places}`);
    assert.equal(await links.locator(".number-of").textContent(), String(places.length));
    await links.locator("summary").click();
    assert.ok(await links.locator(".problem").first().isHidden());
    const columnWidth = async () => (await column("en").boundingBox()).width;
    const narrower = await columnWidth();
    await page.locator("#fold").click();
    assert.equal(await page.locator("#fold").getAttribute("aria-expanded"), "false");
    assert.ok(await page.locator("#problems").isHidden());
    assert.ok((await columnWidth()) > narrower, "the pages have its room");
    await page.keyboard.press("f");
    assert.ok(await page.locator("#problems").isVisible());
    assert.ok(await links.locator(".problem").first().isHidden(), "what was folded stays folded");

    step("a message leads to its words, with the excerpt beside them");
    const message = page.locator("#problems .problem").first();
    await message.click();
    const where = await message.locator(".where").textContent();
    assert.equal(await message.getAttribute("title"), `letter/${where}`);
    assert.ok((await page.locator("#place").textContent()).startsWith(`letter/${where}:`));
    assert.equal(await message.getAttribute("aria-current"), "true");
    const selectedMark = column("en").locator(".mark.selected").first();
    const [excerpt, number] = [page.locator("#note .source-line").first(), where.split(":")[1]];
    assert.equal(await excerpt.locator(".number").textContent(), number);
    const source = fs.readFileSync(path.join(letter, "letter.toml"), "utf8").split("\n")[number - 1];
    const marked = await excerpt.locator("mark").textContent();
    assert.ok(source.includes(marked.replace("…", "")) && marked.length < source.length, marked);
    assert.match(await excerpt.locator("mark").getAttribute("data-carets"), /^\^+$/);
    const [markBox, noteBox] = [await selectedMark.boundingBox(), await page.locator("#note").boundingBox()];
    assert.ok(noteBox.y >= markBox.y + markBox.height, "the note is below the words");
    assert.ok(noteBox.y - markBox.y < 120, "and near them");
    await accessible("with a note");
    await picture("note");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".mark.selected").count(), 0);

    step("n and p move the pages from problem to problem");
    await page.evaluate(() => document.activeElement.blur());
    const at = async () => {
      const box = await column("en").boundingBox();
      const mark = await selectedMark.boundingBox();
      assert.ok(mark.y > box.y && mark.y < box.y + 0.7 * box.height, "the words are in sight");
      return `${await page.locator("#place").textContent()} ${await page.locator("#note .of").textContent()}`;
    };
    const stops = [];
    for (const key of ["n", "n", "p", "p", "n"]) {
      await column("en").evaluate((section) => (section.scrollTop = 0));
      await page.keyboard.press(key);
      stops.push(await at());
    }
    const all = await page.locator("#problems .problem").count();
    assert.match(stops[0], new RegExp(` 1 of ${all}$`));
    assert.match(stops[1], new RegExp(` 2 of ${all}$`));
    assert.match(stops[3], new RegExp(` ${all} of ${all}$`), "before the first is the last");
    assert.deepEqual([stops[2], stops[4]], [stops[0], stops[0]]);
    assert.match(await page.locator("#said").textContent(), new RegExp(`^warning: .* – letter/letter\\.toml:\\d+ – 1 of ${all}$`));
    await page.keyboard.press("Escape");

    step("the words of a problem are marked, and not the paragraph");
    const wrote = "The 74 undersigned organizations wrote about this before, and nobody has replied to any of our letters.";
    save(body, [...lines.slice(0, first), wrote, "", ...lines.slice(first)].join("\n"));
    const stale = column("en").locator('.mark[title*="74"]');
    await stale.waitFor();
    const text = column("en").locator(`.spot[data-line="letter/body.en.md:${first + 1}"]`).first();
    assert.ok((await stale.boundingBox()).width < 0.1 * (await text.boundingBox()).width);

    step("what is not translated is marked in the original");
    const missing = column("en").locator(".block");
    await missing.first().waitFor();
    assert.equal(await missing.first().textContent(), "not in es-MX");
    assert.equal(await column("es-MX").locator(".block").count(), 0);
    await picture("untranslated");
    save(body, lines.join("\n"));
    await missing.first().waitFor({ state: "detached" });

    step("the PDF and its draft are downloaded");
    for (const [kind, name] of [["pdf", "letter.en.pdf"], ["draft", "letter.en.draft.pdf"]]) {
      const download = page.waitForEvent("download");
      await column("en").locator(`.file.${kind}`).click();
      const file = await download;
      assert.equal(file.suggestedFilename(), name);
      assert.equal(fs.readFileSync(await file.path()).subarray(0, 5).toString(), "%PDF-");
    }

    step("the other language follows the scrolling by paragraph");
    const shared = await page.evaluate(() => {
      const groups = (tag) => {
        const spots = document.querySelectorAll(`.language[data-tag="${tag}"] .spot[data-first]`);
        return [...spots].map((spot) => spot.dataset.group).filter((group) => group.startsWith("body/"));
      };
      return groups("en").filter((group) => groups("es-MX").includes(group));
    });
    assert.ok(shared.length >= 6, `${shared}`);
    for (const group of shared.slice(2)) {
      const aligned = await page.evaluate(async (group) => {
        const of = (tag) => {
          const section = document.querySelector(`.language[data-tag="${tag}"]`);
          const spot = section.querySelector(`.spot[data-first][data-group="${group}"]`);
          return { section, spot };
        };
        const [en, es, edition] = [of("en"), of("es-MX"), of("en+es-MX")];
        const below = (one) => one.spot.getBoundingClientRect().top - one.section.getBoundingClientRect().top;
        en.section.scrollTop += below(en) - 0.3 * en.section.clientHeight;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const scrolled = en.section.scrollTop;
        return { en: below(en), es: below(es), edition: below(edition), scrolled };
      }, group);
      assert.ok(aligned.scrolled > 0);
      for (const other of [aligned.es, aligned.edition]) {
        assert.ok(Math.abs(aligned.en - other) < 4, `${group}: ${JSON.stringify(aligned)}`);
      }
    }
    await column("es-MX").evaluate((section) => (section.scrollTop = 0));
    await page.waitForFunction(() => document.querySelector('.language[data-tag="en"]').scrollTop === 0);

    step("an error appears at its line over the last good page, and goes");
    const good = await drawing("en", 0);
    const goodBoth = await drawing(both, 0);
    const broken = [...lines];
    broken[first] = `<b>${broken[first]}`;
    save(body, broken.join("\n"));
    const note = column("en").locator(".last-good .problem.error");
    await note.waitFor();
    assert.match(await note.textContent(), new RegExp(`body\\.en\\.md:${first + 1}$`));
    for (const kind of ["pdf", "draft"]) {
      assert.equal(await column("en").locator(`.file.${kind}`).getAttribute("href"), null, "there is no PDF with an error");
      assert.equal(await column("es-MX").locator(`.file.${kind}`).getAttribute("href"), `/${kind}/es-MX.pdf`);
    }
    assert.equal(await drawing("en", 0), good);
    assert.equal(await column("es-MX").locator(".last-good").count(), 0, "the other one has no error");
    assert.equal(await column(both).locator(".last-good .problem.error").count(), 1, "it holds the one with the error");
    assert.equal(await drawing(both, 0), goodBoth);
    await note.click();
    assert.equal(await page.locator("#place").textContent(), `letter/body.en.md:${first + 1}:1`);
    await picture("error");
    save(body, original);
    await note.waitFor({ state: "detached" });
    await page.waitForFunction(
      (old) => document.querySelector('.language[data-tag="en"] .page img').src !== old,
      good,
    );

    step("an edition of letters that follow one another is scrolled to the language that is read");
    const spec = path.join(letter, "letter.toml");
    const parallel = fs.readFileSync(spec, "utf8");
    save(spec, parallel.replace('layout = "parallel"', 'layout = "consecutive"'));
    await page.waitForFunction(() =>
      /6 pages$/.test(document.querySelector('.language[data-tag="en+es-MX"] h2').textContent),
    );
    await drawn();
    for (const [tag, file] of [["es-MX", "body.es.md"], ["en", "body.en.md"], ["es-MX", "body.es.md"]]) {
      const aligned = await page.evaluate(async ([tag, file]) => {
        const of = (tag) => {
          const section = document.querySelector(`.language[data-tag="${tag}"]`);
          const spots = `.spot[data-first][data-group="body/3"][data-line^="letter/${file}:"]`;
          return { section, spot: section.querySelector(spots) };
        };
        const [read, edition] = [of(tag), of("en+es-MX")];
        const below = (one) => one.spot.getBoundingClientRect().top - one.section.getBoundingClientRect().top;
        read.section.scrollTop = 0;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        read.section.scrollTop += below(read) - 0.3 * read.section.clientHeight;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return [below(read), below(edition)];
      }, [tag, file]);
      assert.ok(Math.abs(aligned[0] - aligned[1]) < 4, `${tag}: ${aligned}`);
    }
    await picture("consecutive");
    save(spec, parallel);
    await page.waitForFunction(() =>
      /4 pages$/.test(document.querySelector('.language[data-tag="en+es-MX"] h2').textContent),
    );

    step("the keyboard does it all");
    await page.keyboard.press("Escape");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    assert.match(focused, / – letter\/letter\.toml:\d+$/);
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("#note").isVisible());
    const width = (await column("en").locator(".page").first().boundingBox()).width;
    await page.keyboard.press("-");
    assert.ok((await column("en").locator(".page").first().boundingBox()).width < width);
    await page.keyboard.press("0");
    await page.keyboard.press("?");
    assert.ok(await page.locator("#help").isVisible());
    await picture("help");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#help").isHidden());

    step("dark and narrow windows");
    await page.emulateMedia({ colorScheme: "dark" });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, "rgb(23, 24, 26)");
    await accessible("dark");
    await picture("wide-dark");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => document.querySelectorAll(".language").length === 1);
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(await sideways(), false);
    for (const [tag, name] of [[both, "English + Spanish"], ["es-MX", "Spanish"]]) {
      await choice(name).click();
      assert.ok(await column(tag).isVisible());
      assert.equal(await page.locator(".language").count(), 1);
      assert.equal(await sideways(), false);
    }
    await page.locator("#fold").click();
    assert.ok(await page.locator("#problems").isVisible());
    await page.locator("#problems .problem:visible").first().click();
    assert.ok(await page.locator("#problems").isHidden(), "the page is seen again");
    assert.ok((await page.locator("#note").boundingBox()).width <= 390);
    assert.equal(await sideways(), false);
    await accessible("narrow");
    await picture("narrow-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await picture("narrow-light");

    step("another host, and a page of another site, are refused");
    assert.equal(await statusFor(url, "evil.example"), 421);
    assert.equal(await statusFor(url, new URL(url).host), 200);
    const evil = http.createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html");
      answer.end("<!doctype html><title>evil</title>");
    });
    await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
    const stranger = await context.newPage();
    await stranger.goto(`http://127.0.0.1:${evil.address().port}/`);
    const stolen = await stranger.evaluate(async (url) => {
      const image = new Image();
      image.src = `${url}icon.svg`;
      const shown = await image.decode().then(() => true, () => false);
      const read = await fetch(`${url}events`, { mode: "no-cors" }).then(
        (answer) => answer.type,
        () => "refused",
      );
      const text = await fetch(url).then((answer) => answer.text(), () => "refused");
      return { shown, read, text };
    }, url);
    assert.deepEqual(stolen, { shown: false, read: "refused", text: "refused" });
    evil.close();

    step("nothing went wrong in the browser");
    assert.deepEqual(wrong, []);

    step("the page says that the program has ended");
    child.kill();
    await page.locator("#status.lost").waitFor();

    step("it speaks Spanish, and five languages are not cramped");
    running.push(await watch(letter, "--ui-lang", "es"));
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(running[1].url);
    await page.locator("#fold", { hasText: "Problemas" }).waitFor();
    await page.locator("#status", { hasText: /^sin errores, \d+ advertencias$/ }).waitFor();
    assert.equal(await page.locator("#choice button").count(), 6, "five languages and an edition");
    const shown = () => page.locator(".language").evaluateAll((all) => all.map((one) => one.dataset.tag));
    assert.deepEqual(await shown(), ["en", "es-MX"]);
    await choice("Criollo haitiano").click();
    assert.deepEqual(await shown(), ["en", "ht"], "the one that was shown longest makes room");
    for (const one of await page.locator(".language").all()) assert.ok((await one.boundingBox()).width > 440);
    await page.keyboard.press("4");
    assert.ok((await shown()).includes("fr"));
    await picture("five-languages");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es");

    step("a long name leaves the bar as it is, and a finger has room");
    const long = path.join(temporary, "a-letter-whose-folder-has-a-name-that-is-longer-than-the-bar");
    fs.renameSync(letter, long);
    running.push(await watch(long, "--lang", "en", "--lang", "es-MX"));
    const touch = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    for (const [page, most] of [[await context.newPage(), 100], [await touch.newPage(), 130]]) {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(running[2].url, { timeout: 300_000 });
      await page.locator("#status", { hasText: /^no errors, \d+ warnings$/ }).waitFor({ timeout: 300_000 });
      const barHeight = async () => (await page.locator("#bar").boundingBox()).height;
      assert.ok((await barHeight()) < most, `two lines, and not ${await barHeight()} pixels`);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.waitForFunction(() => document.querySelectorAll(".language").length === 2);
      assert.ok((await barHeight()) < 70, `one line, and not ${await barHeight()} pixels`);
      assert.equal(await page.locator("#name").getAttribute("title"), path.basename(long));
    }
    const [finger] = touch.pages();
    for (const one of await finger.locator("#bar button:visible, .file").all()) {
      assert.ok((await one.boundingBox()).height >= 40, await one.textContent());
    }
  } finally {
    for (const { child } of running) child.kill();
    await browser.close();
    fs.rmSync(temporary, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
