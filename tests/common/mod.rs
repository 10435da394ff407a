//! Shared by the tests of the program: how to run it, and folders to run it in.

pub(crate) mod case;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The program, in a folder, with the same environment on every machine.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_undersigned"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C")
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    // Windows needs it to find its own libraries, without which a program cannot open a socket.
    if let Some(root) = std::env::var_os("SYSTEMROOT") {
        command.env("SYSTEMROOT", root);
    }
    command
}

/// Runs the program with arguments separated by spaces.
pub(crate) fn run(folder: &Path, arguments: &str) -> Output {
    program(folder).args(arguments.split_whitespace()).output().expect("the program starts")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// A folder with files, which is deleted when it is dropped.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        write(&folder.path().join(name), text);
    }
    folder
}

pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

/// The folder of this repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
