#!/usr/bin/env python3
"""Writes a letter as a Typst document that gives the same pages with the same templates.

    benches/equivalent.py LETTER.toml TAG FOLDER

FOLDER gets main.typ, with the values that `undersigned` would pass, and copies of the templates, so
that `typst compile FOLDER/main.typ` can be compared with `undersigned build`. It supports only the parts of
the letter format that the founding letter uses.
"""

import json
import pathlib
import re
import shutil
import sys
import tomllib

letter_path, tag, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
root = pathlib.Path(__file__).resolve().parent.parent
language, _, region = tag.partition("-")
spec = tomllib.loads(letter_path.read_text("utf-8"))
words = tomllib.loads((root / f"templates/lang/{language}.toml").read_text("utf-8"))["labels"]


def find(value):
    """The value in this language."""
    if isinstance(value, dict):
        return value.get(tag, value.get(language, value.get("text")))
    return value


def escape(text):
    return re.sub(r"([#$@*_<>\\\[\]`~])", r"\\\1", text)


def content(value):
    value = find(value)
    return "none" if value in (None, "") else f"[{escape(value)}]"


def person(entry):
    keys = ("name", "honorific", "office", "organization", "email", "note")
    return "(" + ", ".join(f"{key}: {content(entry.get(key))}" for key in keys) + ", address: ())"


def signatory(entry):
    if isinstance(entry, str):
        entry = {"name": entry}
    keys = ("name", "title", "organization", "note")
    fields = [f"{key}: {content(entry.get(key))}" for key in keys]
    fields.append(f'kind: "{entry.get("kind", "organization")}"')
    fields.append(f'url: none, country: none, signature: none, alt: {json.dumps(find(entry["name"]), ensure_ascii=False)}')
    fields.append(f"members: {array(entry.get('members', []), signatory)}")
    return "(" + ", ".join(fields) + ")"


def array(entries, show):
    return "(" + "".join(show(entry) + ", " for entry in entries) + ")"


body = (letter_path.parent / find(spec["body"])["file"]).read_text("utf-8")
body = re.sub(r"\[([^\]]*)\]\[[^\]]*\]", r"\1", body)
day = spec["date"]
months = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}[language].split()
date = {
    "en": f"{months[day.month - 1]} {day.day}, {day.year}",
    "es": f"{day.day} de {months[day.month - 1]} de {day.year}",
}[language]
signatories = array(spec["signatories"], signatory)
labels = ", ".join(f'{name}: "{label}"' for name, label in words.items())

folder.mkdir(parents=True, exist_ok=True)
for template in ("open-letter.typ", "parts.typ"):
    shutil.copy(root / "templates" / template, folder / template)
(folder / "main.typ").write_text(
    f"""#import "open-letter.typ": letter
#set document(title: {content(spec["title"])}, author: "{find(spec.get("pdf", {}).get("author", ""))}")
#set text(lang: "{language}", region: {f'"{region}"' if region else "none"})
#letter((
  lang: "{language}", region: none, tag: "{tag}", labels: ({labels}),
  title: {content(spec["title"])}, subject: none, reference: none, your-reference: none,
  date: (text: "{date}"), dateline: "{date}", from: none, envelope: none, receipt: false, prevails: none,
  to: {array(spec["to"], person)}, cc: {array(spec["cc"], person)},
  salutation: {content(spec["salutation"])}, closing: {content(spec["closing"])},
  postscript: none, enclosures: (),
  signatories: {signatories},
  groups: ((heading: none, count: {len(spec["signatories"])}, signatories: {signatories}, long-words: ()), ),
  signature-block: (columns: 2, per-row: 2, heading: none, style: "list"),
  page: (
    paper: "us-letter", margin: (top: none, right: none, bottom: none, left: none), bleed: 0pt,
    font: "Libertinus Serif", font-size: 11pt, accent: none, paragraphs: "spaced", background: none,
    fold-marks: false,
  ),
  body: [{escape(body)}],
))
""",
    "utf-8",
)
