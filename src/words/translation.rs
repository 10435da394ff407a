//! The file of a language: its translations of the English texts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The translation of an English pattern.
#[derive(Debug, Clone, Eq, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Translation {
    /// A pattern.
    Text(String),
    /// A pattern for each category of numbers, by its name in CLDR (Unicode Technical Standard #35, part
    /// 3, section 5.1): `one`, `few`, `other` …; and `none`, for exactly none.
    Counted(BTreeMap<String, String>),
}

/// The words of a language. The tables only help the people who edit the file: texts are looked up in
/// all.
#[derive(Debug)]
pub(super) struct Words {
    tables: BTreeMap<String, BTreeMap<String, Translation>>,
}

impl Words {
    /// Parses the file of a language, in JSON.
    pub(super) fn read(file: &str) -> Self {
        Self { tables: serde_json::from_str(file).expect("a test reads the file of each language") }
    }

    /// The translation of an English pattern.
    pub(super) fn get(&self, english: &str) -> Option<&Translation> {
        self.tables.values().find_map(|table| table.get(english))
    }

    /// The tables of the file, by their names.
    pub(super) fn tables(&self) -> &BTreeMap<String, BTreeMap<String, Translation>> {
        &self.tables
    }
}
