//! Foreign HTML made safe to show: an allow-list, kept in one place.
//!
//! Nothing that runs, submits, embeds, loads or covers the page survives. `ammonia` parses as browsers do and writes
//! the tree anew; the second pass below therefore meets well-formed tags only, and decides about pictures: those of
//! the mail itself get their address from the caller, remote ones wait for a click.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use crate::{
    html,
    load::Load,
    parse::MAX_HTML,
    scan::{Tag, Token, Tokens},
    style::style,
    text::bounded,
};

/// A transparent pixel, in the place of what was not loaded.
const PLACEHOLDER: &str = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// What happens to pictures that lie on other people's servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Remote {
    /// Their address moves to `data-remote-src`; opening the mail tells the sender nothing.
    #[default]
    Hold,
    /// They stay as they are.
    Keep,
}

/// How [`clean`] treats pictures.
pub struct CleanOptions<'o> {
    /// The address of an inline picture by its Content-ID without angle brackets (RFC 2392).
    pub cid: &'o dyn Fn(&str) -> Option<String>,
    pub remote: Remote,
}

impl Default for CleanOptions<'_> {
    fn default() -> Self {
        CleanOptions { cid: &|_| None, remote: Remote::Hold }
    }
}

/// HTML that may be put into a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clean {
    pub html: String,
    /// Pictures that would be loaded from elsewhere, whether held or kept.
    pub remote_images: usize,
}

/// HTML of our own people, made safe like everybody's; pictures from elsewhere stay.
pub fn clean_own(source: &str) -> String {
    clean(source, &CleanOptions { remote: Remote::Keep, ..CleanOptions::default() }).html
}

/// Makes HTML safe. Hostile nesting, on which parsing as browsers do takes more than linear time, comes back as
/// plain text.
pub fn clean(source: &str, options: &CleanOptions<'_>) -> Clean {
    static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);
    if source.len() > 2 * MAX_HTML || Load::of(source).is_hostile() {
        let source = bounded(source, 2 * MAX_HTML);
        return Clean { html: html::from_text(&html::to_text(&source)), remote_images: 0 };
    }
    pictures(&BUILDER.clean(source).to_string(), options)
}

fn builder() -> Builder<'static> {
    let tags: HashSet<&str> = [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
        "nobr",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
    .into();
    // What would otherwise leave its inside behind as text.
    let dropped: HashSet<&str> = [
        "script",
        "style",
        "title",
        "noscript",
        "noembed",
        "noframes",
        "iframe",
        "object",
        "applet",
        "template",
        "svg",
        "math",
        "select",
        "textarea",
        "xmp",
        "plaintext",
        "audio",
        "video",
        "canvas",
        "head",
    ]
    .into();
    let cell: [&str; 8] = ["align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap"];
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", vec!["href", "name"]),
        ("img", vec!["src", "alt", "width", "height", "align", "border", "hspace", "vspace"]),
        ("table", vec!["align", "bgcolor", "border", "cellpadding", "cellspacing", "width", "height"]),
        ("td", cell.to_vec()),
        ("th", cell.to_vec()),
        ("tr", vec!["align", "valign", "bgcolor"]),
        ("col", vec!["width", "span", "align"]),
        ("colgroup", vec!["width", "span", "align"]),
        ("font", vec!["color", "face", "size"]),
        ("div", vec!["align"]),
        ("p", vec!["align"]),
        ("hr", vec!["align", "size", "width", "color"]),
        ("ol", vec!["start", "type"]),
        ("ul", vec!["type"]),
        ("li", vec!["value", "type"]),
        ("time", vec!["datetime"]),
        ("details", vec!["open"]),
    ]
    .into_iter()
    .map(|(tag, names)| (tag, names.into_iter().collect()))
    .collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(dropped)
        .tag_attributes(attributes)
        .generic_attributes(["style", "title", "lang", "dir"].into())
        .url_schemes(["http", "https", "mailto", "tel", "cid", "data"].into())
        // Looked at by `attribute`, which comes first; `Deny` would come before it.
        .url_relative(UrlRelative::Custom(Box::new(nowhere)))
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(attribute);
    builder
}

fn nowhere(_: &str) -> Option<Cow<'_, str>> {
    None
}

/// An address without a scheme has the one of its page (RFC 3986, 4.2). A mail has no page: the safe one is meant.
fn with_scheme(url: &str) -> Cow<'_, str> {
    let bare = url.trim();
    if bare.starts_with("//") { Cow::Owned(format!("https:{bare}")) } else { Cow::Borrowed(url) }
}

fn attribute<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, name) {
        (_, "style") => Some(style(value)).filter(|style| !style.is_empty()).map(Cow::Owned),
        ("a", "href") => {
            Some(with_scheme(value)).filter(|url| begins(url, &["http://", "https://", "mailto:", "tel:"]))
        }
        ("img", "src") => Some(with_scheme(value)).filter(|url| is_picture(url)),
        _ => Some(Cow::Borrowed(value)),
    }
}

fn begins(value: &str, prefixes: &[&str]) -> bool {
    let value = value.trim_start();
    prefixes.iter().any(|prefix| value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

fn is_picture(value: &str) -> bool {
    const DATA: [&str; 5] = [
        "data:image/png;base64,",
        "data:image/jpeg;base64,",
        "data:image/jpg;base64,",
        "data:image/gif;base64,",
        "data:image/webp;base64,",
    ];
    begins(value, &["http://", "https://", "cid:"]) || begins(value, &DATA)
}

/// Decides about each `<img>` of HTML that `ammonia` wrote.
fn pictures(cleaned: &str, options: &CleanOptions<'_>) -> Clean {
    let mut clean = Clean { html: String::with_capacity(cleaned.len() + 64), remote_images: 0 };
    let mut from = 0;
    for token in Tokens::new(cleaned) {
        let Token::Open(tag) = token else { continue };
        if tag.name != "img" {
            continue;
        }
        clean.html.push_str(&cleaned[from..tag.start]);
        from = tag.end;
        picture(&tag, options, &mut clean);
    }
    clean.html.push_str(&cleaned[from..]);
    clean
}

fn picture(tag: &Tag<'_>, options: &CleanOptions<'_>, clean: &mut Clean) {
    let source = tag.long_attribute("src").unwrap_or_default();
    let source = source.trim();
    let (mut shown, mut held) = (None, None);
    if begins(source, &["cid:"]) {
        let id = source[4..].trim();
        shown = (options.cid)(id).or_else(|| (options.cid)(&percent_decoded(id)));
    } else if begins(source, &["data:"]) {
        shown = Some(source.to_owned());
    } else if begins(source, &["http://", "https://"]) {
        clean.remote_images += 1;
        match options.remote {
            Remote::Keep => shown = Some(source.to_owned()),
            Remote::Hold => held = Some(source.to_owned()),
        }
    }
    clean.html.push_str("<img src=\"");
    html_escape::encode_double_quoted_attribute_to_string(shown.as_deref().unwrap_or(PLACEHOLDER), &mut clean.html);
    clean.html.push('"');
    let mut write = |name: &str, value: &str| {
        clean.html.push(' ');
        clean.html.push_str(name);
        clean.html.push_str("=\"");
        html_escape::encode_double_quoted_attribute_to_string(value, &mut clean.html);
        clean.html.push('"');
    };
    if let Some(held) = held {
        write("data-remote-src", &held);
    }
    for name in ["alt", "title", "width", "height", "align", "border", "hspace", "vspace", "style"] {
        if let Some(value) = tag.attribute(name) {
            write(name, &value);
        }
    }
    clean.html.push('>');
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let digits = (*first == b'%').then(|| more.get(..2)).flatten();
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
