//! Greetings: what a shop says first to visitors of its pages, by rule. Whether one fits is found out in the visitor's
//! own browser, which need not tell where it is for that; what they answer makes a conversation of it.

mod change;
mod check;
mod show;

use std::collections::BTreeMap;

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Tx, args,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    agents::{AgentId, Permission, Who},
    inboxes::{self, InboxId},
};

pub use change::{NewGreeting, Patch, add, change, remove};
pub use show::{Answered, answered, forget, may_show, names, shown_in};

base::id!(GreetingId);

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Greeting {
    pub id: GreetingId,
    pub inbox: InboxId,
    /// For colleagues; visitors do not see it.
    pub name: String,
    pub active: bool,
    /// 1, 2, 3 …: of several that fit the first is shown.
    pub place: i64,
    pub conditions: Conditions,
    /// By language tag, such as `en`.
    pub texts: BTreeMap<String, String>,
    /// The agent whose face it wears, as the inbox names people; null for the shop's.
    pub face: Option<AgentId>,
    /// Nobody sees it twice within so many days.
    pub every_days: i64,
    /// How often it was shown, as far as visitors agreed to tell, and how often somebody answered it.
    pub shown: i64,
    pub answered: i64,
}

/// When a greeting fits: all of it has to. What is not said does not matter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "GreetingConditions")]
pub struct Conditions {
    /// One of them fits the page's address; none means every page.
    pub pages: Vec<PageRule>,
    /// So long on the page already.
    pub seconds: i64,
    /// At least so much lies in the cart.
    pub cart: Option<Amount>,
    /// The shop's server has said who they are.
    pub known: bool,
    /// They are here for at least this many times; counted only where their browser may keep it.
    pub visits: i64,
    pub hours: ShownWhen,
    /// Language tags, such as `de`; none means every language.
    pub languages: Vec<String>,
}

base::words!(
    /// How the path of a page is compared.
    PageHow {
        Contains = "contains",
        Begins = "begins",
        /// The whole path, where `*` stands for anything.
        Pattern = "pattern",
    }
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GreetingPage")]
pub struct PageRule {
    pub how: PageHow,
    /// Of a path, such as `/tents/`.
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GreetingAmount")]
pub struct Amount {
    /// In the smallest unit of the currency.
    pub value: i64,
    /// ISO 4217, such as `EUR`.
    pub currency: String,
}

base::words!(
    /// When it may be shown.
    #[derive(Default)]
    ShownWhen {
        #[default]
        Always = "always",
        /// Within the inbox's opening hours.
        Open = "open",
        /// While somebody is at the desk.
        Staffed = "staffed",
    }
);

pub fn feature() -> Feature {
    let all = get_with(list, |op| op.summary("What visitors of an inbox are greeted with, the first that fits first"))
        .post_with(create, |op| op.summary("Add a greeting"));
    let one = patch_with(update, |op| op.summary("Change a greeting, or its place among the others"))
        .delete_with(destroy, |op| op.summary("Remove a greeting; what was said with it stays"));
    let routes = ApiRouter::new().api_route("/inboxes/{id}/greetings", all).api_route("/greetings/{id}", one);
    Feature { routes, ..Feature::default() }
}

/// The greeting, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: GreetingId) -> Result<Greeting> {
    greeting(&tx.one("SELECT * FROM greetings WHERE id = $1 {for update}", args![id]).await?)
}

async fn of(tx: &mut Tx, inbox: InboxId) -> Result<Vec<Greeting>> {
    let sql = "SELECT * FROM greetings WHERE inbox = $1 ORDER BY place, id";
    tx.all(sql, args![inbox]).await?.iter().map(greeting).collect()
}

fn greeting(row: &Row) -> Result<Greeting> {
    Ok(Greeting {
        id: row.id("id")?,
        inbox: row.id("inbox")?,
        name: row.text("name")?,
        active: row.bool("active")?,
        place: row.int("place")?,
        conditions: row.json("conditions")?,
        texts: row.json("texts")?,
        face: row.opt_id("face")?,
        every_days: row.int("every_days")?,
        shown: row.int("shown")?,
        answered: row.int("answered")?,
    })
}

async fn list(who: Who, State(app): State<App>, Id(inbox): Id<InboxId>) -> Result<Json<Listing<Greeting>>> {
    who.may(Permission::TicketsRead)?;
    if inboxes::get(&app, inbox).await?.shop != who.shop {
        return Err(Error::NotFound);
    }
    let sql = "SELECT * FROM greetings WHERE inbox = $1 ORDER BY place, id";
    let rows = app.db().all(sql, args![inbox]).await?;
    Ok(Json(Listing { data: rows.iter().map(greeting).collect::<Result<_>>()? }))
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(inbox): Id<InboxId>,
    Body(body): Body<NewGreeting>,
) -> Result<Created<Greeting>> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let inbox = inboxes::find(&mut tx, inbox).await?;
    let greeting = add(&app, &mut tx, &who, inbox, body).await?;
    tx.created(greeting).await
}

/// The greeting and its inbox held, the inbox first: places are handed out under it.
async fn held(tx: &mut Tx, who: &Who, id: GreetingId) -> Result<Greeting> {
    let row = tx.one("SELECT inbox FROM greetings WHERE id = $1", args![id]).await?;
    if inboxes::find(tx, row.id("inbox")?).await?.shop != who.shop {
        return Err(Error::NotFound);
    }
    find(tx, id).await
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<GreetingId>,
    Body(patch): Body<Patch>,
) -> Result<Json<Greeting>> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let greeting = held(&mut tx, &who, id).await?;
    let greeting = change(&mut tx, &who, greeting, patch).await?;
    tx.commit().await?;
    Ok(Json(greeting))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<GreetingId>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let greeting = held(&mut tx, &who, id).await?;
    remove(&mut tx, greeting).await?;
    tx.commit().await?;
    Ok(Gone)
}
