//! What an address tells of who is behind it: a mail server, a box nobody reads, or a person.
//!
//! Addresses are compared word by word: `bouncer@`, `bounce.bob@` and `daemonica@` are people.

use crate::{automatic::contains_word, headers::Headers, parse::Mail};

/// A mail server or what collects its reports; in lower case, as everywhere here.
pub(crate) fn is_unattended(address: &str) -> bool {
    begins_with_word(address, "mailer-daemon") || address.starts_with("postmaster@") || is_bounce_box(address)
}

/// `noreply@`, `shop-noreply@`, `no-reply+7@`.
pub(crate) fn is_no_reply(address: &str) -> bool {
    const WORDS: [&str; 7] =
        ["noreply", "no-reply", "donotreply", "do-not-reply", "no_reply", "do_not_reply", "nicht-antworten"];
    let local = address.split('@').next().unwrap_or_default();
    WORDS.iter().any(|word| contains_word(local, word))
}

/// `bounces@`, `bounce+one=shop.example@`, `bounce-1234@`.
fn is_bounce_box(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let Some(rest) = local.strip_prefix("bounces").or_else(|| local.strip_prefix("bounce")) else { return false };
    rest.is_empty()
        || rest.starts_with(['+', '='])
        || rest.starts_with(['-', '_']) && rest.contains(|c: char| c.is_ascii_digit())
}

/// `word`, and no longer one, stands at the beginning.
fn begins_with_word(address: &str, word: &str) -> bool {
    address.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// The sender is a mail server, or nobody, as RFC 5321 (4.5.5) wants it.
pub(crate) fn is_daemon(headers: &Headers, mail: &Mail) -> bool {
    const LOCALS: [&str; 12] = [
        "mailer-daemon",
        "mailerdaemon",
        "postmaster",
        "mail-daemon",
        "mdaemon",
        "double-bounce",
        "mail-delivery",
        "mailer_daemon",
        "post_master",
        "post-master",
        "maildelivery",
        "daemon",
    ];
    let from = mail.from.as_ref();
    let address = from.map(|from| from.address.to_ascii_lowercase()).unwrap_or_default();
    let name = from.and_then(|from| from.name.as_deref()).unwrap_or_default().to_ascii_lowercase();
    let said = headers.lower("from");
    let empty_return = headers.get("return-path").is_some_and(|path| path.trim() == "<>");
    headers.has("x-failed-recipients")
        || empty_return
        || LOCALS.iter().any(|known| begins_with_word(&address, known))
        || ["mail delivery", "mailer-daemon", "delivery subsystem", "system administrator", "mail administrator"]
            .iter()
            .any(|words| name.contains(words) || said.contains(words))
        || said.trim() == "<>"
        || said.trim().is_empty()
}

/// Addresses that also send what is no report: their mail must name a status as well.
pub(crate) fn may_report(mail: &Mail) -> bool {
    let from = mail.from.as_ref().map(|from| from.address.to_ascii_lowercase()).unwrap_or_default();
    is_bounce_box(&from)
        || ["no-reply", "noreply"].iter().any(|known| begins_with_word(&from, known))
        || ["root@", "staff@"].iter().any(|known| from.starts_with(known))
}
