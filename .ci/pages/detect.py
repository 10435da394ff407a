"""Finds pages of a letter that a careful secretary would set again.

The letters are those of letters.py, whose marks say what each line is.
"""

import dataclasses
import re

import pymupdf

# The names of the faults. A letter must have none of the first kind; the others are counted.
NEVER = ("closing-alone", "closing-one-line", "closing-nobody", "widow", "orphan", "heading-last", "head-alone", "short-page",
         "overfull", "low", "hyphenated-salutation", "parted-note", "end-alone")
COUNTED = ("underfull", "hyphen-page-end", "three-hyphens", "runt")
HYPHENS = ("-", "\u00ad", "\u2010")


@dataclasses.dataclass
class Line:
    text: str
    left: float
    right: float
    baseline: float
    size: float
    kind: str = ""


@dataclasses.dataclass
class Margins:
    top: float
    bottom: float
    side: float


def page_lines(page: pymupdf.Page) -> list[Line]:
    """The lines of a page from top to bottom. Columns stay apart."""
    lines: list[Line] = []
    for block in page.get_text("dict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]:
        for part in block.get("lines", []):
            text = "".join(span["text"] for span in part["spans"]).strip()
            if text:
                lines.append(Line(text, part["bbox"][0], part["bbox"][2], part["spans"][0]["origin"][1], part["spans"][0]["size"]))
    lines.sort(key=lambda line: (round(line.baseline), line.left))
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and abs(last.baseline - line.baseline) < 1 and -3 < line.left - last.right < 8:
            last.text += (" " if line.left - last.right > 1.5 else "") + line.text
            last.right = max(last.right, line.right)
        else:
            joined.append(line)
    return joined


def read(pdf: str, margins: Margins) -> list[list[Line]]:
    """The lines of each page, without head and foot, each with its kind."""
    kind, pages = "head", []
    with pymupdf.open(pdf) as document:
        for page in document:
            lines = []
            # A line to sign on has the room of three lines of text above it.
            rules = {round(rule["rect"].y0) for rule in page.get_drawings() if 60 < rule["rect"].width < 0.4 * page.rect.width}
            for rule in rules if kind in ("closing", "name") else ():
                lines += [Line("", 0, 0, rule - above * 12, 11, "space") for above in (1, 2, 3)]
            for line in page_lines(page):
                if line.baseline < margins.top - 2 or re.match(r"(Page|Página) \d+ ", line.text):
                    continue
                # Footnotes are set smaller than everything else on a page but its letterhead.
                if kind != "head" and (line.size < 9 or re.match(r"\d* ?N\d{3}x", line.text)):
                    line.kind = "note"
                    lines.append(line)
                    continue
                mark = re.match(r"([PHSGEC])\d{3}x", line.text)
                if mark:
                    kind = {"P": "body", "H": "heading", "S": "name", "G": "group", "E": "end", "C": "copy"}[mark[1]]
                    if kind == "copy" and not pages and not any(l.kind == "body" for l in lines):
                        kind = "head"
                elif line.text.startswith("Sincerely"):
                    kind = "closing"
                elif line.text.startswith("Dear"):
                    kind = "salutation"
                elif re.match(r"(Enclosures|Anexos|CC|C\.c\.p|Acknowledgement|Acuse)", line.text):
                    kind = "end"
                line.kind = kind
                lines.append(line)
            pages.append(lines)
    return pages


def paragraphs(pages: list[list[Line]], middle: float | None) -> list[list[tuple[int, Line]]]:
    """The lines of each paragraph with their pages; of languages side by side, those of each column."""
    found: list[list[tuple[int, Line]]] = []
    for right in (False, True) if middle else (None,):
        for number, page in enumerate(pages):
            for line in page:
                if right is not None and (line.left > middle) != right:
                    continue
                if line.kind == "body" and re.match(r"P\d{3}x", line.text):
                    found.append([])
                if line.kind == "body" and found:
                    found[-1].append((number, line))
    return found


def faults(pdf: str, margins: Margins, parallel: bool = False) -> list[str]:
    """The names of the faults of a letter."""
    with pymupdf.open(pdf) as document:
        width, height = document[0].rect.width, document[0].rect.height
    pages = read(pdf, margins)
    middle = width / 2 - 5 if parallel else None
    found: list[str] = []
    for paragraph in paragraphs(pages, middle):
        on = [number for number, _ in paragraph]
        texts = [line.text for _, line in paragraph]
        if on[0] != on[-1]:
            if on.count(on[0]) == 1:
                found.append("orphan")
            if on.count(on[-1]) == 1:
                found.append("widow")
            ends = [text for text, here, after in zip(texts, on, on[1:]) if here != after]
            if any(text.endswith(HYPHENS) for text in ends):
                found.append("hyphen-page-end")
        if len(texts) > 1 and len(texts[-1]) < 5:
            found.append("runt")
        if any(all(text.endswith(HYPHENS) for text in texts[at : at + 3]) for at in range(len(texts) - 2)):
            found.append("three-hyphens")
    numbers = [{kind: set(re.findall(kind + r"(\d{3})x", " ".join(line.text for line in lines))) for kind in "MN"} for lines in pages]
    if any(page["M"] != page["N"] for page in numbers):
        found.append("parted-note")
    for number, lines in enumerate(pages):
        kinds = [line.kind for line in lines]
        body = len({round(line.baseline) for line in lines if line.kind in ("body", "heading")})
        rows = len({round(line.baseline) for line in lines})
        last = number == len(pages) - 1
        if "closing" in kinds:
            if body == 0:
                found.append("closing-alone")
            elif body == 1 and number > 0:
                found.append("closing-one-line")
            if "name" not in kinds:
                found.append("closing-nobody")
        for at, line in enumerate(lines):
            below = [other.kind for other in lines if other.baseline > line.baseline + 2]
            if line.kind == "heading" and "body" not in below:
                found.append("heading-last")
            if line.kind == "group" and "name" not in below:
                found.append("head-alone")
            if line.kind == "salutation" and line.text.endswith(HYPHENS):
                found.append("hyphenated-salutation")
            if line.right > width - margins.side + 4.5:
                found.append("overfull")
            if line.baseline > height - margins.bottom + 1:
                found.append("low")
        if last and number > 0:
            if rows < 4:
                found.append("short-page")
            if not {"body", "closing", "name"} & set(kinds):
                found.append("end-alone")
        if not last:
            lowest = max((line.baseline for line in lines), default=0.0)
            if (lowest - margins.top) / (height - margins.top - margins.bottom) < 0.85:
                found.append("underfull")
    return sorted(set(found))
