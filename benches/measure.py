#!/usr/bin/env python3
"""Measures whole runs of the program, and of Typst with plain documents of the same texts.

    cargo build --release
    cargo build --release --bench plain
    benches/measure.py [PROGRAM [TYPST]]

TYPST is `typst` 0.15.1, or target/release/deps/plain-HASH, which does the same as a library (benches/plain.rs).

Each command runs many times, in turn with the others, so that a busy moment affects all of them equally. The
table gives the median and the minimum time, and the peak resident memory.
"""

import itertools
import os
import pathlib
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
target = os.environ.get("CARGO_TARGET_DIR", root / "target")
program = sys.argv[1] if len(sys.argv) > 1 else str(pathlib.Path(target) / "release/undersigned")
typst = sys.argv[2] if len(sys.argv) > 2 else shutil.which("typst")
is_own = typst and pathlib.Path(typst).name.startswith("plain")
compile_plain = [typst] if is_own else [typst, "compile", "--ignore-system-fonts", "--pdf-standard", "ua-1,a-2a"]


SHORTEST = 'languages = ["en"]\ndate = 2026-11-24\ntitle = "A"\nbody = "Text."\nsignatories = ["B"]\n'


def run(command):
    """The time in seconds and the peak memory in kilobytes of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    # What a list with wrong rows gives is 1.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))}: status {status}")
    return seconds, usage.ru_maxrss


def measure(commands, rounds):
    """Prints a table of commands by name."""
    times = {name: [] for name in commands}
    peaks = dict.fromkeys(commands, 0)
    for name, command in commands.items():
        run(command)
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, peak = run(command)
            times[name].append(seconds * 1000)
            peaks[name] = max(peaks[name], peak)
    for name, values in times.items():
        median, least = statistics.median(values), min(values)
        print(f"| {name} | {median:.1f} ms | {least:.1f} ms | {peaks[name] / 1024:.0f} MiB |")


def recipients(path, count):
    """A list of `count` recipients, each with an address and a salutation."""
    path.write_text(
        "id,name,office,organization,address,salutation\n"
        + "".join(
            f"r{n},Persona {n},Senadora,Senado de la República,Calle {n};06000 Ciudad de México,Senadora {n}:\n"
            for n in range(count)
        ),
        "utf-8",
    )
    return str(path)


def signers(folder, count, languages=("es-MX",)):
    """A letter with `count` signatories whose names are invented words, in three columns."""
    chance = random.Random(count)
    syllables = "ma ri co ta lo pe na xi che tla qui so ve ra nu hua ji bo du fe".split()
    word = lambda: "".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))).capitalize()
    names = (
        f"{chance.choice(['Red', 'Centro', 'Casa', 'Colectivo'])} {word()} {word()} de {word()}"
        for _ in range(count)
    )
    folder.mkdir()
    (folder / "letter.toml").write_text(
        f"languages = {list(languages)}\ndate = 2026-11-24\n"
        + "".join(f'title.{tag} = "Carta"\nbody.{tag} = "Texto."\n' for tag in languages)
        + "signatories = [\n"
        + "".join(f'  "{name}",\n' for name in names)
        + ']\n[signature-block]\ncolumns = 3\nsort = "name"\n',
        "utf-8",
    )
    return str(folder)


def form(folder, count, wrong=False):
    """A letter without signatories, and beside it a form's export with `count` rows. With `wrong`, each row is
    wrong in three ways."""
    chance = random.Random(count)
    syllables = "ma ri co ta lo pe na xi che tla qui so ve ra nu hua ji bo du fe".split()
    word = lambda: "".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))).capitalize()
    folder.mkdir()
    (folder / "letter.toml").write_text(
        'languages = ["es-MX"]\ndate = 2026-11-24\ntitle = "{{country-count}}"\nbody = "Texto."\nsignatories = []\n',
        "utf-8",
    )
    rows = "".join(
        f"{n},{word()} {word()} {word()},Atlantis {n},ftp://{n},group,{n}@example.org\n"
        if wrong
        else f"{n},{word()} {word()} {word()},México,,person,{n}@example.org\n"
        for n in range(count)
    )
    (folder / "form.csv").write_text("id,name,country,url,kind,mail\n" + rows, "utf-8")
    return [program, "signatories", "import", str(folder / "form.csv"), "--into", str(folder), "--key", "id"]


def repository(folder, count, same_signatories=False):
    """A repository of `count` letters in two languages: each has the words and the signatories of the
    founding letter in a different order, so that no letter can reuse what was typeset for another. With
    `same_signatories`, as in the letters of a coalition, the names keep their order."""
    founding = root / "letters/remain-in-mexico-2021"
    spec = (founding / "letter.toml").read_text("utf-8")
    spec = re.sub(r"^languages = .*$", 'languages = ["en", "es-MX"]', spec, flags=re.MULTILINE)
    spec = re.sub(r"^[a-z]+\.(pt|fr|ht) = .*\n|, (pt|fr|ht) = \"[^\"]*\"", "", spec, flags=re.MULTILINE)
    bodies = {tag: (founding / f"body.{tag}.md").read_text("utf-8") for tag in ("en", "es")}
    before, rest = spec.split("signatories = [\n", 1)
    listed, after = rest.split("\n]\n", 1)
    names = re.findall(r'^  "(.*)",$', listed, re.MULTILINE)
    after = after.split("[links]")[0]
    for number in range(count):
        chance = random.Random(number)
        letter = folder / f"letter-{number}"
        letter.mkdir(parents=True)
        if not same_signatories:
            chance.shuffle(names)
        entries = "".join(f'  "{name}",\n' for name in names)
        (letter / "letter.toml").write_text(f"{before}signatories = [\n{entries}]\n{after}", "utf-8")
        for tag, body in bodies.items():
            paragraphs = []
            for paragraph in body.split("\n\n"):
                words = re.findall(r"[^\W\d]+", paragraph)
                chance.shuffle(words)
                paragraphs.append(" ".join(words) + ".")
            (letter / f"body.{tag}.md").write_text("\n\n".join(paragraphs), "utf-8")
    return str(folder)


def duplicates(folder, count):
    """A letter with a spreadsheet in which `count` names appear twice, far from one another."""
    folder.mkdir()
    (folder / "letter.toml").write_text(
        'languages = ["en"]\ndate = 2026-11-24\ntitle = "A"\nbody = "Text."\nsignatories = { file = "s.csv" }\n',
        "utf-8",
    )
    rows = (f"Red de vecinas y vecinos número {number} del valle\n" for number in range(count))
    (folder / "s.csv").write_text("name\n" + "".join(rows) * 2, "utf-8")
    return str(folder)


with tempfile.TemporaryDirectory() as temporary:
    temporary = pathlib.Path(temporary)
    letter = str(root / "letters/remain-in-mexico-2021")
    build = [program, "build", letter, "-q", "-o", str(temporary / "out")]
    both = ("--lang", "en", "--lang", "es-MX")
    shortest = temporary / "shortest"
    shortest.mkdir()
    (shortest / "letter.toml").write_text(SHORTEST, "utf-8")
    commands = {
        "the shortest letter": [program, "build", str(shortest), "-q", "-o", str(temporary / "out")],
        "English": [*build, "--lang", "en"],
        "both languages": [*build, *both],
        "both languages, one job": [*build, *both, "--jobs", "1"],
        "both languages and the edition": [*build, *both, "--lang", "en+es-MX"],
    }
    if typst:
        head = '#set document(title: "A", date: datetime(year: 2026, month: 11, day: 24))\n#set text(lang: "en")\n'
        (shortest / "main.typ").write_text(f"{head}= A\nText.\n\nB\n", "utf-8")
        commands["typst compile, the shortest letter"] = [
            *compile_plain,
            str(shortest / "main.typ"),
            str(shortest / "main.pdf"),
        ]
        plain = str(root / "benches/plain-letter.typ")
        commands["typst compile, English"] = [*compile_plain, plain, str(temporary / "plain.pdf")]
    print("| the founding letter, cold | median | least | memory |\n| --- | --- | --- | --- |")
    measure(commands, 60)

    print("\n| signers, three columns | median | least | memory |\n| --- | --- | --- | --- |")
    for count, rounds in ((100, 20), (1000, 20), (10_000, 5), (50_000, 1)):
        folder = signers(temporary / str(count), count)
        out = str(temporary / "out")
        measure({f"{count:,}: build": [program, "build", folder, "-q", "-o", out]}, rounds)
        measure({f"{count:,}: order and duplicates": [program, "signatories", folder]}, rounds)

    count = 7000
    both_languages = signers(temporary / "both", count, ("es-MX", "en"))
    build = [program, "build", both_languages, "-q", "-o", str(temporary / "out")]
    measure({f"{count:,} in each of two languages: build": build}, 5)

    print("\n| import of a form's export | median | least | memory |\n| --- | --- | --- | --- |")
    for count, rounds in ((7000, 20), (50_000, 5)):
        imported = form(temporary / f"form-{count}", count)
        measure({f"{count:,} rows, all new": [*imported, "--dry-run"]}, rounds)
        run(imported)
        measure({f"{count:,} rows, all listed": [*imported, "--dry-run"]}, rounds)
    for count in (20_000, 50_000):
        wrong = form(temporary / f"wrong-{count}", count, wrong=True)
        measure({f"{count:,} rows, all wrong": wrong}, 5)
        measure({f"{count:,} rows, all wrong, --all": [*wrong, "--all"]}, 5)

    print("\n| mail merge of the founding letter, English | letters a second | CPU time | memory |")
    print("| --- | --- | --- | --- |")
    for count in (100, 1000, 10_000):
        rows = recipients(temporary / f"{count}.csv", count)
        out = temporary / f"merge-{count}"
        merge = [program, "merge", letter, "--recipients", rows, "--lang", "en", "-q", "-o"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, peak = run([*merge, str(out)])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"| {count:,} recipients | {count / seconds:.0f} | {cpu:.1f} s | {peak / 1024:.0f} MiB |")
        if count == 1000:
            shares = 0.0
            for share in range(1, 5):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                run([*merge, str(temporary / "shares"), "--shard", f"{share}/4"])
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                shares += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"| the same in 4 shares | | {shares:.1f} s | |")
        shutil.rmtree(out)
    if typst:
        command = commands["typst compile, English"]
        start = time.perf_counter()
        for _ in range(100):
            run(command)
        print(f"| `typst compile` in a loop | {100 / (time.perf_counter() - start):.0f} | | |")
    print("\n| 50 letters in two languages, PDFs a second | the same signatories | other signatories |")
    print("| --- | --- | --- |")
    rates = {}
    for same in (True, False):
        batch = repository(temporary / f"batch-{same}", 50, same)
        build = [program, "build", batch, "--lang", "en", "--lang", "es-MX", "-q", "-o", f"{batch}/out"]
        seconds = statistics.median(run(build)[0] for _ in range(7))
        rates.setdefault("build", []).append(100 / seconds)
        if not typst:
            continue
        documents = []
        for number, tag in itertools.product(range(50), ("en", "es-MX")):
            spec, document = f"{batch}/letter-{number}/letter.toml", f"{batch}/{number}-{tag}.typ"
            subprocess.run([sys.executable, root / "benches/plain.py", spec, tag, document], check=True)
            documents.append(document)
        start = time.perf_counter()
        for document in documents:
            run([*compile_plain, document, document.replace(".typ", ".pdf")])
        rates.setdefault("`typst compile` in a loop", []).append(100 / (time.perf_counter() - start))
    for name, (same, other) in rates.items():
        print(f"| {name} | {same:.1f} | {other:.1f} |")

    print("\n| 200 letters in two languages | median | least | memory |\n| --- | --- | --- | --- |")
    letters = repository(temporary / "repository", 200)
    check = [program, "check", letters, *both, "-q", "--message-format", "short"]
    measure({"check": check, "check --jobs 1": [*check, "--jobs", "1"]}, 5)

    print("\n| 5,000 warnings with their lines | median | least | memory |\n| --- | --- | --- | --- |")
    twice = duplicates(temporary / "duplicates", 5000)
    measure({"signatories --all": [program, "signatories", twice, "--all"]}, 5)
