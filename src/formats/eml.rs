//! A letter as the draft of an e-mail: its text and its web page, and the PDF attached.
//!
//! It has neither a date nor an id, which the program adds that sends it: the same letter gives the same
//! bytes. Two headers tell a draft from a message that has arrived: Outlook's, and Apple Mail's.

use std::borrow::Cow;

use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use typst::syntax::FileId;

use crate::files::Files;
use crate::formats::format::Document;
use crate::formats::outline::{self, Quotes};
use crate::formats::{body, html, text};
use crate::letter::{Letter, Person, Printed, enclosures};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::digest;
use crate::source::text::Text as SourceText;
use crate::words::say;

/// What the draft of an e-mail is made from.
#[derive(Copy, Clone)]
pub(crate) struct Draft<'d> {
    /// The letter.
    pub letter: &'d Letter,
    /// The beginning of the file names.
    pub stem: &'d str,
    /// The letter as a PDF.
    pub pdf: &'d [u8],
    /// Whether the letter is marked as a draft, and not only the e-mail is one.
    pub is_draft: bool,
}

impl Draft<'_> {
    /// The e-mail. `None` if it cannot be written; the reason is then among the problems.
    pub(crate) fn document(self, files: &Files, problems: &Problems) -> Option<Document> {
        let Self { letter, stem, pdf, .. } = self;
        let lang = letter.tag.to_string();
        let mut headers = headers(letter, problems)?;
        let blocks = problems.take(body(letter))?;
        let parts = outline::parts(letter, blocks, Quotes::OfLanguage);
        let (page, pictures) = html::for_mail(letter, &parts, files, problems)?;
        let text = text::write(letter, parts);

        // What comes from a digest of the text, the page and the PDF is in none of them.
        let unique = digest::sha256_of(&[text.as_bytes(), page.as_bytes(), pdf]);
        let multipart = |kind: &str, parts| {
            let boundary = format!("{kind}-{}", &unique[..32]);
            let mut header = ContentType::new(format!("multipart/{kind}"));
            if kind == "related" {
                header = header.attribute("type", "text/html");
            }
            MimePart::new(header.attribute("boundary", boundary), BodyPart::Multipart(parts))
        };
        let file = |file: FileId| files.file(file).map(|data| data.to_vec()).unwrap_or_default();
        let mut page = MimePart::new("text/html", page);
        if !pictures.is_empty() {
            let picture = |picture: &html::Beside| {
                let kind = ContentType::new(picture.media_type.clone());
                MimePart::new(kind, file(picture.file)).inline().cid(picture.id.clone())
            };
            page = multipart(
                "related",
                [page].into_iter().chain(pictures.iter().map(picture)).collect(),
            );
        }
        let text = MimePart::new("text/plain", text);
        let mut parts = vec![
            multipart("alternative", vec![text, page]),
            MimePart::new("application/pdf", pdf).attachment(format!("{stem}.pdf")),
        ];
        // Other enclosures are pages of the PDF.
        for enclosed in letter.enclosed.iter().filter(|enclosed| enclosed.attach) {
            let kind = enclosures::media_type(enclosed.file);
            let name = enclosed.file.vpath().file_name().unwrap_or_default().to_owned();
            parts.push(MimePart::new(kind, file(enclosed.file)).attachment(name));
        }
        let subject = letter.subject.as_ref().unwrap_or(&letter.title);
        let mut subject = one_line(&subject.text);
        if let Some(word) = letter.draft_word().filter(|_| self.is_draft) {
            subject = format!("{word}: {subject}");
        }
        headers.push(("Subject".into(), Text::new(subject).into()));
        let more = [
            ("X-Unsent", "1"),
            ("X-Uniform-Type-Identifier", "com.apple.mail-draft"),
            ("MIME-Version", "1.0"),
            ("Content-Language", &lang),
        ];
        headers.extend(more.map(|(name, value)| (name.into(), Raw::new(value).into())));
        let mut message = multipart("mixed", parts);
        headers.append(&mut message.headers);
        message.headers = headers;
        let mut data = Vec::new();
        message.write_part(&mut data);
        Some(Document { name: format!("{stem}.eml"), data })
    }
}

type Headers<'h> = Vec<(Cow<'h, str>, HeaderType<'h>)>;

/// The name of a person with the e-mail address, if it has one.
fn named(person: &Person) -> Option<(Option<&Printed>, &Printed)> {
    Some((Some(&person.name), person.email.as_ref()?))
}

/// The sender and the recipients. `None` if there is an address that is none.
fn headers<'l>(letter: &'l Letter, problems: &Problems) -> Option<Headers<'l>> {
    let from = letter.from.as_ref();
    let from = from.and_then(|from| {
        let name = from.name.as_ref().or(from.organization.as_ref());
        Some((name, from.email.as_ref()?))
    });
    let lists = [
        ("From", from.into_iter().collect::<Vec<_>>()),
        ("To", letter.to.iter().filter_map(named).collect()),
        ("Cc", letter.cc.iter().filter_map(named).collect()),
    ];
    let (mut headers, mut valid) = (Headers::new(), true);
    for (header, people) in lists {
        let mut mailboxes = Vec::new();
        for (name, email) in people {
            match mailbox(&email.text) {
                Some(mailbox) => {
                    let name = name.map(|name: &Printed| one_line(&name.text));
                    mailboxes.push(Address::new_address(name, mailbox));
                }
                None => {
                    problems.push(no_mailbox(&email.source));
                    valid = false;
                }
            }
        }
        if !mailboxes.is_empty() {
            headers.push((header.into(), Address::new_list(mailboxes).into()));
        }
    }
    valid.then_some(headers)
}

/// The error for a text that is not the address of one mailbox.
pub(crate) fn no_mailbox(text: &SourceText) -> Diagnostic {
    let problem = say!("this is not one e-mail address");
    Diagnostic::new(Code::InvalidValue, text.place.clone(), problem)
        .hint(say!("write it like this: ana@example.org"))
}

/// The address of one mailbox: nothing in it ends the header or adds another address (RFC 5322, section
/// 3.4.1, without quoted names, comments and addresses in brackets).
pub(crate) fn mailbox(text: &str) -> Option<&str> {
    let text = text.trim();
    let (name, domain) = text.rsplit_once('@')?;
    let is_sign = |c: char| "()<>[]:;@\\,\"".contains(c) || c.is_whitespace() || c.is_control();
    let is_dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let is_domain = domain.contains('.')
        && !domain.contains(|c: char| c.is_ascii_punctuation() && !"-.".contains(c));
    let valid =
        is_domain && [name, domain].iter().all(|text| is_dotted(text) && !text.contains(is_sign));
    valid.then_some(text)
}

/// A text without what would end a header.
fn one_line(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_one_address() {
        for right in ["ana@example.org", " a.b+c@x-y.example ", "josé@correo.example"] {
            assert_eq!(mailbox(right), Some(right.trim()), "{right}");
        }
        let wrong = [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "a@b@example.org",
            "a b@example.org",
            "a@example.org, b@example.org",
            "a@example.org>\r\nBcc: b@example.org",
            "a..b@example.org",
            "Ana <a@example.org>",
            "a@example.org;",
            "a@exa_mple.org",
            "a@.org",
        ];
        for wrong in wrong {
            assert_eq!(mailbox(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_header_is_one_line() {
        assert_eq!(one_line("Ana\r\nBcc: b@example.org\u{0}"), "Ana Bcc: b@example.org");
    }
}
