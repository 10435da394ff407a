// The page of the live preview: shows what the program sends, where its texts are written, and what is wrong.

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

/** Makes an element with properties and children. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Makes a button that does something. */
function button(properties, act, ...children) {
  const made = element("button", { type: "button", ...properties }, ...children);
  made.addEventListener("click", act);
  return made;
}

/** The parts of a message, with what it quotes as an element. */
const quoting = (message) =>
  message.split(/`([^`\n]+)`/).map((part, index) => (index % 2 ? element("code", { textContent: part }) : part));

const main = byId("languages");
const note = byId("note");

/** The last state that the program sent. */
let preview = null;
/** The column of each language, by its tag. */
const columns = new Map();
let scrollsTogether = true;
let zoom = 1;

// ---- What the program sends ----

/** What the program sent last. */
let latest = null;
/** The first page, which is on the screen before anything else is done. */
let firstPage = null;
let isPainted = false;

/** Shows what the program sent. */
async function receive(sent) {
  if (sent === latest) return;
  latest = sent;
  await firstPage;
  // Another may have come in the meantime.
  if (latest !== sent) return;
  preview = JSON.parse(sent);
  show();
  if (columns.size === 0) return;
  firstPage ??= painted().then(() => {
    isPainted = true;
    arrange();
  });
}

async function painted() {
  const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const drawn = main.querySelector(".page img")?.decode();
  // A window that is not seen draws nothing.
  await Promise.race([drawn?.then(() => after(0), () => {}), after(500)]);
}

const events = new EventSource("/events");
events.onmessage = (event) => receive(event.data);
events.onopen = () => {
  byId("status").classList.remove("lost");
  if (preview) showStatus();
};
events.onerror = () => {
  byId("status").classList.add("lost");
  byId("status").replaceChildren(...quoting(say("The program has ended. Start `undersigned watch` again.")));
};

function show() {
  document.title = `${preview.name} – undersigned`;
  byId("name").textContent = byId("name").title = preview.name;
  showStatus();
  const tags = preview.languages.map((language) => language.tag);
  for (const tag of columns.keys()) {
    if (!tags.includes(tag)) columns.delete(tag);
  }
  for (const language of preview.languages) {
    if (!columns.has(language.tag)) columns.set(language.tag, new Column(language.tag));
    columns.get(language.tag).language = language;
  }
  chosenTags = chosenTags.filter((tag) => tags.includes(tag));
  // The original and its first translation.
  if (chosenTags.length === 0) chosenTags = tags.slice(0, 2).reverse();
  showProblems();
  arrange();
}

function showStatus() {
  byId("status").textContent = preview.pending ? say("Typesetting…") : summary();
}

function summary() {
  const number = (severity) => preview.problems.filter((one) => one.severity === severity).length;
  const errors = count(number("error"), { none: "no errors", one: "1 error", other: "{count} errors" });
  const warnings = count(number("warning"), { none: "no warnings", one: "1 warning", other: "{count} warnings" });
  return `${errors}, ${warnings}`;
}

// ---- Languages ----

/** The least width of a column in which a page can be read, in pixels. */
const LEAST_WIDTH = 440;

/** The languages that somebody wants to see, the latest last. */
let chosenTags = [];

/** The languages that are seen: as many as there is room for, in the order of the letter. */
function shownTags() {
  const room = Math.max(1, Math.floor(main.clientWidth / LEAST_WIDTH));
  const latest = chosenTags.slice(-room);
  return [...columns.keys()].filter((tag) => latest.includes(tag));
}

const shownColumns = () => shownTags().map((tag) => columns.get(tag));

/** The languages of a tag, such as "es-MX" or, for an edition, "en+es-MX". */
const languagesOf = (tag) => tag.split("+");

const names = new Intl.DisplayNames([uiLanguage], { type: "language" });

/** The name of a language, with its region only if the letter has another of the same. */
function languageName(tag) {
  const base = (language) => language.split("-")[0];
  const all = new Set([...columns.keys()].flatMap(languagesOf));
  const isAlone = (language) => [...all].every((other) => other === language || base(other) !== base(language));
  const name = languagesOf(tag)
    .map((language) => names.of(isAlone(language) ? base(language) : language))
    .join(" + ");
  return name.charAt(0).toLocaleUpperCase(uiLanguage) + name.slice(1);
}

/** Puts the columns that are seen beside one another. */
function arrange() {
  const shown = shownColumns();
  const sections = shown.map((column) => column.section);
  // Moving a section would lose how far it is scrolled.
  [...main.children].filter((child) => !sections.includes(child)).forEach((child) => child.remove());
  sections.forEach((section, index) => {
    if (main.children[index] !== section) main.insertBefore(section, main.children[index] ?? null);
  });
  if (shown.length === 0) {
    main.append(element("p", { className: "no-pages", textContent: say("There are no pages yet.") }));
  }
  shown.forEach((column) => column.show());
  showChoice();
  byId("together").hidden = shown.length < 2;
  showNote();
}

function showChoice() {
  const shown = shownTags();
  byId("choice").hidden = columns.size < 2;
  const focused = document.activeElement?.dataset?.choice;
  byId("choice").replaceChildren(
    ...[...columns.keys()].map((tag) => {
      const choice = button({ textContent: languageName(tag), title: tag }, () => choose(tag));
      choice.dataset.choice = tag;
      choice.setAttribute("aria-pressed", shown.includes(tag));
      if (errorsOf(tag).length > 0) {
        choice.classList.add("faulty");
        choice.setAttribute("aria-label", say("{language}: has errors", { language: languageName(tag) }));
      }
      return choice;
    }),
  );
  if (focused) byId("choice").querySelector(`[data-choice="${focused}"]`)?.focus();
}

/** Shows a language that is not seen, or hides one of several. */
function choose(tag) {
  const shown = shownTags();
  if (!shown.includes(tag)) showLanguage(tag);
  else if (shown.length > 1) {
    chosenTags = shown.filter((other) => other !== tag);
    arrange();
  }
}

/** Shows a language, at the part of the letter that is being read. */
function showLanguage(tag) {
  if (shownTags().includes(tag)) return;
  const from = currentColumn()?.geometry();
  // The one before stays beside it, if there is room.
  chosenTags = [...chosenTags.filter((other) => other !== tag), tag];
  arrange();
  if (from?.view > 0) columns.get(tag).follow(from);
}

/** The errors of a language. An error in a language is also an error in its edition. */
function errorsOf(tag) {
  const own = languagesOf(tag);
  const concerns = (one) =>
    one.severity === "error" && (one.lang === null || languagesOf(one.lang).every((lang) => own.includes(lang)));
  return preview.problems.filter(concerns);
}

/** The pages of a language, or of an edition in several, one below the other. */
class Column {
  constructor(tag) {
    this.tag = tag;
    this.title = element("h2");
    this.files = element("span");
    this.head = element("div", { className: "head" }, this.title, this.files);
    this.section = element("section", { className: "language", tabIndex: -1 }, this.head);
    this.section.dataset.tag = tag;
    /** What the program sent of this language, and what of it is on the page. */
    this.language = null;
    this.shown = null;
    this.pages = [];
    /** The position that this script scrolled to, to ignore the event that follows. */
    this.scrolledTo = null;
    this.section.addEventListener("scroll", () => this.scrolled());
  }

  show() {
    const { language, shown } = this;
    const pages = language.pages.length;
    const name = languageName(this.tag);
    const number = pages > 0 ? ` · ${count(pages, { one: "1 page", other: "{count} pages" })}` : "";
    this.title.replaceChildren(`${name} `, element("span", { className: "pages", textContent: this.tag + number }));
    this.section.setAttribute("aria-label", name);
    this.section.classList.toggle("stale", !language.current);
    this.showFiles();
    this.showLastGood();
    while (this.pages.length > pages) this.pages.pop().remove();
    language.pages.forEach((page, index) => this.showPage(page, index));
    // What lies on the pages can wait.
    if (!isPainted) return;
    const texts = (one) => JSON.stringify([one?.spots, one?.sources]);
    if (texts(language) !== texts(shown)) this.showSpots();
    this.shown = language;
    this.mark();
  }

  /** The PDF and its draft, which are made when they are downloaded. */
  showFiles() {
    const link = (kind, suffix, textContent, label) => {
      const link = element("a", { className: `file ${kind}`, textContent });
      link.download = `${preview.name}.${this.tag}${suffix}.pdf`;
      const isReady = this.language.current && this.language.pages.length > 0 && errorsOf(this.tag).length === 0;
      if (isReady) link.href = `/${kind}/${this.tag}.pdf`;
      else link.setAttribute("aria-disabled", "true");
      link.title = isReady ? label : say("Correct the errors first.");
      return link;
    };
    const draft = link("draft", ".draft", say("Draft"), say("Download the PDF as a draft, with its mark"));
    const files = preview.draft ? [draft] : [link("pdf", "", "PDF", say("Download the PDF")), draft];
    this.files.replaceChildren(...files.flatMap((file) => [file, " "]));
  }

  showLastGood() {
    this.section.querySelector(".last-good")?.remove();
    if (this.language.current) return;
    const list = element("ol", {}, ...errorsOf(this.tag).map((error) => element("li", {}, problemButton(error, true))));
    const why = this.language.faulty
      ? say("These pages have an error.")
      : say("These are the last pages without an error.");
    this.head.after(element("div", { className: "last-good", role: "alert" }, why, list));
  }

  showPage(page, index) {
    let sheet = this.pages[index];
    if (!sheet) {
      const layer = (className) => element("div", { className });
      // Only what is seen is drawn, and the first page before the others.
      const image = element("img", { loading: index > 0 ? "lazy" : "eager" });
      sheet = element("div", { className: "page" }, image, layer("spots"), layer("marks"));
      this.pages.push(sheet);
      this.section.append(sheet);
    }
    sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    const label = say("Page {page} of {pages}", { page: index + 1, pages: this.language.pages.length });
    const image = sheet.firstChild;
    image.alt = label;
    const isDrawn = isPainted || (index === 0 && this === shownColumns()[0]);
    if (sheet.dataset.drawing === page.drawing || !isDrawn) return;
    sheet.dataset.drawing = page.drawing;
    const src = `/pages/${page.drawing}.svg`;
    if (!image.src || !isInSight(sheet)) {
      image.src = src;
      return;
    }
    // The old drawing stays until the new one can be shown, so that nothing flickers.
    const drawing = element("img", { alt: label, src });
    const put = () => {
      if (sheet.dataset.drawing === page.drawing) sheet.firstChild.replaceWith(drawing);
    };
    drawing.decode().then(put, put);
  }

  showSpots() {
    const focused = document.activeElement?.dataset?.text;
    const hadFocus = this.section.contains(document.activeElement);
    const layers = this.pages.map((page) => page.querySelector(".spots"));
    const spots = layers.map(() => []);
    const seen = new Set();
    for (const spot of this.language.spots) {
      const source = this.language.sources[spot.source];
      const made = button({ className: "spot", tabIndex: -1 }, () => select({ source, spot: made }, true));
      const group = spot.part ?? `source/${spot.source}`;
      // Without a pointer, one of the rectangles of a text represents all of them. An edition has a text in
      // each language.
      const text = `${group} ${spot.lang ?? ""}`;
      made.dataset.text = text;
      if (seen.has(text)) {
        made.setAttribute("aria-hidden", "true");
      } else {
        seen.add(text);
        made.dataset.first = "";
        made.setAttribute("aria-label", `${source.text} – ${source.file}:${source.line}`);
      }
      made.title = `${source.file}:${source.line}`;
      made.dataset.group = group;
      made.dataset.line = `${source.file}:${source.line}`;
      this.place(made, spot);
      made.addEventListener("focus", () => rove(this, made));
      spots[spot.page]?.push(made);
    }
    layers.forEach((layer, page) => layer.replaceChildren(...spots[page]));
    const texts = this.texts();
    (texts.find((text) => text.dataset.text === focused) ?? texts[0])?.setAttribute("tabindex", "0");
    if (hadFocus && focused) texts.find((text) => text.dataset.text === focused)?.focus({ preventScroll: true });
  }

  /** Puts an element where a rectangle is on its page. */
  place(made, { page, x, y, width, height }) {
    const whole = this.language.pages[page];
    const percent = (part, of) => `${(100 * part) / of}%`;
    made.style.left = percent(x, whole.width);
    made.style.top = percent(y, whole.height);
    made.style.width = percent(width, whole.width);
    made.style.height = percent(height, whole.height);
    return made;
  }

  /** Marks the words of problems, what is not translated, and what is chosen. */
  mark() {
    const marks = this.pages.map(() => []);
    const put = (mark, made) => marks[mark.page]?.push(this.place(made, mark));
    const own = (all) => wholeBlocks(all.filter((mark) => mark.tag === this.tag));
    for (const problem of preview.problems) {
      own(problem.marks).forEach((mark, index) => {
        const properties = { className: `mark ${problem.severity}`, tabIndex: -1, title: problem.message };
        const made = button(properties, () => select({ problem, mark }, true));
        if (index === 0) made.setAttribute("aria-label", `${severities[problem.severity]}: ${problem.message}`);
        else made.setAttribute("aria-hidden", "true");
        made.classList.toggle("whole", Boolean(mark.whole));
        made.classList.toggle("selected", problem === selected?.problem);
        put(mark, made);
      });
    }
    for (const mark of own(selected?.problem?.related_marks.flat() ?? [])) {
      put(mark, element("div", { className: mark.whole ? "mark related whole" : "mark related" }));
    }
    for (const { langs, marks } of preview.untranslated) {
      const text = say("not in {languages}", { languages: langs.join(", ") });
      for (const mark of own(marks)) put(mark, element("div", { className: "block" }, element("span", { textContent: text })));
    }
    this.pages.forEach((page, index) => page.querySelector(".marks").replaceChildren(...marks[index]));
    // Pages from before show words that may be gone: only the texts are known, by their lines.
    const lines = new Set(this.language.current ? [] : errorsOf(this.tag).map((one) => `${one.file}:${one.line}`));
    for (const spot of this.section.querySelectorAll(".spot")) {
      spot.classList.toggle("on-line", lines.has(spot.dataset.line));
      spot.classList.toggle("chosen", spot.dataset.group === selected?.spot?.dataset.group);
    }
  }

  /** The texts in the order of the pages, one button for each. */
  texts() {
    return [...this.section.querySelectorAll(".spot[data-first]")];
  }

  /**
   * How far down the parts of the letter are, in pixels. If the languages of an edition follow one another,
   * each is a separate letter, with a beginning and an end.
   */
  geometry() {
    const [top, view, height] = [this.section.scrollTop, this.section.clientHeight, this.section.scrollHeight];
    const letters = [];
    for (const mark of this.language.marks) {
      const sheet = this.pages[mark.page];
      if (!sheet) continue;
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
    for (const column of shownColumns()) {
      if (column !== this) column.follow(from);
    }
  }

  /** Scrolls to the part that another language is at. */
  follow(from) {
    const to = this.geometry();
    this.scrollTo(corresponding(from, to));
  }

  /** Scrolls so that an element on a page is where one reads. */
  bring(made) {
    const below = made.getBoundingClientRect().top - this.section.getBoundingClientRect().top;
    this.section.scrollTop += below - READING_LINE * this.section.clientHeight;
  }
}

/** The marks of a problem. Many lines that follow one another are marked as a whole, which is quieter. */
function wholeBlocks(marks) {
  const MOST_LINES = 3;
  const isNextLine = (one, next) =>
    next.page === one.page
      ? next.y > one.y && next.y < one.y + 2.5 * one.height && next.x < one.x + one.width && one.x < next.x + next.width
      : next.page === one.page + 1;
  const blocks = [];
  for (const mark of marks) {
    const last = blocks.at(-1);
    if (last && isNextLine(last.at(-1), mark)) last.push(mark);
    else blocks.push([mark]);
  }
  const whole = (lines) => {
    const [x, y] = ["x", "y"].map((edge) => Math.min(...lines.map((line) => line[edge])));
    const width = Math.max(...lines.map((line) => line.x + line.width)) - x;
    const height = Math.max(...lines.map((line) => line.y + line.height)) - y;
    return { ...lines[0], x, y, width, height, whole: true };
  };
  return blocks.flatMap((lines) => (lines.length <= MOST_LINES ? lines : grouped(lines, (line) => line.page).map(whole)));
}

/** Whether a page is seen, or nearly. */
function isInSight(sheet) {
  const { top, bottom } = sheet.getBoundingClientRect();
  return sheet.isConnected && bottom > -innerHeight && top < 2 * innerHeight;
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

// ---- The list of problems ----

const severities = { error: say("error"), warning: say("warning") };

/** The problems in the order of the list. */
let listed = [];
/** The kinds of problems that somebody folded or unfolded. */
const unfolded = new Map();

/** Puts things together that have the same key, in the order of the first of each. */
function grouped(all, key) {
  const groups = new Map();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}

function showProblems() {
  const panel = byId("problems");
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const errorsFirst = [...preview.problems].sort((a, b) => (a.severity > b.severity) - (a.severity < b.severity));
  const kinds = grouped(errorsFirst, (one) => `${one.severity} ${one.code}`);
  listed = kinds.flatMap((kind) => grouped(kind, (one) => one.message).flat());
  commonFolder = folderOfAll(listed.map((one) => one.file));
  panel.setAttribute("aria-label", say("Problems"));
  panel.replaceChildren(...kinds.map(kindOfProblems));
  panel.hidden = !isUnfolded || listed.length === 0;
  const fold = byId("fold");
  fold.hidden = listed.length === 0;
  fold.textContent = `${say("Problems")} ${listed.length}`;
  fold.setAttribute("aria-expanded", isUnfolded);
  fold.classList.toggle("faulty", listed.some((one) => one.severity === "error"));
  if (focused) [...panel.querySelectorAll(".problem")].find((one) => one.dataset.key === focused)?.focus();
  // The same problem may be elsewhere now.
  if (selected?.problem) {
    const same = (one) => [one.code, one.message, one.file, one.lang].join() === [selected.problem.code, selected.problem.message, selected.problem.file, selected.problem.lang].join();
    const there = listed.filter(same);
    const nearest = there.sort((a, b) => Math.abs(a.line - selected.problem.line) - Math.abs(b.line - selected.problem.line))[0];
    selected = nearest ? { problem: nearest } : null;
  }
}

/** The folder that all files with problems are in, which most letters have in common. */
let commonFolder = "";

function folderOfAll(files) {
  const [first = [], ...others] = files.map((file) => file.split("/").slice(0, -1));
  const inCommon = (other) => first.findIndex((folder, index) => folder !== other[index]);
  const least = Math.min(...others.map(inCommon).filter((count) => count >= 0), first.length);
  return first.slice(0, least).map((folder) => `${folder}/`).join("");
}

const shortName = (file) => (file.startsWith(commonFolder) ? file.slice(commonFolder.length) : file);

/** The problems of a kind, which can be folded. Equal messages are one with several places. */
function kindOfProblems(kind) {
  const [{ code, severity, meaning }] = kind;
  const number = element("span", { className: "number-of", textContent: kind.length });
  const icon = element("span", { className: "icon", textContent: severity === "error" ? "✕" : "!" });
  icon.setAttribute("aria-hidden", "true");
  const title = element("summary", { title: code }, icon, element("span", { className: "meaning" }, ...quoting(meaning)), number);
  number.setAttribute("aria-label", count(kind.length, severity === "error" ? { one: "1 error", other: "{count} errors" } : { one: "1 warning", other: "{count} warnings" }));
  const entries = grouped(kind, (one) => one.message).map((equal) => {
    if (equal.length === 1) return element("li", {}, problemButton(equal[0], true));
    const lines = new Set(equal.map((one) => `${one.file}:${one.line}`));
    const places = equal.map((one) => element("li", {}, problemButton(one, false, lines.size < equal.length)));
    return element("li", {}, element("p", { className: "equal" }, ...quoting(equal[0].message)), element("ol", { className: "places" }, ...places));
  });
  const group = element("details", { className: `group ${severity}` }, title, element("ol", {}, ...entries));
  // Errors have to be corrected; of many warnings, an overview comes first.
  group.open = unfolded.get(code) ?? (severity === "error" || preview.problems.length <= 10);
  title.addEventListener("click", () => unfolded.set(code, !group.open));
  return group;
}

/**
 * A problem in a list, with its message or, below a message that several have, only with its place: with its
 * column, if two are on a line.
 */
function problemButton(problem, withMessage, withColumn = false) {
  const where = `${problem.file}:${problem.line}`;
  const made = button({ className: `problem ${problem.severity}` }, () => {
    select({ problem }, true);
    if (narrow.matches) setUnfolded(false);
  });
  if (withMessage) made.append(...quoting(problem.message));
  else made.setAttribute("aria-label", `${problem.message} – ${where}`);
  const short = `${shortName(problem.file)}:${problem.line}${withColumn ? `:${problem.column}` : ""}`;
  made.append(element("span", { className: "where", textContent: short }));
  made.title = where;
  made.dataset.line = where;
  made.dataset.key = `${problem.code} ${problem.message} ${where}:${problem.column}`;
  if (problem === selected?.problem) made.setAttribute("aria-current", "true");
  return made;
}

/** In a narrow window, the list covers the pages. */
const narrow = matchMedia("(max-width: 48rem)");
let isUnfolded = !narrow.matches;
narrow.addEventListener("change", () => preview && setUnfolded(!narrow.matches));

function setUnfolded(value) {
  isUnfolded = value;
  showProblems();
  arrange();
  if (value && narrow.matches) byId("problems").focus();
}

/** Goes to the next or the previous problem: shows it, and moves the pages there. */
function step(by) {
  if (listed.length === 0) return;
  const at = listed.indexOf(selected?.problem);
  const start = by > 0 ? 0 : listed.length - 1;
  select({ problem: listed[at < 0 ? start : (at + by + listed.length) % listed.length] }, false);
}

// ---- What is chosen: a problem, or a text and where it is written ----

/** The problem, and the mark that was pressed; or the text, and where it is on a page. */
let selected = null;

/** Shows a problem or the source of a text beside the words. A press copies where it is written. */
function select(what, copies) {
  selected = what;
  const { problem, mark } = what;
  if (problem) {
    const there = mark ?? problem.marks.find((one) => shownTags().includes(one.tag)) ?? problem.marks[0];
    if (there) showLanguage(there.tag);
    unfolded.set(problem.code, true);
    showProblems();
    byId("problems").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  shownColumns().forEach((column) => column.mark());
  showNote();
  const anchor = problem && anchorOf(what);
  if (anchor && !mark) columnOf(anchor).bring(anchor);
  const source = problem ?? what.source;
  const place = `${source.file}:${source.line}`;
  const number = problem ? ` – ${say("{number} of {all}", { number: listed.indexOf(problem) + 1, all: listed.length })}` : "";
  byId("said").textContent = `${problem ? `${severities[problem.severity]}: ${problem.message}` : source.text} – ${place}${number}`;
  // If the browser does not allow copying, the place can still be read.
  if (copies) navigator.clipboard?.writeText(place).then(() => (byId("copied").textContent = say("copied")), () => {});
}

function closeNote() {
  const hadFocus = note.contains(document.activeElement);
  const anchor = selected && anchorOf(selected);
  selected = null;
  for (const one of document.querySelectorAll(".problem[aria-current]")) one.removeAttribute("aria-current");
  shownColumns().forEach((column) => column.mark());
  showNote();
  if (hadFocus) (anchor?.isConnected ? anchor : currentColumn()?.section)?.focus({ preventScroll: true });
}

const columnOf = (made) => columns.get(made.closest(".language").dataset.tag);

/** What on the pages belongs to the selection: a mark, or a text. */
function anchorOf({ problem, mark, spot }) {
  if (!problem) {
    // After an edit, the text may have a new button.
    const same = [...main.querySelectorAll(".spot")].filter((one) => one.dataset.group === spot.dataset.group);
    return same.includes(spot) ? spot : same[0];
  }
  const marks = [...main.querySelectorAll(".mark.selected")];
  const pressed = mark && marks.find((one) => one.closest(".language").dataset.tag === mark.tag);
  return pressed ?? marks[0] ?? [...main.querySelectorAll(".stale .spot")].find((one) => one.dataset.line === `${problem.file}:${problem.line}`);
}

/** Shows the note of the selection below its words, or at the lower edge if they are on no page. */
function showNote() {
  note.hidden = !selected;
  if (!selected) return;
  const { problem } = selected;
  const source = problem ?? selected.source;
  note.className = problem?.severity ?? "text";
  note.setAttribute("aria-label", problem ? severities[problem.severity] : say("Source"));
  const close = iconButton("×", say("Close"), closeNote, "Escape");
  close.id = "close";
  if (problem) note.replaceChildren(noteHead(problem, close), element("p", { className: "message" }, ...quoting(problem.message)), excerpt(source));
  else note.replaceChildren(excerpt(source, close));
  if (problem) {
    const related = problem.related.map((one) => {
      const place = `${shortName(one.file)}:${one.line}`;
      const go = () => {
        const mark = problem.related_marks[problem.related.indexOf(one)][0];
        if (!mark) return;
        showLanguage(mark.tag);
        columns.get(mark.tag).bring(columns.get(mark.tag).section.querySelector(".mark.related"));
      };
      return element("li", {}, button({}, go, ...quoting(one.message), ` – ${place}`));
    });
    if (related.length > 0) note.append(element("ol", { className: "related-places" }, ...related));
    note.append(...problem.hints.map((hint) => element("p", { className: "hint" }, ...quoting(say("hint: {hint}", { hint })))));
    note.append(element("p", { className: "code", textContent: problem.lang ? `${problem.code} · ${problem.lang}` : problem.code }));
  }
  const anchor = anchorOf(selected);
  const page = anchor?.closest(".page");
  const fits = page && page.clientWidth >= 400;
  note.classList.toggle("docked", !fits);
  const home = fits ? page : document.body;
  if (note.parentElement !== home) home.append(note);
  note.removeAttribute("style");
  if (fits) {
    const width = Math.min(page.clientWidth - 16, 560);
    const left = Math.min(Math.max(anchor.offsetLeft - 14, 8), page.clientWidth - width - 8);
    note.style.width = `${width}px`;
    note.style.left = `${left}px`;
    const all = problem ? [anchor, ...page.querySelectorAll(".mark.selected")] : [anchor];
    note.style.top = `${Math.max(...all.map((one) => one.offsetTop + one.offsetHeight)) + 8}px`;
  }
  const marked = note.querySelector("pre mark");
  if (marked) note.querySelector("pre").scrollLeft = marked.offsetLeft - 60;
}

function iconButton(textContent, label, act, key) {
  const made = button({ textContent, title: label }, act);
  made.setAttribute("aria-label", label);
  made.setAttribute("aria-keyshortcuts", key);
  return made;
}

function noteHead(problem, close) {
  const of = say("{number} of {all}", { number: listed.indexOf(problem) + 1, all: listed.length });
  return element(
    "div",
    { className: "note-head" },
    element("span", { className: "severity", textContent: severities[problem.severity] }),
    element("span", { className: "of", textContent: of }),
    iconButton("‹", say("Previous problem"), () => step(-1), "p"),
    iconButton("›", say("Next problem"), () => step(1), "n"),
    close,
  );
}

/** Where something is written: the lines, with carets below what a problem is about. */
function excerpt(source, ...more) {
  const path = /^(\/|[A-Za-z]:)/.test(source.file) ? source.file : `${preview.folder}/${source.file}`;
  const inEditor = encodeURI(`/${path.replaceAll("\\", "/")}`.replace(/^\/+/, "/"));
  const editor = element("a", { id: "editor", textContent: say("open in VS Code") });
  editor.href = `vscode://file${inEditor}:${source.line}:${source.column}`;
  const place = element("code", { id: "place", textContent: `${source.file}:${source.line}:${source.column}` });
  const caption = element("figcaption", {}, place, element("span", { id: "copied" }), editor, ...more);
  const line = ({ line, before, marked, after }) => {
    const mark = element("mark", { textContent: marked });
    // Letters of some scripts are twice as wide; what is too long is cut.
    mark.dataset.carets = "^".repeat(Math.max(1, 2 * marked.length));
    return element("span", { className: "source-line" }, element("span", { className: "number", textContent: line }), element("span", {}, before, mark, after));
  };
  const text = source.excerpt
    ? element("pre", { id: "written", tabIndex: 0 }, ...source.excerpt.map(line))
    : element("pre", { id: "written", className: "source", textContent: source.text });
  return element("figure", { className: "excerpt" }, caption, text);
}

// ---- Pointer and keys ----

main.addEventListener("pointerover", (event) => {
  const group = event.target.closest(".spot")?.dataset.group;
  for (const spot of document.querySelectorAll(".spot.same")) spot.classList.remove("same");
  if (!group) return;
  for (const spot of main.querySelectorAll(".spot")) {
    if (spot.dataset.group === group) spot.classList.add("same");
  }
});

/** Among the texts of a language, the tab key reaches the one that had the focus last. */
function rove(column, made) {
  for (const text of column.texts()) text.tabIndex = text === made ? 0 : -1;
}

/** Moves the focus among the texts, starting at the focused one, or at the first. */
function move(by) {
  const all = currentColumn()?.texts() ?? [];
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement);
  const start = by > 0 ? 0 : all.length - 1;
  all[at < 0 ? start : (at + by + all.length) % all.length].focus();
}

/** The language that has the focus, or else the first that is seen. */
function currentColumn() {
  const shown = shownColumns();
  return shown.find((column) => column.section.contains(document.activeElement)) ?? shown[0];
}

/** Goes to the next language, at the same text. */
function nextLanguage() {
  const tags = [...columns.keys()];
  if (tags.length === 0) return;
  const tag = tags[(tags.indexOf(currentColumn().tag) + 1) % tags.length];
  const group = document.activeElement?.dataset?.group;
  showLanguage(tag);
  const column = columns.get(tag);
  const same = column.texts().find((text) => text.dataset.group === group);
  (same ?? column.section).focus({ preventScroll: !same });
}

function setZoom(value) {
  zoom = Math.min(4, Math.max(0.4, value));
  const shown = shownColumns();
  const from = shown.map((column) => column.geometry());
  document.documentElement.style.setProperty("--zoom", zoom);
  byId("fit").textContent = `${Math.round(100 * zoom)}%`;
  shown.forEach((column, index) => column.follow(from[index]));
  showNote();
}

function setTogether(value) {
  scrollsTogether = value;
  byId("together").setAttribute("aria-pressed", value);
  if (value) currentColumn()?.scrolled();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  n: () => step(1),
  p: () => step(-1),
  f: () => setUnfolded(!isUnfolded),
  l: nextLanguage,
  t: () => setTogether(!scrollsTogether),
  "+": () => setZoom(zoom * 1.15),
  "=": () => setZoom(zoom * 1.15),
  "-": () => setZoom(zoom / 1.15),
  0: () => setZoom(1),
  "?": () => byId("help").showModal(),
  Escape: closeNote,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || !preview) return;
  const tag = /^[1-9]$/.test(event.key) && [...columns.keys()][event.key - 1];
  const act = tag ? () => choose(tag) : KEYS[event.key];
  if (!act) return;
  act();
  event.preventDefault();
});

byId("together").addEventListener("click", () => setTogether(!scrollsTogether));
byId("smaller").addEventListener("click", () => setZoom(zoom / 1.15));
byId("larger").addEventListener("click", () => setZoom(zoom * 1.15));
byId("fit").addEventListener("click", () => setZoom(1));
byId("fold").addEventListener("click", () => setUnfolded(!isUnfolded));
byId("show-help").addEventListener("click", () => byId("help").showModal());
new ResizeObserver(() => preview && arrange()).observe(main);

// ---- Words ----

const KEY_HELP = [
  ["n p", say("next and previous problem, on its page")],
  ["f", say("fold the list of problems")],
  ["j k", say("next and previous text")],
  ["Enter", say("show where it is written and copy the location")],
  ["l", say("next language")],
  ["1 2 …", say("show or hide a language")],
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
]) {
  byId(id).setAttribute("aria-label", word);
  byId(id).title = word;
}
byId("fit").title = say("As wide as the window");
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

// ---- What is shown already ----

const state = byId("state").textContent;
if (state) receive(state);
