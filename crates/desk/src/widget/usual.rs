//! How long visitors of an inbox usually wait for the first answer: the median of its last real conversations, by the
//! definition "first response time", version 1.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base::{App, DAY, MINUTE, Result, Time, args};

use crate::inboxes::InboxId;

/// Conversations that count: those of the last weeks, the newest of them.
const SINCE: Time = 28 * DAY;
const NEWEST: i64 = 300;
/// With fewer, nothing is promised.
const LEAST: usize = 5;
/// A node works it out this often at most.
const KEPT: Time = 10 * MINUTE;

/// What this node knows of each inbox, and since when.
#[derive(Default)]
pub struct Usual(Mutex<HashMap<InboxId, (Time, Option<i64>)>>);

impl Usual {
    /// In minutes, at least one; none where nobody can say.
    pub async fn minutes(&self, app: &App, inbox: InboxId) -> Result<Option<i64>> {
        let now = app.now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&inbox).copied();
        if let Some((_, minutes)) = known.filter(|(at, _)| now - at < KEPT) {
            return Ok(minutes);
        }
        let minutes = minutes(app, inbox, now).await?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(inbox, (now, minutes));
        Ok(minutes)
    }
}

/// From the customer's first message to the first of a person at the desk; conversations that the shop began are out.
async fn minutes(app: &App, inbox: InboxId, now: Time) -> Result<Option<i64>> {
    let sql = "SELECT asked, answered FROM (SELECT
        (SELECT min(m.created_at) FROM messages m WHERE m.ticket = t.id AND m.direction = 'in'
            AND m.automatic IS NULL) AS asked,
        (SELECT min(m.created_at) FROM messages m WHERE m.ticket = t.id AND m.direction = 'out'
            AND m.author_kind = 'agent') AS answered
        FROM (SELECT id FROM tickets WHERE inbox = $1 AND updated_at > $2 AND created_at > $2
            AND merged_into IS NULL AND spam = FALSE ORDER BY updated_at DESC, id DESC LIMIT $3) t) times
        WHERE answered >= asked";
    let rows = app.db().all(sql, args![inbox, now - SINCE, NEWEST]).await?;
    let mut waits = rows.iter().map(|row| Ok(row.int("answered")? - row.int("asked")?)).collect::<Result<Vec<_>>>()?;
    waits.sort_unstable();
    Ok(median(&waits).map(|wait| (wait + MINUTE - 1).div_euclid(MINUTE).max(1)))
}

fn median(sorted: &[Time]) -> Option<Time> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        few if few < LEAST => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(sorted[middle - 1].midpoint(sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_one_in_the_middle_counts() {
        assert_eq!(median(&[1, 2, 3, 4]), None);
        assert_eq!(median(&[1, 2, 3, 4, 900]), Some(3));
        assert_eq!(median(&[1, 2, 3, 5, 6, 900]), Some(4));
    }
}
