//! Greetings are made, changed, put in order and removed.

use std::collections::BTreeMap;

use base::{App, Error, Result, Tx, args, web::some};
use connectors::Channels;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Conditions, Greeting, GreetingId, check, find, of};
use crate::{
    Event,
    agents::{AgentId, Who},
    inboxes::{Inbox, InboxId},
    shops::line,
};

/// So many an inbox may have: each page looks at all of them.
const MOST: usize = 20;
/// The longest name, in characters.
const NAME: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGreeting {
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub conditions: Conditions,
    /// By language tag; at least one, each of at most 300 characters.
    pub texts: BTreeMap<String, String>,
    pub face: Option<AgentId>,
    /// 1 to 365; 7 where nothing is said.
    pub every_days: Option<i64>,
}

fn yes() -> bool {
    true
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "GreetingPatch")]
pub struct Patch {
    pub name: Option<String>,
    pub active: Option<bool>,
    /// All of them.
    pub conditions: Option<Conditions>,
    /// All of them.
    pub texts: Option<BTreeMap<String, String>>,
    /// Null for the shop.
    #[serde(deserialize_with = "some")]
    pub face: Option<Option<AgentId>>,
    pub every_days: Option<i64>,
    /// Where it stands among the others from now on, 1 for the first.
    pub place: Option<i64>,
}

/// Adds a greeting behind the others. The inbox is held.
pub async fn add(app: &App, tx: &mut Tx, who: &Who, inbox: Inbox, new: NewGreeting) -> Result<Greeting> {
    let channel = app.part::<Channels>()?.get(&inbox.channel)?;
    if inbox.shop != who.shop {
        return Err(Error::NotFound);
    }
    if channel.door(&inbox.settings).is_none() {
        return Err(Error::conflict("Visitors come in through no page here, so nobody can be greeted."));
    }
    let count = of(tx, inbox.id).await?.len();
    if count >= MOST {
        return Err(Error::invalid("name", format!("at most {MOST} greetings for one inbox")));
    }
    let sql = "INSERT INTO greetings (inbox, name, active, place, conditions, texts, face, every_days, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    let args = args![
        inbox.id,
        line("name", &new.name, NAME)?,
        new.active,
        i64::try_from(count)? + 1,
        json!(check::conditions(new.conditions)?),
        json!(check::texts(new.texts)?),
        check::face(tx, inbox.shop, new.face).await?,
        check::days(new.every_days.unwrap_or(7))?,
        tx.now()
    ];
    let id: GreetingId = tx.one(sql, args).await?.id("id")?;
    tx.emit(&Event::GreetingChanged { greeting: id, inbox: inbox.id })?;
    find(tx, id).await
}

/// The greeting and its inbox are held.
pub async fn change(tx: &mut Tx, who: &Who, before: Greeting, patch: Patch) -> Result<Greeting> {
    let sql = "UPDATE greetings SET name = $1, active = $2, conditions = $3, texts = $4, face = $5, every_days = $6
        WHERE id = $7";
    let name = patch.name.map_or(Ok(before.name), |name| line("name", &name, NAME))?;
    let conditions = patch.conditions.map_or(Ok(before.conditions), check::conditions)?;
    let texts = patch.texts.map_or(Ok(before.texts), check::texts)?;
    let face = match patch.face {
        Some(face) => check::face(tx, who.shop, face).await?,
        None => before.face,
    };
    let days = patch.every_days.map_or(Ok(before.every_days), check::days)?;
    let active = patch.active.unwrap_or(before.active);
    tx.run(sql, args![name, active, json!(conditions), json!(texts), face, days, before.id]).await?;
    if let Some(place) = patch.place {
        put(tx, before.inbox, before.id, place).await?;
    }
    tx.emit(&Event::GreetingChanged { greeting: before.id, inbox: before.inbox })?;
    find(tx, before.id).await
}

/// Puts one in its place, and the others around it.
async fn put(tx: &mut Tx, inbox: InboxId, id: GreetingId, place: i64) -> Result<()> {
    let mut order: Vec<GreetingId> = of(tx, inbox).await?.into_iter().map(|one| one.id).collect();
    let Some(at) = usize::try_from(place - 1).ok().filter(|at| *at < order.len()) else {
        return Err(Error::invalid("place", format!("must be between 1 and {}", order.len())));
    };
    order.retain(|one| *one != id);
    order.insert(at, id);
    number(tx, order).await
}

async fn number(tx: &mut Tx, order: Vec<GreetingId>) -> Result<()> {
    for (place, id) in (1i64..).zip(order) {
        tx.run("UPDATE greetings SET place = $1 WHERE id = $2 AND place <> $1", args![place, id]).await?;
    }
    Ok(())
}

/// Nobody is greeted with it any more. The greeting and its inbox are held.
pub async fn remove(tx: &mut Tx, gone: Greeting) -> Result<()> {
    tx.run("DELETE FROM greetings WHERE id = $1", args![gone.id]).await?;
    let order = of(tx, gone.inbox).await?.into_iter().map(|one| one.id).collect();
    number(tx, order).await?;
    tx.emit(&Event::GreetingChanged { greeting: gone.id, inbox: gone.inbox })
}
