#!/usr/bin/env python3
"""Measures how even the text is: the gaps between words on the justified lines of the founding letter.

    cargo build --release
    pip install pymupdf
    benches/word_gaps.py [PROGRAM]

A gap is in em; Libertinus has a natural one of 0.25. A line is loose if its mean gap is more than a third wider.
The table shows the figures of KOMA-Script beside ours, with the same text and type in LuaLaTeX, at 93 characters a line.
"""

import collections
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import pymupdf

root = pathlib.Path(__file__).resolve().parent.parent
target = os.environ.get("CARGO_TARGET_DIR", root / "target")
program = sys.argv[1] if len(sys.argv) > 1 else str(pathlib.Path(target) / "release/undersigned")

NATURAL = 0.25
LOOSE = 4 / 3 * NATURAL

# Standard deviation and share of loose lines, measured in the same way: with microtype's expansion of glyphs, which
# Typst lacks, and without.
KOMA = {"en": ("0.031", "3 %", "0.052", "19 %"), "es-MX": ("0.029", "3 %", "0.049", "11 %")}


def glyph_lines(page):
    """The glyphs of each line of a page, from left to right: left and right edge, character, size."""
    rows = collections.defaultdict(list)
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES
    for block in page.get_text("rawdict", flags=flags)["blocks"]:
        for line in block.get("lines", []):
            for span in line["spans"]:
                for char in span["chars"]:
                    place = (char["bbox"][0], char["bbox"][2], char["c"], span["size"])
                    rows[round(char["origin"][1])].append(place)
    return [sorted(row) for _, row in sorted(rows.items())]


def gaps(pdf, left, right):
    """The mean gap of each justified line between two edges."""
    means = []
    with pymupdf.open(pdf) as document:
        for page in document:
            for row in glyph_lines(page):
                row = [glyph for glyph in row if left - 6 < glyph[0] < right + 6]
                ink = [glyph for glyph in row if not glyph[2].isspace()]
                if len(ink) < 20 or abs(ink[0][0] - left) > 3 or abs(ink[-1][1] - right) > 4:
                    continue
                size = statistics.mode(round(glyph[3], 1) for glyph in ink)
                spaces = [after[0] - before[1] for before, after in zip(ink, ink[1:])]
                spaces = [space / size for space in spaces if space > 0.14 * size]
                if len(spaces) >= 6 and max(spaces) < 0.75:
                    means.append(statistics.mean(spaces))
    return means


def main():
    with tempfile.TemporaryDirectory() as folder:
        letter = root / "letters/remain-in-mexico-2021"
        subprocess.run([program, "build", letter, "--out-dir", folder, "--quiet"], check=True, stderr=subprocess.DEVNULL)
        name = f"{folder}/remain-in-mexico-2021"
        print("| text | lines | standard deviation | loose | KOMA | loose | KOMA without expansion | loose |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for text, (pdf, left, right) in EDGES.items():
            found = gaps(f"{name}.{pdf}.pdf", left, right)
            loose = 100 * sum(gap > LOOSE for gap in found) / len(found)
            koma = KOMA.get(text, ("–",) * 4)
            print(f"| {text} | {len(found)} | {statistics.pstdev(found):.3f} | {loose:.0f} % | {' | '.join(koma)} |")


# The edges of the text on US letter, in points.
INCH = 72
SIDE = 1.45 * INCH
COLUMN = (8.5 - 2 * 0.85) * INCH / 2 - 11
EDGES = {
    "en": ("en", SIDE, 8.5 * INCH - SIDE),
    "es-MX": ("es-MX", SIDE, 8.5 * INCH - SIDE),
    "en, side by side": ("en+es-MX", 0.85 * INCH, 0.85 * INCH + COLUMN),
    "es-MX, side by side": ("en+es-MX", 7.65 * INCH - COLUMN, 7.65 * INCH),
}

if __name__ == "__main__":
    main()
