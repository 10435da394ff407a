//! PDF/X-4 and PDF/X-1a. No free program validates them, so their rules are checked here, as ISO 15930-7 and
//! ISO 15930-4 have them.

use std::path::Path;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};
use tempfile::TempDir;

use super::pdf::Pdf;

/// A letter with everything that a press could complain about: colours, links, a note, pictures in RGB,
/// CMYK and with transparency, a gradient, and something half transparent.
fn colourful(standards: &str) -> TempDir {
    let letter = format!(
        "{}template = \"formal\"\nsignatories = [{{ name = \"Ana\", signature = \"ink.png\" }}, \
         {{ name = \"Bea\", signature = \"black.png\" }}]\n\
         [from]\nname = \"A\"\nemail = \"a@example.org\"\nlogo = \"cmyk.jpg\"\nlogo-alt = \"A\"\n\
         [page]\naccent = \"#7a1f3d\"\nbackground = \"paper.svg\"\nbleed = \"3mm\"\npaper = \"a4\"\n\
         [pdf]\nstandard = {standards}\n",
        super::SMALL.replace(
            "Text.",
            "Text with [a link](https://example.org) and a note.[^n]\\n\\n[^n]: It."
        )
    );
    let paper = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"216\" height=\"303\"><linearGradient \
         id=\"g\"><stop stop-color=\"#c00\"/><stop offset=\"1\" stop-color=\"#00c\"/></linearGradient>\
         <rect width=\"216\" height=\"20\" fill=\"url(#g)\"/><rect y=\"290\" width=\"216\" height=\"13\" \
         fill=\"#c00\" fill-opacity=\"0.5\"/></svg>";
    let folder = super::folder(&[("x/letter.toml", &letter), ("x/paper.svg", paper)]);
    let x = folder.path().join("x");
    let picture = super::repository().join("tests/pictures/cmyk.jpg");
    std::fs::copy(picture, x.join("cmyk.jpg")).expect("a picture");
    write_png(&x.join("ink.png"), [20, 30, 120]);
    write_png(&x.join("black.png"), [20, 20, 20]);
    folder
}

/// A picture of a line on nothing.
fn write_png(path: &Path, colour: [u8; 3]) {
    let mut encoder = png::Encoder::new(std::fs::File::create(path).expect("a file"), 800, 200);
    encoder.set_color(png::ColorType::Rgba);
    let [red, green, blue] = colour;
    let line = |index: usize| if index / 800 % 40 < 8 { [red, green, blue, 255] } else { [0; 4] };
    let pixels: Vec<u8> = (0..800 * 200).flat_map(line).collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
}

const QUIET: &str =
    "--allow low-resolution-picture --allow flattened-transparency --allow too-much-ink";

struct Sheet<'p> {
    pdf: &'p Pdf,
    bytes: &'p [u8],
    metadata: String,
}

impl Sheet<'_> {
    fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        self.pdf.0.objects.values().filter_map(|object| match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        })
    }

    fn name<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> Option<&'d [u8]> {
        self.pdf.get(dictionary, key).and_then(|object| object.as_name().ok())
    }

    fn pages(&self) -> Vec<&Dictionary> {
        let pages = self.pdf.0.get_pages().into_values();
        pages.map(|page| self.pdf.0.get_dictionary(page).expect("a page")).collect()
    }

    fn rectangle(&self, page: &Dictionary, key: &str) -> Vec<f32> {
        let object = self.pdf.get(page, key).unwrap_or_else(|| panic!("{key} is there"));
        let numbers = object.as_array().expect("a rectangle").iter();
        numbers.map(|number| number.as_float().expect("a number")).collect()
    }

    /// The operators of all pages, forms and patterns.
    fn operators(&self) -> Vec<(String, Vec<Object>)> {
        let streams = self.pdf.0.objects.values().filter_map(|object| object.as_stream().ok());
        let drawn = streams.filter(|stream| {
            let kind = self.name(&stream.dict, "Subtype");
            kind == Some(b"Form")
                || kind.is_none() && !stream.dict.has(b"N") && stream.dict.has(b"Filter")
        });
        let contents =
            drawn.filter_map(|stream| Content::decode(&stream.decompressed_content().ok()?).ok());
        contents
            .flat_map(|content| content.operations)
            .map(|operation| (operation.operator, operation.operands))
            .collect()
    }

    /// Twenty rules of PDF/X, and those of PDF/X-1a that are stricter.
    fn check(&self, x_1a: bool) {
        let catalog = self.pdf.catalog();
        // 1. The version of PDF.
        let version = if x_1a { "1.4" } else { "1.6" };
        assert_eq!(self.pdf.0.version, version);
        assert!(self.bytes.starts_with(format!("%PDF-{version}\n").as_bytes()));
        // 2. Which standard it is.
        let trailer = &self.pdf.0.trailer;
        let information =
            self.pdf.get(trailer, "Info").expect("information").as_dict().expect("it");
        if x_1a {
            assert_eq!(self.pdf.string(information, "GTS_PDFXVersion"), "PDF/X-1a:2003");
        } else {
            assert!(
                self.metadata.contains("<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>")
            );
        }
        // 3. Whether it is trapped, in both places.
        assert_eq!(self.name(information, "Trapped"), Some(&b"False"[..]));
        assert!(self.metadata.contains("<pdf:Trapped>False</pdf:Trapped>"));
        // 4. A title, and dates.
        assert_eq!(self.pdf.string(information, "Title"), "A title");
        for key in ["CreationDate", "ModDate"] {
            assert!(self.pdf.string(information, key).starts_with("D:2021"), "{key}");
        }
        // 5. The metadata that workflows need.
        for property in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID"]
        {
            assert!(self.metadata.contains(&format!("<{property}>")), "{property}");
        }
        assert!(self.metadata.contains("<xmpMM:VersionID>1</xmpMM:VersionID>"));
        assert!(self.metadata.contains("<xmpMM:RenditionClass>default</xmpMM:RenditionClass>"));
        // 6. The file has an identity.
        assert_eq!(trailer.get(b"ID").and_then(Object::as_array).map(Vec::len).ok(), Some(2));
        // 7. Nothing is encrypted.
        assert!(!trailer.has(b"Encrypt"));
        // 8. There is one intent for a press.
        let intents = self.pdf.get(catalog, "OutputIntents").expect("intents");
        let intents = intents.as_array().expect("a list").iter();
        let intents = intents.map(|intent| self.pdf.0.dereference(intent).expect("one").1);
        let intents: Vec<_> = intents.map(|intent| intent.as_dict().expect("one")).collect();
        let press: Vec<_> =
            intents.iter().filter(|one| self.name(one, "S") == Some(b"GTS_PDFX")).collect();
        let [press] = press[..] else { panic!("{} intents", press.len()) };
        // 9. It is a registered one, and says so.
        assert_eq!(self.pdf.string(press, "OutputConditionIdentifier"), "FOGRA39");
        assert_eq!(self.pdf.string(press, "RegistryName"), "http://www.color.org");
        assert!(!self.pdf.string(press, "Info").is_empty());
        // 10. Its profile is embedded: for printing, with four inks, of version 2.
        let profile = self.pdf.get(press, "DestOutputProfile").expect("a profile");
        let profile = profile.as_stream().expect("a stream");
        assert_eq!(profile.dict.get(b"N").and_then(Object::as_i64).ok(), Some(4));
        let data = profile.decompressed_content().expect("a profile");
        assert_eq!((&data[12..24], data[8]), (&b"prtrCMYKLab "[..], 2));
        // 11. All intents have the same profile.
        let reference =
            |one: &Dictionary| one.get(b"DestOutputProfile").cloned().expect("a profile");
        assert!(intents.iter().all(|one| reference(one) == reference(press)));
        for page in self.pages() {
            let [sheet, bleed, trim] =
                ["MediaBox", "BleedBox", "TrimBox"].map(|key| self.rectangle(page, key));
            // 12. The page that remains is in what is printed, and that on the sheet.
            let inside = |inner: &[f32], outer: &[f32]| {
                inner[0] >= outer[0]
                    && inner[1] >= outer[1]
                    && inner[2] <= outer[2]
                    && inner[3] <= outer[3]
            };
            assert!(
                inside(&trim, &bleed) && inside(&bleed, &sheet),
                "{sheet:?} {bleed:?} {trim:?}"
            );
            assert!((trim[2] - trim[0] - 595.28).abs() < 0.1, "{trim:?}");
            assert!((trim[0] - bleed[0] - 8.504).abs() < 0.1, "{bleed:?}");
            // 13. Nothing on it can be clicked.
            assert!(!page.has(b"Annots"));
            // 14. One way to say what the page is.
            assert!(!page.has(b"ArtBox"));
        }
        // 15. No forms, scripts, or actions.
        assert!(!catalog.has(b"AcroForm") && !catalog.has(b"OpenAction") && !catalog.has(b"AA"));
        for dictionary in self.dictionaries() {
            assert!(!dictionary.has(b"JS") && self.name(dictionary, "Type") != Some(b"Action"));
            // 16. No alternatives, and nothing from elsewhere.
            assert!(
                !dictionary.has(b"Alternates")
                    && !dictionary.has(b"OPI")
                    && !dictionary.has(b"Ref")
            );
            assert!(self.name(dictionary, "Subtype") != Some(b"PS"));
            // 17. Nothing that changes tones on its own.
            assert!(!dictionary.has(b"TR") && !dictionary.has(b"TR2") && !dictionary.has(b"HTP"));
            // 18. Pictures and gradients are inks; and so is what is mixed.
            let pictures = ["Image"].contains(&self.kind(dictionary));
            if pictures || dictionary.has(b"ShadingType") {
                let space = self.name(dictionary, "ColorSpace").expect("a space by its name");
                assert!([&b"DeviceGray"[..], b"DeviceCMYK"].contains(&space));
            }
            if let Some(group) =
                self.pdf.get(dictionary, "Group").and_then(|one| one.as_dict().ok())
            {
                assert!(!x_1a);
                assert_eq!(self.name(group, "CS"), Some(&b"DeviceCMYK"[..]));
            }
            // 19. Fonts are embedded.
            if self.name(dictionary, "Type") == Some(b"FontDescriptor") {
                assert!(
                    ["FontFile", "FontFile2", "FontFile3"]
                        .iter()
                        .any(|key| dictionary.has(key.as_bytes()))
                );
            }
            if x_1a {
                assert!(
                    !dictionary.has(b"SMask") || self.name(dictionary, "SMask") == Some(b"None")
                );
                for opacity in ["ca", "CA"] {
                    let opacity = self.pdf.get(dictionary, opacity);
                    assert!(opacity.is_none_or(|one| one.as_float().is_ok_and(|one| one == 1.0)));
                }
                assert!(!matches!(self.kind(dictionary), "ObjStm" | "XRef"));
            }
        }
        // 20. Nothing is drawn in colours of a screen.
        let operators = self.operators();
        let count =
            |names: &[&str]| operators.iter().filter(|(name, _)| names.contains(&&**name)).count();
        assert_eq!(count(&["rg", "RG"]), 0);
        assert!(count(&["k", "K"]) >= 2 && count(&["g", "G"]) >= 2);
        let spaces = operators.iter().filter(|(name, _)| ["cs", "CS"].contains(&&**name));
        for (_, operands) in spaces {
            let name = operands[0].as_name().expect("a name");
            assert!(name == b"Pattern" || name == b"All", "{operands:?}");
        }
        let all = self.pdf.0.objects.values();
        let spaces = all.filter_map(|object| object.as_array().ok()?.first()?.as_name().ok());
        assert!(spaces.into_iter().all(|name| name != b"ICCBased"));
    }

    fn kind<'d>(&'d self, dictionary: &'d Dictionary) -> &'d str {
        let kind = self.name(dictionary, "Subtype").or_else(|| self.name(dictionary, "Type"));
        std::str::from_utf8(kind.unwrap_or_default()).unwrap_or_default()
    }
}

fn check(folder: &Path, arguments: &str, x_1a: bool) -> Pdf {
    let output = super::run(folder, &format!("build x -q -o - {QUIET} {arguments}"));
    assert_eq!(super::stderr(&output), "");
    let pdf = Pdf(Document::load_mem(&output.stdout).expect("a PDF"));
    let metadata = pdf.get(pdf.catalog(), "Metadata").expect("metadata").as_stream().expect("it");
    let metadata = String::from_utf8(metadata.content.clone()).expect("a text");
    Sheet { pdf: &pdf, bytes: &output.stdout, metadata }.check(x_1a);
    pdf
}

#[test]
fn a_pdf_for_a_press_is_one() {
    let folder = colourful("[\"x-4\"]");
    let pdf = check(folder.path(), "", false);
    // Artwork in CMYK is the file itself, and signatures without colour are black ink.
    let cmyk = std::fs::read(folder.path().join("x/cmyk.jpg")).expect("a picture");
    let streams = || pdf.0.objects.values().filter_map(|object| object.as_stream().ok());
    assert!(streams().any(|stream| stream.content == cmyk));
    let pictures = streams().filter(|stream| {
        stream.dict.has(b"SMask")
            && stream.dict.get(b"ColorSpace").and_then(Object::as_name).ok() == Some(b"DeviceGray")
    });
    assert_eq!(pictures.count(), 1);
    check(folder.path(), "--pdf-standard x-1a", true);
}

#[test]
fn a_pdf_for_a_press_can_be_an_archive() {
    let letter = format!("{}[pdf]\nstandard = [\"x-4\", \"a-2a\"]\n", super::SMALL);
    let folder = super::folder(&[("x/letter.toml", &letter)]);
    let pdf = Pdf::build(folder.path(), "x");
    let metadata = pdf.get(pdf.catalog(), "Metadata").expect("metadata").as_stream().expect("it");
    let metadata = String::from_utf8(metadata.content.clone()).expect("a text");
    for property in [
        "<pdfaid:part>2<",
        "<pdfxid:GTS_PDFXVersion>PDF/X-4<",
        "<pdfaProperty:name>GTS_PDFXVersion<",
    ] {
        assert!(metadata.contains(property), "{property}");
    }
    let intents =
        pdf.get(pdf.catalog(), "OutputIntents").expect("intents").as_array().expect("two");
    assert_eq!(intents.len(), 2);
    // Without links it can also be one for screen readers.
    Pdf::build(folder.path(), "x --pdf-standard x-4,ua-1,a-2a");
}

#[test]
fn crop_marks_are_outside_of_what_is_printed() {
    let letter = format!("{}[page]\npaper = \"a4\"\ncrop-marks = true\n", super::SMALL);
    let folder = super::folder(&[("x/letter.toml", &letter)]);
    for standard in ["ua-1,a-2a", "x-4", "ua-2,a-4", "1.4"] {
        let pdf = Pdf::build(folder.path(), &format!("x --pdf-standard {standard}"));
        let pages = pdf.0.get_pages();
        let page = pdf.0.get_dictionary(pages[&1]).expect("a page");
        let number = |object: &Object| object.as_float().expect("a number");
        let rectangle = |key: &str| -> Vec<f32> {
            let numbers = pdf.get(page, key).expect("a rectangle").as_array().expect("one");
            numbers.iter().map(number).collect()
        };
        let (sheet, bleed) = (rectangle("MediaBox"), rectangle("BleedBox"));
        assert!((bleed[2] - 595.28).abs() < 0.1 && (sheet[2] - bleed[2] - 22.677).abs() < 0.1);
        let content = Content::decode(&pdf.0.get_page_content(pages[&1])).expect("content");
        // They come first, and there are eight.
        let lines: Vec<_> =
            content.operations.iter().take_while(|one| one.operator != "Q").collect();
        let ends = lines.iter().filter(|one| ["m", "l"].contains(&&*one.operator));
        let ends: Vec<_> =
            ends.map(|one| (number(&one.operands[0]), number(&one.operands[1]))).collect();
        assert_eq!(ends.len(), 16);
        for (x, y) in ends {
            let beside = x < bleed[0] - 8.0 || x > bleed[2] + 8.0;
            assert!(beside || y < bleed[1] - 8.0 || y > bleed[3] + 8.0, "{x} {y}");
        }
    }
}

#[test]
fn what_a_press_cannot_print_is_reported() {
    let folder = colourful("[\"x-1a\"]");
    let x = folder.path().join("x");
    std::fs::write(
        x.join("paper.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"216\" height=\"303\"><linearGradient \
         id=\"g\"><stop stop-color=\"#c00\"/><stop offset=\"1\" stop-color=\"#c00\" stop-opacity=\"0\"/>\
         </linearGradient><rect width=\"216\" height=\"20\" fill=\"url(#g)\"/></svg>",
    )
    .expect("a picture");
    let letter = std::fs::read_to_string(x.join("letter.toml")).expect("the letter");
    let allow = "--allow low-resolution-picture --message-format short";
    let said = |arguments: &str| {
        super::stderr(&super::run(folder.path(), &format!("check x {allow} {arguments}")))
    };
    insta::assert_snapshot!(said(""), @"x/letter.toml:18:12: error[pdf-standard]: x-1a allows nothing transparent, and something here cannot be made opaque");
    insta::assert_snapshot!(said("--pdf-standard x-4"), @"");
    insta::assert_snapshot!(said("--pdf-standard x-4,ua-1"), @"x/letter.toml:18:12: error[pdf-standard]: x-4 allows no links on a page, and ua-1 asks for the links of this letter");
    insta::assert_snapshot!(said("--pdf-standard x-4,a-2a"), @"x/letter.toml:18:12: error[pdf-standard]: PDF/A-2a error: the PDF is missing a CMYK profile");
    // A press of one's own, and what is none.
    let profile = super::repository().join("src/pdf/FOGRA39L_coated.icc");
    std::fs::copy(profile, x.join("ours.icc")).expect("a profile");
    let named =
        |file: &str| letter.replace("[pdf]\n", &format!("[pdf]\noutput-intent = \"{file}\"\n"));
    std::fs::write(x.join("letter.toml"), named("paper.svg")).expect("the letter");
    insta::assert_snapshot!(said("--pdf-standard x-4"), @"x/letter.toml:18:17: error[invalid-value]: `paper.svg` is not an ICC profile of version 2 for printing with four inks");
    std::fs::write(x.join("letter.toml"), named("ours.icc")).expect("the letter");
    let pdf = Pdf::build(folder.path(), &format!("x {QUIET} --pdf-standard x-4"));
    let intents =
        pdf.get(pdf.catalog(), "OutputIntents").expect("intents").as_array().expect("one");
    let (_, press) = pdf.0.dereference(&intents[0]).expect("an intent");
    let press = press.as_dict().expect("an intent");
    assert_eq!(pdf.string(press, "OutputConditionIdentifier"), "FOGRA39L coated, 300 % ink");
    assert!(!press.has(b"RegistryName"));
}

/// A template of one's own can have inks of their own, and pages of other PDFs.
fn with_template(drawn: &str, files: &[(&str, &str)]) -> TempDir {
    let letter = format!(
        "template = \"own.typ\"\n{}[pdf]\nstandard = [\"x-4\"]\n",
        super::SMALL.replace("Text.", "Text that is black.")
    );
    let template = format!(
        "#let letter(letter) = {{\n  set page(paper: letter.page.paper)\n  \
         heading(level: 1, letter.title)\n  letter.body\n  {drawn}\n}}\n"
    );
    let own = [("x/letter.toml", letter.as_str()), ("x/own.typ", &template)];
    super::folder(&[&own[..], files].concat())
}

#[test]
fn an_ink_of_its_own_remains_one() {
    let drawn = "let gold = color.spot(\"Our Gold\", rgb(\"#b08d2f\"))\n  \
                 rect(fill: gold.tint(80%), stroke: rgb(\"#123456\"))";
    let folder = with_template(drawn, &[]);
    for standard in ["x-4", "x-1a"] {
        let arguments = format!("build x -q -o - {QUIET} --pdf-standard {standard}");
        let output = super::run(folder.path(), &arguments);
        assert_eq!(super::stderr(&output), "");
        assert_eq!(super::run(folder.path(), &arguments).stdout, output.stdout);
        let pdf = Document::load_mem(&output.stdout).expect("a PDF");
        let arrays = pdf.objects.values().filter_map(|object| object.as_array().ok());
        let is = |object: &Object, name: &[u8]| object.as_name().is_ok_and(|own| own == name);
        let mut inks =
            arrays.filter(|array| array.first().is_some_and(|one| is(one, b"Separation")));
        let ink = inks.next().expect("an ink");
        assert!(is(&ink[1], b"Our Gold") && is(&ink[2], b"DeviceCMYK"), "{ink:?}");
        let tint = pdf.dereference(&ink[3]).expect("a function").1.as_dict().expect("one");
        for key in [&b"C0"[..], b"C1"] {
            let colour = tint.get(key).and_then(Object::as_array).expect("a colour");
            assert_eq!(colour.len(), 4, "{colour:?}");
        }
    }
}

#[test]
fn nothing_of_an_enclosed_page_is_lost() {
    let enclosed = |content: &str| {
        let length = content.len();
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Resources<<>>/Contents 4 0 R>>"
                .to_owned(),
            format!("<</Length {length}>>\nstream\n{content}\nendstream"),
        ];
        let (mut pdf, mut table) = ("%PDF-1.4\n".to_owned(), String::new());
        for (index, object) in objects.iter().enumerate() {
            table.push_str(&format!("{:010} 00000 n\r\n", pdf.len()));
            pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
        }
        let start = pdf.len();
        pdf.push_str(&format!("xref\n0 5\n0000000000 65535 f\r\n{table}"));
        pdf + &format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n")
    };
    let drawn = "image(\"page.pdf\", alt: \"A page\")";
    let square = "0.9 0.1 0.1 rg 10 10 70 70 re f";
    let folder = with_template(drawn, &[("x/page.pdf", &enclosed(square))]);
    let pdf = Pdf::build(folder.path(), &format!("x {QUIET}"));
    let sheet = Sheet { pdf: &pdf, bytes: &[], metadata: String::new() };
    let operators = sheet.operators();
    let squares = operators.iter().filter(|(name, operands)| name == "re" && operands.len() == 4);
    assert!(squares.count() >= 1);
    assert!(operators.iter().any(|(name, _)| name == "k"));
    assert!(!operators.iter().any(|(name, _)| name == "rg"));
    // A picture inside the content cannot be converted.
    let picture = format!("q BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q {square}");
    std::fs::write(folder.path().join("x/page.pdf"), enclosed(&picture)).expect("a PDF");
    let output = super::run(folder.path(), &format!("check x {QUIET} --message-format short"));
    insta::assert_snapshot!(super::stderr(&output), @"x/letter.toml:7:12: error[pdf-standard]: a picture, a gradient or an enclosed page cannot be converted into the inks of a press");
}

/// Black that is saved as RGB is black ink also in a PDF that is for no press.
#[test]
fn pictures_without_colour_are_grey() {
    let folder = colourful("[\"ua-1\", \"a-2a\"]");
    let arguments = format!("x {QUIET} --pdf-standard 1.7");
    let pdf = Pdf::build(folder.path(), &arguments);
    let pictures =
        pdf.0.objects.values().filter_map(|object| object.as_stream().ok()).filter(|stream| {
            stream.dict.has(b"SMask")
                && stream.dict.get(b"Width").and_then(Object::as_i64).ok() == Some(800)
        });
    let mut sizes: Vec<usize> = pictures
        .map(|one| one.decompressed_content().expect("pixels").len() / (800 * 200))
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 3]);
}
