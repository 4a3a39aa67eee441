//! Mails made to hurt: sizes, depths, mutations of real ones, and whatever proptest thinks of.

use mail::{
    clean::{CleanOptions, clean},
    compose::{Draft, compose},
    parse::{Address, Mail, Unreadable, parse},
    quote::{fold_html, fold_text},
};
use proptest::prelude::*;

use crate::shared;

/// Everything the desk does with an incoming mail.
fn handle(raw: &[u8]) -> Result<Mail, Unreadable> {
    let mail = parse(raw)?;
    let folded = mail.fold();
    assert!(
        folded.reply.len() + folded.quoted.len() + folded.signature.len()
            <= mail.text.len() + mail.html.as_deref().map_or(0, str::len) * 4 + 16
    );
    if let Some(html) = &mail.html {
        let parts = fold_html(html);
        for part in [&parts.reply, &parts.quoted, &parts.signature] {
            clean(part, &CleanOptions::default());
        }
    }
    Ok(mail)
}

/// Runs it and gives the processor time, against a generous bound for an unoptimised build on a busy machine.
fn bounded_time(what: &str, raw: &[u8], limit_ms: f64) -> Result<Mail, Unreadable> {
    let start = shared::cpu_ms();
    let mail = handle(raw);
    let took = shared::cpu_ms() - start;
    println!("{what}: {} KB in {took:.0} ms", raw.len() / 1024);
    assert!(took < limit_ms, "{what} took {took} ms");
    mail
}

#[test]
fn ten_thousand_parts_are_bounded() {
    let mut raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n".to_vec();
    for nth in 0..10_000 {
        raw.extend(format!("--x\r\nContent-Type: application/pdf; name=f{nth}.pdf\r\n\r\ncontent\r\n").bytes());
    }
    raw.extend(b"--x--\r\n");
    let mail = bounded_time("10,000 parts", &raw, 4_000.0).unwrap();
    assert_eq!((mail.attachments.len(), mail.dropped, mail.cut), (1_000, 9_000, true));
}

#[test]
fn fifty_megabytes_are_read() {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n";
    let mut raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x\r\nContent-Type: video/mp4; name=a.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
    raw.extend(line.repeat(50 * 1024 * 1024 / line.len()).bytes());
    raw.extend(b"--x--\r\n");
    let mail = bounded_time("50 MB attachment", &raw, 30_000.0).unwrap();
    assert_eq!((mail.text.trim(), mail.cut), ("Hello", false));
    assert!(mail.attachments[0].bytes.len() > 35_000_000);

    let text = [
        b"From: a@b.example\r\n\r\n".to_vec(),
        "> quoted text and more of it, On 2024 wrote:\r\n".repeat(1_000_000).into_bytes(),
    ]
    .concat();
    let mail = bounded_time("50 MB text", &text, 30_000.0).unwrap();
    assert!(mail.text.len() <= mail::parse::MAX_TEXT && mail.cut);
}

#[test]
fn depth_is_bounded() {
    let nested = [b"From: a@b.example\r\n".to_vec(), b"Content-Type: message/rfc822\r\n\r\n".repeat(300_000)].concat();
    let mail = bounded_time("300,000 nested mails", &nested, 20_000.0).unwrap();
    assert!(mail.dropped > 0);

    let mut open = b"From: a@b.example\r\n".to_vec();
    for nth in 0..100_000 {
        open.extend(format!("Content-Type: multipart/mixed; boundary=b{nth}\r\n\r\n--b{nth}\r\n").bytes());
    }
    bounded_time("100,000 nested multiparts", &open, 20_000.0).unwrap();

    let mut missing = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n".to_vec();
    for nth in 0..50_000 {
        missing.extend(format!("--x\r\nContent-Type: multipart/mixed; boundary=never{nth}\r\n\r\n").bytes());
    }
    bounded_time("50,000 missing boundaries", &missing, 20_000.0).unwrap();
}

fn base64(bytes: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

/// The type is written as nobody writes it, but as it may be read.
#[test]
fn no_container_escapes_by_the_way_it_is_written() {
    for name in ["Content-Type", "content-TYPE ", "C ontent-\tType"] {
        for kind in ["(a) message/rfc822", "message (;) / rfc822", "\r\n message/rfc822", "message/global"] {
            let nested = format!("{name}: {kind}\r\n\r\n");
            let plain = format!("From: a@b.example\r\n{}", nested.repeat(20_000));
            assert!(bounded_time(&format!("{nested:?}"), plain.as_bytes(), 20_000.0).unwrap().dropped > 0);
        }
        let mut many = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n".to_owned();
        for nth in 0..10_000 {
            let nth = nth.to_string();
            many.extend(["--x\r\n", name, ": multipart (or so) / mixed; boundary=never", &nth, "\r\n\r\n"]);
        }
        bounded_time(&format!("multiparts by {name:?}"), many.as_bytes(), 20_000.0).unwrap();
    }
    let digest = "From: a@b.example\r\nContent-Type: multipart/digest; boundary=x\r\n\r\n".to_owned()
        + &"--x\r\n\r\na\r\n".repeat(60_000);
    bounded_time("a digest", digest.as_bytes(), 20_000.0).unwrap();
}

#[test]
fn an_encoded_mail_is_a_file_and_not_looked_into() {
    let inner =
        format!("From: a@b.example\r\nSubject: Inside\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(60_000));
    for encoding in [
        "Content-Transfer-Encoding: base64",
        "C ontent-Transfer-Encoding :\r\n =?utf-8?Q?base64?=\r\nContent-Transfer-Encoding: base64",
    ] {
        let raw = format!(
            "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x\r\n\
             Content-Type: message/rfc822\r\n{encoding}\r\n\r\n{}\r\n--x--\r\n",
            base64(&inner)
        );
        let mail = bounded_time("an encoded mail", raw.as_bytes(), 20_000.0).unwrap();
        assert_eq!(mail.text.trim(), "Hello");
        let [file] = &mail.attachments[..] else { panic!("{} files", mail.attachments.len()) };
        assert_eq!((file.name.as_str(), file.content_type.as_str()), ("Inside.eml", "message/rfc822"));
        assert_eq!(file.bytes, inner.as_bytes());
    }
}

#[test]
fn a_field_with_too_many_parameters_is_none() {
    for parameter in ["a#*=utf-8'en'%41; ", "name*#=bbbbbbbbbbbbbbbbbbbbbbb; "] {
        for field in ["Content-Type: application/pdf; ", "Content-Disposition: attachment; "] {
            let parameters: String = (0..60_000).map(|nth| parameter.replace('#', &nth.to_string())).collect();
            let raw = format!("From: a@b.example\r\n{field}{parameters}\r\n\r\nHello");
            bounded_time(&format!("{field}{parameter}"), raw.as_bytes(), 3_000.0).unwrap();
        }
    }
}

#[test]
fn headers_are_bounded() {
    let raw = [b"From: a@b.example\r\nSubject: ".to_vec(), b"x".repeat(10 << 20), b"\r\n\r\nHello".to_vec()].concat();
    let mail = bounded_time("10 MB subject", &raw, 10_000.0).unwrap();
    assert!(mail.subject.len() <= 1_000);
    let many = [b"From: a@b.example\r\n".to_vec(), b"X-A: b\r\n".repeat(500_000), b"\r\nHello".to_vec()].concat();
    bounded_time("500,000 headers", &many, 10_000.0).unwrap();
    let to = [
        b"From: a@b.example\r\nTo: ".to_vec(),
        b"a@b.example, ".repeat(200_000),
        b"\r\nReferences: ".to_vec(),
        b"<a@b> ".repeat(200_000),
        b"\r\n\r\nHello".to_vec(),
    ]
    .concat();
    let mail = bounded_time("200,000 recipients and references", &to, 10_000.0).unwrap();
    assert!(mail.to.len() <= 500 && mail.references.len() <= 200);
}

fn numbered(before: &str, after: &str, count: usize) -> String {
    (0..count).flat_map(|nth| [before.to_owned(), nth.to_string(), after.to_owned()]).collect()
}

#[test]
fn hostile_html_takes_linear_time() {
    let size = 120_000;
    for (what, html) in [
        ("open divs", "<div>".repeat(size / 5)),
        ("open fonts", numbered("<font size=", ">", size / 16)),
        ("fonts in paragraphs", numbered("<font size=", ">", 300) + &"<p>x".repeat(size / 4)),
        ("no end of tag", "<a ".repeat(size / 3)),
        ("open angle brackets", "<a".repeat(size / 2)),
        ("open quotes", "<a b=\"".repeat(size / 6)),
        ("open comments", "<!--".repeat(size / 4)),
        ("open scripts", "<script>".repeat(size / 8)),
        ("open styles", "<style></".repeat(size / 9)),
        ("closing tags", "</div>".repeat(size / 6)),
        ("misnested", "<b><i></b></i>".repeat(size / 14)),
        ("quotes", "<blockquote type=cite>x</blockquote>y".repeat(size / 37)),
        ("nested quotes", "<blockquote type=cite>x".repeat(size / 23)),
        ("tables", "<table><tr><td>".repeat(size / 15)),
        ("entities", "&amp;".repeat(size / 5)),
        ("signatures", "<div class=signature>x</div>y".repeat(size / 29)),
        ("beside cells", format!("<table>{}", "x<b></b>".repeat(size / 8))),
        ("many attributes", format!("<p {}>x", numbered("a", "=b ", size / 9))),
        ("siblings", "<p>x</p>".repeat(size / 8)),
        ("adoption", "<b><p></b>".repeat(size / 10)),
        ("attributes", format!("<p {}>x", "a=b ".repeat(size / 4))),
        ("attributes without values", format!("<p {}>x", numbered("a", " ", size / 7))),
        ("attributes between slashes", format!("<p {}>x", numbered("/a", "", size / 7))),
        ("paragraphs that end in tables", format!("<table>{}", "</p>".repeat(size / 4))),
        ("breaks that end in tables", format!("<table>{}", "</br>".repeat(size / 5))),
    ] {
        let raw = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{html}");
        bounded_time(what, raw.as_bytes(), 5_000.0).unwrap();
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    let size = 120_000;
    for (what, text) in [
        ("attributions", "On 2024-01-01 10:00 a <a@b.example>\n".repeat(size / 36)),
        ("labels", "From: a@b.example\n".repeat(size / 18)),
        ("blank lines", "\n".repeat(size)),
        ("one line", "a".repeat(size)),
        ("at signs", "@".repeat(size)),
        ("almost addresses", "a@".repeat(size / 2)),
        ("colons", "a: ".repeat(size / 3)),
        ("a delimiter in the middle", "a\n".repeat(size / 4) + "-- \n" + &"a\n".repeat(size / 4)),
        ("rules", "-----\n".repeat(size / 6)),
        ("closings", "Thanks,\n".repeat(size / 8)),
        ("quotes", "> a\nb\n".repeat(size / 6)),
        ("devices", "Sent from my iPhone\n".repeat(size / 20)),
        ("files that never end", "begin 644 a\n#0V%T\n".repeat(size / 18)),
        ("a file that never ends", format!("begin 644 a\n{}", "#0V%T\n".repeat(size / 6))),
        ("final recipients", "Final-Recipient: rfc822; a@b.example\n".repeat(size / 37)),
    ] {
        for headers in ["From: a@b.example", "From: MAILER-DAEMON@b.example\r\nSubject: Undelivered mail"] {
            bounded_time(what, format!("{headers}\r\n\r\n{text}").as_bytes(), 3_000.0).unwrap();
        }
    }
}

#[test]
fn hostile_spaces_take_linear_time() {
    for (what, text) in [
        ("no-break spaces", "\u{a0}".repeat(1_000_000)),
        ("degrees", "1 \u{b0} ".repeat(400_000)),
        ("degrees between nothing", "\u{b0}</x><td>".repeat(180_000)),
        ("degrees in a title", format!("<p title='{}'>x", "\u{b0}".repeat(1_000_000))),
    ] {
        let raw = format!("From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div>x{text}</div>");
        bounded_time(what, raw.as_bytes(), 10_000.0).unwrap();
    }
    // What people write stays as they wrote it.
    let french = "<p>« Où est mon colis\u{a0}? » &amp; «\u{a0}merci\u{a0}»<br>".repeat(5_000);
    assert!(clean(&french, &CleanOptions::default()).html.contains("<br>"));
}

#[test]
fn rich_text_takes_linear_time() {
    let size = 1_400_000;
    for (what, rtf) in [
        ("groups", "{".repeat(size)),
        (
            "fonts",
            "{\\fonttbl".to_owned()
                + &numbered("\\f", "\\fcharset128 ", size / 20)
                + "}"
                + &"\\f9\\f8 ".repeat(size / 7),
        ),
        ("letters", "\\u8364?".repeat(size / 8)),
        ("bytes", "\\'e4".repeat(size / 4)),
        ("tags", "{\\*\\htmltag <b>}".repeat(size / 16)),
        ("words", "\\a".repeat(size / 2)),
        ("binaries", "\\bin9".repeat(size / 5)),
    ] {
        let rtf = format!("{{\\rtf1\\fromhtml1 {rtf}");
        let packed = compressed_rtf::encode_rtf(&rtf).unwrap();
        let length = u32::try_from(packed.len()).unwrap();
        let value = [&b"\x02\x01\x09\x10\x01\0\0\0"[..], &length.to_le_bytes(), &packed].concat();
        let mut tnef = b"\x78\x9f\x3e\x22\0\0\x01\x03\x90\x06\0".to_vec();
        tnef.extend((u32::try_from(value.len()).unwrap() + 4).to_le_bytes());
        tnef.extend(b"\x01\0\0\0");
        tnef.extend(value);
        let raw = format!(
            "From: a@b.example\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            {
                use base64::{Engine, engine::general_purpose::STANDARD};
                STANDARD.encode(&tnef)
            }
        );
        bounded_time(what, raw.as_bytes(), 15_000.0).unwrap();
    }
}

/// A small generator with a fixed seed: the same mutations in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn mutated_real_mails_do_no_harm() {
    let folders = [shared::data("email"), shared::data("bounce")];
    let mut chance = Chance(0x5EED_2026);
    let mut tried = 0;
    for path in folders
        .into_iter()
        .flatten()
        .flat_map(|folder| [".eml", ".msg"].map(|ending| shared::files(&folder, ending)).concat())
    {
        let original = std::fs::read(path).unwrap();
        if original.is_empty() || original.len() > 60_000 {
            continue;
        }
        for _ in 0..6 {
            let mut raw = original.clone();
            for _ in 0..=chance.below(12) {
                let at = chance.below(raw.len());
                match chance.below(6) {
                    0 => raw[at] = u8::try_from(chance.below(256)).unwrap(),
                    1 => raw.truncate(at + 1),
                    2 => drop(raw.drain(at..(at + chance.below(200)).min(raw.len()))),
                    3 => {
                        let piece: Vec<u8> = raw[at..(at + chance.below(400)).min(raw.len())].to_vec();
                        let to = chance.below(raw.len());
                        raw.splice(to..to, piece);
                    }
                    4 => raw
                        .splice(at..at, b"\r\nContent-Type: multipart/mixed; boundary=\"--\"\r\n\r\n".iter().copied())
                        .for_each(drop),
                    _ => raw.splice(at..at, b"=?utf-8?B?\xff\0<>\"".iter().copied()).for_each(drop),
                }
                if raw.is_empty() {
                    raw.push(b'x');
                }
            }
            tried += 1;
            let _ = handle(&raw);
        }
    }
    println!("mutated mails: {tried}");
}

fn words() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "On 3 Mar 2025 at 10:12, A <a@b.example> wrote:",
        "> quoted",
        ">",
        "From: a@b.example",
        "Sent: 2025",
        "To: x",
        "Subject: y",
        "-- ",
        "--",
        "____",
        "Regards,",
        "Ada",
        "Sent from my iPhone",
        "-----Original Message-----",
        "",
        "text",
        "ü漢字\u{202e}",
        "a@b.example:",
        "Am 3. März",
        "schrieb",
        "*From:* x@y",
        "\u{a0}",
        "\t",
        "Thanks,",
        "-Ada",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|lines| lines.join("\n"))
}

fn markup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<br>",
        "<blockquote type=\"cite\">",
        "</blockquote>",
        "<div class='gmail_quote'>",
        "<b",
        ">",
        "\"",
        "'",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "&amp;",
        "&#x41;",
        "text ü",
        "<a href=\"https://x.example\">",
        "</a>",
        "<img src=cid:x>",
        "<img src=\"http://x.example/y\">",
        "<hr tabindex=-1>",
        "<li>",
        "<ul>",
        "<td>",
        "<table>",
        "From: a@b.example<br>",
        "Sent: 2025<br>",
        "<style>",
        "</style>",
        "<svg>",
        "<math>",
        "\0",
        "<pre>\n",
        "<",
        "</",
        "<div id=divRplyFwdMsg>",
        "<span class=signature>",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Markup whose tags are all closed in order.
fn sound_markup() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "mine<br>",
        "Thanks,<br>Ada<br>",
        "<img src=\"cid:x\">",
        "On 3 Mar 2025 at 10:12, A &lt;a@b.example&gt; wrote:<br>",
        "Sent from my iPhone<br>",
        "&gt; quoted<br>",
        "<b>From:</b> a@b.example<br><b>Sent:</b> 2025<br><b>To:</b> x<br><b>Subject:</b> y<br>",
        "text ü",
        "--<br>",
        "<!-- no -->",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 60, 6, |inner| {
        let kinds = prop::sample::select(vec![
            "div",
            "p",
            "span",
            "b",
            "table><tr><td",
            "blockquote",
            "blockquote type=\"cite\"",
            "div class=\"gmail_quote\"",
            "div class=\"gmail_signature\"",
            "div id=\"divRplyFwdMsg\"",
            "ul><li",
            "font color=\"red\"",
        ]);
        (kinds, prop::collection::vec(inner, 0..6)).prop_map(|(kind, inside)| {
            let names = kind.split('>').rev().map(|tag| tag.trim_start_matches('<').split(' ').next().unwrap());
            let closing: String = names.flat_map(|name| ["</", name, ">"]).collect();
            format!("<{kind}>{}{closing}", inside.concat())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = handle(&raw);
        let _ = handle(&[b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n".as_slice(), &raw].concat());
        let _ = handle(&[b"From: MAILER-DAEMON@b.example\r\nContent-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22".as_slice(), &raw].concat());
    }

    #[test]
    fn folding_keeps_every_line(text in words()) {
        let folded = fold_text(&text);
        let mut kept: Vec<&str> = [&folded.reply, &folded.quoted, &folded.signature].into_iter().flat_map(|part| part.lines()).map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut given: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        kept.sort_unstable();
        given.sort_unstable();
        prop_assert_eq!(kept, given);
        prop_assert!(text.trim().is_empty() || !folded.reply.trim().is_empty());
    }

    #[test]
    fn any_markup_is_split_and_cleaned(html in markup()) {
        let parts = fold_html(&html);
        for part in [&html, &parts.reply, &parts.quoted, &parts.signature] {
            let once = clean(part, &CleanOptions::default());
            let twice = clean(&once.html, &CleanOptions::default());
            for html in [once.html, twice.html] {
                prop_assert!(!html.contains("<script") && !html.contains(" src=\"http") && !html.contains("<svg") && !html.contains("<style"));
            }
        }
        mail::html::to_text(&html);
    }

    #[test]
    fn what_is_composed_is_read_back(subject in "\\PC{0,200}", name in "\\PC{0,60}", text in "(\\PC|\n){0,300}") {
        let draft = Draft {
            message_id: "a@b.example".into(),
            from: Address { name: Some(name.clone()), address: "a@b.example".into() },
            reply_to: None, to: vec![Address { name: None, address: "c@d.example".into() }], cc: vec![], bcc: vec![],
            subject: subject.clone(), in_reply_to: None, references: vec![], text: text.clone(), html: None, attachments: vec![],
            auto_submitted: false, extra: vec![], date_ms: 0,
        };
        if let Ok(raw) = compose(&draft) {
            let mail = parse(&raw).unwrap();
            let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')).collect::<String>();
            prop_assert_eq!(squeezed(&mail.subject), squeezed(&subject));
            prop_assert_eq!(squeezed(&mail.text), squeezed(&text));
            prop_assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 999));
        }
    }

    #[test]
    fn splitting_keeps_every_word(html in sound_markup()) {
        let parts = fold_html(&html);
        let words = |html: &str| -> Vec<String> {
            mail::html::to_text(html).split_whitespace().filter(|word| !matches!(*word, "-" | ">")).map(str::to_owned).collect()
        };
        let mut kept = [words(&parts.reply), words(&parts.quoted), words(&parts.signature)].concat();
        let mut given = words(&html);
        kept.sort_unstable();
        given.sort_unstable();
        prop_assert_eq!(kept, given, "{:?}", parts);
        for part in [&parts.reply, &parts.quoted, &parts.signature] {
            prop_assert_eq!(part.matches("<div").count(), part.matches("</div>").count());
        }
    }
}
