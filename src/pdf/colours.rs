//! Colours as the inks of a press.
//!
//! Typst writes colours for screens. What is CMYK already stays as it is.
//!
//! Upstream: <https://github.com/typst/typst/issues/3143>.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::content;
use crate::pdf::objects::Objects;
use crate::pdf::pictures;
use crate::pdf::profile::Profile;
use crate::pdf::value::{Dictionary, Stream, Value};

/// What the colours of a document are like on a press.
#[derive(Debug, Default)]
pub(super) struct Colours {
    /// The most ink that a point gets, from 0 to 4.
    pub ink: f64,
    /// Whether something transparent is printed as if it were on white.
    pub flattened: bool,
    /// Whether something transparent is left where nothing may be.
    pub transparent: bool,
    /// Whether a colour could not be converted.
    pub unconverted: bool,
}

/// How the colour of something is written.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Space {
    Grey,
    Rgb,
    Cmyk,
    Pattern,
    Other,
}

/// Converts all colours of a document. `opaque` does without transparency.
pub(super) fn convert(objects: &mut Objects<'_>, profile: &Profile, opaque: bool) -> Colours {
    let mut converter = Converter { profile, opaque, found: Colours::default() };
    let spaces: BTreeMap<usize, Space> = objects
        .numbers()
        .filter(|number| objects.get(*number).starts_with(b"["))
        .filter_map(|number| Some((number, space(objects, &objects.value(number)?))))
        .collect();
    for number in objects.numbers() {
        if !objects.get(number).ends_with(b"endstream") {
            continue;
        }
        let Some(stream) = objects.stream(number) else {
            converter.found.unconverted = true;
            continue;
        };
        let dictionary = &stream.dictionary;
        if dictionary.name("Subtype") == Some("Image") {
            converter.picture(objects, number, stream);
        } else if dictionary.name("Subtype") == Some("Form")
            || dictionary.get("PatternType").is_some()
        {
            let resources = dictionary.get("Resources").cloned();
            converter.content(objects, number, resources.as_ref());
        }
    }
    for page in objects.pages() {
        let Some(page) = objects.dictionary(page) else { continue };
        if let Some(content) = page.reference("Contents") {
            converter.content(objects, content, page.get("Resources"));
        }
    }
    for number in objects.numbers() {
        if objects.contains(number, b"/CharProcs")
            && let Some(font) = objects.dictionary(number)
            && let Some(glyphs) = font.get("CharProcs").and_then(|glyphs| objects.resolved(glyphs))
        {
            let mut streams = Vec::new();
            glyphs.references(&mut |number| streams.push(number));
            for number in streams {
                converter.content(objects, number, font.get("Resources"));
            }
        }
        if objects.contains(number, b"/ShadingType") {
            converter.gradient(objects, number);
        }
    }
    converter.groups(objects);
    // What has used these spaces is converted, but for inks of their own, which refer to other spaces.
    for (number, _) in spaces.iter().filter(|(_, space)| **space == Space::Other) {
        converter.spot(objects, *number);
    }
    for (number, space) in spaces {
        match space {
            Space::Grey => objects.set(number, b"/DeviceGray".to_vec()),
            Space::Rgb | Space::Cmyk => objects.set(number, b"/DeviceCMYK".to_vec()),
            Space::Pattern | Space::Other => {}
        }
    }
    converter.found
}

/// How a colour space writes colours.
pub(super) fn space(objects: &Objects<'_>, value: &Value) -> Space {
    match objects.resolved(value) {
        Some(Value::Name(name)) => match &*name {
            "DeviceGray" => Space::Grey,
            "DeviceRGB" => Space::Rgb,
            "DeviceCMYK" => Space::Cmyk,
            "Pattern" => Space::Pattern,
            _ => Space::Other,
        },
        Some(Value::Array(parts)) => match parts.as_slice() {
            [Value::Name(kind), Value::Reference(profile)] if kind == "ICCBased" => {
                match objects.stream(*profile).and_then(|stream| stream.dictionary.number("N")) {
                    Some(1.0) => Space::Grey,
                    Some(3.0) => Space::Rgb,
                    Some(4.0) => Space::Cmyk,
                    _ => Space::Other,
                }
            }
            [Value::Name(kind), _] if kind == "CalGray" => Space::Grey,
            [Value::Name(kind), _] if kind == "CalRGB" => Space::Rgb,
            [Value::Name(kind)] if kind == "Pattern" => Space::Pattern,
            _ => Space::Other,
        },
        _ => Space::Other,
    }
}

struct Converter<'p> {
    profile: &'p Profile,
    opaque: bool,
    found: Colours,
}

/// A colour that is in use, with the space in which it is written and how opaque it is.
#[derive(Debug, Clone)]
struct Paint {
    space: Space,
    opacity: f64,
    inks: Option<[f64; 4]>,
}

impl Default for Paint {
    fn default() -> Self {
        Self { space: Space::Grey, opacity: 1.0, inks: Some([0.0, 0.0, 0.0, 1.0]) }
    }
}

impl Converter<'_> {
    /// The inks of a colour that is written in some space.
    fn inks(&self, space: Space, numbers: &[f64]) -> Option<[f64; 4]> {
        match (space, numbers) {
            (Space::Grey, [grey]) => Some([0.0, 0.0, 0.0, 1.0 - grey]),
            (Space::Rgb, [red, green, blue]) => Some(self.profile.inks([*red, *green, *blue])),
            (Space::Cmyk, [cyan, magenta, yellow, black]) => {
                Some([*cyan, *magenta, *yellow, *black])
            }
            _ => None,
        }
    }

    fn count(&mut self, inks: [f64; 4]) {
        self.found.ink = self.found.ink.max(inks.iter().sum());
    }

    fn picture(&mut self, objects: &mut Objects<'_>, number: usize, stream: Stream) {
        let Some(space) = stream.dictionary.get("ColorSpace").map(|value| space(objects, value))
        else {
            return;
        };
        let mask = stream.dictionary.reference("SMask").filter(|_| self.opaque);
        match pictures::convert(objects, stream, space, mask, self.profile) {
            Some((stream, ink)) => {
                self.found.ink = self.found.ink.max(ink);
                self.found.flattened |= mask.is_some();
                if let Some(stream) = stream {
                    objects.put_stream(number, &stream);
                }
            }
            None => self.found.unconverted = true,
        }
    }

    fn content(&mut self, objects: &mut Objects<'_>, number: usize, resources: Option<&Value>) {
        let read = objects.stream(number).and_then(|stream| Some((stream.plain()?, stream)));
        let Some((plain, mut stream)) = read else {
            self.found.unconverted = true;
            return;
        };
        let resources = resources.and_then(|resources| objects.resolved(resources));
        let resources = resources.as_ref().and_then(Value::as_dictionary);
        let named = |kind: &str, name: &str| {
            let all = objects.resolved(resources?.get(kind)?)?;
            all.as_dictionary()?.get(name).cloned()
        };
        let mut written = Vec::with_capacity(plain.len());
        let mut state = [Paint::default(), Paint::default()];
        let mut saved = Vec::new();
        let whole = content::operations(&plain, |operator, operands| {
            let numbers: Vec<f64> = operands.iter().filter_map(Value::as_number).collect();
            // Filling is the first of both, drawing lines the second.
            let which = usize::from(operator.first().is_some_and(u8::is_ascii_uppercase));
            match operator {
                b"q" => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or_default(),
                b"cs" | b"CS" => {
                    let name = operands.first().and_then(Value::as_name).unwrap_or_default();
                    let value = named("ColorSpace", name).unwrap_or_else(|| Value::name(name));
                    state[which].space = space(objects, &value);
                    state[which].inks = None;
                    if matches!(state[which].space, Space::Grey | Space::Rgb | Space::Cmyk) {
                        return;
                    }
                }
                b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" | b"sc" | b"SC" | b"scn" | b"SCN" => {
                    let paint = &mut state[which];
                    match operator {
                        b"g" | b"G" => paint.space = Space::Grey,
                        b"rg" | b"RG" => paint.space = Space::Rgb,
                        b"k" | b"K" => paint.space = Space::Cmyk,
                        _ => {}
                    }
                    paint.inks = self.inks(paint.space, &numbers);
                    if let Some(inks) = paint.inks {
                        self.count(inks);
                        write_inks(&mut written, inks, paint.opacity, which);
                        return;
                    }
                }
                b"gs" if self.opaque => {
                    let name = operands.first().and_then(Value::as_name).unwrap_or_default();
                    let graphics = named("ExtGState", name);
                    let graphics = graphics.and_then(|graphics| objects.resolved(&graphics));
                    let graphics = graphics.as_ref().and_then(Value::as_dictionary);
                    for (paint, key) in state.iter_mut().zip(["ca", "CA"]) {
                        if let Some(opacity) = graphics.and_then(|graphics| graphics.number(key)) {
                            paint.opacity = opacity;
                        }
                    }
                    for (which, paint) in state.iter().enumerate() {
                        if let Some(inks) = paint.inks {
                            write_inks(&mut written, inks, paint.opacity, which);
                        }
                    }
                }
                _ => {}
            }
            let paints = match operator {
                b"f" | b"F" | b"f*" | b"Tj" | b"TJ" => &state[..1],
                b"S" | b"s" => &state[1..],
                b"B" | b"B*" | b"b" | b"b*" => &state[..],
                _ => &[],
            };
            for paint in paints.iter().filter(|paint| paint.opacity < 1.0) {
                match paint.inks {
                    Some(_) => self.found.flattened = true,
                    None => self.found.transparent = true,
                }
            }
            let opaque = state.iter().all(|paint| paint.opacity >= 1.0);
            self.found.transparent |= matches!(operator, b"Do" | b"sh") && !opaque;
            content::write(&mut written, operands, operator);
        });
        if !whole {
            self.found.unconverted = true;
            return;
        }
        stream.set(&written);
        objects.put_stream(number, &stream);
    }

    /// A gradient: its space, and the colours of its functions.
    fn gradient(&mut self, objects: &mut Objects<'_>, number: usize) {
        let Some(Value::Dictionary(mut shading)) = objects.value(number) else { return };
        // A pattern can also contain its gradient.
        if let Some(Value::Dictionary(mut inner)) = shading.get("Shading").cloned() {
            if self.shading(objects, &mut inner) {
                shading.set("Shading", Value::Dictionary(inner));
                objects.put_dictionary(number, &shading);
            }
        } else if self.shading(objects, &mut shading) {
            objects.put_dictionary(number, &shading);
        }
    }

    fn shading(&mut self, objects: &mut Objects<'_>, shading: &mut Dictionary) -> bool {
        let Some(space) = shading.get("ColorSpace").map(|value| space(objects, value)) else {
            return false;
        };
        if space != Space::Rgb {
            return false;
        }
        match shading.get("Function").cloned() {
            Some(mut function) => {
                self.function(objects, &mut function, &mut BTreeSet::new());
                shading.set("Function", function);
            }
            None => self.found.unconverted = true,
        }
        shading.set("ColorSpace", Value::name("DeviceCMYK"));
        true
    }

    /// A function, which is a dictionary or the number of one.
    fn function(
        &mut self,
        objects: &mut Objects<'_>,
        function: &mut Value,
        seen: &mut BTreeSet<usize>,
    ) {
        match function {
            Value::Dictionary(function) => self.tones(objects, function, seen),
            Value::Reference(number) => {
                if !seen.insert(*number) {
                    return;
                }
                match objects.dictionary(*number) {
                    Some(mut function) => {
                        self.tones(objects, &mut function, seen);
                        objects.put_dictionary(*number, &function);
                    }
                    None => self.found.unconverted = true,
                }
            }
            _ => self.found.unconverted = true,
        }
    }

    /// The colours of a function between two, or of several in a row (ISO 32000-1, 7.10).
    fn tones(
        &mut self,
        objects: &mut Objects<'_>,
        function: &mut Dictionary,
        seen: &mut BTreeSet<usize>,
    ) {
        match function.number("FunctionType") {
            Some(2.0) => {
                for key in ["C0", "C1"] {
                    let colour = function.get(key).and_then(Value::as_array).unwrap_or_default();
                    let numbers: Vec<f64> = colour.iter().filter_map(Value::as_number).collect();
                    // Two gradients may share a function.
                    if numbers.len() == 4 {
                        continue;
                    }
                    let Some(inks) = self.inks(Space::Rgb, &numbers) else {
                        self.found.unconverted = true;
                        return;
                    };
                    self.count(inks);
                    function.set(key, Value::Array(inks.map(rounded).to_vec()));
                }
                function.remove("Range");
            }
            Some(3.0) => {
                let parts = function.get("Functions").and_then(|parts| objects.resolved(parts));
                let Some(Value::Array(mut parts)) = parts else {
                    self.found.unconverted = true;
                    return;
                };
                parts.iter_mut().for_each(|part| self.function(objects, part, seen));
                function.set("Functions", Value::Array(parts));
                function.remove("Range");
            }
            _ => self.found.unconverted = true,
        }
    }

    /// A colour that has an ink of its own: what replaces that ink becomes CMYK.
    fn spot(&mut self, objects: &mut Objects<'_>, number: usize) {
        let Some(Value::Array(mut parts)) = objects.value(number) else { return };
        let [Value::Name(kind), _, alternate, function] = parts.as_mut_slice() else { return };
        if kind != "Separation" || space(objects, alternate) != Space::Rgb {
            return;
        }
        self.function(objects, function, &mut BTreeSet::new());
        *alternate = Value::name("DeviceCMYK");
        objects.put(number, &Value::Array(parts));
    }

    /// The space in which transparent things are mixed; without transparency, no group of them.
    fn groups(&mut self, objects: &mut Objects<'_>) {
        for number in objects.numbers() {
            let is_stream = objects.get(number).ends_with(b"endstream");
            if objects.contains(number, b"/Group") {
                let stream = if is_stream { objects.stream(number) } else { None };
                let dictionary = match &stream {
                    Some(stream) => Some(stream.dictionary.clone()),
                    None => objects.dictionary(number),
                };
                if let Some(mut dictionary) = dictionary
                    && let Some(Value::Dictionary(mut group)) = dictionary.remove("Group")
                {
                    if !self.opaque {
                        group.set("CS", Value::name("DeviceCMYK"));
                        dictionary.set("Group", Value::Dictionary(group));
                    }
                    match stream {
                        Some(stream) => {
                            objects.put_stream(number, &Stream { dictionary, ..stream });
                        }
                        None => objects.put_dictionary(number, &dictionary),
                    }
                }
            }
            if self.opaque
                && !is_stream
                && let Some(mut graphics) = objects.dictionary(number)
                && ["ca", "CA", "SMask", "BM"].iter().any(|key| graphics.get(key).is_some())
                && graphics.get("Subtype").is_none()
            {
                for key in ["ca", "CA"] {
                    if graphics.get(key).is_some() {
                        graphics.set(key, Value::raw("1"));
                    }
                }
                let mask = graphics.get("SMask").is_some_and(|mask| mask.as_name() != Some("None"));
                let mode = graphics.name("BM").is_some_and(|mode| mode != "Normal");
                self.found.transparent |= mask || mode;
                objects.put_dictionary(number, &graphics);
            }
        }
    }
}

/// Writes the inks of a colour, for what is filled and for lines. What is not opaque lets white through.
fn write_inks(to: &mut Vec<u8>, inks: [f64; 4], opacity: f64, which: usize) {
    let operator: &[u8] = if which == 0 { b"k" } else { b"K" };
    let operands = inks.map(|ink| rounded(ink * opacity));
    let [cyan, magenta, yellow, black] = &operands;
    let none = Value::raw("0");
    if [cyan, magenta, yellow].into_iter().all(|ink| *ink == none) {
        let grey = Value::number(1.0 - black.as_number().unwrap_or_default());
        content::write(to, &[grey], if which == 0 { b"g" } else { b"G" });
    } else {
        content::write(to, &operands, operator);
    }
}

/// An amount of ink in tenths of a percent, which is finer than a press is.
fn rounded(ink: f64) -> Value {
    Value::number((ink * 1000.0).round() / 1000.0)
}
