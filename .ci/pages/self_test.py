"""Each fault is found on pages that have it, and not on pages that nearly do."""

import pathlib
import sys
import tempfile

import detect
import pymupdf

MARGINS = detect.Margins(72, 72, 72)
NAMES = ["Sincerely,", "S000x Ana", "S001x Berta", "S002x Carla"]
TEXT = ["P001x one", "two", "three", "four"]
FULL = ["P000x one"] + ["more"] * 39

# Pages with a fault, and pages without it that differ in little.
CASES: dict[str, tuple[list[list[str]], list[list[str]]]] = {
    "closing-alone": ([FULL, NAMES], [FULL, TEXT + NAMES]),
    "closing-one-line": ([FULL, ["P001x one", *NAMES]], [FULL, ["P001x one", "two", *NAMES]]),
    "closing-nobody": ([[*TEXT, "Sincerely,"], ["S000x Ana"]], [[*TEXT, "Sincerely,", "S000x Ana"]]),
    "widow": ([FULL + TEXT[:3], TEXT[3:] + NAMES], [FULL + TEXT[:2], TEXT[2:] + NAMES]),
    "orphan": ([FULL + TEXT[:1], TEXT[1:] + NAMES], [FULL + TEXT[:2], TEXT[2:] + NAMES]),
    "heading-last": ([[*FULL, "H000x heading"], TEXT + NAMES], [FULL, ["H000x heading", *TEXT, *NAMES]]),
    "head-alone": ([[*TEXT, *NAMES, "G000x group"], ["S003x Delia"] * 4], [[*TEXT, *NAMES], ["G000x group"] + ["S003x Delia"] * 4]),
    "short-page": ([FULL + NAMES, ["S003x Delia"] * 3], [FULL + NAMES, ["S003x Delia"] * 4]),
    "overfull": ([["P000x " + "m" * 60, *NAMES]], [["P000x " + "m" * 44, *NAMES]]),
    "low": ([FULL + ["more"] * 8 + NAMES], [FULL[:38] + NAMES]),
    "hyphenated-salutation": ([["Dear Secre-", *TEXT, *NAMES]], [["Dear Secretary-", "General", *TEXT, *NAMES][1:]]),
    "parted-note": ([FULL + ["P001x one", "M001x two"], ["three", "four", *NAMES, "N001x note"]],
                    [FULL + ["P001x one", "M001x two", "N001x note"], ["three", "four", *NAMES]]),
    "end-alone": ([FULL + NAMES, ["E000x map"] * 5], [FULL, TEXT + NAMES + ["E000x map"] * 5]),
    "underfull": ([FULL[:30], TEXT + NAMES], [FULL, TEXT + NAMES]),
    "hyphen-page-end": ([[*FULL, "govern-"], ["ment", "end", *NAMES]], [[*FULL, "govern-", "ment"], ["end", "of it", *NAMES]]),
    "three-hyphens": ([["P000x a-", "b-", "c-", "d", *NAMES]], [["P000x a-", "b-", "c", "d-", "e", *NAMES]]),
    "runt": ([["P000x one", "so.", *NAMES]], [["P000x one", "do so.", *NAMES]]),
}


def write(path: pathlib.Path, pages: list[list[str]]) -> str:
    document = pymupdf.open()
    for lines in pages:
        page = document.new_page(width=612, height=792)
        for number, line in enumerate(lines):
            page.insert_text((72, 86 + number * 15), line, fontsize=11)
    document.save(path)
    return str(path)


def main() -> None:
    missing = {*detect.NEVER, *detect.COUNTED} - CASES.keys()
    failed = [f"{fault}: no case" for fault in sorted(missing)]
    with tempfile.TemporaryDirectory() as folder:
        for fault, (bad, good) in CASES.items():
            path = pathlib.Path(folder) / f"{fault}.pdf"
            if fault not in (found := detect.faults(write(path, bad), MARGINS)):
                failed.append(f"{fault}: not found, only {found}")
            if fault in detect.faults(write(path, good), MARGINS):
                failed.append(f"{fault}: found where it is not")
    sys.exit("\n".join(failed) or None)


if __name__ == "__main__":
    main()
