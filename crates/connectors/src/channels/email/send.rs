//! A message of ours as a mail, on its way.

use aws_lc_rs::digest::{SHA256, digest};
use base::{Error, Result};
use mail::{
    compose::{Draft, compose},
    parse::Address,
    part::Attachment,
    thread,
};

use super::{Email, MAX_BYTES, settings::Settings, smtp::Letter};
use crate::channel::{End, File, Outbound, Party, Receipt};

pub async fn send(email: &Email, end: &End, key: &str, message: &Outbound) -> Result<Receipt> {
    let settings = Settings::read(&end.settings)?;
    let draft = draft(end, &settings, key, message).with_ascii_domains();
    let raw = compose(&draft).map_err(|error| Error::refused(error.to_string()))?;
    if raw.len() > MAX_BYTES {
        let (have, most) = (raw.len() / 1024 / 1024, MAX_BYTES / 1024 / 1024);
        return Err(Error::refused(format!("The mail would be {have} MB large; {most} MB can be sent.")));
    }
    let letter = Letter { from: &draft.from.address, to: draft.recipients(), raw: &raw };
    let sent = email.outbox.send(email, end, &settings, &letter).await?;
    let renewed = email.tokens.take_renewed(end.inbox).await;
    Ok(Receipt { external_id: draft.message_id, refused: sent.refused, unsure: sent.unsure, renewed })
}

fn draft(end: &End, settings: &Settings, key: &str, message: &Outbound) -> Draft {
    let token = message.token.as_deref();
    let plus = token.filter(|_| settings.plus_addressing).and_then(|token| thread::plus_address(&end.address, token));
    let mut references = message.references.clone();
    if let Some(answered) = &message.in_reply_to
        && references.last() != Some(answered)
    {
        references.retain(|id| id != answered);
        references.push(answered.clone());
    }
    Draft {
        message_id: external_id(key, message),
        from: address(&message.from),
        reply_to: plus.map(|plus| Address { name: message.from.name.clone(), address: plus }),
        to: message.to.iter().map(address).collect(),
        cc: message.cc.iter().map(address).collect(),
        bcc: message.bcc.iter().map(address).collect(),
        subject: message.subject.clone(),
        in_reply_to: message.in_reply_to.clone(),
        references,
        text: message.text.clone(),
        html: message.html.clone(),
        attachments: message.attachments.iter().map(attachment).collect(),
        auto_submitted: message.automatic,
        extra: Vec::new(),
        date_ms: message.at,
    }
}

pub fn external_id(key: &str, message: &Outbound) -> String {
    let fresh = || message_id(&message.from.value, message.token.as_deref(), key);
    message.external_id.clone().unwrap_or_else(fresh)
}

/// The same key gives the same id, so that a second try is recognised wherever both arrive.
fn message_id(from: &str, token: Option<&str>, key: &str) -> String {
    let hash = digest(&SHA256, format!("{from}\n{key}").as_bytes());
    let unique = hash.as_ref().iter().take(12).fold(String::new(), |id, byte| id + &format!("{byte:02x}"));
    let domain = from.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    // A name beyond ASCII has no place in an id.
    let domain =
        domain.filter(|domain| domain.is_ascii() && !domain.is_empty()).unwrap_or_else(|| "mail.invalid".into());
    token.and_then(|token| thread::message_id(token, &unique, &domain)).unwrap_or_else(|| format!("{unique}@{domain}"))
}

fn address(party: &Party) -> Address {
    Address { name: party.name.clone().filter(|name| !name.trim().is_empty()), address: party.value.clone() }
}

fn attachment(file: &File) -> Attachment {
    Attachment {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        content_id: file.content_id.clone(),
        inline: file.inline,
        bytes: file.bytes.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_second_try_has_the_same_id_and_another_message_has_not() {
        let id = message_id("help@Shop.example", Some("12zabcdef"), "7");
        assert_eq!(id, message_id("help@Shop.example", Some("12zabcdef"), "7"));
        assert_ne!(id, message_id("help@Shop.example", Some("12zabcdef"), "8"));
        assert!(id.starts_with("t.12zabcdef.") && id.ends_with("@shop.example"), "{id}");
        assert!(message_id("help@süß.example", None, "7").ends_with("@mail.invalid"));
    }

    #[test]
    fn what_the_channel_says_it_carries_fits_into_a_mail() {
        let file = File {
            name: "film.mp4".into(),
            content_type: "video/mp4".into(),
            content_id: None,
            inline: false,
            bytes: vec![0xff; super::super::MAX_CONTENT - 1_000_000],
        };
        let party = |value: &str| Party { name: None, value: value.into() };
        let message = Outbound {
            from: party("help@shop.example"),
            to: vec![party("kari@shopper.example")],
            text: "å".repeat(250_000),
            html: Some("å".repeat(250_000)),
            attachments: vec![file],
            ..Outbound::default()
        };
        let end = End { inbox: 1, name: "Help".into(), address: "help@shop.example".into(), settings: Value::Null };
        let settings = Settings::read(&end.settings).unwrap();
        let raw = compose(&draft(&end, &settings, "7", &message)).unwrap();
        assert!(raw.len() <= MAX_BYTES, "{} bytes", raw.len());
    }
}
