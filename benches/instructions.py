#!/usr/bin/env python3
"""Counts the instructions of whole runs. They are the same within a thousandth on a busy computer, too, so a
change of one per cent shows.

    apt-get install valgrind
    cargo build --release
    benches/instructions.py [PROGRAM …]

The table has a column for each program, in millions.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
target = os.environ.get("CARGO_TARGET_DIR", root / "target")
programs = sys.argv[1:] or [str(pathlib.Path(target) / "release/undersigned")]

SHORTEST = 'languages = ["en"]\ndate = 2026-11-24\ntitle = "A"\nbody = "Text."\nsignatories = ["B"]\n'


def count(command, out):
    """The instructions of a command and of the processes that it starts. What it writes is not there yet."""
    shutil.rmtree(out, ignore_errors=True)
    valgrind = ["valgrind", "--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"]
    run = subprocess.run([*valgrind, *command], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}: {run.stderr}")
    found = re.findall(r"I +refs: +([\d,]+)", run.stderr)
    return sum(int(number.replace(",", "")) for number in found)


with tempfile.TemporaryDirectory() as temporary:
    temporary = pathlib.Path(temporary)
    folder = temporary / "out"
    out = ["--jobs", "1", "-q", "-o", str(folder)]
    (temporary / "letter.toml").write_text(SHORTEST, "utf-8")
    rows = "".join(f"Persona {n},Senadora,Calle {n};06000 Ciudad de México\n" for n in range(20))
    (temporary / "recipients.csv").write_text(f"name,office,address\n{rows}", "utf-8")
    founding = str(root / "letters/remain-in-mexico-2021")
    both = ("--lang", "en", "--lang", "es-MX")
    list_of = ("--recipients", str(temporary / "recipients.csv"))
    commands = {
        "the shortest letter": ["build", str(temporary / "letter.toml"), *out],
        "the founding letter, English": ["build", founding, "--lang", "en", *out],
        "Spanish": ["build", founding, "--lang", "es-MX", *out],
        "both languages": ["build", founding, *both, *out],
        "`check`, both languages": ["check", founding, *both, "--jobs", "1", "-q"],
        "`merge`, English, 20 recipients": ["merge", founding, *list_of, "--lang", "en", *out],
    }
    print("| | " + " | ".join(pathlib.Path(program).name for program in programs) + " |")
    print("| --- |" + " --- |" * len(programs))
    for name, command in commands.items():
        counts = (count([program, *command], folder) / 1e6 for program in programs)
        print(f"| {name} | " + " | ".join(f"{number:.1f}" for number in counts) + " |", flush=True)
