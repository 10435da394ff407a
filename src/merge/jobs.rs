//! The letters of a merge: one for each recipient in each language of the letter, or only in the
//! language that the row names.

use std::collections::HashMap;

use crate::formats::format::Format;
use crate::language::{Tag, by_name};
use crate::letter::Letter;
use crate::merge::Plan;
use crate::merge::manifest::Shard;
use crate::merge::names::{self, FileNames};
use crate::merge::prototypes::Prototypes;
use crate::merge::recipients::LANG;
use crate::merge::rows::{Broken, RowProblems};
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::words::say;

/// One letter to make.
#[derive(Debug, Clone)]
pub(super) struct MergeJob {
    /// Its number among all letters, from 1.
    pub number: usize,
    /// The recipient's index.
    pub recipient: usize,
    /// The language.
    pub tag: Tag,
    /// The names of its files without the extension.
    pub stem: String,
}

/// A letter that a row asks for, whether it can be made or not. It has a number in any case, so that
/// none gets lost.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Its number among all letters, from 1.
    pub number: usize,
    /// The recipient's index.
    pub recipient: usize,
    /// The language, or what the row says instead.
    pub lang: String,
}

/// All letters of a merge, in the order of the recipients.
#[derive(Debug, Default)]
pub(super) struct JobList {
    /// The letters to make.
    pub jobs: Vec<MergeJob>,
    /// Those in a language that the letter does not have.
    pub unavailable: Vec<Wanted>,
}

impl MergeJob {
    /// What tells the letter from the others of the merge.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.number, self.tag)
    }

    /// The name of its file in a format.
    pub(super) fn file(&self, format: Format) -> String {
        format!("{}.{}", self.stem, format.extension())
    }

    /// What the row asks for.
    pub(super) fn wanted(&self) -> Wanted {
        let Self { number, recipient, .. } = *self;
        Wanted { number, recipient, lang: self.tag.to_string() }
    }
}

impl JobList {
    /// The letters that the rows ask for. Errors in their languages and file names are among the
    /// problems.
    pub(super) fn new(plan: &Plan, prototypes: &Prototypes, of_rows: &mut RowProblems) -> Self {
        let recipients = &plan.recipients;
        let languages = prototypes.written().into_iter().flat_map(|letter| &letter.spec.languages);
        let tags: Vec<&Tag> = languages.map(|(tag, _)| tag).collect();
        let (mut list, mut names) = (Self::default(), FileNames::default());
        // Lists of thousands name few languages.
        let mut by_word: HashMap<&str, Vec<&Tag>> = HashMap::new();
        for (index, recipient) in recipients.rows.iter().enumerate() {
            let asked = recipients.cell(recipient, LANG);
            let meant = asked.map(|cell| {
                let word = cell.value.as_str();
                &*by_word.entry(word).or_insert_with(|| by_name::meant(word, &tags))
            });
            if let Some(cell) = asked
                && meant.is_some_and(Vec::is_empty)
                && !tags.is_empty()
            {
                of_rows.push(index, unknown_language(cell, &tags));
                let (number, lang) = (list.len() + 1, cell.value.to_string());
                list.unavailable.push(Wanted { number, recipient: index, lang });
                continue;
            }
            let is_wanted =
                |letter: &&Letter| meant.is_none_or(|meant| meant.contains(&&letter.tag));
            for letter in prototypes.letters().iter().filter(is_wanted) {
                let stem = names::stem(plan, recipient, index, &letter.tag);
                let (number, tag) = (list.len() + 1, letter.tag.clone());
                let job = MergeJob { number, recipient: index, tag, stem };
                names.take(&job.file(plan.format()), plan, index, of_rows);
                list.jobs.push(job);
            }
        }
        list
    }

    /// How many letters there are, including those that cannot be made.
    pub(super) fn len(&self) -> usize {
        self.jobs.len() + self.unavailable.len()
    }

    /// The letters of a share of the recipients. They keep their numbers.
    pub(super) fn of_share(mut self, shard: Option<Shard>) -> Self {
        let is_here = |recipient: usize| shard.is_none_or(|shard| shard.holds(recipient));
        self.jobs.retain(|job| is_here(job.recipient));
        self.unavailable.retain(|wanted| is_here(wanted.recipient));
        self
    }

    /// The letters whose rows have no error.
    pub(super) fn without(mut self, broken: &Broken) -> Vec<MergeJob> {
        self.jobs.retain(|job| !broken.contains_key(&job.recipient));
        self.jobs
    }
}

/// The error for a row in a language that the letter does not have.
fn unknown_language(cell: &Text, tags: &[&Tag]) -> Diagnostic {
    let (found, list) = (&cell.value, tags.iter().map(ToString::to_string));
    let list = list.collect::<Vec<_>>().join("`, `");
    let problem = say!("the letter is not in the language `{found}`", found);
    Diagnostic::new(Code::InvalidLanguage, cell.place.clone(), problem)
        .hint(say!("it is in `{list}`", list))
}
