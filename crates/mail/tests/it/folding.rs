//! Quotes and signatures in our own words: clients, languages, inline answers, forwards.

use mail::quote::{fold_html, fold_html_as_text, fold_text};

fn reply(text: &str) -> String {
    fold_text(text).reply
}

#[test]
fn attributions_in_many_languages() {
    for line in [
        "On Mon, Mar 3, 2025 at 10:12 AM Fjellvik <help@fjellvik.example> wrote:",
        "Am Mo., 3. März 2025 um 10:12 Uhr schrieb Fjellvik <help@fjellvik.example>:",
        "Le lun. 3 mars 2025 à 10:12, Fjellvik <help@fjellvik.example> a écrit :",
        "El lun, 3 mar 2025 a las 10:12, Fjellvik (<help@fjellvik.example>) escribió:",
        "Il giorno lun 3 mar 2025 alle ore 10:12 Fjellvik <help@fjellvik.example> ha scritto:",
        "Op ma 3 mrt 2025 om 10:12 schreef Fjellvik <help@fjellvik.example>:",
        "Den mån 3 mars 2025 kl 10:12 skrev Fjellvik <help@fjellvik.example>:",
        "man. 3. mars 2025 kl. 10:12 skrev Fjellvik <help@fjellvik.example>:",
        "Den man. 3. mar. 2025 kl. 10.12 skrev Fjellvik <help@fjellvik.example>:",
        "ma 3. maaliskuuta 2025 klo 10.12 Fjellvik <help@fjellvik.example> kirjoitti:",
        "pon., 3 mar 2025 o 10:12 Fjellvik <help@fjellvik.example> napisał(a):",
        "Em seg., 3 de mar. de 2025 às 10:12, Fjellvik <help@fjellvik.example> escreveu:",
        "po 3. 3. 2025 v 10:12 odesílatel Fjellvik <help@fjellvik.example> napsal:",
        "пн, 3 мар. 2025 г. в 10:12, Fjellvik <help@fjellvik.example>:",
        "3 Mar 2025 Pzt 10:12 tarihinde Fjellvik <help@fjellvik.example> şunu yazdı:",
        "في الاثنين، 3 مارس 2025 في 10:12 ص تمت كتابة ما يلي بواسطة Fjellvik <help@fjellvik.example>:",
        "Fjellvik <help@fjellvik.example> 于2025年3月3日周一 10:12写道：",
        "2025年3月3日(月) 10:12 Fjellvik <help@fjellvik.example>:",
        "\u{202b}בתאריך יום ב׳, 3 במרץ 2025 ב-10:12 מאת \u{202a}Fjellvik\u{202c}\u{200f} <\u{202a}help@fjellvik.example\u{202c}\u{200f}>:\u{202c}",
        "2025년 3월 3일 (월) 오전 10:12, Fjellvik <help@fjellvik.example>님이 작성:",
    ] {
        assert_eq!(reply(&format!("Thanks, 42 please.\n\n{line}\n\nWhich size?\n")), "Thanks, 42 please.", "{line}");
        assert_eq!(reply(&format!("Thanks, 42 please.\n\n{line}\n> Which size?\n")), "Thanks, 42 please.", "{line}");
        if let Some((first, second)) = line.split_once(" <") {
            assert_eq!(
                reply(&format!("Thanks, 42 please.\n\n{first}\n<{second}\n\nWhich size?\n")),
                "Thanks, 42 please.",
                "{line}"
            );
        }
    }
}

#[test]
fn header_blocks_in_many_languages() {
    for labels in [
        ["From", "Sent", "To", "Subject"],
        ["Von", "Gesendet", "An", "Betreff"],
        ["De", "Envoyé", "À", "Objet"],
        ["De", "Enviado el", "Para", "Asunto"],
        ["Da", "Inviato", "A", "Oggetto"],
        ["Van", "Verzonden", "Aan", "Onderwerp"],
        ["Från", "Skickat", "Till", "Ämne"],
        ["Fra", "Sendt", "Til", "Emne"],
        ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"],
        ["Od", "Wysłano", "Do", "Temat"],
        ["De", "Enviada em", "Para", "Assunto"],
        ["Od", "Odesláno", "Komu", "Předmět"],
        ["От", "Отправлено", "Кому", "Тема"],
        ["Kimden", "Gönderildi", "Kime", "Konu"],
        ["من", "تم الإرسال", "إلى", "الموضوع"],
        ["发件人", "发送时间", "收件人", "主题"],
        ["差出人", "送信日時", "宛先", "件名"],
    ] {
        let [from, sent, to, subject] = labels;
        for (open, close) in [("", ":"), ("*", ":*"), ("", " :"), ("", "：")] {
            let block = format!(
                "{open}{from}{close} Fjellvik <help@fjellvik.example>\n{open}{sent}{close} 3.3.2025 10:12\n{open}{to}{close} Ada\n{open}{subject}{close} Size\n"
            );
            assert_eq!(
                reply(&format!("42 please.\n\n________________________________\n{block}\nWhich size?\n")),
                "42 please.",
                "{block}"
            );
        }
    }
}

#[test]
fn inline_answers_keep_what_they_answer() {
    let text = "Hi,\n\nOn 3 March 2025 at 10:12, Fjellvik <help@fjellvik.example> wrote:\n> Which size?\n\n42, please.\n\n> Which colour?\n\nBlue.\n\n> Regards\n> Fjellvik\n";
    let folded = fold_text(text);
    assert!(
        folded.reply.contains("42, please.")
            && folded.reply.contains("> Which colour?")
            && folded.reply.ends_with("Blue."),
        "{}",
        folded.reply
    );
    assert_eq!(folded.quoted, "> Regards\n> Fjellvik");
}

#[test]
fn a_long_quote_above_the_answer_is_folded() {
    let quote = "> line of the old mail\n".repeat(40);
    let folded = fold_text(&format!(
        "On 3 March 2025 at 10:12, Fjellvik <help@fjellvik.example> wrote:\n{quote}\nAnswer below.\n"
    ));
    assert_eq!(folded.reply, "Answer below.");
}

#[test]
fn forwards_are_not_emptied() {
    let forward = "---------- Forwarded message ---------\nFrom: Ada <ada@shop.example>\nDate: Mon, 3 Mar 2025 at 10:12\nSubject: Broken\nTo: <help@fjellvik.example>\n\nThe zip is broken.\n";
    assert!(reply(forward).contains("The zip is broken."));
    assert_eq!(reply(&format!("Please see below.\n\n{forward}")), "Please see below.");
    assert_eq!(reply("> all of it\n> is quoted\n"), "> all of it\n> is quoted");
}

#[test]
fn ordinary_text_is_left_alone() {
    for text in [
        "On Monday I wrote to you about the following:\nnothing came.",
        "From: Berlin\nTo: Oslo\nis how far the parcel went.",
        "I need:\n- a tent\n- a stove\n- Gas\n",
        "Thanks!",
        "Dear team,\n\non 03.03.2025 I wrote:\nplease send two.",
        "I lost this:\n\n- Gloves",
        "Thanks for the answer\nbut it is still broken",
        "The price was 3 > 2, wasn't it?",
        "My new address since 2024:\nStorgata 1\n0155 Oslo",
        "Best\nwishes do not help me, the jacket does.",
        "It says\n\n-----\nError 12\n-----\n\nand then nothing happens, what am I to do about it? I tried to log in again several times over the last weekend but no luck.",
    ] {
        assert_eq!(reply(text), text.trim_end(), "{text}");
    }
}

#[test]
fn signatures_in_many_languages() {
    for closing in [
        "Best regards,",
        "Kind regards",
        "Mit freundlichen Grüßen",
        "Viele Grüße,",
        "Cordialement,",
        "Bien à vous",
        "Un saludo,",
        "Saludos cordiales",
        "Cordiali saluti",
        "Met vriendelijke groet,",
        "Med vänlig hälsning",
        "Med vennlig hilsen",
        "Venlig hilsen",
        "Ystävällisin terveisin",
        "Pozdrawiam,",
        "Atenciosamente,",
        "S pozdravem",
        "С уважением,",
        "Saygılarımla,",
        "مع تحياتي",
        "此致",
        "敬具",
        "Mvh",
        "LG",
        "Thanks,",
        "Danke!",
    ] {
        let folded = fold_text(&format!("The zip is broken.\n\n{closing}\nAda Lovelace\nOslo\n"));
        assert_eq!(folded.reply, "The zip is broken.", "{closing}");
        assert_eq!(folded.signature, format!("{closing}\nAda Lovelace\nOslo"), "{closing}");
    }
    assert_eq!(reply("Danke!\n\nMfG\nAda\n"), "Danke!");
    assert_eq!(reply("Спасибо!\n\n--\nС уважением,\nАда\n"), "Спасибо!");
    for name in ["-Ada", "/Ada", "- Ada", "– Ada Lovelace", "—Ada"] {
        assert_eq!(reply(&format!("The zip is broken.\n\n{name}\n")), "The zip is broken.", "{name}");
    }
    for device in [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für iOS",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
        "Enviado do meu iPhone",
        "Odesláno z iPhonu",
        "Отправлено с iPhone",
        "iPhone'umdan gönderildi",
        "发自我的iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "Get Outlook for Android<https://aka.ms/x>",
        "Sent from Yahoo Mail on Android",
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    ] {
        assert_eq!(reply(&format!("The zip is broken.\n\n{device}\n")), "The zip is broken.", "{device}");
    }
}

#[test]
fn html_of_the_common_clients() {
    for (client, html) in [
        (
            "Gmail",
            r#"<div dir="ltr">42 please.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Mar 3, 2025 at 10:12 AM Fjellvik &lt;<a href="mailto:help@fjellvik.example">help@fjellvik.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">Which size?</blockquote></div>"#,
        ),
        (
            "Outlook",
            r#"<html><head><style>p{margin:0}</style></head><body><div class="WordSection1"><p class="MsoNormal">42 please.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Fjellvik &lt;help@fjellvik.example&gt;<br><b>Sent:</b> Monday, March 3, 2025 10:12<br><b>To:</b> Ada<br><b>Subject:</b> Size</p></div></div><p>Which size?</p></div></body></html>"#,
        ),
        (
            "Outlook on the web",
            r#"<div>42 please.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>Von:</b> Fjellvik<br><b>Betreff:</b> Size</font></div><div>Which size?</div>"#,
        ),
        (
            "Apple Mail",
            r#"<html><body>42 please.<div><br><blockquote type="cite"><div>On 3 Mar 2025, at 10:12, Fjellvik &lt;help@fjellvik.example&gt; wrote:</div><br><div>Which size?</div></blockquote></div></body></html>"#,
        ),
        (
            "Thunderbird",
            r#"<p>42 please.</p><div class="moz-cite-prefix">Am 03.03.25 um 10:12 schrieb Fjellvik:<br></div><blockquote type="cite" cite="mid:x"><p>Which size?</p></blockquote>"#,
        ),
        (
            "Yahoo",
            r#"<div class="ydp1"><div>42 please.</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, March 3, 2025, Fjellvik wrote:</div><div>Which size?</div></div>"#,
        ),
        (
            "GMX",
            r#"<div>42 please.</div><div name="quote" style="margin:10px"><div><b>Gesendet:</b> Montag, 3. M&auml;rz 2025<br><b>Von:</b> Fjellvik</div><div>Which size?</div></div>"#,
        ),
        (
            "Proton",
            r#"<div>42 please.</div><div class="protonmail_quote">On Monday, 3 March 2025, Fjellvik wrote:<br><blockquote class="protonmail_quote" type="cite">Which size?</blockquote></div>"#,
        ),
        (
            "unmarked",
            "<p>42 please.</p><p>Le lun. 3 mars 2025 à 10:12, Fjellvik &lt;help@fjellvik.example&gt; a écrit :</p><p>Which size?</p>",
        ),
    ] {
        let folded = fold_html_as_text(html);
        assert_eq!(folded.reply, "42 please.", "{client}: {folded:?}");
        let parts = fold_html(html);
        assert!(parts.reply.contains("42 please.") && !parts.reply.contains("Which size?"), "{client}: {parts:?}");
        assert!(parts.quoted.contains("Which size?") && !parts.quoted.contains("42 please."), "{client}: {parts:?}");
    }
    let signed = fold_html(
        r#"<div>Broken.</div><div class="gmail_signature" data-smartmail="gmail_signature"><div>Ada</div></div>"#,
    );
    assert!(signed.signature.contains("Ada") && !signed.reply.contains("Ada"), "{signed:?}");
}

#[test]
fn parts_of_html_are_balanced() {
    let html =
        "<table><tr><td><div><b>mine<blockquote type=\"cite\">theirs</blockquote>mine too</b></div></td></tr></table>";
    let parts = fold_html(html);
    for part in [&parts.reply, &parts.quoted] {
        for tag in ["table", "td", "div", "b", "blockquote"] {
            let opened = part.matches(&format!("<{tag}>")).count() + part.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, part.matches(&format!("</{tag}>")).count(), "{tag} in {part}");
        }
    }
}

#[test]
fn banners_and_disclaimers_are_no_part_of_the_reply() {
    let text = "CAUTION: This email originated from outside of the organization.\n\nThe zip is broken.\n\nAda\n\nThis e-mail and any attachments are confidential and meant for\nthe person it is addressed to.\n";
    let folded = fold_text(text);
    assert_eq!(folded.reply, "The zip is broken.\n\nAda");
    assert!(folded.signature.contains("CAUTION") && folded.signature.contains("confidential"));
    assert_eq!(
        reply("This e-mail and any attachments are confidential, is that so?"),
        "This e-mail and any attachments are confidential, is that so?"
    );
}
