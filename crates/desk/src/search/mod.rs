//! Search over tickets, messages and customers, in the database: every word must be found, the last may be unfinished,
//! and what was mistyped is found all the same.
//!
//! Its cost does not grow with the desk: of many hits only the newest are read and weighed, prefixes and typing errors
//! are turned into known words first, and each engine looks for whole words only.

mod find;
mod index;
mod lite;
mod pg;
mod query;
mod rank;
mod spell;
mod words;

use std::sync::Arc;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, JobSpec, Result, Value,
    db::Param,
    web::{Listing, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::agents::{Permission, Who};

pub use find::find;
pub use index::{prepare, rebuild};

base::words!(
    /// What can be found.
    Kind {
        Ticket = "ticket",
        Message = "message",
        Customer = "customer",
    }
);

impl Kind {
    /// Its index.
    fn table(self) -> &'static str {
        match self {
            Self::Ticket => "search_tickets",
            Self::Message => "search_messages",
            Self::Customer => "search_customers",
        }
    }

    /// Where it is kept.
    fn source(self) -> &'static str {
        match self {
            Self::Ticket => "tickets",
            Self::Message => "messages",
            Self::Customer => "customers",
        }
    }
}

/// Each of these must be found, in one of its phrases.
type Expr = Vec<Vec<Vec<String>>>;

#[derive(Debug, Serialize, JsonSchema)]
pub struct Hit {
    pub kind: Kind,
    pub id: i64,
    /// The ticket's number, for a ticket and for a message in it.
    pub number: Option<i64>,
    /// The subject, or the customer's name. Plain text.
    pub title: String,
    /// HTML: hits in `<mark>`, everything else escaped.
    pub snippet: String,
    /// The ticket that it is or lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<i64>,
}

/// What to look for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Words, `"phrases in quotes"`, an address, or a number with or without `#`.
    pub q: String,
    /// `ticket`, `message` or `customer`, or several with commas; absent means all.
    pub kind: Option<String>,
    /// 1 to 100; 20 where absent.
    pub limit: Option<i64>,
    /// Also tickets that are spam or merged into others.
    pub spam: Option<bool>,
}

pub fn feature() -> Feature {
    let search = get_with(show, |op| op.summary("Find tickets, messages and customers"));
    Feature {
        routes: ApiRouter::new().api_route("/search", search),
        jobs: vec![JobSpec::of::<index::Fill>()],
        listeners: vec![Arc::new(index::Indexer)],
        ..Feature::default()
    }
}

async fn show(who: Who, State(app): State<App>, Params(wish): Params<Wish>) -> Result<Json<Listing<Hit>>> {
    who.may(Permission::TicketsRead)?;
    let mut kinds = kinds(wish.kind.as_deref())?;
    kinds.retain(|kind| *kind != Kind::Customer || who.can(Permission::CustomersRead));
    let limit = match wish.limit.unwrap_or(20) {
        limit @ 1..=100 => usize::try_from(limit)?,
        _ => return Err(Error::invalid("limit", "must be between 1 and 100")),
    };
    let data = find(&app, &wish.q, &kinds, wish.spam.unwrap_or(false), limit).await?;
    Ok(Json(Listing { data }))
}

fn kinds(asked: Option<&str>) -> Result<Vec<Kind>> {
    let Some(asked) = asked else { return Ok(Kind::ALL.to_vec()) };
    let kind = |word: &str| {
        let wrong = |_| Error::invalid("kind", format!("{word} is none of ticket, message, customer"));
        word.trim().parse().map_err(wrong)
    };
    asked.split(',').map(kind).collect()
}

/// How many values [`listed`] takes.
const LISTED: usize = 256;

/// Markers and parameters for `IN (…)`. Their number is one of a few, so that the engines see few different statements;
/// the last value is repeated to fill up.
fn listed<T: Param + Clone>(values: &[T]) -> (String, Vec<Value>) {
    let size = [1, 8, 64, 128].into_iter().find(|size| values.len() <= *size).unwrap_or(LISTED);
    let mut args: Vec<Value> = values.iter().cloned().map(Param::value).collect();
    if let Some(last) = args.last().cloned() {
        args.resize(size.max(args.len()), last);
    }
    let markers: Vec<String> = (1..=size).map(|at| format!("${at}")).collect();
    (markers.join(", "), args)
}
