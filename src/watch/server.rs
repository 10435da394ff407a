//! Serves the live preview to browsers on this computer: nothing else, and to no one else.
//!
//! A stranger's page that is open in the same browser must not read an unpublished letter. It could
//! try with a request of its own, which says that it comes from another site, or with a host name of
//! its own that leads to this computer (DNS rebinding), which is another host. Both are refused.
//!
//! Each connection has a thread and one answer. `tiny_http`, which `typst-kit` serves with, gives
//! several connections that arrive at once to one thread: a page then waited for the stream of events
//! to end, which it never does.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};
use serde::Serialize;

use crate::watch::download::Download;
use crate::watch::drawing::Drawing;
use crate::watch::preview::Preview;
use crate::words::UiLanguage;

/// The port that is tried first if none is requested, and how many after it, as in `typst watch`.
const FIRST_PORT: u16 = 3000;
const MORE_PORTS: u16 = 10;

/// The maximum number of open connections: a browser opens six for all its windows.
const MAX_CONNECTIONS: usize = 64;

/// The maximum size of a request, in bytes, and how long a browser may take to send it or to read the
/// answer.
const MAX_REQUEST: usize = 16 << 10;
const CLIENT_TIMEOUT: Duration = Duration::from_secs(20);

/// How often something is sent when nothing changes, to detect that a browser is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

const HTML: &str = include_str!("../../templates/preview/preview.html");
const CSS: &str = include_str!("../../templates/preview/preview.css");
const JAVASCRIPT: &str = include_str!("../../templates/preview/preview.js");
const ICON: &str = include_str!("../../templates/preview/icon.svg");

/// The permissions of the preview page: load its own files.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'none'";

/// The permissions of a drawing: show the styles and pictures inside it.
const DRAWING_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The media type of what is downloaded.
const PDF: &str = "application/pdf";

/// The permissions of a PDF, which is saved and not shown: none.
const NO_POLICY: &str = "default-src 'none'";

/// Serves the preview.
pub(crate) struct PreviewServer {
    address: SocketAddr,
    shown: Arc<Shown>,
}

/// What is shown, and a signal for its changes.
#[derive(Default)]
struct Shown {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    /// How many times it was changed.
    version: u64,
    /// The preview as JSON without "<", so that it can stand in a page.
    preview: Arc<str>,
    /// The name of the first page's drawing, which a browser fetches before the script asks for it.
    first_drawing: Option<String>,
    /// The drawings that the preview names, and those of the one before: a browser may still request
    /// them.
    drawings: HashMap<String, Arc<Drawing>>,
    earlier: HashMap<String, Arc<Drawing>>,
    /// Whether a browser has fetched a page.
    is_seen: bool,
    /// What can be downloaded, by its languages.
    downloads: HashMap<String, Arc<Download>>,
}

impl State {
    fn drawing(&self, name: &str) -> Option<Arc<Drawing>> {
        self.drawings.get(name).or_else(|| self.earlier.get(name)).cloned()
    }
}

impl Shown {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl PreviewServer {
    /// Listens only on this computer, on the given port or on the first free one starting at 3000.
    pub(crate) fn start(port: Option<u16>, language: UiLanguage) -> io::Result<Self> {
        let listener = listen(port)?;
        let address = listener.local_addr()?;
        let shown = Arc::new(Shown::default());
        let serving = shown.clone();
        thread::Builder::new().spawn(move || {
            // The reference count is the number of open connections.
            let open = Arc::new(());
            for stream in listener.incoming().flatten() {
                if Arc::strong_count(&open) > MAX_CONNECTIONS {
                    continue;
                }
                let (shown, open) = (serving.clone(), open.clone());
                let serve = move || {
                    // If the browser is gone, there is nothing to do.
                    let _gone = serve(stream, address.port(), language, &shown);
                    drop(open);
                };
                // If no thread is available, the connection is closed.
                let _refused = thread::Builder::new().spawn(serve);
            }
        })?;
        Ok(Self { address, shown })
    }

    /// The address to open in a browser.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Lets these documents be downloaded from now on, and no others.
    pub(crate) fn offer(&self, downloads: HashMap<String, Arc<Download>>) {
        self.shown.state().downloads = downloads;
    }

    /// Waits until a browser has fetched a page, but not longer than this.
    pub(crate) fn wait_for_a_look(&self, longest: Duration) {
        let mut state = self.shown.state();
        let is_unseen = |state: &mut State| !state.is_seen;
        let _timeout = self.shown.bell.wait_while_for(&mut state, is_unseen, longest);
    }

    /// Shows something else from now on, in all browsers that are connected.
    pub(crate) fn show(&self, preview: &Preview, drawings: HashMap<String, Arc<Drawing>>) {
        let json = in_page(preview);
        let first = preview.languages.first().and_then(|language| language.pages.first());
        let mut state = self.shown.state();
        state.version += 1;
        state.preview = json.into();
        state.first_drawing = first.map(|page| page.drawing.clone());
        state.earlier = std::mem::replace(&mut state.drawings, drawings);
        drop(state);
        self.shown.bell.notify_all();
    }
}

fn listen(port: Option<u16>) -> io::Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return bind(port);
    }
    // If all of them are in use, the system picks a free one.
    let free = (FIRST_PORT..FIRST_PORT + MORE_PORTS).find_map(|port| bind(port).ok());
    free.map_or_else(|| bind(0), Ok)
}

/// Data as JSON that cannot end the script element in which it stands.
fn in_page(data: &impl Serialize) -> String {
    let json = serde_json::to_string(data).expect("it has no maps but those of text");
    json.replace('<', "\\u003c")
}

/// The page with its words, and what is shown already: a browser that would have to ask for it, and then for the
/// first page, would show it later.
fn page(language: UiLanguage, shown: &Shown) -> String {
    // English has no table: its words are in the page.
    let none = BTreeMap::new();
    let words = in_page(language.table("preview").unwrap_or(&none));
    let state = shown.state();
    let preload = state
        .first_drawing
        .as_ref()
        .map(|name| format!("<link rel=\"preload\" as=\"image\" href=\"/pages/{name}.svg\">\n"));
    let (head, rest) = HTML.split_once("{preload}").expect("a place for it");
    let (body, end) = rest.split_once("{state}").expect("a place for it");
    let head = head.replace("{lang}", language.tag());
    let preload = preload.unwrap_or_default();
    [&head, &preload, &body.replace("{words}", &words), &*state.preview, end].concat()
}

/// Answers the request of a browser.
fn serve(mut stream: TcpStream, port: u16, language: UiLanguage, shown: &Shown) -> io::Result<()> {
    stream.set_read_timeout(Some(CLIENT_TIMEOUT))?;
    stream.set_write_timeout(Some(CLIENT_TIMEOUT))?;
    stream.set_nodelay(true)?;
    answer(&mut stream, port, language, shown)
}

/// Answers a request on a stream that is no browser's.
#[cfg(fuzzing)]
pub(crate) fn answer_alone(stream: &mut (impl Read + Write)) -> io::Result<()> {
    // A browser that asks for events has one to read.
    let state = Mutex::new(State { version: 1, ..State::default() });
    answer(stream, FIRST_PORT, UiLanguage::ENGLISH, &Shown { state, ..Shown::default() })
}

/// Reads a request and answers it.
fn answer(
    stream: &mut (impl Read + Write),
    port: u16,
    language: UiLanguage,
    shown: &Shown,
) -> io::Result<()> {
    let mut received = Vec::new();
    let Some(request) = read_request(stream, &mut received)? else {
        return send(stream, &head(400, &[]), &[]);
    };
    let answer = match request.refusal(port) {
        Some(status) => Answer::Nothing(status),
        None => find(request.target, language, shown),
    };
    let (head, data) = match answer {
        Answer::File { media, policy, data } => {
            let length = data.len().to_string();
            let mut headers = vec![
                ("Content-Type", media),
                ("Content-Security-Policy", policy),
                ("Content-Length", &length),
            ];
            if media == PDF {
                headers.push(("Content-Disposition", "attachment"));
            }
            (head(200, &headers), data)
        }
        Answer::Events => {
            send(stream, &head(200, &[("Content-Type", "text/event-stream")]), &[])?;
            return if request.method == "HEAD" { Ok(()) } else { send_events(stream, shown) };
        }
        Answer::Nothing(status) => {
            (head(status, &[("Content-Length", "0")]), Cow::Borrowed(&[][..]))
        }
    };
    send(stream, &head, if request.method == "HEAD" { &[] } else { &data })
}

/// Reads up to the end of the headers. `None` if it is not a request.
fn read_request<'r>(
    stream: &mut impl Read,
    received: &'r mut Vec<u8>,
) -> io::Result<Option<Request<'r>>> {
    let mut part = [0; 4096];
    while !received.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut part)?;
        received.extend_from_slice(&part[..count]);
        if count == 0 || received.len() > MAX_REQUEST {
            return Ok(None);
        }
    }
    Ok(Request::parse(received))
}

/// The status line and the headers of an answer, including those that all answers have.
fn head(status: u16, headers: &[(&str, &str)]) -> String {
    // The reason phrase may be left out (RFC 9112, section 4).
    let mut head = format!("HTTP/1.1 {status} \r\n");
    let always = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        // Letters that are not public yet must not end up in the browser's cache on disk.
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ];
    for (name, value) in headers.iter().chain(&always) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head
}

fn send(stream: &mut impl Write, head: &str, data: &[u8]) -> io::Result<()> {
    stream.write_all(head.as_bytes())?;
    stream.write_all(data)?;
    stream.flush()
}

/// The parts of a request that decide how it is answered.
struct Request<'r> {
    method: &'r str,
    target: &'r str,
    host: Option<Cow<'r, str>>,
    origin: Option<Cow<'r, str>>,
    site: Option<Cow<'r, str>>,
}

impl<'r> Request<'r> {
    fn parse(received: &'r [u8]) -> Option<Self> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if !request.parse(received).ok()?.is_complete() {
            return None;
        }
        let header = |name: &str| {
            let named = request.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
            // Repeated headers are equivalent to one list (RFC 9110, section 5.2), which is never one
            // of our values.
            let values = named.map(|header| String::from_utf8_lossy(header.value));
            values.reduce(|list, value| format!("{list}, {value}").into())
        };
        Some(Self {
            method: request.method?,
            target: request.path?,
            host: header("Host"),
            origin: header("Origin"),
            site: header("Sec-Fetch-Site"),
        })
    }

    /// The status with which the request is refused. `None` if it is accepted.
    fn refusal(&self, port: u16) -> Option<u16> {
        let own_hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let is_own_host = |host: &str| own_hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let is_own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own_host);
        // A host name that is not ours is a sign of DNS rebinding (RFC 9110, section 7.4).
        if !self.host.as_deref().is_some_and(is_own_host) {
            return Some(421);
        }
        // "none" is a request by the user without any site (Fetch Metadata, section 2.4).
        let is_own_site = |site: &str| matches!(site, "same-origin" | "none");
        if !self.origin.as_deref().is_none_or(is_own_origin)
            || !self.site.as_deref().is_none_or(is_own_site)
        {
            return Some(403);
        }
        (!matches!(self.method, "GET" | "HEAD")).then_some(405)
    }
}

/// The answer to a request.
enum Answer {
    /// A built-in file, or a drawing.
    File {
        /// The media type.
        media: &'static str,
        /// The content security policy.
        policy: &'static str,
        /// The content.
        data: Cow<'static, [u8]>,
    },
    /// The current state, and then every change of it.
    Events,
    /// Only a status.
    Nothing(u16),
}

/// The answer for a target.
fn find(target: &str, language: UiLanguage, shown: &Shown) -> Answer {
    let file = |media, text: Cow<'static, str>| {
        let data = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        Answer::File { media, policy: PAGE_POLICY, data }
    };
    match target.split('?').next().unwrap_or_default() {
        "/" => file("text/html; charset=utf-8", page(language, shown).into()),
        "/preview.css" => file("text/css; charset=utf-8", CSS.into()),
        "/preview.js" => file("text/javascript; charset=utf-8", JAVASCRIPT.into()),
        "/icon.svg" => file("image/svg+xml", ICON.into()),
        "/events" => Answer::Events,
        path => {
            let name = path.strip_prefix("/pages/").and_then(|name| name.strip_suffix(".svg"));
            if let Some(drawing) = name.and_then(|name| shown.state().drawing(name)) {
                shown.state().is_seen = true;
                shown.bell.notify_all();
                let (media, policy) = ("image/svg+xml", DRAWING_POLICY);
                return Answer::File { media, policy, data: Cow::Owned(drawing.svg.clone()) };
            }
            let download =
                [("/pdf/", false), ("/draft/", true)].into_iter().find_map(|(of, draft)| {
                    let tag = path.strip_prefix(of)?.strip_suffix(".pdf")?;
                    Some((shown.state().downloads.get(tag).cloned()?, draft))
                });
            // Making it takes a while, in which the rest goes on.
            match download.and_then(|(download, draft)| download.pdf(draft)) {
                Some(data) => {
                    Answer::File { media: PDF, policy: NO_POLICY, data: Cow::Owned(data) }
                }
                None => Answer::Nothing(404),
            }
        }
    }
}

/// Sends the current state, and then each change, as server-sent events (HTML Living Standard,
/// section 9.2). Ends when the browser is gone.
fn send_events(stream: &mut impl Write, shown: &Shown) -> io::Result<()> {
    let mut version = 0;
    let mut text = "retry: 1000\n\n".to_owned();
    loop {
        send(stream, &text, &[])?;
        let mut state = shown.state();
        let is_known = |state: &mut State| state.version == version;
        let timeout = shown.bell.wait_while_for(&mut state, is_known, HEARTBEAT);
        version = state.version;
        // A line that begins with a colon is a comment.
        text = if timeout.timed_out() {
            ":\n\n".into()
        } else {
            format!("data: {}\n\n", state.preview)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(host: &str, origin: Option<&str>, site: Option<&str>) -> Option<u16> {
        let mut request = format!("GET / HTTP/1.1\r\nhost: {host}\r\n");
        let more = [("Origin", origin), ("sec-fetch-site", site)];
        for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        refusal(&format!("{request}\r\n"))
    }

    fn refusal(request: &str) -> Option<u16> {
        Request::parse(request.as_bytes()).expect("a request").refusal(3000)
    }

    #[test]
    fn only_this_computer_under_its_own_name_is_answered() {
        for host in ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000"] {
            assert_eq!(refused(host, None, None), None, "{host}");
            assert_eq!(refused(host, Some("http://localhost:3000"), Some("same-origin")), None);
            assert_eq!(refused(host, None, Some("none")), None, "typed by the user");
        }
        let foreign = [
            "evil.example",
            "evil.example:3000",
            "127.0.0.1",
            "127.0.0.1:3001",
            "localhost:3000.evil.example",
            "localhost.evil.example:3000",
            "",
        ];
        for host in foreign {
            assert_eq!(refused(host, None, None), Some(421), "{host}");
        }
        assert_eq!(refusal("GET / HTTP/1.1\r\n\r\n"), Some(421));
        let twice = "GET / HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nHost: evil.example\r\n\r\n";
        assert_eq!(refusal(twice), Some(421));
    }

    #[test]
    fn other_sites_and_other_methods_are_refused() {
        let host = "127.0.0.1:3000";
        for origin in
            ["http://evil.example", "https://127.0.0.1:3000", "http://127.0.0.1:8080", "null"]
        {
            assert_eq!(refused(host, Some(origin), None), Some(403), "{origin}");
        }
        for site in ["cross-site", "same-site", "nonsense"] {
            assert_eq!(refused(host, None, Some(site)), Some(403), "{site}");
        }
        assert_eq!(refusal("POST / HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n"), Some(405));
        assert_eq!(refusal("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n"), None);
        assert!(Request::parse(b"nonsense\r\n\r\n").is_none());
    }

    #[test]
    fn the_page_has_what_is_shown_already() {
        let shown = Shown::default();
        shown.state().preview = in_page(&"</script>").into();
        shown.state().first_drawing = Some("abc".into());
        let html = page(UiLanguage::ENGLISH, &shown);
        assert!(html.contains("href=\"/pages/abc.svg\">"), "{html}");
        assert!(html.contains("id=\"state\">\"\\u003c/script>\"</script>"), "{html}");
    }

    #[test]
    fn nothing_but_the_preview_is_served() {
        let shown = Shown::default();
        let drawing = Drawing { name: "abc".into(), svg: b"<svg/>".to_vec() };
        shown.state().drawings.insert("abc".into(), Arc::new(drawing));
        let find = |url: &str| find(url, UiLanguage::spanish(), &shown);
        let Answer::File { data, policy, .. } = find("/?x") else { panic!("the page") };
        let html = String::from_utf8_lossy(&data);
        assert!(
            html.contains("<html lang=\"es\">") && html.contains("\"Close\":\"Cerrar\""),
            "{html}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!html.contains("preload") && html.contains("id=\"state\"></script>"), "{html}");
        for url in ["/preview.css", "/preview.js", "/icon.svg", "/pages/abc.svg"] {
            assert!(matches!(find(url), Answer::File { .. }), "{url}");
        }
        assert!(matches!(find("/events"), Answer::Events));
        for url in [
            "/letter.toml",
            "/../letter.toml",
            "/pages/",
            "/pages/abd.svg",
            "//",
            "/pages/../etc/passwd",
            "",
        ] {
            assert!(matches!(find(url), Answer::Nothing(404)), "{url}");
        }
    }
}
