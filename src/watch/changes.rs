//! Waits until a file that a letter was made from changes.
//!
//! Folders are watched rather than files. Many editors write a new file and rename it over the old
//! one, which makes it a different file; and a file that does not exist yet cannot be watched at all.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, MetadataKind, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::source::paths;
use crate::words::system_errors;
use crate::words::{Message, say};

/// Changes belong together until nothing changes for this long: an editor may empty a file before it
/// writes it, and `git` changes many files.
const QUIET: Duration = Duration::from_millis(20);

/// If changes never stop, they are still reported this often.
const MAX_WAIT: Duration = Duration::from_millis(300);

/// Reports changes to files and folders.
pub(crate) struct Changes {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// The files, and the folders that were listed.
    paths: BTreeSet<PathBuf>,
    /// The folders in which every file counts, at any depth.
    trees: Vec<PathBuf>,
    watched: HashMap<PathBuf, RecursiveMode>,
}

/// What has changed.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Changed {
    /// Whether one of the files changed, or a folder that was listed.
    pub files: bool,
    /// Whether something changed in one of the trees.
    pub trees: bool,
}

/// A folder that cannot be watched.
#[derive(Debug)]
pub(crate) struct WatchError {
    /// The folder. `None` if nothing can be watched at all.
    pub folder: Option<PathBuf>,
    /// Why.
    pub error: notify::Error,
}

impl WatchError {
    /// The message for it.
    pub(crate) fn message(&self) -> Message {
        let reason = match &self.error.kind {
            notify::ErrorKind::Io(error) => system_errors::reason(error),
            notify::ErrorKind::MaxFilesWatch => say!("the system already watches too many folders"),
            notify::ErrorKind::PathNotFound => say!("it does not exist"),
            _ => system_errors::reason_in_english(&self.error.to_string()),
        };
        match self.folder.as_deref().map(paths::shown) {
            Some(folder) => {
                say!("cannot watch {folder}: {reason}", folder, reason)
            }
            None => say!("cannot watch files: {reason}", reason),
        }
    }
}

impl From<notify::Error> for WatchError {
    fn from(error: notify::Error) -> Self {
        Self { folder: None, error }
    }
}

impl Changes {
    /// Watches folders with everything below them.
    pub(crate) fn new(trees: &[PathBuf]) -> Result<Self, WatchError> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender)?;
        let trees: Vec<PathBuf> =
            trees.iter().filter_map(|tree| tree.canonicalize().ok()).collect();
        let paths = BTreeSet::new();
        let mut changes = Self { watcher, events, paths, trees, watched: HashMap::new() };
        for tree in changes.trees.clone() {
            changes.watch(tree, RecursiveMode::Recursive)?;
        }
        Ok(changes)
    }

    /// Watches these files and folders, which need not exist, instead of those before. Returns
    /// whether something is newly watched: it may have changed since it was read.
    pub(crate) fn follow(&mut self, mut paths: BTreeSet<PathBuf>) -> Result<bool, WatchError> {
        // The target of a link may change as well.
        let targets: Vec<PathBuf> =
            paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        paths.extend(targets);
        let mut folders: BTreeSet<PathBuf> =
            paths.iter().filter_map(|path| existing_folder(path)).collect();
        folders.extend(paths.iter().filter(|path| path.is_dir()).cloned());
        self.paths = paths;

        let is_old = |folder: &PathBuf, mode: RecursiveMode| {
            mode == RecursiveMode::NonRecursive && !folders.contains(folder)
        };
        let old: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(folder, mode)| is_old(folder, **mode))
            .map(|(f, _)| f.clone())
            .collect();
        for folder in old {
            self.unwatch(&folder);
        }
        let new: Vec<PathBuf> =
            folders.into_iter().filter(|folder| !self.watched.contains_key(folder)).collect();
        let any = !new.is_empty();
        for folder in new {
            self.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(any)
    }

    /// Waits until something has changed, and then until nothing changes any more.
    pub(crate) fn wait(&mut self) -> Changed {
        let mut changed = Changed::default();
        let mut begun: Option<Instant> = None;
        loop {
            let event = match begun {
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(begun) if begun.elapsed() > MAX_WAIT => return changed,
                Some(_) => self.events.recv_timeout(QUIET),
            };
            match event {
                Ok(event) => {
                    self.take(event, &mut changed);
                    if begun.is_none() && changed != Changed::default() {
                        begun = Some(Instant::now());
                    }
                }
                Err(RecvTimeoutError::Timeout) => return changed,
                // The watcher lives as long as `self`, so this does not happen. If it did, checking
                // the files from time to time would still be better than never.
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(Duration::from_secs(1));
                    return Changed { files: true, trees: false };
                }
            }
        }
    }

    fn take(&mut self, event: notify::Result<Event>, changed: &mut Changed) {
        // A change that could not be reported may have been anything.
        let Ok(event) = event else {
            *changed = Changed { files: true, trees: true };
            return;
        };
        if event.need_rescan() {
            *changed = Changed { files: true, trees: true };
            return;
        }
        if !is_change(&event.kind) {
            return;
        }
        for path in &event.paths {
            changed.files |= self.concerns_files(path);
            changed.trees |= self.trees.iter().any(|tree| path.starts_with(tree));
            // A folder that was removed is no longer watched, even if one with the same name appears.
            if event.kind.is_remove()
                || matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)))
            {
                let gone = |mode: &RecursiveMode| *mode == RecursiveMode::NonRecursive;
                if self.watched.get(path).is_some_and(gone) {
                    self.unwatch(path);
                }
            }
        }
    }

    /// Whether the path is one of the files, in a folder that was listed, or a folder above one of
    /// them.
    fn concerns_files(&self, path: &Path) -> bool {
        let listed = path.parent().is_some_and(|folder| self.paths.contains(folder));
        // Paths are ordered by their components, so what is below a folder follows it.
        let below = self.paths.range(path.to_path_buf()..).next();
        listed || below.is_some_and(|wanted| wanted.starts_with(path))
    }

    fn watch(&mut self, folder: PathBuf, mode: RecursiveMode) -> Result<(), WatchError> {
        match self.watcher.watch(&folder, mode) {
            Ok(()) => {
                self.watched.insert(folder, mode);
                Ok(())
            }
            // It was removed just now; the folder above it will report when it is back.
            Err(_) if !folder.exists() => Ok(()),
            Err(error) => Err(WatchError { folder: Some(folder), error }),
        }
    }

    fn unwatch(&mut self, folder: &Path) {
        self.watched.remove(folder);
        // It may be gone already; then there is nothing to do.
        let _gone = self.watcher.unwatch(folder);
    }
}

/// The nearest existing folder above a path.
fn existing_folder(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|folder| folder.is_dir()).map(Path::to_path_buf)
}

/// Whether something was changed, and not only read.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(kind) => *kind == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Metadata(kind)) => *kind != MetadataKind::AccessTime,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
        EventKind::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn paths(folder: &Path, names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(|name| folder.join(name)).collect()
    }

    /// Waits on a thread, so that a missed change fails the test instead of hanging it.
    fn changed_by(mut changes: Changes, change: impl FnOnce()) -> (Changes, Option<Changed>) {
        let (sender, receiver) = channel();
        let waiting = std::thread::spawn(move || {
            // The receiver is gone once the time is over.
            let _late = sender.send(changes.wait());
            changes
        });
        change();
        let changed = receiver.recv_timeout(Duration::from_mins(5)).ok();
        assert!(changed.is_some(), "the change was missed");
        (waiting.join().expect("a thread that ends"), changed)
    }

    #[test]
    fn files_are_followed_however_they_are_written() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().canonicalize().expect("a path");
        fs::write(folder.join("body.md"), "one").expect("a file");
        let mut changes = Changes::new(&[]).expect("a watcher");
        let wanted = paths(&folder, &["body.md", "missing.md", "far/away/list.csv"]);
        assert!(changes.follow(wanted.clone()).expect("folders"));
        assert!(!changes.follow(wanted.clone()).expect("folders"), "it is watched already");

        let files = Some(Changed { files: true, trees: false });
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
        let (changes, changed) = changed_by(changes, || write("body.md", "two"));
        assert_eq!(changed, files);
        let rename = || {
            write(".body.md.swp", "three");
            fs::rename(folder.join(".body.md.swp"), folder.join("body.md")).expect("renamed");
        };
        let (changes, changed) = changed_by(changes, rename);
        assert_eq!(changed, files);
        let (changes, changed) = changed_by(changes, || write("missing.md", "here"));
        assert_eq!(changed, files);

        // A folder appears with the file that is wanted; it disappears, and appears again.
        let mut changes = changes;
        for _ in 0..2 {
            let (mut after, changed) = changed_by(changes, || {
                fs::create_dir_all(folder.join("far/away")).expect("folders");
            });
            assert_eq!(changed, files);
            after.follow(wanted.clone()).expect("folders");
            let (after, changed) = changed_by(after, || write("far/away/list.csv", "name"));
            assert_eq!(changed, files);
            let (mut after, changed) =
                changed_by(after, || fs::remove_dir_all(folder.join("far")).expect("removed"));
            assert_eq!(changed, files);
            after.follow(wanted.clone()).expect("folders");
            changes = after;
        }
    }

    #[test]
    fn trees_are_followed() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path().canonicalize().expect("a path");
        let fonts = folder.join("fonts");
        fs::create_dir(&fonts).expect("a folder");
        let mut changes = Changes::new(std::slice::from_ref(&fonts)).expect("a watcher");
        changes.follow(paths(&folder, &["body.md"])).expect("folders");
        let add = || fs::write(fonts.join("new.otf"), "").expect("a file");
        let (_, changed) = changed_by(changes, add);
        assert_eq!(changed, Some(Changed { files: false, trees: true }));
    }

    #[test]
    fn what_is_not_wanted_does_not_count() {
        let folder = Path::new("/letters");
        let changes = Changes {
            paths: paths(folder, &["a/letter.toml", "a/list"]),
            ..Changes::new(&[]).expect("a watcher")
        };
        for wanted in ["a", "a/letter.toml", "a/list", "a/list/x.toml"] {
            assert!(changes.concerns_files(&folder.join(wanted)), "{wanted}");
        }
        for other in ["b", "a/letter.toml~", "a/lette", "a/.letter.toml.swp", "a/list/x/y"] {
            assert!(!changes.concerns_files(&folder.join(other)), "{other}");
        }
    }
}
