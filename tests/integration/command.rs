//! The commands as typed.

use std::io::Write;
use std::process::Stdio;

use super::{SMALL, folder, founding_letter, program, run, stderr, stdout};

#[test]
fn build_writes_each_language_and_leaves_the_unchanged_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = founding_letter();
    let build = format!("build {} --allow placeholder-link", letter.display());
    let first = run(folder.path(), &build);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert_eq!(
        stdout(&first),
        ["en", "es-MX", "pt-BR", "fr", "ht", "en+es-MX"]
            .map(|languages| format!("out/remain-in-mexico-2021.{languages}.pdf\n"))
            .concat()
    );
    assert!(stderr(&first).contains("6 files written, 0 unchanged"), "{}", stderr(&first));

    let path = folder.path().join("out/remain-in-mexico-2021.en.pdf");
    let modified = || std::fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
    let before = modified();
    let second = run(folder.path(), &build);
    assert!(stderr(&second).contains("no file written, 6 unchanged"), "{}", stderr(&second));
    assert_eq!(modified(), before);
}

#[test]
fn an_error_leaves_earlier_output_untouched() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    assert_eq!(run(folder.path(), "build x").status.code(), Some(0));
    let path = folder.path().join("out/x.en.pdf");
    let before = std::fs::read(&path).expect("a PDF");
    super::write(&folder.path().join("x/letter.toml"), &SMALL.replace("title", "titel"));
    let output = run(folder.path(), "build x --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "x/letter.toml:1:1: error[missing-key]: the letter has no `title`\n\
         x/letter.toml:3:1: error[unknown-key]: unknown key `titel`\n"
    );
    assert_eq!(std::fs::read(&path).expect("a PDF"), before);
}

#[test]
fn all_letters_are_tried_and_all_problems_reported() {
    let folder = folder(&[
        ("a/letter.toml", "languages = 1"),
        ("b/letter.toml", SMALL),
        ("c/deep/letter.toml", &SMALL.replace("2021-08-24", "2021-02-30")),
        (".hidden/letter.toml", "nonsense"),
    ]);
    let output = run(folder.path(), "build --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "out/b.en.pdf\n");
    let problems = stderr(&output);
    assert!(problems.contains("a/letter.toml:1:13: error[wrong-type]"), "{problems}");
    assert!(problems.contains("c/deep/letter.toml:2:8: error[invalid-value]"), "{problems}");
    assert!(!problems.contains("hidden"), "{problems}");
}

#[test]
fn letters_with_the_same_name_do_not_overwrite_each_other() {
    let folder = folder(&[("a/x/letter.toml", SMALL), ("b/x/letter.toml", SMALL)]);
    let output = run(folder.path(), "build --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error[write]: another letter is also called x.en.pdf"));
}

#[test]
fn check_writes_nothing() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let output = run(folder.path(), "check");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "1 letter: no errors, no warnings\n");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_letter_goes_through_the_pipes() {
    let folder = folder(&[("body.md", "From a *file*.")]);
    let mut child = program(folder.path())
        .args(["build", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let spec = SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let mut stdin = child.stdin.take().expect("standard input");
    stdin.write_all(spec.as_bytes()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.starts_with(b"%PDF-1.7"));
}

#[test]
fn a_letter_from_the_pipe_is_below_its_root() {
    let folder = folder(&[("letter.toml", SMALL), ("root/x", "")]);
    let letter = std::fs::File::open(folder.path().join("letter.toml")).expect("a file");
    let output = program(folder.path())
        .args(["check", "-", "--root", "root", "--message-format", "short"])
        .stdin(letter)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let expected = "<stdin>:1:1: error[outside-root]: ";
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
    assert!(stderr(&output).contains(" is not below "), "{}", stderr(&output));
}

#[test]
fn standard_output_takes_one_document() {
    let letter = founding_letter();
    let output = run(&letter, "build -o - --quiet");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there are 6: choose one with --lang"), "{}", stderr(&output));
    let output = run(&letter, "build -o - --lang es-MX --format png --quiet");
    assert_eq!(output.status.code(), Some(2), "three pages are three documents");
    let output = run(&letter, "build -o - --lang es --quiet");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"%PDF-1.7"));
}

#[test]
fn denied_warnings_fail_and_allowed_ones_are_silent() {
    let letter = founding_letter();
    let denied = run(&letter, "check --deny warnings --message-format short");
    assert_eq!(denied.status.code(), Some(1));
    assert!(stderr(&denied).contains("error[placeholder-link]"));
    let code = run(&letter, "check --deny placeholder-link --message-format short");
    assert_eq!(code.status.code(), Some(1));
    let allowed = run(&letter, "check --allow placeholder-link --message-format short");
    assert!(!stderr(&allowed).contains("placeholder-link"));
    assert_eq!(run(&letter, "check --allow syntax").status.code(), Some(2));
    assert_eq!(run(&letter, "check --deny nonsense").status.code(), Some(2));
}

#[test]
fn wrong_usage_has_its_own_exit_status() {
    let empty = folder(&[]);
    for arguments in
        ["", "nonsense", "build nowhere", "build", "check --jobs 0", "build --lang x_y"]
    {
        let output = run(empty.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(!output.stderr.is_empty(), "{arguments}");
    }
    assert_eq!(run(empty.path(), "--version").status.code(), Some(0));
    assert_eq!(run(empty.path(), "build --help").status.code(), Some(0));
}

#[test]
fn a_new_letter_builds_at_once_in_every_language() {
    for languages in ["", "--lang es-MX", "--lang en --lang es", "--lang es --lang en-US"] {
        let folder = folder(&[]);
        let made = run(folder.path(), &format!("new water {languages}"));
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        assert!(stdout(&made).starts_with("water/letter.toml\n"), "{}", stdout(&made));
        let built = run(folder.path(), "build --allow sample-text --deny warnings");
        assert_eq!(built.status.code(), Some(0), "{languages}: {}", stderr(&built));
        let told = stderr(&run(folder.path(), "check --message-format short"));
        assert!(told.matches("[sample-text]").count() >= 4, "{languages}: {told}");
        assert!(told.lines().all(|line| line.contains("[sample-text]")), "{told}");
        let again = run(folder.path(), "new water");
        assert_eq!(again.status.code(), Some(2));
    }
}

#[test]
fn messages_follow_the_language_of_the_user() {
    let folder = folder(&[("x/letter.toml", &SMALL.replace("title", "titel"))]);
    let output = program(folder.path())
        .args(["check", "x"])
        .env("LC_ALL", "es_MX.UTF-8")
        .output()
        .expect("the program starts");
    let problems = stderr(&output);
    assert!(problems.contains("error[missing-key]: a la carta le falta `title`"), "{problems}");
    assert!(problems.contains("sugerencia: ¿quiso decir `title`?"), "{problems}");
    assert!(problems.contains("1 carta: 2 errores, sin advertencias"), "{problems}");
}

#[test]
fn help_and_usage_errors_follow_the_language_of_the_user() {
    let empty = folder(&[]);
    let help = stdout(&run(empty.path(), "--ui-lang es build --help"));
    assert!(help.contains("Uso: undersigned build [OPCIONES] [CARTA]..."), "{help}");
    for english in ["Usage", "Options", "Print", "default", "The ", "Possible"] {
        assert!(!help.contains(english), "{english} in {help}");
    }
    assert_eq!(stdout(&run(empty.path(), "--ui-lang es help build")), help);
    let commands = stdout(&run(empty.path(), "help --ui-lang=es"));
    assert!(commands.contains("Uso: undersigned [OPCIONES] <COMANDO>"), "{commands}");
    let output = program(empty.path())
        .args(["check", "--jobs", "x", "."])
        .env("LC_ALL", "es_MX.UTF-8")
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("'--jobs <N>' no admite 'x'"), "{}", stderr(&output));
    let output = run(empty.path(), "build --ui-lang=es --lang x_y");
    assert!(stderr(&output).contains("no es una etiqueta BCP 47"), "{}", stderr(&output));
    let output = run(empty.path(), "--ui-lang es chek");
    assert!(stderr(&output).contains("no existe el comando 'chek'"), "{}", stderr(&output));
    assert!(stderr(&output).contains("¿quiso decir 'schema' o 'check'?"), "{}", stderr(&output));
}

/// Whatever is wrong with the command line, the exit status is 2 in both languages, and the message is
/// only in the language of the user.
#[test]
fn usage_errors_have_the_same_status_in_both_languages() {
    let empty = folder(&[]);
    for arguments in
        ["--ouput x", "chek", "build -f pfd", "check --jobs 0", "-q=1", "new", "-q", ""]
    {
        let english = run(empty.path(), arguments);
        let spanish = run(empty.path(), &format!("--ui-lang=es {arguments}"));
        assert_eq!(english.status.code(), Some(2), "{arguments}");
        assert_eq!(spanish.status.code(), Some(2), "{arguments}");
        let (english, spanish) = (stderr(&english), stderr(&spanish));
        assert!(english.contains("Usage: ") || english.contains("try '--help'"), "{english}");
        assert!(spanish.contains("Uso: ") || spanish.contains("use '--help'"), "{spanish}");
        assert!(!spanish.contains("Usage") && !spanish.contains("For more"), "{spanish}");
    }
    let script = stdout(&run(empty.path(), "--ui-lang es completions fish"));
    assert!(script.contains("Revisa las cartas, les da formato y las escribe"), "{script}");
    for english in
        ["Check letters without writing anything", "For delivery", "One line per problem"]
    {
        assert!(!script.contains(english), "{script}");
    }
}

/// System errors are described in the language of the user.
#[test]
fn errors_of_the_system_are_reported_in_both_languages() {
    let letter = format!("{SMALL}signatories = [\"A\"]\n");
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("file", "this is no folder"),
        ("r.csv", "name\nA\n"),
        ("form.csv", "name\nB\n"),
    ]);
    std::fs::create_dir(folder.path().join("taken.sarif")).expect("a folder");
    let cases = [
        (
            "build nowhere",
            "cannot open `nowhere`: there is no such file or folder",
            "no se puede abrir `nowhere`: no existe ese archivo o carpeta",
        ),
        (
            "check x --sarif taken.sarif",
            "cannot write `taken.sarif`: it is a folder",
            "no se puede escribir `taken.sarif`: es una carpeta",
        ),
        (
            "merge x --recipients nothing.csv",
            "cannot open `nothing.csv`: there is no such file or folder",
            "no se puede abrir `nothing.csv`: no existe ese archivo o carpeta",
        ),
        (
            "build x --root file",
            "--root file: part of the path is not a folder",
            "--root file: parte de la ruta no es una carpeta",
        ),
        (
            "check x --root nothing",
            "--root nothing: there is no such file or folder",
            "--root nothing: no existe ese archivo o carpeta",
        ),
        (
            "signatories import nothing.csv --into x",
            "cannot open `nothing.csv`: there is no such file or folder",
            "no se puede abrir `nothing.csv`: no existe ese archivo o carpeta",
        ),
    ];
    for (arguments, english, spanish) in cases {
        for (language, expected) in [("en", english), ("es", spanish)] {
            let output = run(folder.path(), &format!("{arguments} --ui-lang {language}"));
            let text = stderr(&output);
            assert!(text.contains(expected), "{arguments}: {text}");
            assert!(!text.contains("os error"), "{arguments}: {text}");
            assert!(!output.status.success(), "{arguments}: {text}");
        }
    }
}

#[test]
fn people_see_the_line_with_the_problem() {
    let folder =
        folder(&[("x/letter.toml", &SMALL.replace("title", "titel").replace("Text.", "ñ <b>"))]);
    let output = run(folder.path(), "check x");
    insta::assert_snapshot!(stderr(&output), @r#"
    error[missing-key]: the letter has no `title`
     --> x/letter.toml:1:1
      |
    1 | languages = ["en"]
      | ^

    error[unknown-key]: unknown key `titel`
     --> x/letter.toml:3:1
      |
    3 | titel = "A titel"
      | ^^^^^
      |
      = hint: did you mean `title`?

    1 letter: 2 errors, no warnings
    "#);
}

#[test]
fn fonts_and_completions_are_listed() {
    let empty = folder(&[]);
    let fonts = run(empty.path(), "fonts --variants");
    insta::assert_snapshot!(stdout(&fonts), @r#"
    Amiri
      normal 400  fonts/amiri/Amiri-Regular.ttf
      normal 700  fonts/amiri/Amiri-Bold.ttf
    DejaVu Sans Mono
      normal 400  fonts/dejavu-sans-mono/DejaVuSansMono.ttf
    Libertinus Sans
      normal 400  fonts/libertinus-sans/LibertinusSans-Regular.otf
      italic 400  fonts/libertinus-sans/LibertinusSans-Italic.otf
      normal 700  fonts/libertinus-sans/LibertinusSans-Bold.otf
    Libertinus Serif
      normal 400  fonts/libertinus-serif/LibertinusSerif-Regular.otf
      italic 400  fonts/libertinus-serif/LibertinusSerif-Italic.otf
      normal 600  fonts/libertinus-serif/LibertinusSerif-Semibold.otf
      normal 700  fonts/libertinus-serif/LibertinusSerif-Bold.otf
      italic 700  fonts/libertinus-serif/LibertinusSerif-BoldItalic.otf
    "#);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(empty.path(), &format!("completions {shell}"));
        assert!(stdout(&script).contains("undersigned"), "{shell}");
    }
}

#[test]
fn github_messages_have_the_line() {
    let folder = folder(&[("x/letter.toml", &SMALL.replace("Text.", "100 %: <b>, [a][b]"))]);
    let output = run(folder.path(), "check x --message-format github");
    insta::assert_snapshot!(stderr(&output), @r"
    ::error file=x/letter.toml,line=4,endLine=4,col=16,endColumn=19,title=raw-html::HTML cannot be printed in a letter%0Awrite it in Markdown, or \< to print the character itself
    ::error file=x/letter.toml,line=4,endLine=4,col=21,endColumn=27,title=unknown-link::there is no link `b`%0Aadd it to `[links]`, or write the target as [text](https://…)
    ");
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut child = program(&founding_letter())
        .args(["fonts", "--variants"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(stderr(&output), "");
}

#[test]
fn some_pages_are_written_as_pictures() {
    let letter = founding_letter();
    let out = tempfile::tempdir().expect("a folder");
    let build = |arguments: &str| {
        let mut program = program(&letter);
        program.args(["build", "-q", "--lang", "en", "-o"]).arg(out.path());
        program.args(arguments.split_whitespace()).output().expect("the program starts")
    };
    assert!(build("-f png -f svg --pages 1,3- --ppi 20").status.success());
    let entries = std::fs::read_dir(out.path()).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let name = |page: u8, format: &str| format!("remain-in-mexico-2021.en.{page}.{format}");
    assert_eq!(names, [name(1, "png"), name(1, "svg"), name(3, "png"), name(3, "svg")]);
    for wrong in ["-f pdf --pages 1", "-f png --pages 9", "-f png --pages 0"] {
        let output = build(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {}", stderr(&output));
    }
}

#[test]
fn a_letter_without_an_envelope_has_no_window_to_show() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let output = run(folder.path(), "build x --show-window --message-format short");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stderr(&output), @"x/letter.toml:1:1: warning[unused-key]: --show-window has no window to draw: this letter names no envelope");
    let letter =
        format!("{SMALL}[page]\nenvelope = \"us-10\"\n[[to]]\nname = \"A\"\naddress = [\"B\"]\n");
    super::write(&folder.path().join("x/letter.toml"), &letter);
    let output = run(folder.path(), "build x --show-window --message-format short");
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

/// A folder or a pipe is not a list, and the program must not wait for a pipe without a writer.
#[cfg(unix)]
#[test]
fn paths_that_are_not_files_are_reported_in_both_languages() {
    let letter = format!("signatories = {{ file = \"pipe.csv\" }}\n{SMALL}");
    let folder = folder(&[("x/letter.toml", &*letter), ("y/letter.toml", SMALL), ("z/a.txt", "")]);
    let pipe = |path: &str| {
        let path = folder.path().join(path);
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    };
    ["x/pipe.csv", "y/pipe.csv", "z/letter.toml"].into_iter().for_each(pipe);
    let said: Vec<String> = [
        "check x --message-format short",
        "check z --message-format short",
        "merge y --recipients y/pipe.csv",
        "merge y --recipients z",
        "merge y --recipients none.csv",
        "signatories import y/pipe.csv --into y",
    ]
    .into_iter()
    .flat_map(|arguments| {
        let language =
            |language| stderr(&run(folder.path(), &format!("{arguments} --ui-lang {language}")));
        ["en", "es"].map(language)
    })
    .collect();
    insta::assert_snapshot!(said.concat(), @"
    x/letter.toml:1:24: error[missing-file]: `pipe.csv` is a pipe or a device, not a file
    x/letter.toml:1:24: error[missing-file]: `pipe.csv` es una tubería o un dispositivo, no un archivo
    z/letter.toml:1:1: error[missing-file]: `letter.toml` is a pipe or a device, not a file
    z/letter.toml:1:1: error[missing-file]: `letter.toml` es una tubería o un dispositivo, no un archivo
    undersigned: `y/pipe.csv` is a pipe or a device, not a file: save the list to a file first
    undersigned: `y/pipe.csv` es una tubería o un dispositivo, no un archivo: guarde primero la lista en un archivo
    undersigned: `z` is a folder, not a file
    undersigned: `z` es una carpeta, no un archivo
    undersigned: cannot open `none.csv`: there is no such file or folder
    undersigned: no se puede abrir `none.csv`: no existe ese archivo o carpeta
    undersigned: `y/pipe.csv` is a pipe or a device, not a file: save the list to a file first
    undersigned: `y/pipe.csv` es una tubería o un dispositivo, no un archivo: guarde primero la lista en un archivo
    ");
}

#[test]
fn an_output_folder_that_is_a_file_is_reported() {
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", "name\nAna\n"), ("out", "a file")]);
    let said: Vec<String> = [
        "build x --message-format short",
        "build x -o out/x --message-format short --ui-lang es",
        "merge x --recipients r.csv",
        "merge --join x",
    ]
    .into_iter()
    .map(|arguments| stderr(&run(folder.path(), arguments)))
    .collect();
    insta::assert_snapshot!(said.concat(), @"
    x/letter.toml:1:1: error[write]: cannot write `out/x.en.pdf`: `out` is a file, but a folder is needed
    x/letter.toml:1:1: error[write]: no se puede escribir `out/x/x.en.pdf`: `out` es un archivo, pero hace falta una carpeta
    undersigned: cannot write to `out`: `out` is a file, but a folder is needed
    undersigned: cannot write to `out`: `out` is a file, but a folder is needed
    ");
}

#[test]
fn a_picture_that_is_too_large_for_mail_is_reported() {
    let logo = "[from]\nname = \"A\"\nlogo = \"a.svg\"\nlogo-alt = \"A\"\n";
    let picture = |bytes: usize| {
        let space = " ".repeat(bytes);
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{space}</svg>")
    };
    let letter = format!("{SMALL}{logo}");
    let folder = folder(&[("x/letter.toml", &*letter), ("x/a.svg", &picture(4 << 20))]);
    let said = stderr(&run(folder.path(), "check x --message-format short"));
    insta::assert_snapshot!(said, @"x/letter.toml:7:8: warning[large-picture]: the picture `a.svg` is 4 MiB, and all of it goes into the PDF");
    super::write(&folder.path().join("x/a.svg"), &picture(1 << 20));
    assert_eq!(stderr(&run(folder.path(), "check x --message-format short")), "");
}
