//! What leaves comes back the same, and nothing can be smuggled into a header.

use mail::{
    compose::{Draft, compose},
    parse::{Address, parse},
    part::Attachment,
};

fn address(name: &str, address: &str) -> Address {
    Address { name: Some(name.to_owned()).filter(|name| !name.is_empty()), address: address.to_owned() }
}

fn draft() -> Draft {
    Draft {
        message_id: "t.abcdef.1@fjellvik.example".into(),
        from: address("Fjellvik Kundesørvis, \"Åse\"", "help@fjellvik.example"),
        reply_to: Some(address("", "help+tabcdef@fjellvik.example")),
        to: vec![address("Ada O'Neil", "ada@shop.example"), address("李雷", "lilei@shop.example")],
        cc: vec![address("", "cc@shop.example")],
        bcc: vec![address("", "secret@shop.example")],
        subject: "Re: Größe 42 für die Jacke — 订单 1001 and a subject that goes on for quite a while".into(),
        in_reply_to: Some("CAF@mail.example".into()),
        references: (0..60).map(|nth| format!("ref-{nth}@mail.example")).collect(),
        text: format!("Hei Ada,\n\nGrüße\n.\nFrom the shop\n{}\n", "long ".repeat(400)),
        html: Some("<p>Hei <b>Ada</b></p><img src=\"cid:logo@fjellvik\">".into()),
        attachments: vec![
            Attachment {
                name: "logo.png".into(),
                content_type: "image/png".into(),
                content_id: Some("logo@fjellvik".into()),
                inline: true,
                bytes: vec![0, 1, 2, 255],
            },
            Attachment {
                name: "Retourenschein für Åse.pdf".into(),
                content_type: "application/pdf".into(),
                content_id: None,
                inline: false,
                bytes: (0..=255).cycle().take(5_000).collect(),
            },
            Attachment {
                name: "data.csv".into(),
                content_type: "text/csv".into(),
                content_id: None,
                inline: false,
                bytes: b"a;b\n\xe4;\xf6\n".to_vec(),
            },
        ],
        auto_submitted: true,
        extra: vec![("List-Unsubscribe".into(), "<https://fjellvik.example/u/1>".into())],
        date_ms: 1_741_000_000_000,
    }
}

#[test]
fn a_draft_comes_back_as_it_was() {
    let draft = draft();
    let raw = compose(&draft).unwrap();
    assert_eq!(raw, compose(&draft).unwrap(), "the same draft gives the same bytes");
    assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 998 + 1));
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.is_ascii() && !text.contains("secret@shop.example"), "bcc is only in the envelope");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "bare line ends");
    let mail = parse(&raw).unwrap();
    assert_eq!(mail.message_id.as_deref(), Some("t.abcdef.1@fjellvik.example"));
    assert_eq!(mail.from, Some(draft.from.clone()));
    assert_eq!((&mail.to, &mail.cc), (&draft.to, &draft.cc));
    assert_eq!(mail.reply_to[0].address, "help+tabcdef@fjellvik.example");
    assert_eq!(mail.subject, draft.subject);
    assert_eq!(mail.in_reply_to, ["CAF@mail.example"]);
    assert_eq!(mail.references.len(), 21);
    assert_eq!(
        (mail.references[0].as_str(), mail.references[20].as_str()),
        ("ref-0@mail.example", "ref-59@mail.example")
    );
    assert_eq!(mail.text, draft.text);
    assert_eq!(mail.html.as_deref().map(str::trim), draft.html.as_deref());
    assert_eq!(mail.date, Some(draft.date_ms));
    assert!(mail.automatic.is_automatic() && mail.list);
    assert!(text.contains("\r\nAuto-Submitted: auto-replied\r\n"));
    for (sent, got) in draft.attachments.iter().zip([&mail.attachments[0], &mail.attachments[1], &mail.attachments[2]])
    {
        assert_eq!(
            (&sent.name, &sent.content_type, &sent.content_id, sent.inline),
            (&got.name, &got.content_type, &got.content_id, got.inline)
        );
        assert_eq!(sent.bytes, got.bytes, "{}", sent.name);
    }
    assert_eq!(
        draft.recipients(),
        ["ada@shop.example", "lilei@shop.example", "cc@shop.example", "secret@shop.example"]
    );
}

#[test]
fn plain_drafts_are_plain() {
    let mut draft = draft();
    (draft.html, draft.attachments, draft.auto_submitted, draft.extra) = (None, Vec::new(), false, Vec::new());
    let raw = compose(&draft).unwrap();
    let mail = parse(&raw).unwrap();
    assert_eq!(mail.text, draft.text);
    assert_eq!(mail.html, None);
    assert!(!mail.automatic.is_automatic() && mail.attachments.is_empty());
}

#[test]
fn what_answers_nothing_does_not_say_that_it_replies() {
    let mut draft = draft();
    (draft.in_reply_to, draft.references) = (None, Vec::new());
    let text = String::from_utf8(compose(&draft).unwrap()).unwrap();
    assert!(text.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{text}");
}

#[test]
fn line_ends_in_headers_are_refused_by_name() {
    type Change = (&'static str, fn(&mut Draft));
    let changes: [Change; 11] = [
        ("subject", |draft| draft.subject = "x\r\nBcc: all@shop.example".into()),
        ("from", |draft| draft.from.name = Some("x\ny".into())),
        ("from", |draft| draft.from.address = "a@b.example\r\nX: y".into()),
        ("to", |draft| draft.to[0].address = "a@b.example, c@d.example".into()),
        ("to", |draft| draft.to[0].address = "no address".into()),
        ("cc", |draft| draft.cc[0].name = Some("\rx".into())),
        ("bcc", |draft| draft.bcc[0].address = "x>\n".into()),
        ("reply_to", |draft| draft.reply_to = Some(Address { name: None, address: "a b@c".into() })),
        ("message_id", |draft| draft.message_id = "a@b>\r\nX: <y".into()),
        ("X-Note", |draft| draft.extra.push(("X-Note".into(), "a\nBcc: x@y".into()))),
        ("extra", |draft| draft.extra.push(("Bcc".into(), "x@y.example".into()))),
    ];
    for (field, change) in changes {
        let mut spoiled = draft();
        change(&mut spoiled);
        assert_eq!(compose(&spoiled).unwrap_err().field, field);
    }
    let mut named = draft();
    named.attachments[0].name = "a\"; filename=\"b\r\nX: y.exe".into();
    assert_eq!(compose(&named).unwrap_err().field, "attachments");
}

#[test]
fn odd_ids_of_others_are_left_out_and_stop_no_answer() {
    let odd = ["a b@x", "\"a\"@x", "ü@x", "a@b\r\nBcc: all@shop.example", "a@b>\nX: <y", "(a@x", "", "<>"];
    let long = "l".repeat(2_000) + "@x";
    for id in odd.into_iter().chain([long.as_str()]) {
        let mut answer = draft();
        (answer.in_reply_to, answer.references) = (Some(id.into()), vec!["first@x".into(), id.into(), "last@x".into()]);
        let mail = parse(&compose(&answer).unwrap()).unwrap();
        assert!(mail.in_reply_to.is_empty(), "{id}");
        assert_eq!(mail.references, ["first@x", "last@x"], "{id}");
    }
    let mut answer = draft();
    (answer.in_reply_to, answer.references) = (Some("a,b;c:d@[x]".into()), vec!["no-domain".into()]);
    let mail = parse(&compose(&answer).unwrap()).unwrap();
    assert_eq!((mail.in_reply_to, mail.references), (vec!["a,b;c:d@[x]".to_owned()], vec!["no-domain".to_owned()]));
    answer.message_id = "a@b\r\nX: y".into();
    assert_eq!(compose(&answer).unwrap_err().field, "message_id", "our own is not left out");
}

#[test]
fn shoppers_with_international_domains_get_their_answer() {
    let mut answer = draft();
    answer.from.address = "hjelp@fjellvik-blåbær.example".into();
    answer.to = vec![address("Kåri", "kari@blåbær.example")];
    answer.cc = vec![address("", "Post@BÜCHER.example."), address("", "ada@Shop.example")];
    answer.bcc = vec![address("", "x@例え。example")];
    let raw = compose(&answer).unwrap();
    assert!(raw.is_ascii());
    let mail = parse(&raw).unwrap();
    assert_eq!(mail.to, [address("Kåri", "kari@xn--blbr-roah.example")]);
    assert_eq!(mail.cc, [address("", "Post@xn--bcher-kva.example"), address("", "ada@Shop.example")]);
    let sent = answer.with_ascii_domains();
    assert_eq!(sent.from.address, mail.from.unwrap().address);
    let envelope =
        ["kari@xn--blbr-roah.example", "Post@xn--bcher-kva.example", "ada@Shop.example", "x@xn--r8jz45g.example"];
    assert_eq!(sent.recipients(), envelope);
    assert_eq!(compose(&sent).unwrap(), raw);
}

#[test]
fn addresses_no_server_takes_are_refused_by_name() {
    for (to, why) in [
        ("kari@blå bær.example", "is no mail address: it must not have spaces, line ends or invisible signs"),
        ("kari@blå＜bær.example", "is no mail address: its domain cannot exist"),
        ("kari@＠blåbær.example", "is no mail address: its domain cannot exist"),
        ("kari@", "is no mail address: nothing stands behind its @"),
    ] {
        let mut answer = draft();
        answer.to = vec![address("", to)];
        let refused = compose(&answer).unwrap_err();
        assert_eq!((refused.field.as_str(), &*refused.why), ("to", why), "{to}");
        assert_eq!(answer.clone().with_ascii_domains(), answer);
    }
}

#[test]
fn letters_beyond_ascii_before_the_at_are_written_as_they_are() {
    let mut answer = draft();
    answer.to = vec![address("Jörg", "jörg@blåbær.example")];
    let raw = compose(&answer).unwrap();
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.contains("<jörg@xn--blbr-roah.example>\r\n"), "{text}");
    assert_eq!(parse(&raw).unwrap().to, [address("Jörg", "jörg@xn--blbr-roah.example")]);
    assert_eq!(answer.with_ascii_domains().recipients()[0], "jörg@xn--blbr-roah.example");
}
