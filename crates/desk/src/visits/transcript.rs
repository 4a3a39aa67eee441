//! A copy of the conversation by mail. A stranger could have us write to anybody with it, so it needs a conversation in
//! which the shop has spoken, and there are few of them.

use base::{App, Error, Feature, HOUR, Job, JobSpec, MINUTE, Result, Stamp, Time, Tx, args, jobs::Lane};
use connectors::channel::Party;
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{Visit, VisitId, address, after, again, away::checked, deleted, visit};
use crate::{
    inboxes::{self, Letter},
    letters,
    tries::{self, limit},
};

/// One visitor has one sent this often; so many are sent within an hour for all at one network address, and to one
/// mailbox, whoever asks.
const PAUSE: Time = 10 * MINUTE;
const MOST_TOGETHER: i64 = 10;
const MOST_THERE: i64 = 5;
/// The newest lines of a long conversation.
const LINES: i64 = 500;

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Send>()], ..Feature::default() }
}

/// Plans to send the conversation as it stands now: to this address, or to where answers go.
pub async fn transcript(tx: &mut Tx, who: &Visit, email: Option<&str>) -> Result<()> {
    let given = email.map(checked).transpose()?.flatten();
    let row = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who.id]).await?;
    let who = row.as_ref().map(visit).transpose()?.ok_or_else(deleted)?;
    let to = match given {
        Some(to) => to,
        None => address(tx, &who).await?.ok_or_else(|| Error::invalid("email", "is needed"))?,
    };
    // Of what stands there a greeting is nobody's word.
    let sql = "SELECT 1 AS one FROM visit_lines l JOIN messages m ON m.id = l.message
        WHERE l.visit = $1 AND l.said IS NULL AND m.automatic IS NULL LIMIT 1";
    if tx.opt(sql, args![who.id]).await?.is_none() {
        return Err(Error::conflict("Nobody has answered yet, so there is no conversation to send."));
    }
    let own = limit(&format!("transcripts of {}", who.visitor), 1, PAUSE);
    let all = limit(&format!("transcripts from {}", who.address), MOST_TOGETHER, HOUR);
    let there = limit(&format!("transcripts to {to}"), MOST_THERE, HOUR);
    tries::count(tx, &[own, all, there]).await?;
    tx.enqueue(&Send { visit: who.id, to, up_to: who.newest }).await
}

#[derive(Serialize, Deserialize)]
struct Send {
    visit: VisitId,
    to: String,
    /// The newest line when it was asked for, so that another try sends the same.
    up_to: i64,
}

impl Job for Send {
    const NAME: &'static str = "visits.transcript";
    const LANE: Lane = Lane::Outbound;

    async fn run(self, app: &App) -> Result<()> {
        // Who has deleted their conversation wants no copy of it.
        let who = match again(app, self.visit).await {
            Err(Error::NotFound) => return Ok(()),
            found => found?,
        };
        let inbox = inboxes::get(app, who.inbox).await?;
        let row = app.db().one("SELECT name, language FROM shops WHERE id = $1", args![inbox.shop]).await?;
        let (shop, language) = (row.text("name")?, who.language.clone().map_or_else(|| row.text("language"), Ok)?);
        let mut lines = after(app, who.id, self.up_to - LINES, LINES).await?;
        lines.retain(|line| line.place <= self.up_to);
        let shown = lines.into_iter().map(|line| {
            let at = Stamp(line.at).to_string();
            let at = at.get(..16).unwrap_or_default().replace('T', " ") + " UTC";
            let files: Vec<_> = line.files.into_iter().map(|file| file.name).collect();
            context! { own => line.said.is_some(), name => line.name, text => line.text, at, files }
        });
        let about = context! { shop, lines => shown.collect::<Vec<_>>() };
        let letters::Written { subject, text, html } = letters::write(app, "transcript", &language, about).await?;
        let to = Party { name: who.name, value: self.to };
        inboxes::send_plain(app, Some(inbox.shop), Letter { to, subject, text, html }).await
    }
}
