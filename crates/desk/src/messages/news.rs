//! Whether what arrives is news: the same message comes again all the time, over lists, copies and second deliveries.

use base::{Error, Result, Tx, args};
use connectors::channel::Inbound;

use super::Parties;
use crate::inboxes::Inbox;

/// Whether it is none that we have; it gets an id of its own where another has taken it.
pub(super) async fn is_news(tx: &mut Tx, inbox: &Inbox, inbound: &mut Inbound) -> Result<bool> {
    match known(tx, inbox, inbound).await? {
        Known::No => Ok(true),
        Known::Same => Ok(false),
        // Two mails under one id: a broken program, or somebody who hopes that the other's mail gets lost.
        Known::Other => {
            inbound.external_id = format!("{}#{}", inbound.external_id, fingerprint(inbound));
            Ok(known(tx, inbox, inbound).await? == Known::No)
        }
    }
}

#[derive(PartialEq)]
enum Known {
    No,
    /// Delivered twice, or our own coming back to us.
    Same,
    /// Another message has this id.
    Other,
}

/// The same for one mail, however often and over whichever servers it comes.
fn fingerprint(inbound: &Inbound) -> String {
    let subject = inbound.subject.as_deref().unwrap_or_default();
    let all = format!("{}\n{subject}\n{}", inbound.from.value.to_lowercase(), inbound.text);
    base::secrets::sha256(all.as_bytes()).chars().take(16).collect()
}

async fn known(tx: &mut Tx, inbox: &Inbox, inbound: &Inbound) -> Result<Known> {
    let sql = "SELECT parties, subject, text, raw FROM messages
        WHERE external_id = $1 AND (inbox = $2 OR direction = 'out')";
    let rows = tx.all(sql, args![&inbound.external_id, inbox.id]).await?;
    for row in &rows {
        let parties: Parties = row.json("parties")?;
        let sender = parties.from.is_none_or(|from| from.value.eq_ignore_ascii_case(&inbound.from.value));
        // What we sent carries a quote and a signature more than what we keep.
        let ours = row.opt_text("raw")?.is_none();
        let alike = || Ok::<_, Error>(row.opt_text("subject")? == inbound.subject && row.text("text")? == inbound.text);
        if sender && (ours || alike()?) {
            return Ok(Known::Same);
        }
    }
    Ok(if rows.is_empty() { Known::No } else { Known::Other })
}
