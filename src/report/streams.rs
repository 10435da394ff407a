//! Standard output and standard error. Everything that is printed goes through here, so that a
//! stranger's text commands neither the terminal nor the service that reads the output.
//!
//! A line that is printed contains no control character and no character that changes the direction
//! of the text, and is no command for a build service unless the program means it. What would be one
//! is shown as an escape such as `\u{1b}`. Documents, lists in CSV and the like are data, which
//! [`data`] prints as they are.

use std::io::{self, BufWriter, IsTerminal, StderrLock, StdoutLock, Write};

use crate::letter::embedded;

/// What the lines of a text may contain.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Content {
    /// Text for people.
    Text,
    /// Text for people with the colours of the program.
    Coloured,
    /// JSON, which stays the same data: a character inside a string has an escape of its own.
    Json,
    /// Errors and warnings as workflow commands of GitHub Actions.
    Annotations,
}

/// A writer of lines. Each is made printable and written whole.
pub(crate) struct Lines<W: Write> {
    to: W,
    content: Content,
    /// The line that has not ended yet.
    line: Vec<u8>,
}

/// Lines to standard error.
pub(crate) fn stderr(content: Content) -> Lines<BufWriter<StderrLock<'static>>> {
    Lines::new(BufWriter::new(io::stderr().lock()), content)
}

/// Lines to standard output.
pub(crate) fn stdout(content: Content) -> Lines<StdoutLock<'static>> {
    Lines::new(io::stdout().lock(), content)
}

/// Prints data to standard output as it is.
pub(crate) fn data(data: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(data)?;
    stdout.flush()
}

/// Has panics printed like everything else: what they say may be a stranger's. One that is caught and told
/// as a problem of a letter is not printed.
pub(crate) fn print_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if embedded::is_panic_caught() {
            return;
        }
        let mut stderr = stderr(Content::Text);
        let text = printable(&panic.to_string());
        // If standard error is closed, there is no way to report it.
        let _unheard = writeln!(stderr, "undersigned: {text}").and_then(|()| stderr.flush());
    }));
}

/// Whether standard error is a terminal.
pub(crate) fn is_stderr_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard output is a terminal.
pub(crate) fn is_stdout_terminal() -> bool {
    io::stdout().is_terminal()
}

/// The width of the terminal that standard error is, in columns.
pub(crate) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0))
}

impl<W: Write> Lines<W> {
    /// Lines to a writer.
    pub(crate) fn new(to: W, content: Content) -> Self {
        Self { to, content, line: Vec::new() }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let mut line = printable_line(&line, self.content);
        line.push('\n');
        self.line.clear();
        self.to.write_all(line.as_bytes())
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(end) => {
                    self.line.extend_from_slice(end);
                    self.end_line()?;
                }
                None => self.line.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    /// Writes what is left. A line that has not ended ends here, so that nothing can continue it.
    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.end_line()?;
        }
        self.to.flush()
    }
}

/// A text of somebody else on one line: its control characters and line breaks are escaped. The
/// stream that prints it escapes the rest.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { escape(c, Content::Text, &mut shown) } else { shown.push(c) }
    }
    shown
}

/// JSON that contains nothing but printable characters and no command.
pub(crate) fn printable_json(json: &str) -> String {
    json.lines().map(|line| printable_line(line, Content::Json) + "\n").collect()
}

/// A line in which nothing is hidden and that commands nobody, without its line end.
fn printable_line(line: &str, content: Content) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    let is_annotation = content == Content::Annotations
        && ["::error ", "::warning "].iter().any(|start| line.starts_with(start));
    if !is_annotation && is_command(line) {
        let (blank, command) = line.split_at(line.len() - line.trim_start().len());
        blank.chars().for_each(|c| push(c, content, &mut shown));
        escape(':', content, &mut shown);
        rest = &command[1..];
    }
    while let Some(c) = rest.chars().next() {
        let colour = if content == Content::Coloured { colour_length(rest) } else { 0 };
        if colour > 0 {
            shown.push_str(&rest[..colour]);
            rest = &rest[colour..];
            continue;
        }
        if c == '#' && shown.ends_with('#') && is_command_in_line(&rest[1..]) {
            escape(c, content, &mut shown);
        } else {
            push(c, content, &mut shown);
        }
        rest = &rest[c.len_utf8()..];
    }
    shown
}

fn push(c: char, content: Content, shown: &mut String) {
    if is_hidden(c) { escape(c, content, shown) } else { shown.push(c) }
}

/// Whether a line is a command of GitHub Actions (actions/runner, `ActionCommand.TryParseV2`). `::: ` is
/// none: it is before the second file of an excerpt.
fn is_command(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("::") && !line.starts_with("::: ")
}

/// Whether `##` and this text are a command wherever they are in a line: `##[group]` of GitHub Actions
/// (actions/runner, `ActionCommand.TryParse`), `##vso[…]` of Azure Pipelines, `##teamcity[…]`.
fn is_command_in_line(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
}

/// The length of the sequence that sets a colour or a style at the start of a text: ECMA-48, "SGR".
fn colour_length(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\u{1b}[") else { return 0 };
    let end = parameters.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    if end.starts_with('m') { text.len() - end.len() + 1 } else { 0 }
}

/// Whether a character is not seen but changes what is: control characters, those that set the
/// direction (Unicode, "Bidi_Control"), line separators, and invisible tags.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
}

/// Writes a character as an escape: one of JSON, or one like those of Rust and other languages.
fn escape(c: char, content: Content, shown: &mut String) {
    match content {
        Content::Json => {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        }
        _ if c.is_control() => shown.extend(c.escape_default()),
        _ => shown.extend(c.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(text: &str, content: Content) -> String {
        let mut bytes = Vec::new();
        let mut lines = Lines::new(&mut bytes, content);
        // In pieces, as `write!` writes.
        for c in text.chars() {
            write!(lines, "{c}").expect("memory takes everything");
        }
        lines.flush().expect("memory takes everything");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn ordinary_text_is_printed_as_it_is() {
        for text in [
            "out/park.en.pdf\n",
            "## Heading [a link](x) ##\n",
            "C::D, a::b: x\n",
            "  ::: water/body.en.md:1:30\n",
            "Ñandú עברית 👩‍🌾 # [x]\n",
        ] {
            assert_eq!(printed(text, Content::Text), text);
        }
        assert_eq!(printed("no end", Content::Text), "no end\n");
    }

    #[test]
    fn what_commands_is_shown() {
        for (text, shown) in [
            ("out/##[stop-commands]x.pdf", "out/#\\u{23}[stop-commands]x.pdf\n"),
            ("###[group]", "##\\u{23}[group]\n"),
            ("a ##vso[task.setvariable]", "a #\\u{23}vso[task.setvariable]\n"),
            ("::stop-commands::x", "\\u{3a}:stop-commands::x\n"),
            ("  ::error::x\n\u{3000}::error::x", "  \\u{3a}:error::x\n\u{3000}\\u{3a}:error::x\n"),
            ("a\u{1b}]0;x\u{7}\r\u{9b}\tb", "a\\u{1b}]0;x\\u{7}\\r\\u{9b}\\tb\n"),
            ("\u{202e}x\u{2069}\u{e0041}", "\\u{202e}x\\u{2069}\\u{e0041}\n"),
        ] {
            assert_eq!(printed(text, Content::Text), shown);
        }
        assert_eq!(printable("a\n::b\u{202e}"), "a\\n::b\\u{202e}");
    }

    #[test]
    fn only_what_the_program_means_passes() {
        let annotation = "::error file=a,title=b::##[x] \u{1b}[1m\n";
        assert_eq!(
            printed(annotation, Content::Annotations),
            "::error file=a,title=b::#\\u{23}[x] \\u{1b}[1m\n"
        );
        assert_eq!(printed("::set-env ::", Content::Annotations), "\\u{3a}:set-env ::\n");
        assert_eq!(
            printed("\u{1b}[1;31mx\u{1b}[0m\n", Content::Coloured),
            "\u{1b}[1;31mx\u{1b}[0m\n"
        );
        assert_eq!(printed("\u{1b}[2J\u{1b}]0;x", Content::Coloured), "\\u{1b}[2J\\u{1b}]0;x\n");
    }

    proptest! {
        /// No line contains a command or anything hidden, and JSON is the same data.
        #[test]
        fn nothing_commands_anybody(
            text in "([:#\\[\\] a-c\u{1b}\u{7}\u{85}\u{9b}\n\r\u{202e}\u{200f}\u{e0041}]|\\PC){0,30}"
        ) {
            let json = serde_json::to_string(&text).expect("JSON");
            let shown = printable_json(&json);
            prop_assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text.as_str());
            let all = [printed(&text, Content::Text), printed(&text, Content::Annotations), shown];
            for line in all.iter().flat_map(|all| all.lines()) {
                prop_assert!(!line.contains("##["), "{:?}", line);
                prop_assert!(!is_command(line), "{:?}", line);
                prop_assert!(!line.contains(is_hidden), "{:?}", line);
            }
        }
    }
}
