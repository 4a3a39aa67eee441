//! What one ordinary mail costs. Figures are printed; the bound holds for release builds only.

use mail::{
    clean::{CleanOptions, clean},
    parse::parse,
    quote::{fold_html, fold_text},
};

use crate::shared;

/// A mail of about 5 KB with a text and an HTML half, an answer above a quoted one.
fn ordinary() -> String {
    let sentence =
        "The zip of the jacket broke on the second day, and I would like to know what can be done about it. ";
    let text = format!(
        "Hello,\n\n{}\n\nBest regards,\nAda\n\nOn Mon, Mar 3, 2025 at 10:12 AM Fjellvik <help@fjellvik.example> wrote:\n\n> Hello Ada,\n> {}\n> Regards\n",
        sentence.repeat(8),
        sentence.repeat(6)
    );
    let html = format!(
        "<html><head><style>p{{margin:0}}</style></head><body><div dir=\"ltr\"><p style=\"color:#222;font-family:Arial\">Hello,</p><p>{}</p><p>Best regards,<br>Ada</p></div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, Mar 3, 2025 at 10:12 AM Fjellvik &lt;<a href=\"mailto:help@fjellvik.example\">help@fjellvik.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex\"><p>{}</p><img src=\"https://shop.example/logo.png\"><table><tr><td style=\"padding:3px\">Order</td><td>1001</td></tr></table></blockquote></div></body></html>",
        sentence.repeat(8),
        sentence.repeat(6)
    );
    format!(
        "Received: from mx.example by shop.example with ESMTPS; Mon, 3 Mar 2025 10:20:00 +0000\r\nAuthentication-Results: shop.example; spf=pass; dkim=pass; dmarc=pass\r\nFrom: Ada Lovelace <ada@shop.example>\r\nTo: Fjellvik <help+tabcdef@fjellvik.example>\r\nSubject: =?utf-8?Q?Re:_Gr=C3=B6=C3=9Fe?=\r\nMessage-ID: <CAF1@mail.shop.example>\r\nIn-Reply-To: <t.abcdef.1@fjellvik.example>\r\nReferences: <t.abcdef.1@fjellvik.example>\r\nDate: Mon, 3 Mar 2025 10:19:58 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--x--\r\n",
        text.replace('\n', "\r\n")
    )
}

fn cost(what: &str, rounds: u32, mut run: impl FnMut()) -> f64 {
    run();
    let start = shared::cpu_ms();
    for _ in 0..rounds {
        run();
    }
    let each = (shared::cpu_ms() - start) / f64::from(rounds);
    println!("{what}: {each:.3} ms");
    each
}

#[test]
fn an_ordinary_mail_is_cheap() {
    let raw = ordinary();
    println!("size {} bytes", raw.len());
    let mail = parse(raw.as_bytes()).unwrap();
    let html = mail.html.clone().unwrap();
    let rounds = if cfg!(debug_assertions) { 200 } else { 1_000 };
    let reading = cost("parse", rounds, || drop(parse(raw.as_bytes())));
    let folding = cost("fold text", rounds, || drop(fold_text(&mail.text)));
    let splitting = cost("fold html", rounds, || drop(fold_html(&html)));
    let cleaning = cost("clean", rounds, || drop(clean(&html, &CleanOptions::default())));
    let whole = reading + folding + splitting + cleaning;
    println!("together: {whole:.3} ms");
    assert!(cfg!(debug_assertions) || whole < 0.5, "{whole} ms");
}
