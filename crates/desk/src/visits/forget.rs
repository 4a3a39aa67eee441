//! The end of a visit: the visitor says goodbye, deletes it, or does not come back.

use base::{App, Result, Tx, args};

use super::{Visit, files, stays, ticket};
use crate::Event;

/// The visitor says that they are done. Whatever they say next goes on where they were.
pub async fn end(tx: &mut Tx, who: &Visit) -> Result<()> {
    let sql = "UPDATE visits SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL RETURNING id";
    if tx.opt(sql, args![tx.now(), who.id]).await?.is_none() {
        return Ok(());
    }
    let ticket = ticket(tx, who.id).await?;
    tx.emit(&Event::VisitEnded { ticket, visit: who.id })
}

/// The visitor deletes it: nobody can read it again with its token. What the shop received stays the shop's.
pub async fn delete(tx: &mut Tx, who: &Visit) -> Result<()> {
    let ticket = ticket(tx, who.id).await?;
    stays::take_back(tx, who.id).await?;
    tx.run("DELETE FROM visits WHERE id = $1", args![who.id]).await?;
    tx.emit(&Event::VisitDeleted { ticket, visit: who.id })
}

/// Forgets browsers that have not come back, pages that were seen long ago, files that never stood on a line, and signed
/// words that would not count any more.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM visit_vouchers WHERE until < $1", args![app.now()]).await?;
    files::forget(app).await?;
    stays::forget(app).await?;
    app.db().run("DELETE FROM visits WHERE expires_at < $1", args![app.now()]).await.map(drop)
}
