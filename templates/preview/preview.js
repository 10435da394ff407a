// The page of the live preview: shows what the program sends, and where its texts are written.

const byId = (id) => document.getElementById(id);

/**
 * The words of the page in the language of the messages, by the English texts in this file. Like all words of
 * the program, they come from the file of the language.
 */
const words = JSON.parse(byId("words").textContent);
const uiLanguage = document.documentElement.lang;
const plural = new Intl.PluralRules(uiLanguage);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A text with its values filled in. */
const say = (text, values = {}) => fill(words[text] ?? text, values);

/** A text with a count. */
function count(number, forms) {
  const known = words[forms.other] ?? forms;
  const none = number === 0 ? known.none : undefined;
  return fill(none ?? known[plural.select(number)] ?? known.other, { count: number });
}

const main = byId("languages");

/** The last state that the program sent. */
let preview = null;
/** The column of each language, by its tag. */
const columns = new Map();
/** The language that a narrow window shows. */
let shownTag = null;
let scrollsTogether = true;
let zoom = 1;

/** Makes an element with properties and children. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// ---- What the program sends ----

const events = new EventSource("/events");
events.onmessage = (event) => {
  preview = JSON.parse(event.data);
  show();
};
events.onopen = () => byId("status").classList.remove("lost");
events.onerror = () => {
  byId("status").classList.add("lost");
  byId("status").textContent = say("The program has ended. Start `undersigned watch` again.");
};

function show() {
  document.title = `${preview.name} – undersigned`;
  byId("name").textContent = preview.name;
  const number = (severity) => preview.problems.filter((one) => one.severity === severity).length;
  const errors = count(number("error"), { none: "no errors", one: "1 error", other: "{count} errors" });
  const warnings = count(number("warning"), { none: "no warnings", one: "1 warning", other: "{count} warnings" });
  byId("status").textContent = `${errors}, ${warnings}`;

  const tags = preview.languages.map((language) => language.tag);
  for (const [tag, column] of columns) {
    if (!tags.includes(tag)) {
      column.section.remove();
      columns.delete(tag);
    }
  }
  for (const language of preview.languages) {
    if (!columns.has(language.tag)) columns.set(language.tag, new Column(language.tag));
    const column = columns.get(language.tag);
    if (!column.section.isConnected) main.append(column.section);
    column.show(language);
  }
  // Moving a section would lose how far it is scrolled.
  const inOrder = tags.map((tag) => columns.get(tag).section);
  if (inOrder.some((section, index) => main.querySelectorAll(".language")[index] !== section)) {
    main.append(...inOrder);
  }
  let empty = main.querySelector(".no-pages");
  if (tags.length === 0 && !empty) {
    main.append(element("p", { className: "no-pages", textContent: say("There are no pages yet.") }));
  } else if (tags.length > 0) empty?.remove();
  if (!tags.includes(shownTag)) shownTag = tags[0] ?? null;
  showChoice();
  showProblems();
  markProblems();
}

// ---- Languages ----

/** The languages of a tag, such as "es-MX" or, for an edition, "en+es-MX". */
const languagesOf = (tag) => tag.split("+");

const languageName = (tag) => {
  const names = new Intl.DisplayNames([uiLanguage], { type: "language" });
  const name = languagesOf(tag)
    .map((language) => names.of(language))
    .join(" + ");
  return name === tag ? tag : `${name} (${tag})`;
};

/** The pages of a language, or of an edition in several, one below the other. */
class Column {
  constructor(tag) {
    this.tag = tag;
    this.title = element("h2");
    this.section = element("section", { className: "language", tabIndex: -1 }, this.title);
    this.section.dataset.tag = tag;
    this.pages = [];
    /** The position that this script scrolled to, to ignore the event that follows. */
    this.scrolledTo = null;
    this.section.addEventListener("scroll", () => this.scrolled());
  }

  show(language) {
    const before = JSON.stringify(this.language?.spots) + JSON.stringify(this.language?.sources);
    this.language = language;
    const name = languageName(this.tag);
    const pages = language.pages.length;
    this.title.textContent = `${name} · ${count(pages, { one: "1 page", other: "{count} pages" })}`;
    this.section.setAttribute("aria-label", name);
    this.section.classList.toggle("stale", !language.current);
    this.showLastGood();

    while (this.pages.length > pages) this.pages.pop().remove();
    language.pages.forEach((page, index) => this.showPage(page, index));
    if (JSON.stringify(language.spots) + JSON.stringify(language.sources) !== before) this.showSpots();
  }

  showLastGood() {
    this.section.querySelector(".last-good")?.remove();
    if (this.language.current) return;
    // An error in a language is also an error in its edition.
    const own = languagesOf(this.tag);
    const concerns = (one) =>
      one.severity === "error" && (one.lang === null || languagesOf(one.lang).every((lang) => own.includes(lang)));
    const errors = preview.problems.filter(concerns);
    const list = element("ol", {}, ...errors.map((error) => element("li", {}, problemButton(error))));
    const note = this.language.faulty
      ? say("These pages have an error.")
      : say("These are the last pages without an error.");
    const box = element("div", { className: "last-good", role: "alert" }, note, list);
    this.title.after(box);
  }

  showPage(page, index) {
    let sheet = this.pages[index];
    if (!sheet) {
      sheet = element("div", { className: "page" }, element("img"), element("div", { className: "spots" }));
      this.pages.push(sheet);
      this.section.append(sheet);
    }
    sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    const label = say("Page {page} of {pages}", { page: index + 1, pages: this.language.pages.length });
    sheet.firstChild.alt = label;
    if (sheet.dataset.drawing === page.drawing) return;
    // The old drawing stays until the new one can be shown, so that nothing flickers.
    sheet.dataset.drawing = page.drawing;
    const drawing = element("img", { alt: label, src: `/pages/${page.drawing}.svg` });
    const put = () => {
      if (sheet.dataset.drawing === page.drawing) sheet.firstChild.replaceWith(drawing);
    };
    drawing.decode().then(put, put);
  }

  showSpots() {
    const focused = document.activeElement?.dataset?.text;
    const hadFocus = this.section.contains(document.activeElement);
    const layers = this.pages.map((page) => page.querySelector(".spots"));
    layers.forEach((layer) => layer.replaceChildren());
    const seen = new Set();
    for (const spot of this.language.spots) {
      const source = this.language.sources[spot.source];
      const page = this.language.pages[spot.page];
      const button = element("button", { className: "spot", tabIndex: -1 });
      const group = spot.part ?? `source/${spot.source}`;
      // Without a pointer, one of the rectangles of a text represents all of them. An edition has a text in
      // each language.
      const text = `${group} ${spot.lang ?? ""}`;
      button.dataset.text = text;
      if (seen.has(text)) {
        button.setAttribute("aria-hidden", "true");
      } else {
        seen.add(text);
        button.dataset.first = "";
        button.setAttribute("aria-label", `${source.text} – ${source.file}:${source.line}`);
      }
      button.title = `${source.file}:${source.line}`;
      button.dataset.group = group;
      button.dataset.line = `${source.file}:${source.line}`;
      const percent = (part, whole) => `${(100 * part) / whole}%`;
      button.style.left = percent(spot.x, page.width);
      button.style.top = percent(spot.y, page.height);
      button.style.width = percent(spot.width, page.width);
      button.style.height = percent(spot.height, page.height);
      button.addEventListener("click", () => this.choose(button, source));
      button.addEventListener("focus", () => rove(this, button));
      layers[spot.page].append(button);
    }
    const texts = this.texts();
    (texts.find((text) => text.dataset.text === focused) ?? texts[0])?.setAttribute("tabindex", "0");
    if (hadFocus && focused) texts.find((text) => text.dataset.text === focused)?.focus({ preventScroll: true });
    markChosen();
  }

  /** The texts in the order of the pages, one button for each. */
  texts() {
    return [...this.section.querySelectorAll(".spot[data-first]")];
  }

  choose(button, source) {
    chosen = { group: button.dataset.group, line: null };
    showSource(source);
    markChosen();
  }

  /**
   * How far down the parts of the letter are, in pixels. If the languages of an edition follow one another,
   * each is a separate letter, with a beginning and an end.
   */
  geometry() {
    const [top, view, height] = [this.section.scrollTop, this.section.clientHeight, this.section.scrollHeight];
    const letters = [];
    for (const mark of this.language?.marks ?? []) {
      const sheet = this.pages[mark.page];
      const scale = sheet.clientHeight / this.language.pages[mark.page].height;
      let letter = letters.find((letter) => letter.lang === mark.lang);
      if (!letter) {
        const start = letters.length === 0 ? 0 : sheet.offsetTop;
        if (letters.length > 0) letters.at(-1).end = start;
        letter = { lang: mark.lang, parts: new Map(), start, end: height };
        letters.push(letter);
      }
      letter.parts.set(mark.part, sheet.offsetTop + mark.y * scale);
    }
    if (letters.length === 0) letters.push({ parts: new Map(), start: 0, end: height });
    return { tag: this.tag, letters, top, view };
  }

  scrollTo(top) {
    this.section.scrollTop = top;
    this.scrolledTo = this.section.scrollTop;
  }

  scrolled() {
    const byProgram = this.scrolledTo !== null && Math.abs(this.section.scrollTop - this.scrolledTo) < 1.5;
    this.scrolledTo = null;
    if (byProgram || !scrollsTogether) return;
    const from = this.geometry();
    for (const column of columns.values()) {
      if (column !== this) column.follow(from);
    }
  }

  /** Scrolls to the part that another language is at. */
  follow(from) {
    const to = this.geometry();
    this.scrollTo(corresponding(from, to));
  }
}

/** The position of the line being read, as a fraction of the window's height. */
const READING_LINE = 0.3;

/**
 * How far one language must be scrolled to show what another shows: the line being read is at the same
 * relative position between two parts of the letter in both.
 */
function corresponding(from, to) {
  const line = from.top + READING_LINE * from.view;
  const read = from.letters.findLast((letter) => letter.start <= line) ?? from.letters[0];
  const lang = read.lang ?? from.tag;
  const same = to.letters.find((letter) => letter.lang === lang) ?? to.letters[0];
  let before = [read.start, same.start];
  let after = [read.end, same.end];
  const both = [...read.parts].filter(([part]) => same.parts.has(part));
  both.sort(([, a], [, b]) => a - b);
  for (const [part, a] of both) {
    const b = same.parts.get(part);
    // Parts in a different order in the other language are ignored.
    if (b < before[1]) continue;
    if (a > line) {
      after = [a, b];
      break;
    }
    before = [a, b];
  }
  // If one is at the very top, so is the other.
  if (from.top <= 0) return Math.max(0, same.start);
  const share = (line - before[0]) / Math.max(1, after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]) - READING_LINE * to.view;
}

function showChoice() {
  byId("choice").replaceChildren(
    ...[...columns.keys()].map((tag) => {
      const button = element("button", { textContent: tag, title: languageName(tag) });
      button.setAttribute("aria-pressed", tag === shownTag);
      button.addEventListener("click", () => showLanguage(tag));
      return button;
    }),
  );
  for (const [tag, column] of columns) column.section.classList.toggle("shown", tag === shownTag);
}

/** Shows another language in a narrow window, at the same part of the letter. */
function showLanguage(tag) {
  const from = columns.get(shownTag)?.geometry();
  shownTag = tag;
  showChoice();
  const column = columns.get(tag);
  if (from && from.view > 0) column.follow(from);
  column.section.focus({ preventScroll: true });
}

// ---- Where a text comes from ----

/** The chosen text: by its part of the letter, or by its line. */
let chosen = null;

function showSource(source) {
  const place = `${source.file}:${source.line}`;
  byId("place").textContent = `${place}:${source.column}`;
  byId("written").textContent = source.text;
  const path = /^(\/|[A-Za-z]:)/.test(source.file) ? source.file : `${preview.folder}/${source.file}`;
  const inEditor = encodeURI(`/${path.replaceAll("\\", "/")}`.replace(/^\/+/, "/"));
  byId("editor").href = `vscode://file${inEditor}:${source.line}:${source.column}`;
  byId("copied").textContent = "";
  byId("source").hidden = false;
  // If the browser does not allow copying, the place can still be read.
  navigator.clipboard?.writeText(place).then(() => (byId("copied").textContent = say("copied")), () => {});
}

function closeSource() {
  byId("source").hidden = true;
  chosen = null;
  markChosen();
}

function markChosen() {
  const { group, line } = chosen ?? {};
  for (const spot of document.querySelectorAll(".spot")) {
    const is = spot.dataset.group === group || (line && spot.dataset.line === line);
    spot.classList.toggle("chosen", Boolean(is));
  }
  for (const problem of document.querySelectorAll(".problem")) {
    problem.classList.toggle("chosen", Boolean(line) && problem.dataset.line === line);
  }
}

// ---- Problems ----

const severities = { error: say("error"), warning: say("warning") };

function problemButton(problem) {
  const line = `${problem.file}:${problem.line}`;
  const part = (className, ...children) => element("span", { className }, ...children);
  const button = element(
    "button",
    { className: `problem ${problem.severity}` },
    part("what", part("severity", severities[problem.severity]), `: ${problem.message}`),
    part("where", `${line}:${problem.column}${problem.lang ? ` · ${problem.lang}` : ""} · ${problem.code}`),
    part("excerpt", problem.excerpt),
    ...problem.related.map((one) => part("related", `${one.file}:${one.line}:${one.column} · ${one.message}`)),
    ...problem.hints.map((hint) => part("hint", say("hint: {hint}", { hint }))),
  );
  button.dataset.line = line;
  button.addEventListener("click", () => {
    chosen = { group: null, line };
    showSource({ ...problem, text: problem.excerpt });
    markChosen();
    const spot = [...document.querySelectorAll(".spot.chosen")].find((spot) => spot.offsetParent);
    spot?.scrollIntoView({ block: "center" });
  });
  return button;
}

function showProblems() {
  const panel = byId("problems");
  const list = panel.querySelector("ol");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.line : null;
  panel.hidden = preview.problems.length === 0;
  panel.querySelector("h2").textContent = say("Problems");
  const order = [...preview.problems].sort((a, b) => (a.severity > b.severity) - (a.severity < b.severity));
  list.replaceChildren(...order.map((problem) => element("li", {}, problemButton(problem))));
  if (focused) [...list.querySelectorAll(".problem")].find((one) => one.dataset.line === focused)?.focus();
  markChosen();
}

/** Marks the texts that are on a line with a problem. */
function markProblems() {
  const lines = (severity) =>
    new Set(preview.problems.filter((one) => one.severity === severity).map((one) => `${one.file}:${one.line}`));
  const [errors, warnings] = [lines("error"), lines("warning")];
  for (const spot of document.querySelectorAll(".spot")) {
    spot.classList.toggle("has-error", errors.has(spot.dataset.line));
    spot.classList.toggle("has-warning", warnings.has(spot.dataset.line) && !errors.has(spot.dataset.line));
  }
}

// ---- Pointer and keys ----

main.addEventListener("pointerover", (event) => {
  const group = event.target.closest(".spot")?.dataset.group;
  for (const spot of document.querySelectorAll(".spot.same")) spot.classList.remove("same");
  if (!group) return;
  for (const spot of document.querySelectorAll(".spot")) {
    if (spot.dataset.group === group) spot.classList.add("same");
  }
});

/** Among the texts of a language, the tab key reaches the one that had the focus last. */
function rove(column, button) {
  for (const text of column.texts()) text.tabIndex = text === button ? 0 : -1;
}

/** Moves the focus among elements, starting at the focused one, or at the first in sight. */
function move(all, step) {
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement);
  const start = step > 0 ? 0 : all.length - 1;
  all[at < 0 ? start : (at + step + all.length) % all.length].focus();
}

function currentColumn() {
  const inside = [...columns.values()].find((column) => column.section.contains(document.activeElement));
  return inside ?? columns.get(shownTag);
}

function nextLanguage() {
  const tags = [...columns.keys()];
  if (tags.length === 0) return;
  const current = currentColumn();
  const tag = tags[(tags.indexOf(current.tag) + 1) % tags.length];
  const group = document.activeElement?.dataset?.group;
  showLanguageOrFocus(tag, group);
}

function showLanguageOrFocus(tag, group) {
  const column = columns.get(tag);
  if (byId("choice").offsetParent) showLanguage(tag);
  else shownTag = tag;
  const same = column.texts().find((text) => text.dataset.group === group);
  (same ?? column.section).focus({ preventScroll: !same });
}

function setZoom(value) {
  zoom = Math.min(4, Math.max(0.4, value));
  const from = new Map([...columns].map(([tag, column]) => [tag, column.geometry()]));
  document.documentElement.style.setProperty("--zoom", zoom);
  for (const [tag, column] of columns) column.follow(from.get(tag));
}

function setTogether(value) {
  scrollsTogether = value;
  byId("together").setAttribute("aria-pressed", value);
  if (value) currentColumn()?.scrolled();
}

const KEYS = {
  j: () => move(currentColumn()?.texts() ?? [], 1),
  k: () => move(currentColumn()?.texts() ?? [], -1),
  n: () => move([...byId("problems").querySelectorAll(".problem")], 1),
  p: () => move([...byId("problems").querySelectorAll(".problem")], -1),
  l: nextLanguage,
  t: () => setTogether(!scrollsTogether),
  "+": () => setZoom(zoom * 1.15),
  "=": () => setZoom(zoom * 1.15),
  "-": () => setZoom(zoom / 1.15),
  0: () => setZoom(1),
  "?": () => byId("help").showModal(),
  Escape: closeSource,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const act = KEYS[event.key];
  if (!act) return;
  act();
  event.preventDefault();
});

byId("together").addEventListener("click", () => setTogether(!scrollsTogether));
byId("smaller").addEventListener("click", () => setZoom(zoom / 1.15));
byId("larger").addEventListener("click", () => setZoom(zoom * 1.15));
byId("show-help").addEventListener("click", () => byId("help").showModal());
byId("close").addEventListener("click", closeSource);

// ---- Words ----

const KEY_HELP = [
  ["j k", say("next and previous text")],
  ["Enter", say("show where it is written and copy the location")],
  ["n p", say("next and previous problem")],
  ["l", say("next language")],
  ["t", say("scroll the languages together or separately")],
  ["+ − 0", say("larger, smaller, as wide as the window")],
  ["Esc", say("close the open panel")],
];

byId("status").textContent = say("Waiting for the letter…");
byId("choice").setAttribute("aria-label", say("Language"));
byId("tools").setAttribute("aria-label", say("View"));
byId("together").textContent = say("Scroll together");
for (const [id, word] of [
  ["smaller", say("Smaller")],
  ["larger", say("Larger")],
  ["show-help", say("Keys")],
  ["close", say("Close")],
]) {
  byId(id).setAttribute("aria-label", word);
  byId(id).title = word;
}
byId("editor").textContent = say("open in VS Code");
byId("help").querySelector("h2").textContent = say("Keys");
byId("help").querySelector("form button").textContent = say("Close");
byId("help")
  .querySelector("dl")
  .append(
    ...KEY_HELP.flatMap(([keys, what]) => [
      element("dt", {}, ...keys.split(" ").flatMap((key) => [element("kbd", { textContent: key }), " "])),
      element("dd", { textContent: what }),
    ]),
  );
