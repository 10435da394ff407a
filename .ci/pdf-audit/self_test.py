"""Damages a valid PDF in many ways, and checks that the audit detects each damage.

    python self_test.py LETTER.LANGUAGE.pdf ATTACHABLE.pdf

Each damage below names the checks that must fail. Others may fail as well, because Poppler's complaints
differ between versions. LETTER must have two pages, a heading, a list, a picture, a link to an address and
one within the file; ATTACHABLE follows PDF/A-2b.
"""

import pathlib
import random
import re
import sys
import tempfile
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

import pdf_audit

# Damages to the bytes of a file and to its objects, by name, with the checks that must fail. A damage to
# objects may return options for writing the file.
TO_BYTES: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {}
TO_OBJECTS: dict[str, tuple[Callable[[Pdf], dict[str, object] | None], set[str]]] = {}


def to_bytes(*checks: str) -> Callable:
    return lambda damage: TO_BYTES.setdefault(damage.__name__, (damage, set(checks)))[0]


def to_objects(*checks: str) -> Callable:
    return lambda damage: TO_OBJECTS.setdefault(damage.__name__, (damage, set(checks)))[0]


def change_xmp(pdf: Pdf, pattern: bytes, replacement: bytes) -> None:
    """Replaces what a regular expression finds in the XMP metadata."""
    changed, times = re.subn(pattern, replacement, pdf.Root.Metadata.read_bytes())
    assert times, f"there is no {pattern} in the XMP metadata"
    pdf.Root.Metadata.write(changed)


def change_page(pdf: Pdf, change: Callable[[bytes], bytes]) -> None:
    """Changes the content of the first page."""
    stream = pdf.pages[0].obj.Contents
    before = stream.read_bytes()
    after = change(before)
    assert after != before, "the page is what it was"
    stream.write(after)


def change_compressed_page(pdf: Pdf, change: Callable[[bytes], bytes]) -> None:
    """Changes the content of the first page as it is in the file."""
    stream = pdf.pages[0].obj.Contents
    stream.write(change(stream.read_raw_bytes()), filter=stream.Filter)


def font(pdf: Pdf) -> Dictionary:
    """A font: those that Typst writes are composite."""
    found = (value for value in pdf.objects if isinstance(value, Dictionary))
    return next(value for value in found if value.get("/Subtype") == "/Type0")


def element(pdf: Pdf, kind: str) -> Dictionary:
    """An element of the structure, such as /H1."""
    found = (value for value in pdf.objects if isinstance(value, Dictionary))
    return next(value for value in found if value.get("/S") == kind)


def link(pdf: Pdf, outside: bool) -> Dictionary:
    """A link to an address, or within the file."""
    found = (annotation for page in pdf.pages for annotation in page.obj.get("/Annots", []))
    return next(value for value in found if (value.get("/A", {}).get("/S") == "/URI") == outside)


def point_link(pdf: Pdf, target: pikepdf.Object) -> None:
    """Redirects a link."""
    inside = link(pdf, outside=False)
    if "/A" in inside:
        del inside["/A"]
    inside.Dest = target


@to_bytes("frame", "pdfa")
def something_before_the_header(data: bytes) -> bytes:
    return b"\n" + data


@to_bytes("frame", "pdfa")
def something_after_the_end(data: bytes) -> bytes:
    return data + b"<html>"


@to_bytes("frame", "syntax", "pdfa", "pdfua")
def cut_in_half(data: bytes) -> bytes:
    return data[: len(data) // 2]


@to_bytes("size", "frame", "syntax", "pdfa", "pdfua")
def empty(data: bytes) -> bytes:
    return b""


@to_bytes("syntax", "pdfa", "pdfua")
def wrong_startxref(data: bytes) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"startxref\n7", data)


@to_bytes("syntax", "pdfa", "pdfua")
def an_object_moved(data: bytes) -> bytes:
    return data.replace(b"endobj\n", b"endobj\n\n\n\n\n", 1)


@to_objects("syntax", "streams", "render")
def cut_stream(pdf: Pdf) -> None:
    change_compressed_page(pdf, lambda data: data[:-6])


@to_objects("syntax", "streams", "render")
def flipped_bits_in_a_stream(pdf: Pdf) -> None:
    def flip(data: bytes) -> bytes:
        # One byte may decompress to other data of the same length, which is not a mistake of syntax.
        middle = len(data) // 2
        flipped = bytes(byte ^ 0xFF for byte in data[middle : middle + 64])
        return data[:middle] + flipped + data[middle + 64 :]

    change_compressed_page(pdf, flip)


@to_objects("pdfa")
def unknown_operator(pdf: Pdf) -> None:
    change_page(pdf, lambda data: data + b"\nfoo\n")


@to_objects("size")
def too_large(pdf: Pdf) -> None:
    # Unknown keys are allowed in the catalog.
    pdf.Root.Ballast = pdf.make_stream(random.Random(1).randbytes(pdf_audit.MAX_BYTES))


@to_objects("fonts", "pdfa", "pdfua")
def font_not_embedded(pdf: Pdf) -> None:
    descriptor = font(pdf).DescendantFonts[0].FontDescriptor
    for key in {"/FontFile2", "/FontFile3"} & descriptor.keys():
        del descriptor[key]


@to_objects("fonts", "text", "pdfa", "pdfua")
def font_without_unicode(pdf: Pdf) -> None:
    del font(pdf)["/ToUnicode"]


@to_objects("fonts")
def font_not_a_subset(pdf: Pdf) -> None:
    whole = font(pdf)
    part = whole.DescendantFonts[0]
    whole.BaseFont = part.BaseFont = part.FontDescriptor.FontName = Name("/Roman")


@to_objects("text", "pdfa")
def private_use_text(pdf: Pdf) -> None:
    unicode = font(pdf).ToUnicode
    unicode.write(re.sub(rb"(<[0-9A-Fa-f]+>\s+)<[0-9A-Fa-f]{4}>", rb"\1<E000>", unicode.read_bytes()))


@to_objects("title", "pdfua")
def no_title(pdf: Pdf) -> None:
    change_xmp(pdf, rb"(?s)<dc:title>.*?</dc:title>", b"")


@to_objects("title")
def another_title_in_info(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "Untitled"


@to_objects("title", "pdfua")
def title_not_shown(pdf: Pdf) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


@to_objects("title", "pdfa", "pdfua")
def no_metadata(pdf: Pdf) -> None:
    del pdf.Root["/Metadata"]


@to_objects("title", "dates", "pdfa", "pdfua")
def broken_metadata(pdf: Pdf) -> None:
    change_xmp(pdf, b"</rdf:RDF>", b"")


@to_objects("lang", "pdfua")
def no_language(pdf: Pdf) -> None:
    del pdf.Root["/Lang"]


@to_objects("lang")
def another_language(pdf: Pdf) -> None:
    pdf.Root.Lang = String("fr")


@to_objects("dates")
def made_in_the_future(pdf: Pdf) -> None:
    for key in ("/CreationDate", "/ModDate"):
        pdf.docinfo[key] = "D:29991231000000Z"
    change_xmp(pdf, rb"(<xmp:(?:Create|Modify)Date>)[^<]*", rb"\g<1>2999-12-31T00:00:00Z")


@to_objects("dates")
def changed_before_it_was_made(pdf: Pdf) -> None:
    pdf.docinfo["/ModDate"] = "D:20010101000000Z"
    change_xmp(pdf, rb"<xmp:ModifyDate>[^<]*", b"<xmp:ModifyDate>2001-01-01T00:00:00Z")


@to_objects("dates")
def two_dates(pdf: Pdf) -> None:
    pdf.docinfo["/CreationDate"] = "D:20010101000000Z"


@to_objects("dates")
def date_of_no_calendar(pdf: Pdf) -> None:
    pdf.docinfo["/CreationDate"] = "D:20010231000000Z"


@to_objects("tagged", "pdfa", "pdfua")
def not_marked(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


@to_objects("tagged", "pdfua")
def suspect_tags(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


@to_objects("tagged", "pdfa", "pdfua")
def no_structure(pdf: Pdf) -> None:
    del pdf.Root["/StructTreeRoot"]


@to_objects("tagged")
def empty_structure(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot.K = Array()


@to_objects("pdfua")
def picture_without_description(pdf: Pdf) -> None:
    del element(pdf, "/Figure")["/Alt"]


@to_objects("pdfua")
def heading_of_a_level_too_deep(pdf: Pdf) -> None:
    element(pdf, "/H2").S = Name.H4


@to_objects("pdfua")
def list_item_outside_a_list(pdf: Pdf) -> None:
    element(pdf, "/L").S = Name.Div


@to_objects("pdfua")
def untagged_text(pdf: Pdf) -> None:
    change_page(pdf, lambda data: re.sub(rb"/MCID \d+", b"", data))


@to_objects("pages")
def pages_of_two_sizes(pdf: Pdf) -> None:
    pdf.pages[1].obj.MediaBox = Array([0, 0, 595, 842])


@to_objects("pages")
def a_page_on_its_side(pdf: Pdf) -> None:
    pdf.pages[1].obj.Rotate = 90


@to_objects("text")
def an_empty_page(pdf: Pdf) -> None:
    pdf.pages[1].obj.Contents = pdf.make_stream(b"q Q")


@to_objects("syntax", "pdfa", "pdfua")
def a_missing_page(pdf: Pdf) -> None:
    pdf.pages[1].obj.Type = Name.Nothing


@to_objects("links", "active", "pdfa")
def link_to_javascript(pdf: Pdf) -> None:
    link(pdf, outside=True).A = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@to_objects("links")
def link_to_a_relative_address(pdf: Pdf) -> None:
    link(pdf, outside=True).A.URI = String("example")


@to_objects("links")
def link_that_runs_a_script(pdf: Pdf) -> None:
    link(pdf, outside=True).A.URI = String("javascript:alert(1)")


@to_objects("links")
def link_to_no_page(pdf: Pdf) -> None:
    point_link(pdf, Array([pdf.make_indirect(Dictionary(Type=Name.Page)), Name.Fit]))


@to_objects("links")
def link_to_an_unknown_name(pdf: Pdf) -> None:
    point_link(pdf, String("nowhere"))


@to_objects("pdfua")
def link_without_description(pdf: Pdf) -> None:
    del link(pdf, outside=True)["/Contents"]


@to_objects("active", "pdfa")
def script_that_starts_by_itself(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@to_objects("active", "pdfa")
def program_that_is_launched(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))


@to_objects("pdfa")
def attached_file_that_is_no_pdf(pdf: Pdf) -> None:
    pdf.attachments["a.txt"] = b"text"


@to_objects("pdfa")
def no_claim_of_pdf_a(pdf: Pdf) -> None:
    change_xmp(pdf, rb"pdfaid:part>2<", b"pdfaid:part>3<")


@to_objects("pdfa")
def a_lower_level_of_pdf_a(pdf: Pdf) -> None:
    change_xmp(pdf, rb"pdfaid:conformance>A<", b"pdfaid:conformance>B<")


@to_objects("pdfua")
def no_claim_of_pdf_ua(pdf: Pdf) -> None:
    change_xmp(pdf, rb"<pdfuaid:part>1</pdfuaid:part>", b"")


@to_objects("pdfa")
def no_output_intent(pdf: Pdf) -> None:
    # The colours of the letter have their own profiles, and need none.
    del pdf.Root["/OutputIntents"]
    change_page(pdf, lambda data: data + b"\n/Artifact BMC 1 0 0 rg 0 0 1 1 re f EMC\n")


@to_objects("active", "pdfa")
def encrypted(pdf: Pdf) -> dict[str, object]:
    return {"encryption": pikepdf.Encryption(owner="secret", user="")}


def write(good: pathlib.Path, attachable: pathlib.Path, folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Writes a PDF for each damage, and an undamaged one, by name."""
    paths = {name: folder / f"{name}.{good.name}" for name in ["undamaged", *TO_OBJECTS, *TO_BYTES]}
    for name, (damage, _) in TO_BYTES.items():
        paths[name].write_bytes(damage(good.read_bytes()))
    # pikepdf rewrites the whole file, which would repair its metadata.
    for name, (damage, _) in TO_OBJECTS.items():
        with pikepdf.open(good) as pdf:
            options = damage(pdf) or {}
            pdf.save(paths[name], fix_metadata_version=False, **options)
    with pikepdf.open(good) as pdf:
        pdf.attachments["attached.pdf"] = attachable.read_bytes()
        pdf.save(paths["undamaged"], fix_metadata_version=False)
    return paths


def main() -> None:
    must_fail = {name: checks for name, (_, checks) in [*TO_OBJECTS.items(), *TO_BYTES.items()]}
    must_fail["undamaged"] = set()
    every = {check.__name__ for check in pdf_audit.CHECKS}
    assert set().union(*must_fail.values()) == every, "there is a check that no damage fails"

    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = write(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(folder))
        verdicts = pdf_audit.vera(list(paths.values()))
        for name, path in paths.items():
            found = pdf_audit.failures(pdf_audit.Letter(path, [], verdicts[path]))
            # The undamaged file must pass all checks.
            expected = found.keys() >= must_fail[name] if must_fail[name] else not found
            if not expected:
                wrong += 1
                print(f"{name} must fail {sorted(must_fail[name])}, but fails {found}")
        path = paths["undamaged"]
        unsaid = pdf_audit.failures(pdf_audit.Letter(path, ["What nobody wrote."], verdicts[path]))
        if unsaid.keys() != {"text"}:
            wrong += 1
            print(f"a line that is not there must fail the text, but fails {unsaid}")
    print(f"{len(paths) + 1 - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


main()
