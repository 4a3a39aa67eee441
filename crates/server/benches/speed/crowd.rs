//! Customers beside those who wrote: ten for each ticket, a million in all at most. And one of them whose journey has ten
//! thousand steps.

use base::{Db, Result, args};
use serde_json::json;

use super::made::Plan;

/// Where those begin who never wrote; the first of them has the long journey.
pub const FIRST: i64 = 50_000_000;
/// Steps of that journey, and messages of each ticket in it.
pub const STEPS: i64 = 10_000;
const EACH: i64 = 10;
const MOST: i64 = 1_000_000;

/// How many customers there are in all.
pub fn all(plan: Plan) -> i64 {
    (plan.tickets * 10).min(MOST)
}

pub fn address(number: i64) -> String {
    format!("shopper{number}@many.example")
}

/// Written by the database itself: a row of these costs less to make than to send.
pub async fn fill(db: &Db, plan: Plan, begun: i64, now: i64) -> Result<()> {
    let counted = "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < $1)";
    let customers = format!(
        "INSERT INTO customers (id, name, language, created_at, updated_at) {counted}
        SELECT {FIRST} + n, 'Shopper Number' || n, 'en', $2 - n, $2 - n FROM n"
    );
    let identities = format!(
        "INSERT INTO identities (customer, kind, value, verified, source, created_at, alike) {counted}
        SELECT {FIRST} + n, 'email', 'shopper' || n || '@many.example', TRUE, 'shop', $2, 'shopper' || n || '@many.example'
        FROM n"
    );
    let names = |rest: &str| {
        format!("INSERT INTO customer_names (rest, customer) {counted} SELECT '{rest}number' || n, {FIRST} + n FROM n")
    };
    let more = all(plan) - plan.customers();
    for sql in [customers, identities] {
        db.run(&sql, args![more, now]).await?;
    }
    for sql in [names("shopper "), names("")] {
        db.run(&sql, args![more]).await?;
    }
    journey(db, begun).await
}

/// Long ago, so that it stands on no first page of a list.
async fn journey(db: &Db, begun: i64) -> Result<()> {
    let counted = "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < $1)";
    let tickets = format!(
        "INSERT INTO tickets (id, shop, subject, status, shelf, priority, tags, customer, channel, inbox, channels,
        messages, last_message_at, created_at, updated_at) {counted}
        SELECT {FIRST} + n, 1, 'Long story ' || n, 'closed', 'solved', 'normal', $2, {FIRST}, 'email', 1, $2, {EACH},
        $3 + n * {EACH}, $3 + n * {EACH}, $3 + n * {EACH} FROM n"
    );
    let messages = format!(
        "INSERT INTO messages (id, ticket, inbox, channel, direction, author_kind, author, author_name, parties, text,
        mentions, delivery, created_at, customer) {counted}
        SELECT 2 * {FIRST} + n, {FIRST} + n / {EACH}, 1, 'email', CASE WHEN n % 2 = 0 THEN 'in' ELSE 'out' END,
        CASE WHEN n % 2 = 0 THEN 'customer' ELSE 'agent' END, CASE WHEN n % 2 = 0 THEN {FIRST} ELSE 1 END, 'Somebody',
        $2, 'Step ' || n || ' of a long story, with some words more than nothing', $4, 'sent', $3 + n, {FIRST} FROM n"
    );
    // The ticket itself is a step, too.
    let said = STEPS * EACH / (EACH + 1);
    db.run(&tickets, args![said / EACH, json!([]), begun]).await?;
    db.run(&messages, args![said / EACH * EACH, json!({}), begun, json!([])]).await.map(drop)
}
