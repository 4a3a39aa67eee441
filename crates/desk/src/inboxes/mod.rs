//! An inbox is one configured end of a channel: an address that receives and writes.

mod crud;
pub mod health;
pub mod pace;
mod renew;

use base::{App, Error, Feature, Result, Row, Time, Tx, args, secrets::sha256};
use connectors::{
    Channels,
    channel::{End, Outbound, Party},
};
use serde_json::Value;

use crate::{agents::TeamId, customers::IdentityKind, secrets, shops::ShopId};

pub use crud::{NewInbox, add, leave};
pub use renew::renew;

base::id!(InboxId);

#[derive(Debug, Clone)]
pub struct Inbox {
    pub id: InboxId,
    pub shop: ShopId,
    pub channel: String,
    pub name: String,
    pub address: String,
    /// The kind of identity that it can write to.
    pub reaches: String,
    /// Who writes again here goes on in the same conversation: answers leave at once and unsigned.
    pub conversational: bool,
    /// Answers leave through it; one that only takes in is answered through another.
    pub answers: bool,
    /// As the channel's schema says, without the secrets.
    pub settings: Value,
    /// The secrets, encrypted.
    secrets: Option<String>,
    pub signature: Option<String>,
    pub team: Option<TeamId>,
    pub active: bool,
    pub version: i64,
    pub cursor: Option<Value>,
    pub health: String,
    pub health_why: Option<String>,
    pub health_since: Time,
    pub fetched_at: Option<Time>,
}

pub fn feature() -> Feature {
    Feature::default().merge(crud::feature()).merge(health::feature())
}

impl Inbox {
    /// The inbox as a sender or recipient.
    pub fn party(&self) -> Party {
        Party { name: Some(self.name.clone()), value: self.address.clone() }
    }
}

/// The inbox, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: InboxId) -> Result<Inbox> {
    inbox(&tx.one("SELECT * FROM inboxes WHERE id = $1 {for update}", args![id]).await?)
}

/// The inbox as it is now, for those who only write through it.
pub async fn look(tx: &mut Tx, id: InboxId) -> Result<Inbox> {
    inbox(&tx.one("SELECT * FROM inboxes WHERE id = $1", args![id]).await?)
}

pub async fn get(app: &App, id: InboxId) -> Result<Inbox> {
    inbox(&app.db().one("SELECT * FROM inboxes WHERE id = $1", args![id]).await?)
}

pub async fn all(app: &App) -> Result<Vec<Inbox>> {
    app.db().all("SELECT * FROM inboxes ORDER BY id", args![]).await?.iter().map(inbox).collect()
}

/// Those of a shop through which answers leave; where the shopper has to begin they come last.
pub async fn for_answers(tx: &mut Tx, shop: ShopId) -> Result<Vec<Inbox>> {
    let sql = "SELECT * FROM inboxes WHERE shop = $1 AND active = TRUE AND answers = TRUE ORDER BY conversational, id";
    tx.all(sql, args![shop]).await?.iter().map(inbox).collect()
}

/// The first that can begin a conversation: one in which the shopper has to begin comes last.
pub async fn first_active(tx: &mut Tx, shop: ShopId) -> Result<Option<Inbox>> {
    let sql = "SELECT * FROM inboxes WHERE shop = $1 AND active = TRUE AND answers = TRUE
        ORDER BY conversational, id LIMIT 1";
    tx.opt(sql, args![shop]).await?.as_ref().map(inbox).transpose()
}

/// The shop's first inbox for letters to people who are not there to read along.
pub async fn for_letters(tx: &mut Tx, shop: ShopId) -> Result<Option<Inbox>> {
    let sql = "SELECT * FROM inboxes WHERE shop = $1 AND active = TRUE AND conversational = FALSE AND reaches = $2
        AND answers = TRUE ORDER BY id LIMIT 1";
    tx.opt(sql, args![shop, IdentityKind::Email]).await?.as_ref().map(inbox).transpose()
}

/// The end of the channel with its secrets in the clear, for the channel's eyes only.
pub fn end(app: &App, inbox: &Inbox) -> Result<End> {
    let settings = secrets::whole(app, &inbox.settings, inbox.secrets.as_deref())?;
    Ok(End { inbox: inbox.id.0, name: inbox.name.clone(), address: inbox.address.clone(), settings })
}

/// A letter of the house or a shop, which is no part of any ticket.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: Party,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Sends one letter through the first inbox that can: of this shop, or of any for letters of the house itself.
pub async fn send_plain(app: &App, shop: Option<ShopId>, letter: Letter) -> Result<()> {
    let Letter { to, subject, text, html } = letter;
    // The same letter tried again has the same key.
    let key = sha256(format!("{}\n{subject}\n{text}", to.value).as_bytes());
    let channels = app.part::<Channels>()?;
    let mut worst = Error::refused("No inbox can send mail yet: give one an outgoing server in the settings.");
    let letters = IdentityKind::Email.as_str();
    let fits = |inbox: &Inbox| {
        inbox.active && inbox.answers && inbox.reaches == letters && shop.is_none_or(|shop| shop == inbox.shop)
    };
    for inbox in all(app).await?.into_iter().filter(fits) {
        let outbound = Outbound {
            from: inbox.party(),
            to: vec![to.clone()],
            subject: subject.clone(),
            text: text.clone(),
            html: Some(html.clone()),
            automatic: true,
            at: app.now(),
            ..Outbound::default()
        };
        let channel = channels.get(&inbox.channel)?;
        let end = end(app, &inbox)?;
        match pace::in_turn(app, &inbox, channel.send(&end, &key, &outbound)).await {
            Ok(_) => return Ok(()),
            // What may go well later is tried again later, whatever the other inboxes say.
            Err(error) if !matches!(worst, Error::Upstream { .. }) => worst = error,
            Err(_) => {}
        }
    }
    Err(worst)
}

fn inbox(row: &Row) -> Result<Inbox> {
    Ok(Inbox {
        id: row.id("id")?,
        shop: row.id("shop")?,
        channel: row.text("channel")?,
        name: row.text("name")?,
        address: row.text("address")?,
        reaches: row.text("reaches")?,
        conversational: row.bool("conversational")?,
        answers: row.bool("answers")?,
        settings: row.json("settings")?,
        secrets: row.opt_text("secrets")?,
        signature: row.opt_text("signature")?,
        team: row.opt_id("team")?,
        active: row.bool("active")?,
        version: row.int("version")?,
        cursor: row.opt_json("cursor")?,
        health: row.text("health")?,
        health_why: row.opt_text("health_why")?,
        health_since: row.int("health_since")?,
        fetched_at: row.opt_int("fetched_at")?,
    })
}
