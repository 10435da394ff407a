"""Generates letters, typesets them, and counts the pages that a careful secretary would set again.

    python check.py [--each 30] [--half 0|1]

The templates are tuned with half 0 and measured with half 1. Ten thousand letters:

    python .ci/pages/check.py --each 670 --half 1

It fails if a letter has a fault of `detect.NEVER`, or if more letters than LIMITS allow have another.
"""

import argparse
import collections
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile

import detect
import letters

# How many of a hundred letters of more than one page may have a fault that Typst cannot always avoid.
LIMITS = {"underfull": 6, "hyphen-page-end": 1, "three-hyphens": 1, "runt": 1}

INCH = 72


def margins(kind: str) -> detect.Margins:
    """The margins of the built-in templates."""
    formal, parallel = kind.startswith("formal"), kind.endswith("parallel")
    if parallel:
        return detect.Margins(0.9 * INCH, (0.9 if formal else 1) * INCH, 0.85 * INCH)
    return detect.Margins(0.9 * INCH, 0.9 * INCH, 1.45 * INCH) if formal else detect.Margins(0.95 * INCH, 1.1 * INCH, 1.45 * INCH)


def faults(job: tuple[str, pathlib.Path]) -> tuple[str, str, bool, list[str]]:
    kind, pdf = job
    with detect.pymupdf.open(pdf) as document:
        several = len(document) > 1
    return kind, pdf.stem, several, detect.faults(str(pdf), margins(kind), kind.endswith("parallel"))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--each", type=int, default=30)
    options.add_argument("--half", type=int, choices=(0, 1), default=1)
    options.add_argument("--program", default="undersigned")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = list(letters.write(pathlib.Path(folder), chosen.each, chosen.half))
        out = pathlib.Path(folder) / "out"
        # What the languages of the generated letters say is not the same, and is not meant to be.
        built = subprocess.run([chosen.program, "build", folder, "--out-dir", out, "--quiet"], capture_output=True, text=True)
        if built.returncode != 0:
            sys.exit(built.stderr)
        jobs = [(kind, next(out.glob(f"{path.name}.*.pdf"))) for kind, path in made]
        with multiprocessing.Pool() as pool:
            results = pool.map(faults, jobs, chunksize=8)
    several = sum(long for _, _, long, _ in results)
    found: dict[str, list[str]] = collections.defaultdict(list)
    for _, name, _, codes in results:
        for code in codes:
            found[code].append(name)
    print(f"{len(results)} letters, {several} of more than one page")
    failed = False
    for code in (*detect.NEVER, *detect.COUNTED):
        names = found[code]
        limit = LIMITS.get(code, 0) * several / 100
        kinds = collections.Counter(kind for kind, name, _, codes in results if code in codes)
        shown = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        print(f"{code:22} {len(names):5} {100 * len(names) / max(several, 1):5.1f} %  {shown}")
        if len(names) > limit:
            failed = True
            print(f"  more than {limit:.0f}: {', '.join(names[:8])}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
