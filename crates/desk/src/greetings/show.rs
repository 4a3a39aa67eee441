//! A greeting is shown to a visitor and answered. Browsers keep by themselves what they have shown; of those whose
//! visitors agreed to be known it is counted here, too, so that a person is not greeted twice in two of them.

use std::collections::HashMap;

use base::{App, DAY, Db, Error, Result, Time, Tx, args};
use connectors::channel::Door;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Greeting, GreetingId, greeting};
use crate::{
    agents::AgentId,
    inboxes::InboxId,
    visits::{self, Visit},
};

/// Nobody is greeted twice within so long, by whichever greeting.
const PAUSE: Time = DAY;
/// The longest that a greeting can ask not to be repeated.
const KEPT: Time = 365 * DAY;

/// Those that visitors of an inbox may see, in their order.
pub async fn shown_in(app: &App, inbox: InboxId) -> Result<Vec<Greeting>> {
    let sql = "SELECT * FROM greetings WHERE inbox = $1 AND active = TRUE ORDER BY place, id";
    app.db().all(sql, args![inbox]).await?.iter().map(greeting).collect()
}

/// Whose faces they wear, as visitors may see them.
pub async fn names(db: &Db, greetings: &[Greeting], door: &Door) -> Result<HashMap<AgentId, String>> {
    let mut names = HashMap::new();
    for agent in greetings.iter().filter_map(|one| one.face) {
        let row = db.opt("SELECT name FROM agents WHERE id = $1 AND active = TRUE", args![agent]).await?;
        let name = row.map(|row| row.text("name")).transpose()?;
        if let Some(name) = name.and_then(|name| visits::shown_as(door.names, &name)) {
            names.insert(agent, name);
        }
    }
    Ok(names)
}

/// Whether a visitor may be shown it now; then it counts as shown. A visitor who has a conversation is not greeted.
pub async fn may_show(tx: &mut Tx, who: &Visit, id: GreetingId) -> Result<bool> {
    let who = visits::hold(tx, who.inbox, &who.visitor).await?.ok_or(Error::NotFound)?;
    let Some(one) = in_use(tx, &who, id).await? else { return Err(Error::NotFound) };
    let now = tx.now();
    let fresh = |seen: &(GreetingId, Time)| {
        now - seen.1 < if seen.0 == one.id { PAUSE.max(one.every_days * DAY) } else { PAUSE }
    };
    if who.newest > 0 || seen(tx, &who).await?.iter().any(fresh) {
        return Ok(false);
    }
    note_shown(tx, &who, one.id).await?;
    Ok(true)
}

async fn in_use(tx: &mut Tx, who: &Visit, id: GreetingId) -> Result<Option<Greeting>> {
    let sql = "SELECT * FROM greetings WHERE id = $1 AND inbox = $2 AND active = TRUE";
    tx.opt(sql, args![id, who.inbox]).await?.as_ref().map(greeting).transpose()
}

/// Which greetings this person has seen and when, in whichever of their browsers.
async fn seen(tx: &mut Tx, who: &Visit) -> Result<Vec<(GreetingId, Time)>> {
    let sql = "SELECT greeting, max(shown_at) AS at FROM greeting_shows WHERE visitor IN (
            SELECT CAST($1 AS TEXT) UNION SELECT i.value FROM identities own JOIN identities i ON i.customer = own.customer
            WHERE own.kind = 'visitor' AND own.value = $1 AND i.kind = 'visitor')
        AND shown_at > $2 GROUP BY greeting";
    let rows = tx.all(sql, args![&who.visitor, tx.now() - KEPT]).await?;
    rows.iter().map(|row| Ok((row.id("greeting")?, row.int("at")?))).collect()
}

async fn note_shown(tx: &mut Tx, who: &Visit, id: GreetingId) -> Result<()> {
    let sql = "INSERT INTO greeting_shows (greeting, visitor, shown_at) VALUES ($1, $2, $3)";
    tx.run(sql, args![id, &who.visitor, tx.now()]).await?;
    tx.run("UPDATE greetings SET shown = shown + 1 WHERE id = $1", args![id]).await.map(drop)
}

/// Which greeting a visitor answers with their first words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WidgetGreetingAnswered")]
pub struct Answered {
    pub id: GreetingId,
    /// The language of the text that they were shown.
    pub language: String,
}

/// The visitor answers a greeting: it is the first line of their conversation. Where there is one already, or no such
/// greeting any more, nothing happens, and what they say stands for itself.
pub async fn answered(tx: &mut Tx, who: &Visit, door: &Door, given: &Answered) -> Result<()> {
    let Some(who) = visits::hold(tx, who.inbox, &who.visitor).await? else { return Ok(()) };
    if who.newest > 0 {
        return Ok(());
    }
    let Some(one) = in_use(tx, &who, given.id).await? else { return Ok(()) };
    let Some(text) = one.texts.get(&given.language).or_else(|| one.texts.values().next()) else { return Ok(()) };
    let mut name = None;
    if let Some(agent) = one.face {
        let row = tx.opt("SELECT name FROM agents WHERE id = $1 AND active = TRUE", args![agent]).await?;
        name = row.map(|row| row.text("name")).transpose()?.and_then(|name| visits::shown_as(door.names, &name));
    }
    // Whose browser did not tell that it was shown tells it by this.
    let told = seen(tx, &who).await?.iter().any(|(seen, at)| *seen == one.id && tx.now() - at < PAUSE);
    if !told {
        note_shown(tx, &who, one.id).await?;
    }
    tx.run("UPDATE greetings SET answered = answered + 1 WHERE id = $1", args![one.id]).await?;
    visits::greet(tx, &who, one.id, &one.name, name.as_deref(), text).await
}

/// Forgets what no greeting asks after any more.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM greeting_shows WHERE shown_at < $1", args![app.now() - KEPT]).await.map(drop)
}
