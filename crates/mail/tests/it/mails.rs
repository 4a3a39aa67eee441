//! Published collections of well-formed, broken and tortured mails.

use mail::{
    headers::Verdict,
    parse::{Unreadable, fallback_id, parse},
    report::try_mail,
};
use serde_json::Value;

use crate::shared;

#[test]
fn no_collected_mail_is_unreadable() {
    let Some(folder) = shared::data("email") else { return };
    let mut read = 0;
    for ending in [".eml", ".msg", ".txt"] {
        for path in shared::files(&folder, ending) {
            let name = path.to_string_lossy().into_owned();
            if name.contains("_decoded")
                || name.contains("LICENSE")
                || name.contains("attachments/") && !name.contains("emails")
            {
                continue;
            }
            let raw = std::fs::read(&path).unwrap();
            match parse(&raw) {
                Ok(mail) => {
                    read += 1;
                    assert!(!mail.subject.contains(['\r', '\n', '\0']), "{name}");
                    for attachment in &mail.attachments {
                        assert!(
                            !attachment.name.is_empty()
                                && !attachment.name.starts_with('.')
                                && !attachment.name.contains(['/', '\\', '\n']),
                            "{name}: {:?}",
                            attachment.name
                        );
                    }
                }
                Err(why) => {
                    println!("unreadable: {name}: {why}");
                    let blank = raw.iter().all(u8::is_ascii_whitespace);
                    assert!(blank || why == Unreadable::NoHeaders, "{name}: {why}");
                    assert!(blank || name.contains("dkim/") || name.contains("mime4j"), "{name}: {why}");
                }
            }
        }
    }
    println!("mails read: {read}");
    assert!(read >= 245, "{read}");
}

/// The expected trees were written by the reader we use; what is compared is what we made of them.
#[test]
fn subjects_senders_and_attachments_agree() {
    let Some(folder) = shared::data("email/mail-parser/eml") else { return };
    let (mut all, mut subjects, mut senders, mut counts) = (0, 0, 0, 0);
    for path in shared::files(&folder, ".eml") {
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let mail = parse(&std::fs::read(&path).unwrap()).unwrap();
        let headers = expected["parts"][0]["headers"].as_array().unwrap();
        let header =
            |name: &str| headers.iter().rev().find(|header| header["name"] == name).map(|header| &header["value"]);
        let subject = header("subject").and_then(|value| value["Text"].as_str()).unwrap_or_default();
        let from = header("from").and_then(|value| value["Address"].as_object()).and_then(|kinds| {
            let list = kinds.get("List").or_else(|| kinds.get("Group"))?;
            let first = &list[0];
            first["address"].as_str().or_else(|| first["addresses"][0]["address"].as_str()).map(str::to_owned)
        });
        all += 1;
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        // What the reader could not decode we may have repaired.
        let same_subject = squeezed(subject) == squeezed(&mail.subject) || subject.contains('\u{fffd}');
        subjects += usize::from(same_subject);
        let same_sender = from.as_deref() == mail.from.as_ref().map(|from| from.address.as_str());
        senders += usize::from(same_sender);
        let same_count = expected["attachments"].as_array().unwrap().len() == mail.attachments.len();
        counts += usize::from(same_count);
        if !(same_subject && same_sender && same_count) {
            println!(
                "{}: {subject:?} {:?}, {from:?} {:?}, {} {}",
                path.display(),
                mail.subject,
                mail.from,
                expected["attachments"].as_array().unwrap().len(),
                mail.attachments.len()
            );
        }
    }
    println!("of {all}: subjects {subjects}, senders {senders}, attachment counts {counts}");
    assert!(all >= 100 && subjects * 100 >= all * 97 && senders * 100 >= all * 95 && counts * 100 >= all * 95);
}

#[test]
fn complaints_tell_whom() {
    let Some(folder) = shared::data("email/dkim/arf") else { return };
    for path in shared::files(&folder, ".eml") {
        let mail = parse(&std::fs::read(&path).unwrap()).unwrap();
        println!("{}: {:?}", path.display(), mail.bounce.as_ref().map(|bounce| (bounce.report, &bounce.recipient)));
        assert!(mail.bounce.is_some_and(|bounce| !bounce.hard), "{}", path.display());
        assert!(mail.automatic.is_automatic());
    }
}

#[test]
fn a_report_has_the_agreed_shape() {
    let line = try_mail("x.eml", b"From: Ada <ada@shop.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHello\r\n\r\n> old\r\n\r\n-- \r\nAda\r\n");
    assert_eq!(
        line,
        serde_json::json!({
            "file": "x.eml", "from": "ada@shop.example", "subject": "Grüße", "reply": "Hello", "quoted": "> old",
            "signature": "-- \nAda", "attachments": [], "automatic": false, "bounce": null
        })
    );
    let empty = try_mail("empty.eml", b"\r\n");
    assert_eq!(empty, serde_json::json!({ "file": "empty.eml", "error": "the mail is empty" }));
}

#[test]
fn a_mail_without_an_id_gets_the_same_one_each_time() {
    assert_eq!(fallback_id(b"abc"), fallback_id(b"abc"));
    assert_ne!(fallback_id(b"abc"), fallback_id(b"abd"));
    assert!(fallback_id(b"abc").ends_with("@hash.invalid"));
}

#[test]
fn unlabelled_and_misnamed_charsets_are_read() {
    let latin = parse(b"From: a@b.example\r\nSubject: Gr\xfc\xdfe aus K\xf6ln\r\n\r\nSch\xf6ne Gr\xfc\xdfe aus K\xf6ln, vielen Dank f\xfcr alles\r\n").unwrap();
    assert_eq!(latin.subject, "Grüße aus Köln");
    assert!(latin.text.contains("Schöne Grüße"), "{}", latin.text);
    let japanese = parse(b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B$3$s$K$A$O\x1b(B\r\n").unwrap();
    assert_eq!(japanese.text.trim(), "こんにちは");
    let russian =
        parse(b"From: a@b.example\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xf0\xd2\xc9\xd7\xc5\xd4\r\n")
            .unwrap();
    assert_eq!(russian.text.trim(), "Привет");
    let odd = parse(b"From: a@b.example\r\nContent-Type: text/plain; charset=\"ks_c_5601-1987\"\r\nContent-Transfer-Encoding: base64\r\n\r\nvsiz58fPvLy/5A==\r\n").unwrap();
    assert_eq!(odd.text.trim(), "안녕하세요");
}

#[test]
fn names_of_attachments_are_harmless() {
    for (given, wanted) in [
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\windows\\system32\\a.dll", "windows_system32_a.dll"),
        ("/absolute", "absolute"),
        (".htaccess", "htaccess"),
        ("a\u{202e}gpj.exe", "agpj.exe"),
        ("nul\0.txt", "nul_.txt"),
        ("...", ""),
        ("plain.pdf", "plain.pdf"),
    ] {
        assert_eq!(mail::part::safe_name(given).trim_start_matches('_'), wanted, "{given:?}");
    }
    assert!(mail::part::safe_name(&format!("{}.pdf", "ä".repeat(500))).strip_suffix(".pdf").is_some());
    assert!(mail::part::safe_name(&"ä".repeat(500)).len() <= 180);
}

#[test]
fn only_the_topmost_verdict_counts() {
    let mail = parse(
        b"Authentication-Results: mx.shop.example; spf=fail (dmarc=pass) smtp.mailfrom=a; dkim=none;\r\n dmarc=fail header.from=b\r\nAuthentication-Results: evil.example; spf=pass; dkim=pass; dmarc=pass\r\nFrom: a@b.example\r\n\r\nx",
    )
    .unwrap();
    assert_eq!(
        (mail.auth.spf, mail.auth.dkim, mail.auth.dmarc),
        (Some(Verdict::Fail), Some(Verdict::None), Some(Verdict::Fail))
    );
}

#[test]
fn automatic_mail_is_recognised() {
    use mail::automatic::Automatic::{AutoReply, Generated, List, No, OutOfOffice};
    let of =
        |headers: &str| parse(format!("From: a@b.example\r\n{headers}\r\n\r\nHello").as_bytes()).unwrap().automatic;
    assert_eq!(of("Subject: Abwesenheitsnotiz: Urlaub"), OutOfOffice);
    assert_eq!(of("Subject: Automatic reply: Your order"), OutOfOffice);
    assert_eq!(of("Subject: Réponse automatique : commande"), OutOfOffice);
    assert_eq!(of("Subject: 自动回复: 订单"), OutOfOffice);
    assert_eq!(of("Subject: x\r\nAuto-Submitted: auto-replied"), AutoReply);
    assert_eq!(of("Subject: x\r\nX-Autoreply: yes"), AutoReply);
    assert_eq!(of("Subject: x\r\nAuto-Submitted: auto-generated"), Generated);
    assert_eq!(of("Subject: x\r\nList-Id: <news.shop.example>"), List);
    assert_eq!(of("Subject: x\r\nPrecedence: bulk"), List);
    assert_eq!(of("Subject: x\r\nAuto-Submitted: no"), No);
    assert_eq!(of("Subject: Where is my order?"), No);
    assert_eq!(of("Subject: Question about your automatic reply"), No);
    assert_eq!(of("Subject: Vacation dress, size 40"), No);
    assert_eq!(of("Subject: Re: Out of office shoes"), No);
}

#[test]
fn people_are_not_taken_for_machines() {
    use mail::automatic::Automatic::{Bounce, Generated, List, No, OutOfOffice};
    let of = |headers: &str| parse(format!("Subject: x\r\n{headers}\r\n\r\nHello").as_bytes()).unwrap().automatic;
    let ada = |headers: &str| of(&format!("From: ada@shop.example\r\n{headers}"));
    let suppress = "X-Auto-Response-Suppress: All";
    assert_eq!(ada(&format!("{suppress}\r\nIn-Reply-To: <1@x>")), No, "Outlook's habit");
    assert_eq!(ada(&format!("{suppress}\r\nReferences: <1@x>")), No);
    assert_eq!(ada(&format!("{suppress}\r\nAuto-Submitted: no")), No);
    assert_eq!(ada(suppress), Generated);
    assert_eq!(ada(&format!("{suppress}\r\nIn-Reply-To: <1@x>\r\nAuto-Submitted: auto-generated")), Generated);
    for person in
        ["bouncer", "bouncer.bob", "bounce.bob", "bounce-bob", "donoreplys", "postmasters", "mailer-daemonica"]
    {
        assert_eq!(of(&format!("From: {person}@shop.example")), No, "{person}");
    }
    for machine in
        ["bounce", "bounces", "bounces+7=a.example", "bounce-17.x", "shop-noreply", "no-reply+7", "postmaster"]
    {
        assert_eq!(of(&format!("From: {machine}@shop.example")), Generated, "{machine}");
    }
    assert_eq!(of("From: noreply@forms.example\r\nReply-To: ada@shop.example"), No, "a contact form");
    assert_eq!(of("From: noreply@brand.example\r\nReply-To: help@brand.example"), Generated);
    assert_eq!(of("From: noreply@brand.example\r\nReply-To: noreply@mail.example"), Generated);
    assert_eq!(ada("Feedback-ID: 1.eu-north-1.AbC=:AmazonSES"), No, "Amazon stamps every mail");
    assert_eq!(ada("Feedback-ID: campaign:7:brand:mailer"), List);
    assert_eq!(ada("Delivered-To: autoresponders@fjellvik.example"), No);

    let subject = |headers: &str| parse(format!("From: a@b.example\r\n{headers}\r\n\r\nx").as_bytes()).unwrap();
    assert_eq!(subject("Subject: On vacation - please send it later").automatic, No);
    assert_eq!(subject("In-Reply-To: <1@x>\r\nSubject: On vacation - Re: Order").automatic, OutOfOffice);
    let parcel = "Subject: Rejected\r\n\r\nMy parcel did not reach me, 5.1.1 says the label.";
    for person in ["daemonica", "bounce.bob", "bouncer", "postmasters"] {
        let mail = parse(format!("From: {person}@shop.example\r\n{parcel}").as_bytes()).unwrap();
        assert_eq!((mail.bounce, mail.automatic), (None, No), "{person}");
    }
    let mail = parse(format!("From: MAILER-DAEMON@shop.example\r\n{parcel}").as_bytes()).unwrap();
    assert_eq!(mail.automatic, Bounce);
}

#[test]
fn invitations_forwards_and_winmail_are_opened() {
    let invitation = parse(b"From: a@b.example\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:20260301T100000Z\r\nSUMMARY:Fitting\r\nLOCATION:Oslo\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").unwrap();
    assert_eq!(invitation.text, "Invitation: Fitting (2026-03-01 10:00 UTC, Oslo)");
    assert_eq!(invitation.attachments[0].name, "attachment-1.ics");

    let forward = parse(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee below\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: My old/new order\r\nFrom: c@d.example\r\n\r\nInner\r\n--x--\r\n").unwrap();
    assert_eq!(forward.text.trim(), "See below");
    assert_eq!(forward.attachments[0].name, "My old_new order.eml");
    assert!(forward.attachments[0].bytes.starts_with(b"Subject: My old/new order"));

    let raw = winmail(&[
        (0x0002_800C, b"Body text\0"),
        (0x0006_9002, &[0; 14]),
        (0x0001_8010, b"..\\receipt.pdf\0"),
        (0x0006_800F, b"%PDF"),
    ]);
    let opened = parse(raw.as_bytes()).unwrap();
    assert_eq!(opened.text.trim(), "Body text");
    assert_eq!(opened.attachments.len(), 1);
    assert_eq!(
        (opened.attachments[0].name.as_str(), opened.attachments[0].bytes.as_slice()),
        ("receipt.pdf", &b"%PDF"[..])
    );
}

/// A mail that is nothing but a winmail.dat with these attributes.
fn winmail(attributes: &[(u32, &[u8])]) -> String {
    let mut tnef = Vec::from(0x223E_9F78_u32.to_le_bytes());
    tnef.extend(1_u16.to_le_bytes());
    for (id, data) in attributes {
        tnef.push(2);
        tnef.extend(id.to_le_bytes());
        tnef.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        tnef.extend(*data);
        tnef.extend([0, 0]);
    }
    format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x--\r\n",
        base64_lines(&tnef)
    )
}

/// The properties of a message in a winmail.dat, each one binary value.
fn properties(all: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::from(u32::try_from(all.len()).unwrap().to_le_bytes());
    for (id, value) in all {
        bytes.extend(0x0102_u16.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        bytes.extend(*value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

#[test]
fn a_winmail_whose_body_is_rich_text_is_shown() {
    let html = r"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag <p>}Wo ist mein P\'e4ckchen?{\*\htmltag </p>}\par{\*\htmltag <img src=cid:x>}}";
    let packed = compressed_rtf::compress_rtf(html).unwrap();
    let image = properties(&[(0x3701, b"PNG"), (0x3712, b"x\0")]);
    let raw =
        winmail(&[(0x0006_9003, &properties(&[(0x1009, &packed)])), (0x0006_9002, &[0; 14]), (0x0006_9005, &image)]);
    let mail = parse(raw.as_bytes()).unwrap();
    assert_eq!(mail.html.as_deref(), Some("<p>Wo ist mein Päckchen?</p>\n<img src=cid:x>"));
    assert_eq!((mail.text.as_str(), mail.text_from_html), ("Wo ist mein Päckchen?", true));
    assert_eq!((mail.attachments[0].content_id.as_deref(), mail.attachments[0].inline), (Some("x"), true));

    let plain = compressed_rtf::compress_rtf(r"{\rtf1\ansi\fromtext Hello,\par there}").unwrap();
    let mail = parse(winmail(&[(0x0006_9003, &properties(&[(0x1009, &plain)]))]).as_bytes()).unwrap();
    assert_eq!((mail.text.as_str(), mail.html), ("Hello,\nthere", None));

    let both = properties(&[(0x1009, &packed), (0x1000, b"In plain words\0"), (0x1013, b"<p>In HTML</p>")]);
    let mail = parse(winmail(&[(0x0006_9003, &both)]).as_bytes()).unwrap();
    assert_eq!(
        (mail.text.as_str(), mail.html.as_deref(), mail.text_from_html),
        ("In plain words", Some("<p>In HTML</p>"), false)
    );

    let damaged = parse(winmail(&[(0x0006_9003, &properties(&[(0x1009, &packed[..40])]))]).as_bytes()).unwrap();
    assert_eq!((damaged.text.trim(), damaged.attachments.len()), ("", 1), "what cannot be opened stays a file");
}

#[test]
fn files_written_into_the_text_become_attachments() {
    let file = "begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n";
    let mail = parse(format!("From: a@b.example\r\n\r\nHello,\r\nsee this.\r\n\r\n{file}").as_bytes()).unwrap();
    assert_eq!(mail.text.trim(), "Hello,\nsee this.");
    let [cat] = &mail.attachments[..] else { panic!("{:?}", mail.attachments) };
    assert_eq!((cat.name.as_str(), &*cat.bytes, cat.inline), ("cat.txt", &b"Cat"[..], false));

    let both = format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n{file}\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>And so on\r\n--x\r\n\
         Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n{file}\r\n--x--\r\n"
    );
    let mail = parse(both.as_bytes()).unwrap();
    assert!(!mail.text.contains("begin 644") && !mail.html.unwrap().contains("begin 644"));
    let found: Vec<_> = mail.attachments.iter().map(|one| (one.name.as_str(), &*one.bytes)).collect();
    assert_eq!(found, [("a.pdf", &b"Cat"[..]), ("cat.txt", b"Cat")]);

    let words = "From: a@b.example\r\n\r\nbegin 644 it\r\nlike this\r\nend\r\n";
    let mail = parse(words.as_bytes()).unwrap();
    assert_eq!((mail.text.trim(), mail.attachments.len()), ("begin 644 it\nlike this\nend", 0));
}

#[test]
fn a_boundary_on_a_line_of_its_own_is_found() {
    let raw = "From: a@b.example\r\nContent-Type: multipart/mixed;\r\nboundary=\"x\"\r\n\r\n--x\r\nContent-Type: multipart/alternative; \nBoundary=y\n\n\
        --y\n\nHello\n--y\nContent-Type: text/html\n\n<p>Hello\n--y--\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--x--\r\n";
    let mail = parse(raw.as_bytes()).unwrap();
    assert_eq!((mail.text.trim(), mail.html.as_deref()), ("Hello", Some("<p>Hello")));
    assert_eq!(mail.attachments.len(), 1);
}

fn base64_lines(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = (u32::from(chunk[0]) << 16)
            | (u32::from(*chunk.get(1).unwrap_or(&0)) << 8)
            | u32::from(*chunk.get(2).unwrap_or(&0));
        for nth in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * nth)) as usize & 63];
            out.push(if nth <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[test]
fn people_who_ask_about_a_report_send_none() {
    for raw in [
        "From: Ada <ada@shop.example>\r\nSubject: Mail delivery failed?\r\n\r\nI got this:\r\n\r\nFinal-Recipient: rfc822; help@fjellvik.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        "From: Ada <ada@shop.example>\r\nSubject: Fwd: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nWhat is this?\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; boundary=y\r\n\r\n--y\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nStatus: 5.1.1\r\n--y--\r\n--x--\r\n",
        "From: noreply@bank.example\r\nSubject: Your payment was rejected\r\n\r\nThe payment could not be delivered to ada@shop.example.\r\n",
    ] {
        assert_eq!(parse(raw.as_bytes()).unwrap().bounce, None, "{raw}");
    }
}
