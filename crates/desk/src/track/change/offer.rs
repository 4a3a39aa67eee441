//! What can be had now, and what became of what was asked for, as the page of the order shows it.

use base::{App, Db, MINUTE, Result, args};
use connectors::{
    action::{ActionKind, Hindrance},
    order::Fulfilment,
};
use minijinja::{Value, context};

use super::{rules, rules::Rules, word};
use crate::{
    actions,
    orders::{
        Known, OrderId,
        link::{self, Proof},
    },
    stores,
    track::Site,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    /// It is being packed, has left, or was placed too long ago.
    TooLate,
    /// The shop does not let shoppers do it, or its system cannot.
    Off,
    /// It, or the end of the whole order, is under way.
    UnderWay,
}

/// Whether this can be had on the order as it is known.
pub(super) async fn standing(app: &App, rules: &Rules, known: &Known, kind: ActionKind) -> Result<Standing> {
    let Some(rule) = rules.of(kind) else { return Ok(Standing::Off) };
    let order = &known.order;
    let store = stores::get(app, known.store).await?;
    let offered = stores::offered(app, &store, order)?;
    let hindrance = offered.iter().find(|one| one.kind == kind).and_then(|one| one.hindrance);
    match hindrance {
        None => {}
        Some(Hindrance::Shipped | Hindrance::InProgress) => return Ok(Standing::TooLate),
        Some(_) => return Ok(Standing::Off),
    }
    if under_way(app.db(), known.id, kind).await? {
        return Ok(Standing::UnderWay);
    }
    let is_here = matches!(order.fulfilment, Fulfilment::Unfulfilled | Fulfilment::OnHold);
    let has_left = order.shipments.iter().any(|shipment| !shipment.cancelled);
    let placed = order.placed_at.unwrap_or(known.read_at).0;
    let is_over = rule.minutes.is_some_and(|minutes| app.now() >= placed + minutes * MINUTE);
    Ok(if !is_here || has_left || is_over { Standing::TooLate } else { Standing::Open })
}

async fn under_way(db: &Db, order: OrderId, kind: ActionKind) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM order_actions WHERE order_id = $1 AND kind IN ('cancel', $2)
        AND state IN ('awaiting_approval', 'queued', 'running', 'unsure') LIMIT 1";
    Ok(db.opt(sql, args![order, kind]).await?.is_some())
}

/// For the page of an order: none where the shop offers none of it.
pub async fn shown(app: &App, site: &Site, known: &Known, token: &str) -> Result<Option<Value>> {
    let said = said(app.db(), site, known.id).await?;
    let rules = rules::read(app.db(), known.shop).await?;
    if rules == Rules::default() && said.is_none() {
        return Ok(None);
    }
    let (mut open, mut late) = (Vec::new(), false);
    for (kind, page) in [(ActionKind::ChangeAddress, "/address"), (ActionKind::Cancel, "/cancellation")] {
        match standing(app, &rules, known, kind).await? {
            Standing::Open => {
                let title = site.words.say(&format!("{}_go", word(kind)), &[]);
                open.push(context! { title, href => site.order_href(token, page, "") });
            }
            Standing::TooLate => late = true,
            Standing::Off | Standing::UnderWay => {}
        }
    }
    if open.is_empty() && !late && said.is_none() {
        return Ok(None);
    }
    let is_proven = link::opened(app, token).is_some_and(|(_, proof)| proof == Proof::Mailed);
    let names: Vec<_> = open.iter().filter_map(|one| one.get_attr("title").ok()).collect();
    Ok(Some(context! {
        said,
        late => late && open.is_empty(),
        open => if is_proven { open } else { Vec::new() },
        // They show first that they read the mail of whoever placed it.
        prove => !is_proven && !names.is_empty(),
        by_code => site.look.by_code && known.order.buyer.email.is_some(),
        names,
        code => site.href("/code", ""),
    }))
}

/// What became of what was asked for last.
async fn said(db: &Db, site: &Site, order: OrderId) -> Result<Option<Value>> {
    let sql = "SELECT c.kind, a.state FROM shopper_changes c JOIN order_actions a ON a.id = c.action
        WHERE c.order_id = $1 ORDER BY c.id DESC LIMIT 1";
    let Some(row) = db.opt(sql, args![order]).await? else { return Ok(None) };
    let state = match row.word::<actions::State>("state")? {
        actions::State::Done => "done",
        actions::State::AwaitingApproval => "waiting",
        actions::State::Queued | actions::State::Running | actions::State::Unsure => "asked",
        actions::State::Refused | actions::State::Declined | actions::State::Withdrawn => "failed",
    };
    let kind: ActionKind = row.word("kind")?;
    let text = site.words.say(&format!("{}_{state}", word(kind)), &[]);
    // Nobody gets it ready any more.
    let ends = kind == ActionKind::Cancel && state != "failed";
    Ok(Some(context! { text, bad => state == "failed", ends }))
}
