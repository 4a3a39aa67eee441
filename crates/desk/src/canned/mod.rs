//! Canned answers: texts that agents keep ready and put into what they write, each under a name and a shortcut. One is
//! everybody's, a team's, or an agent's own.

mod change;
mod list;
mod take;

use base::{Feature, Result, Row, Stamp, Tx, args};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    agents::{AgentId, Permission, TeamId, Who},
    shops::ShopId,
};

pub use change::{NewAnswer, add};
pub use take::facts;

base::id!(AnswerId);

/// One as its reader sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "CannedAnswer")]
pub struct Answer {
    pub id: AnswerId,
    pub name: String,
    /// In lower case: what is typed behind the slash.
    pub shortcut: String,
    /// Its variables stand in double braces, such as `{{ticket.number}}`.
    pub html: String,
    pub text: String,
    /// As a language tag; null where it fits any.
    pub language: Option<String>,
    /// Null: of all shops.
    pub shop: Option<ShopId>,
    /// Of a shared one: who sees it; null for everybody.
    pub team: Option<TeamId>,
    /// It is one's own, and nobody else sees it.
    pub personal: bool,
    /// How often it was used, and when last.
    pub used: i64,
    pub used_at: Option<Stamp>,
    pub created_at: Stamp,
    pub updated_at: Stamp,
}

pub fn feature() -> Feature {
    list::feature().merge(change::feature()).merge(take::feature())
}

/// Of those in the shop `$1`, what the agent `$2` sees: with `$3`, also what is for teams that they are not in.
const SEEN: &str = "(shop IS NULL OR shop = $1) AND (agent = $2 OR (agent IS NULL AND ($3 = TRUE OR team IS NULL
    OR EXISTS (SELECT 1 FROM team_members m WHERE m.team = canned_answers.team AND m.agent = $2))))";

/// The first three arguments of [`SEEN`].
fn eyes(who: &Who) -> Vec<base::Value> {
    args![who.shop, who.agent.unwrap_or(AgentId(0)), who.can(Permission::TicketsDelete)]
}

/// One that they see, held against other writers; somebody else's is as good as not there.
async fn find(tx: &mut Tx, who: &Who, id: AnswerId) -> Result<Answer> {
    let sql = format!("SELECT * FROM canned_answers WHERE {SEEN} AND id = $4 {{for update}}");
    answer(&tx.one(&sql, [eyes(who), args![id]].concat()).await?)
}

fn answer(row: &Row) -> Result<Answer> {
    Ok(Answer {
        id: row.id("id")?,
        name: row.text("name")?,
        shortcut: row.text("shortcut")?,
        html: row.text("html")?,
        text: row.text("text")?,
        language: row.opt_text("language")?,
        shop: row.opt_id("shop")?,
        team: row.opt_id("team")?,
        personal: row.opt_int("agent")?.is_some(),
        used: row.int("used")?,
        used_at: row.opt_int("used_at")?.map(Stamp),
        created_at: Stamp(row.int("created_at")?),
        updated_at: Stamp(row.int("updated_at")?),
    })
}
