//! The demo shop: Fjellvik, a Norwegian outdoor shop with three hundred customers and the mail of ninety days. Always
//! the same one, seen from the present.

mod answer;
mod arrive;
mod asked;
mod bought;
mod cast;
mod chance;
mod goods;
mod papers;
mod plot;
mod ready;
mod returned;
mod rows;
mod stage;
mod talk;
mod told;
mod words;

use std::collections::HashMap;

use base::{Actor, App, DAY, Error, HOUR, Result, Time, Tx, args};
use serde_json::json;

use crate::{
    agents::{self, Agent, NewAgent, Role, TeamId, passwords, teams},
    inboxes::{self, NewInbox},
    orders, shipments,
    shops::{self, ShopId},
    stores::{self, NewStore},
    tickets::{self, TicketId},
};
use cast::Person;
use plot::{Bought, Play};
use stage::Stage;

/// Of all four logins.
pub const PASSWORD: &str = "warm-socks-matter";

/// The number of the order in the tour of the guide: the tent of the first featured ticket.
const FIRST_TENT: i64 = 20_418;

/// Who can sign in to the demo.
#[derive(Debug, Clone)]
pub struct Logins {
    pub password: &'static str,
    pub logins: Vec<Login>,
}

#[derive(Debug, Clone)]
pub struct Login {
    pub email: String,
    pub name: String,
    pub role: String,
}

/// Fills an empty installation. Refuses one that has a shop already. The settings are those of a store that takes actions;
/// without them nothing can be done to orders.
pub async fn fill(app: &App, store: Option<serde_json::Value>) -> Result<Logins> {
    // To the hour, so that what just happened looks like it.
    let present = app.now() - app.now().rem_euclid(HOUR);
    let (featured, everyday) = (talk::featured()?, talk::everyday()?);
    let people = cast::customers(&featured, present);
    let mut plays = plot::plays(&featured, &everyday, &people, present);
    let quiet = plot::quiet_orders(&people, present);
    let mut stage = set_up(app, present, &people).await?;
    let mut tx = app.db().begin(Actor::System, present - 420 * DAY).await?;
    // The log is written by hand here: nobody else may write into it meanwhile.
    tx.lock("events").await?;
    meet(&mut tx, &mut stage).await?;
    buy(&mut tx, &stage, store, &mut plays, quiet, present).await?;
    let ids = stage.play(&mut tx, &plays).await?;
    mark_read(&mut tx, present).await?;
    returned::send_back(&mut tx, &stage, present).await?;
    asked::wait(&mut tx, &stage, &plays, &ids, present).await?;
    tx.commit().await?;
    carry(app, &stage, present).await?;
    put_away(app, &stage, &plays, &ids, present).await?;
    draft(app, &stage, ids.first().copied().flatten(), present).await?;
    let login =
        |agent: &Agent| Login { email: agent.email.clone(), name: agent.name.clone(), role: agent.role.to_string() };
    Ok(Logins { password: PASSWORD, logins: stage.agents.iter().take(4).map(login).collect() })
}

/// The shop, its people, teams, inbox and views, as its owner set them up long ago.
async fn set_up<'a>(app: &'a App, present: Time, people: &'a [Person]) -> Result<Stage<'a>> {
    if app.db().opt("SELECT id FROM shops LIMIT 1", args![]).await?.is_some() {
        return Err(Error::conflict("There is a shop already. The demo fills only an empty installation."));
    }
    let password = passwords::hash(app, "password", PASSWORD.to_owned(), "demo@fjellvik.example").await?;
    let mut tx = app.db().begin(Actor::System, present - 420 * DAY).await?;
    let shop = shops::open(&mut tx, "Fjellvik", "nb").await?;
    let change = shops::ShopChange {
        address: Some("fjellvik.example".to_owned()),
        country: Some(Some("NO".to_owned())),
        currency: Some("EUR".to_owned()),
        signature: Some(Some("<p>Fjellvik · <a href=\"https://fjellvik.example\">fjellvik.example</a></p>".to_owned())),
        ..ready::voice()
    };
    let shop = shops::change(&mut tx, shop, change).await?;
    let agents = hire(&mut tx, shop.id, &password).await?;
    let mut teams = HashMap::new();
    for team in cast::TEAMS {
        let member = |(place, _): &(usize, &Agent)| cast::AGENTS[*place].3.contains(team);
        let members = agents.iter().enumerate().filter(member).map(|(_, agent)| agent.id).collect();
        teams.insert(*team, teams::add(&mut tx, shop.id, team, members).await?.id);
    }
    let new = NewInbox {
        channel: "email".to_owned(),
        name: "Fjellvik".to_owned(),
        address: "hei@fjellvik.example".to_owned(),
        settings: None,
        signature: None,
        team: None,
    };
    let inbox = inboxes::add(app, &mut tx, shop.id, new).await?;
    save_views(&mut tx, shop.id, &agents, &teams).await?;
    ready::keep(&mut tx, shop.id).await?;
    tx.commit().await?;
    Ok(Stage { app, shop, inbox, agents, teams, people, known: HashMap::new() })
}

async fn hire(tx: &mut Tx, shop: ShopId, password: &passwords::Hashed) -> Result<Vec<Agent>> {
    let mut agents = Vec::new();
    for (name, local, role, _, language) in cast::AGENTS {
        let new = NewAgent {
            shop,
            email: format!("{local}@fjellvik.example"),
            name: (*name).to_owned(),
            role: role.parse::<Role>()?,
            language: (*language).to_owned(),
            password: Some(password.clone()),
        };
        let agent = agents::join(tx, new).await?;
        let site = "<a href=\"https://fjellvik.example\">fjellvik.example</a>";
        let signature = Some(format!("<p>{name}<br>Fjellvik, Bergen<br>{site}</p>"));
        tx.run("UPDATE agents SET signature = $1 WHERE id = $2", args![&signature, agent.id]).await?;
        agents.push(Agent { signature, ..agent });
    }
    Ok(agents)
}

async fn save_views(tx: &mut Tx, shop: ShopId, agents: &[Agent], teams: &HashMap<&str, TeamId>) -> Result<()> {
    let team = |name: &str| teams.get(name).map(ToString::to_string);
    let views = [
        ("Urgent and high", json!({ "shelf": "open", "priority": "high,urgent" }), None),
        ("Where is my parcel", json!({ "shelf": "open", "tag": "parcel" }), None),
        ("Warranty", json!({ "shelf": "open", "team": team("Warranty"), "sort": "oldest" }), None),
        ("Waiting for others", json!({ "status": "on_hold" }), None),
        ("Nobody's, oldest first", json!({ "shelf": "open", "assignee": "none", "sort": "oldest" }), None),
        ("My exchanges", json!({ "assignee": "me", "tag": "exchange" }), Some(agents[2].id)),
    ];
    for (name, filter, agent) in views {
        let sql = "INSERT INTO views (shop, name, filter, agent, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let owner = agent.or(Some(agents[0].id));
        tx.run(sql, args![shop, name, filter, owner, agent.is_none(), tx.now()]).await?;
    }
    Ok(())
}

/// Those who bought before they ever wrote, in the order in which they came.
async fn meet(tx: &mut Tx, stage: &mut Stage<'_>) -> Result<()> {
    let mut known: Vec<(Time, usize)> =
        stage.people.iter().enumerate().filter_map(|(nth, person)| Some((person.known_at?, nth))).collect();
    known.sort_unstable();
    for (at, nth) in known {
        let id = rows::customer(tx, &stage.people[nth], at).await?;
        stage.known.insert(nth, id);
    }
    Ok(())
}

/// Numbers all orders in the order of time, and writes them down as a store would have told them.
async fn buy(
    tx: &mut Tx,
    stage: &Stage<'_>,
    settings: Option<serde_json::Value>,
    plays: &mut [Play],
    mut quiet: Vec<Bought>,
    present: Time,
) -> Result<()> {
    let shop = stage.shop.id;
    let new = NewStore { settings, ..NewStore::told("Fjellvik") };
    let store = stores::add(stage.app, tx, shop, new).await?.id;
    let first_tent = plays.first().and_then(|play| play.order.as_ref()).map_or(0, |order| order.placed_at);
    let mut all: Vec<&mut Bought> = plays.iter_mut().filter_map(|play| play.order.as_mut()).chain(&mut quiet).collect();
    all.sort_by_key(|order| (order.placed_at, order.customer));
    let place = all.iter().position(|order| order.placed_at == first_tent).unwrap_or(0);
    let lowest = FIRST_TENT - i64::try_from(place)?;
    for (number, order) in (lowest..).zip(all) {
        order.number = format!("FV-{number}");
        let Some(customer) = stage.known.get(&order.customer) else { continue };
        let told = bought::as_order(order, &stage.people[order.customer], present);
        orders::put(tx, shop, store, Some(*customer), told).await?;
    }
    Ok(())
}

/// The store has just been asked, and its parcels are taken in: of what a carrier says, nothing can be later.
async fn carry(app: &App, stage: &Stage<'_>, present: Time) -> Result<()> {
    let mut tx = app.db().begin(Actor::System, present).await?;
    tx.run("UPDATE orders SET read_at = $1", args![present]).await?;
    for row in tx.all("SELECT * FROM orders ORDER BY id", args![]).await? {
        let known = orders::known(&row)?;
        shipments::take(&mut tx, known.id, &known.order.shipments, false).await?;
    }
    told::write(&mut tx, stage, present).await?;
    told::find_stuck(&mut tx, stage.shop.id, present).await?;
    tx.commit().await
}

/// Everybody has read what is old or settled; of the rest, a part has been read by whom it belongs to.
async fn mark_read(tx: &mut Tx, present: Time) -> Result<()> {
    let sql = "INSERT INTO reads (agent, ticket, message)
        SELECT a.id, t.id, t.last_message FROM agents a CROSS JOIN tickets t
        WHERE t.shelf IN ('solved', 'snoozed', 'spam') OR t.updated_at < $1 OR (t.assignee = a.id AND t.id % 3 = 0)
            OR t.last_in < t.last_message";
    tx.run(sql, args![present - 3 * DAY]).await
}

/// Snoozes by the verb, because its alarm belongs to it.
async fn put_away(app: &App, stage: &Stage<'_>, plays: &[Play], ids: &[Option<TicketId>], present: Time) -> Result<()> {
    for (play, id) in plays.iter().zip(ids) {
        let (Some(snooze), Some(id)) = (play.talk.snooze, id) else { continue };
        let actor = Actor::Agent(stage.agents[play.agent].id.0);
        let mut tx = app.db().begin(actor, present - HOUR).await?;
        let ticket = tickets::find(&mut tx, *id).await?;
        tickets::snooze(&mut tx, ticket, present + snooze).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What the agent of the first featured ticket was about to say.
async fn draft(app: &App, stage: &Stage<'_>, ticket: Option<TicketId>, present: Time) -> Result<()> {
    let Some(ticket) = ticket else { return Ok(()) };
    let agent = stage.agents[2].id;
    let html = "<p>Hi Johanna,</p><p>thank you for the photo and for telling me about Frau Ott. The new pole set for your \
        Skarv 2 leaves Oslo today and reaches you before the evening you leave. Keep the old pole. Enjoy Lofoten!</p>";
    let mut tx = app.db().begin(Actor::Agent(agent.0), present).await?;
    let sql = "INSERT INTO drafts (agent, ticket, kind, html, attachments, cc, updated_at)
        VALUES ($1, $2, 'reply', $3, $4, $4, $5)";
    tx.run(sql, args![agent, ticket, html, json!([]), present]).await?;
    tx.commit().await
}
