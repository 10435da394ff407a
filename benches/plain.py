#!/usr/bin/env python3
"""Writes the text of a letter as a plain Typst document, such as plain-letter.typ, to measure beside.

    benches/plain.py LETTER.toml TAG FILE.typ

It supports only the parts of the letter format that the founding letter uses.
"""

import pathlib
import re
import sys
import tomllib

letter_path, tag, path = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
language, _, region = tag.partition("-")
spec = tomllib.loads(letter_path.read_text("utf-8"))
root = pathlib.Path(__file__).resolve().parent.parent
labels = tomllib.loads((root / f"templates/lang/{language}.toml").read_text("utf-8"))["labels"]


def find(value):
    """The value in this language, as Typst markup."""
    if isinstance(value, dict):
        value = value.get(tag, value.get(language, value.get("text", "")))
    return re.sub(r"([#$@*_<>\\\[\]`~])", r"\\\1", value or "")


def people(label, entries):
    names = (", ".join(filter(None, (find(entry[key]) for key in ("office", "name") if key in entry))) for entry in entries)
    shown = ", ".join(f"[{name}]" for name in names)
    return f"#grid(columns: (auto, 1fr), column-gutter: 8pt, [*{find(label)}*], stack(spacing: 6pt, {shown}))\n"


def signatory(entry):
    if isinstance(entry, str):
        entry = {"name": entry}
    members = ", ".join(find(member if isinstance(member, str) else member["name"]) for member in entry.get("members", []))
    name = find(entry["name"]) + (f" — {members}" if members else "")
    style = "#set par(justify: false, hanging-indent: 1em)"
    return f"#block(breakable: false, below: 0.65em)[{style}\n{name}]\n"


source = spec["body"].get(tag, spec["body"].get(language))["file"]
body = (letter_path.parent / source).read_text("utf-8")
body = find(re.sub(r"\[([^\]]*)\]\[[^\]]*\]", r"\1", body))
day = spec["date"]
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(
    f"""#set document(title: [{find(spec["title"])}], date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))
#set page(paper: "us-letter", margin: 1in, numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 11pt, lang: "{language}", region: {f'"{region}"' if region else "none"})
#set par(justify: true)
#show link: underline
#align(center)[#title()]
{people(labels["to"], spec["to"])}{people(labels["cc"], spec["cc"])}
{day.isoformat()}

{find(spec["salutation"])}

{body}

{find(spec["closing"])}

#columns(2)[
{"".join(signatory(entry) for entry in spec["signatories"])}]
""",
    "utf-8",
)
