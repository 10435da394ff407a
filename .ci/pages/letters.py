"""Generates letters of every length, so that their ends meet the end of a page in every way.

Marks in the texts tell a detector what a line is: paragraphs begin with P, headings with H, signatories with S,
groups with G, and a number and an x, as in P012x. The number of a footnote follows M, and the note itself begins with N. Enclosures begin with E, and
copies with C.
"""

import json
import pathlib
import random
import re
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Kinds of letters, with what they have beside a text and signatories.
KINDS: dict[str, dict] = {
    "open": {},
    "open-indented": {"paragraphs": "indented"},
    "open-headings": {"headings": True, "heading": True},
    "open-groups": {"groups": True},
    "open-lines": {"style": "lines"},
    "open-persons": {"persons": True, "paper": "a4"},
    "open-ends": {"ends": True},
    "open-receipt": {"ends": True, "receipt": True},
    "open-notes": {"notes": True},
    "open-parallel": {"parallel": True},
    "formal": {"template": "formal"},
    "formal-indented": {"template": "formal", "paragraphs": "indented"},
    "formal-headings": {"template": "formal", "headings": True},
    "formal-ends": {"template": "formal", "ends": True, "receipt": True},
    "formal-parallel": {"template": "formal", "parallel": True},
}


def words(language: str) -> list[str]:
    text = (ROOT / f"letters/remain-in-mexico-2021/body.{language}.md").read_text()
    return re.findall(r"[\w’]+", re.sub(r"\]\[[^\]]+\]|[\[\]]", "", text))


WORDS = {language: words(language) for language in ("en", "es")}


def paragraph(rng: random.Random, number: int, language: str, width: int) -> str:
    """A paragraph of one to four lines of this many characters."""
    length = width * (rng.randint(1, 4) - rng.uniform(0.15, 0.75))
    start = rng.randrange(len(WORDS[language]))
    text = f"P{number:03d}x"
    while len(text) < length:
        text += " " + WORDS[language][start % len(WORDS[language])].lower()
        start += 1
    return text + "."


def signatory(rng: random.Random, number: int, person: bool, group: str | None) -> str:
    if person:
        entry = {"name": f"S{number:03d}x Ana Pérez Ruiz", "kind": "person", "title": "Directora", "organization": "Red del Agua"}
    else:
        first = rng.choice(["Red", "Colectivo", "Casa", "Comité", "Alianza", "Fundación", "Center for", "Coalition of"])
        second = rng.choice(["de Mujeres", "del Migrante", "por la Paz", "Immigrant Rights", "de Derechos Humanos"])
        third = rng.choice(["de Tijuana", "del Norte", "(CDH)", "A.C.", "", "de Chiapas, A.C.", "en la Frontera (CAFEMIN)"])
        entry = {"name": f"S{number:03d}x {first} {second} {third}".strip()}
    if group:
        entry["group"] = group
    return "{ " + ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()) + " }"


def letter(seed: str, kind: str) -> str:
    """A letter of a kind, in TOML."""
    rng = random.Random(seed)
    own = KINDS[kind]
    formal = own.get("template") == "formal"
    parallel = own.get("parallel", False)
    languages = ["en", "es-MX"] if parallel else [rng.choice(["en", "es-MX"])]
    count = rng.randint(1, 6) if formal else rng.choice([1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 20, 30, 50, 80])
    if own.get("style") == "lines":
        count = rng.randint(1, 14)
    paragraphs = rng.randint(1, 18 if formal or parallel else 30)
    lines = [
        f'template = "{own.get("template", "open-letter")}"',
        f"languages = {json.dumps(languages)}",
        'date = 2026-03-09\nplace = "Oaxaca"',
    ]
    if parallel:
        lines.append('edition = "parallel"')
    for language in languages:
        at = f".{language}" if parallel else ""
        body = []
        for number in range(paragraphs):
            if own.get("headings") and number % 3 == 1:
                body.append(f"## H{number:03d}x heading")
            # Side by side, both are of the same length.
            own_rng = random.Random(f"{seed} {number}") if parallel else rng
            text = paragraph(own_rng, number, language[:2], 47 if parallel else 88)
            if parallel:
                # They say different things: a link, and no other number, tells that they belong together.
                mark, text = text.split(" ", 1)
                text = f"[{mark}](https://example.org/{number}) " + re.sub(r"\d+", "x", text)
            if own.get("notes") and rng.random() < 0.25:
                note = paragraph(rng, number, language[:2], rng.choice([60, 120, 240])).replace("P", "N", 1)
                text = text[:-1] + f" M{number:03d}x.[^{number}]\n\n[^{number}]: {note}"
            body.append(text)
        lines += [
            f'title{at} = "Title of this letter about water and rights in the valley"',
            f'salutation{at} = "Dear Secretary of Health and Human Services of the Republic:"',
            f'closing{at} = "Sincerely,"',
            f"body{at} = '''\n" + "\n\n".join(body) + "\n'''",
        ]
    groups = [f"G{number:03d}x" if own.get("groups") else None for number in range(3)]
    signatories = [
        signatory(rng, number, formal or own.get("persons", False), groups[number * 3 // count]) for number in range(count)
    ]
    lines.append("signatories = [\n  " + ",\n  ".join(signatories) + ",\n]")
    if own.get("ends"):
        lines.append('postscript = "E000x We attach a map."\nenclosures = ["E001x one", "E002x two"]')
    if own.get("receipt"):
        lines.append("receipt = true")
    if formal:
        lines.append('[from]\norganization = "Red del Agua"\naddress = ["Calle 5", "68000 Oaxaca"]')
    for name in ["T000x Jane Doe"] * (1 if formal else 3):
        lines.append(f'[[to]]\nname = "{name}"\noffice = "Secretary of Health"')
    if not formal or own.get("ends"):
        lines.append('[[cc]]\nname = "C000x Jane Doe"\noffice = "Secretary of Health"')
    block = {"group-by": "group"} if own.get("groups") else {}
    if own.get("heading"):
        block["heading"] = "G009x Signed by"
    if "style" in own:
        block["style"] = own["style"]
    page = {key: own[key] for key in ("paper", "paragraphs") if key in own}
    for table, values in (("signature-block", block), ("page", page)):
        if values:
            lines.append(f"[{table}]\n" + "\n".join(f'{key} = "{value}"' for key, value in values.items()))
    return "\n".join(lines) + "\n"


def write(folder: pathlib.Path, each: int, half: int) -> Iterator[tuple[str, pathlib.Path]]:
    """Writes `each` letters of each kind. The two halves have no letter in common."""
    for kind in KINDS:
        for number in range(each):
            path = folder / f"{kind}-{half}-{number:04d}"
            path.mkdir()
            (path / "letter.toml").write_text(letter(path.name, kind))
            yield kind, path
