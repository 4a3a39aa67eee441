//! What the shopper is written about a return: each kind once, in the return's ticket, in their language.

use std::fmt::Write;

use base::{Actor, App, Feature, Job, JobSpec, Result, Tx, args};
use connectors::channel::Party;
use serde::{Deserialize, Serialize};

use super::{Line, Outcome, Return, ReturnId, find, kept, lines, words::Words};
use crate::{inboxes, letters::Written, messages, orders, shops, tickets};

base::words!(
    Letter {
        Requested = "requested",
        /// The receipt of a withdrawal, with its day and what it says (Directive (EU) 2023/2673).
        Withdrawn = "withdrawn",
        Approved = "approved",
        LabelSent = "label_sent",
        Declined = "declined",
        Reminder = "reminder",
        Received = "received",
        Resolved = "resolved",
        Expired = "expired",
        Cancelled = "cancelled",
    }
);

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Post>()], ..Feature::default() }
}

/// Has it written; false where it was before.
pub(super) async fn tell(tx: &mut Tx, found: &Return, letter: Letter) -> Result<bool> {
    let sql = "INSERT INTO return_letters (return_id, kind, at) VALUES ($1, $2, $3)
        ON CONFLICT (return_id, kind) DO NOTHING RETURNING kind";
    let now = tx.now();
    if tx.opt(sql, args![found.id, letter, now]).await?.is_none() {
        return Ok(false);
    }
    tx.enqueue(&Post { id: found.id, letter }).await?;
    Ok(true)
}

/// Writes one letter and queues it.
#[derive(Serialize, Deserialize)]
struct Post {
    id: ReturnId,
    letter: Letter,
}

impl Job for Post {
    const NAME: &'static str = "returns.letter";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let found = find(&mut tx, self.id).await?;
        let sql = "SELECT 1 AS one FROM return_letters WHERE return_id = $1 AND kind = $2 AND message IS NULL";
        let (Some(_), Some(ticket), Some(email)) =
            (tx.opt(sql, args![self.id, self.letter]).await?, found.ticket, found.email.clone())
        else {
            return Ok(());
        };
        let Some(inbox) = inboxes::for_letters(&mut tx, found.shop).await? else { return Ok(()) };
        let written = write(app, &mut tx, &found, self.letter).await?;
        let ticket = tickets::survivor(&mut tx, ticket).await?;
        let to = Party { name: found.name.clone(), value: email };
        let message = messages::letter(&mut tx, ticket, &inbox, to, written, &found.language).await?;
        let sql = "UPDATE return_letters SET message = $1 WHERE return_id = $2 AND kind = $3";
        tx.run(sql, args![message, self.id, self.letter]).await?;
        tx.commit().await
    }
}

async fn write(app: &App, tx: &mut Tx, found: &Return, letter: Letter) -> Result<Written> {
    let words = Words::of(app, &found.language).await;
    let shop = shops::find(tx, found.shop).await?;
    let policy = kept::by_id(tx, found.policy).await?.policy;
    let zone = policy.zone(&shop);
    let order = orders::find(tx, found.order).await?.order;
    let lines = lines(tx, found.id).await?;
    let items: Vec<_> = lines.iter().map(|line| item_told(&words, &lines, line)).collect();
    let amount = words.money(found.amount(), &found.currency);
    let gets = words.say(&format!("gets_{}", found.outcome), &[("amount", &amount)]);
    let until = found.expires_at.map(|at| words.day(at.0 - 1, &zone)).unwrap_or_default();
    let link = link(app, found.id);
    let moment = words.moment(found.requested_at.0, &zone);
    let about = [
        ("number", found.number.as_str()),
        ("order", &order.number),
        ("shop", &shop.name),
        ("name", found.name.as_deref().unwrap_or_default()),
        ("email", found.email.as_deref().unwrap_or_default()),
        ("gets", &gets),
        ("until", &until),
        ("moment", &moment),
        ("why", found.why.as_deref().unwrap_or_default()),
    ];
    let mut parts = vec![words.say(&format!("mail_{letter}"), &about), items.join("\n")];
    if matches!(letter, Letter::Approved | Letter::LabelSent) {
        let how = found.method.map_or("how_keep".to_owned(), |method| format!("how_{method}"));
        parts.push(words.say(&how, &about));
        if found.expires_at.is_some() {
            parts.push(words.say("hand_in_until", &about));
        }
    }
    if matches!(letter, Letter::Requested | Letter::Approved | Letter::LabelSent | Letter::Received)
        && found.outcome != Outcome::Exchange
    {
        parts.push(gets.clone());
    }
    let subject = words.say(&format!("subject_{letter}"), &about);
    let see = words.say("mail_see", &[]);
    let mut html = String::new();
    for part in &parts {
        // Lines of a part stay lines.
        writeln!(html, "<p style=\"white-space:pre-line\">{}</p>", escaped(part))?;
    }
    let href = escaped(&link);
    writeln!(html, "<p>{}<br><a href=\"{href}\">{href}</a></p>\n<p>{}</p>", escaped(&see), escaped(&shop.name))?;
    parts.push(format!("{see}\n{link}"));
    parts.push(shop.name.clone());
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Written { subject, text: parts.join("\n\n") + "\n", html })
}

/// `2 × Ull base layer (M, bordeaux)`.
pub(super) fn item(line: &Line) -> String {
    let variant = line.variant_title.as_deref().map(|variant| format!(" ({variant})")).unwrap_or_default();
    format!("{} × {}{variant}", line.quantity, line.title)
}

/// As [`item`]; where other items go back, it says which one does not.
pub(super) fn item_told(words: &Words, all: &[Line], line: &Line) -> String {
    let mixed = line.offer.keep && all.iter().any(|other| !other.offer.keep);
    if mixed { format!("{} – {}", item(line), words.say("keep_it", &[])) } else { item(line) }
}

/// Where its shopper sees how it stands: whoever has this address may.
pub(super) fn link(app: &App, id: ReturnId) -> String {
    format!("{}/returns/r/{}", app.config().public_url(), seal(app, id))
}

pub(super) fn seal(app: &App, id: ReturnId) -> String {
    format!("{id}.{}", app.secrets().sign("return", &id.to_string()))
}

/// None where the address is not ours.
pub(super) fn open(app: &App, token: &str) -> Option<ReturnId> {
    let (id, signature) = token.split_once('.')?;
    app.secrets().is_signed("return", id, signature).then(|| id.parse().ok().map(ReturnId)).flatten()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
