//! The file of a language: its words for the English of the program.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a language has for an English pattern.
#[derive(Debug, Clone, Eq, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Translation {
    /// A pattern.
    Text(String),
    /// A pattern for each category of numbers, by its name in CLDR (Unicode Technical Standard #35, part
    /// 3, section 5.1): `one`, `few`, `other` …; and `none`, for exactly none.
    Counted(BTreeMap<String, String>),
}

/// The words of a language. The tables of its file are there for who edits it: they are one.
#[derive(Debug)]
pub struct Words {
    tables: BTreeMap<String, BTreeMap<String, Translation>>,
}

impl Words {
    /// Reads the file of a language.
    pub fn read(file: &str) -> Self {
        Self { tables: toml::from_str(file).expect("a test reads the file of each language") }
    }

    /// What the language has for an English pattern.
    pub fn get(&self, english: &str) -> Option<&Translation> {
        self.tables.values().find_map(|table| table.get(english))
    }

    /// The tables of the file, by their names.
    pub fn tables(&self) -> &BTreeMap<String, BTreeMap<String, Translation>> {
        &self.tables
    }
}
