//! Services that print and post letters, and what they want of a page.
//!
//! Each is a small TOML file, built in or a letter's own. The comments of the built-in ones, in
//! `templates/print-services`, say where their rules are from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ecow::EcoString;
use include_dir::{Dir, include_dir};
use typst::syntax::FileId;

use crate::pdf::PdfStandard;
use crate::problems::Problems;
use crate::spec::Margins;
use crate::spec::envelopes::{self, Geometry, Rectangle, read_down, read_paper, take_rectangle};
use crate::spec::values::{read_margins, read_standard};
use crate::toml::reader::{Context, Table};

/// The built-in services. To add one, add a file.
static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/print-services");

/// What a service that prints and posts letters wants of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PrintService {
    /// The paper, by Typst's name.
    pub paper: &'static str,
    /// Where it wants the address, unless it prints the address itself.
    pub address: Option<Geometry>,
    /// Where the first page may begin, in points from the top, if the service prints above.
    pub top: Option<f64>,
    /// The edges where nothing may be printed.
    pub margin: Margins,
    /// The other zones where nothing may be printed.
    pub empty: Vec<Zone>,
    /// The most pages.
    pub pages: Option<usize>,
    /// The most bytes of a PDF.
    pub bytes: Option<usize>,
    /// The standards that a PDF must conform to.
    pub standard: Vec<PdfStandard>,
}

/// A part of some pages where nothing may be printed.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(crate) struct Zone {
    /// Where it is.
    pub area: Rectangle,
    /// The pages that have it.
    pub pages: Pages,
}

/// Some pages of a letter.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Pages {
    /// The first one.
    #[default]
    First,
    /// All but the first.
    Other,
    /// All of them.
    All,
}

/// The built-in services, by the names used in letters.
static BUILT_IN: LazyLock<BTreeMap<&'static str, PrintService>> = LazyLock::new(|| {
    let read = |(name, source)| Some((name, envelopes::built_in(source, PrintService::read)?));
    envelopes::files(&FOLDER).filter_map(read).collect()
});

/// The names of the built-in services.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.keys().copied()
}

/// A built-in service.
pub(crate) fn service(name: &str) -> Option<&'static PrintService> {
    BUILT_IN.get(name)
}

impl PrintService {
    /// Reads the TOML of a service. `None` if something in it is missing or wrong, which is then among the
    /// problems.
    pub(crate) fn read(
        source: &str,
        file: FileId,
        name: &str,
        problems: &Problems,
    ) -> Option<Self> {
        envelopes::read_profile(source, file, name, problems, Self::take)
    }

    fn take(table: &mut Table<'_>, context: Context<'_>) -> Option<Self> {
        let paper = table.require(context, "paper").and_then(|v| read_paper(v, context));
        let (window, text) = (table.take("window"), table.take("text"));
        let reserved = table.take("reserved").and_then(|v| v.boolean(context));
        let address = Geometry::read_field(table, paper, window, text, context);
        let address =
            address.map(|address| Geometry { reserved: reserved.unwrap_or_default(), ..address });
        let top = table.take("top").and_then(|v| read_down(v, context));
        let margin = table.take("margin").map(|v| read_margins(v, context)).unwrap_or_default();
        let mut empty = Vec::new();
        if let Some(items) = table.take("empty").and_then(|v| v.items(context)) {
            empty.extend(items.filter_map(|item| {
                let mut table = item.table(context)?;
                let area = take_rectangle(&mut table, context);
                let pages = table.take("pages").and_then(|v| {
                    let values =
                        [("first", Pages::First), ("other", Pages::Other), ("all", Pages::All)];
                    v.one_of(context, &values)
                });
                table.finish(context);
                Some(Zone { area: area?, pages: pages.unwrap_or_default() })
            }));
        }
        let mut number = |key, most| {
            let number = table.take(key)?.integer(context, 1..most)?;
            usize::try_from(number).ok()
        };
        let (pages, bytes) = (number("pages", 10_001), number("bytes", 1 << 40));
        let standard = table.take("standard").and_then(|v| {
            let items = v.items(context)?;
            Some(items.filter_map(|item| read_standard(item, context)).collect::<Vec<_>>())
        });
        Some(Self {
            paper: paper?,
            address,
            top,
            margin,
            empty,
            pages,
            bytes,
            standard: standard.unwrap_or_default(),
        })
    }

    /// The zones where nothing may be printed on a page of the paper, the edges among them.
    pub(crate) fn zones(&self) -> Vec<Zone> {
        let Some(page) = envelopes::page(self.paper) else { return Vec::new() };
        let Margins { top, right, bottom, left } = self.margin;
        let (width, height) = (page.width, page.height);
        let edges = [
            top.map(|edge| Rectangle { height: edge.0, ..page }),
            right.map(|edge| Rectangle { x: width - edge.0, width: edge.0, ..page }),
            bottom.map(|edge| Rectangle { y: height - edge.0, height: edge.0, ..page }),
            left.map(|edge| Rectangle { width: edge.0, ..page }),
        ];
        let edges =
            edges.into_iter().flatten().filter(|edge| edge.width > 0.0 && edge.height > 0.0);
        let edges = edges.map(|area| Zone { area, pages: Pages::All });
        edges.chain(self.empty.iter().copied()).collect()
    }
}

impl Pages {
    /// Whether a page is among them, by its index.
    pub(crate) fn contain(self, index: usize) -> bool {
        match self {
            Self::First => index == 0,
            Self::Other => index > 0,
            Self::All => true,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> EcoString {
        match self {
            Self::First => "first",
            Self::Other => "other",
            Self::All => "all",
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::carried;

    /// Every built-in service is read without a problem, and its address is in no zone that stays empty.
    #[test]
    fn built_in_services_are_right() {
        for (name, source) in envelopes::files(&FOLDER) {
            let problems = Problems::default();
            let file = carried::built_in("profile.toml");
            let service = PrintService::read(source, file, name, &problems);
            let found: Vec<String> =
                problems.into_sorted().iter().map(|problem| problem.message.english()).collect();
            let Some(service) = service else { panic!("{name}: {found:?}") };
            for zone in service.zones().iter().filter(|zone| zone.pages.contain(0)) {
                let Some(address) = &service.address else { continue };
                assert!(!zone.area.overlaps(&address.address(), 0.1), "{name}: {zone:?}");
            }
        }
        assert!(names().count() >= 8);
    }
}
