//! A customer of whom nothing is to be known any more. The row stays, for what refers to it.

use base::{Result, Tx, args};
use serde_json::json;

use super::{CustomerId, facets, names};
use crate::Event;

/// What they are called from then on.
const NOBODY: &str = "Erased";

/// The customer, and those whom it stands for since they were merged.
const ALL: &str = "(WITH RECURSIVE gone (id) AS (SELECT CAST($1 AS BIGINT)
    UNION SELECT c.id FROM customers c JOIN gone ON c.merged_into = gone.id) SELECT id FROM gone)";

/// Forgets name, addresses, identities, notes and what else is known; in the log of what happened, too.
pub async fn erase(tx: &mut Tx, id: CustomerId) -> Result<()> {
    let sql = format!(
        "UPDATE customers SET name = $2, language = NULL, note = '', languages = '[]', time_zone = NULL, tags = '[]',
        addresses = '[]', attributes = NULL, updated_at = $3 WHERE id IN {ALL} AND name <> $2 RETURNING id"
    );
    let now = tx.now();
    let erased = tx.all(&sql, args![id, NOBODY, now]).await?;
    for row in &erased {
        let id = row.id("id")?;
        names::forget(tx, id).await?;
        facets::forget(tx, id).await?;
    }
    for sql in [
        format!("DELETE FROM identities WHERE customer IN {ALL}"),
        // Whoever took a merge back would bring them back.
        format!("DELETE FROM customer_moves WHERE source IN {ALL} OR target IN {ALL}"),
    ] {
        tx.run(&sql, args![id]).await?;
    }
    let sql = format!(
        "UPDATE events SET data = $2 WHERE customer IN {ALL} AND kind IN ('customer.created', 'customer.changed')"
    );
    tx.run(&sql, args![id, json!({ "customer": id, "name": NOBODY, "changes": {} })]).await?;
    if erased.is_empty() { Ok(()) } else { tx.emit(&Event::CustomerErased { customer: id }) }
}

/// An account of theirs: what only a store knew, where something else is a reason to know them.
pub async fn forget_account(tx: &mut Tx, id: CustomerId, account: &str) -> Result<()> {
    let sql = "DELETE FROM identities WHERE customer = $1 AND kind = 'shop_account' AND value = $2";
    tx.run(sql, args![id, account]).await
}
