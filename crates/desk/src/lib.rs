//! The product. One folder per feature, from low to high: each may use those above it, never those below;
//! influence upwards goes through events.

pub mod event;
mod letters;
mod secrets;
mod tries;
mod variables;
mod wording;

pub mod actions;
pub mod agents;
pub mod canned;
pub mod customers;
pub mod demo;
pub mod forms;
pub mod greetings;
pub mod hours;
pub mod inboxes;
pub mod live;
pub mod messages;
pub mod orders;
pub mod people;
pub mod privacy;
pub mod returns;
pub mod routing;
pub mod search;
pub mod shipments;
pub mod shops;
pub mod stores;
pub mod tickets;
pub mod track;
pub mod updates;
pub mod upkeep;
pub mod views;
pub mod visits;
pub mod widget;

use base::{App, Feature, Result, migrate::Migration};

pub use event::Event;

/// The database's shape, one file per step.
pub const MIGRATIONS: &[Migration] = &[
    (1, "house", include_str!("../../../migrations/0001_house.sql")),
    (2, "people", include_str!("../../../migrations/0002_people.sql")),
    (3, "desk", include_str!("../../../migrations/0003_desk.sql")),
    (4, "live", include_str!("../../../migrations/0004_live.sql")),
    (5, "lists", include_str!("../../../migrations/0005_lists.sql")),
    (6, "pace", include_str!("../../../migrations/0006_pace.sql")),
    (7, "people", include_str!("../../../migrations/0007_people.sql")),
    (8, "chat", include_str!("../../../migrations/0008_chat.sql")),
    (9, "files", include_str!("../../../migrations/0009_files.sql")),
    (10, "visits", include_str!("../../../migrations/0010_visits.sql")),
    (11, "identities", include_str!("../../../migrations/0011_identities.sql")),
    (12, "customers", include_str!("../../../migrations/0012_customers.sql")),
    (13, "journey", include_str!("../../../migrations/0013_journey.sql")),
    (14, "tries", include_str!("../../../migrations/0014_tries.sql")),
    (15, "forms", include_str!("../../../migrations/0015_forms.sql")),
    (16, "answers", include_str!("../../../migrations/0016_answers.sql")),
    (17, "visitors", include_str!("../../../migrations/0017_visitors.sql")),
    (18, "cut", include_str!("../../../migrations/0018_cut.sql")),
    (19, "left", include_str!("../../../migrations/0019_left.sql")),
    (20, "stores", include_str!("../../../migrations/0020_stores.sql")),
    (21, "actions", include_str!("../../../migrations/0021_actions.sql")),
    (22, "parcels", include_str!("../../../migrations/0022_parcels.sql")),
    (23, "returns", include_str!("../../../migrations/0023_returns.sql")),
    (24, "updates", include_str!("../../../migrations/0024_updates.sql")),
    (25, "tables", include_str!("../../../migrations/0025_tables.sql")),
    (26, "shopper", include_str!("../../../migrations/0026_shopper.sql")),
    (27, "tiers", include_str!("../../../migrations/0027_tiers.sql")),
    (28, "approved", include_str!("../../../migrations/0028_approved.sql")),
    (30, "hours", include_str!("../../../migrations/0030_hours.sql")),
];

/// The table of contents.
pub fn features() -> Feature {
    // One per node; it begins to work with its first client.
    let hub = live::hub();
    Feature::default()
        .merge(shops::feature())
        .merge(agents::feature())
        .merge(hours::feature())
        .merge(orders::feature())
        .merge(customers::feature())
        .merge(inboxes::feature())
        .merge(visits::feature())
        .merge(greetings::feature())
        .merge(tickets::feature())
        .merge(canned::feature())
        .merge(messages::feature())
        .merge(shipments::feature())
        .merge(stores::feature())
        .merge(actions::feature())
        .merge(people::feature())
        .merge(routing::feature())
        .merge(views::feature())
        .merge(search::feature())
        .merge(live::feature(&hub))
        .merge(widget::feature(&hub))
        .merge(forms::feature())
        .merge(updates::feature())
        .merge(returns::feature())
        .merge(track::feature())
        .merge(privacy::feature())
        .merge(upkeep::feature())
}

/// Brings the database to this version's shape, search included; returns how many steps it took.
pub async fn migrate(app: &App) -> Result<usize> {
    let applied = base::migrate::migrate(app.db(), MIGRATIONS, app.now()).await?;
    search::prepare(app).await?;
    base::events::begin(app, &features().listeners).await?;
    Ok(applied)
}
