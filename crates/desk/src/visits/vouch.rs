//! The shop's own server says who a visitor is.

use base::{Error, Result, Tx, args, secrets::sha256};
use connectors::channel::Vouched;

use super::{Visit, deleted, visit};
use crate::{
    customers::{self, Person},
    inboxes::Inbox,
};

/// From here on the visit is this person's. A word that another visit has shown already does not count, and a visit that
/// is one person's never becomes another's.
pub async fn vouch(tx: &mut Tx, inbox: &Inbox, who: &Visit, vouched: Vouched) -> Result<()> {
    let held = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who.id]).await?;
    let who = visit(&held.ok_or_else(deleted)?)?;
    let once = sha256(vouched.once.as_bytes());
    let sql = "INSERT INTO visit_vouchers (inbox, once, visit, until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (inbox, once) DO UPDATE SET until = excluded.until WHERE visit_vouchers.visit = excluded.visit
        RETURNING visit";
    if tx.opt(sql, args![inbox.id, once, who.id, vouched.until]).await?.is_none() {
        let why = "The shop's word for this visitor does not count: it has been used before.";
        return Err(Error::Unauthorized(why.into()));
    }
    let person = Person {
        // The same number may be somebody else in another shop.
        account: vouched.account.map(|account| format!("{}:{account}", inbox.shop)),
        email: vouched.email,
        name: vouched.name,
        language: vouched.language,
    };
    let customer = customers::vouch(tx, &person, who.customer, &who.visitor, &inbox.channel).await?;
    tx.run("UPDATE visits SET customer = $1 WHERE id = $2", args![customer, who.id]).await
}
