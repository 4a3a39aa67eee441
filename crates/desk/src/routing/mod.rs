//! New chats find an agent by themselves: who is at the desk, has room for one more, and has had none for longest. Nobody
//! keeps one that they do not answer.

use std::{future::Future, pin::Pin, sync::Arc};

use base::{
    Actor, App, Error, Feature, HOUR, Job, JobSpec, Listener, MINUTE, Result, Time, Tx, args, events::Recorded,
};
use connectors::Channels;
use serde::{Deserialize, Serialize};

use crate::{
    agents::{AgentId, Permission, Role},
    inboxes::{self, Inbox, InboxId},
    tickets::{self, Patch, Shelf, Ticket, TicketId, change},
};

/// Who was not at the desk within this time gets no chat.
const AT_DESK: Time = 5 * MINUTE;
/// Where nobody has room, the next look follows.
const AGAIN: Time = 15_000;
/// Nobody is looked for any longer: whoever comes sees it waiting.
const UNTIL: Time = HOUR;
/// A chat that has no answer by then goes to somebody else.
const MISSED: Time = 2 * MINUTE;

pub fn feature() -> Feature {
    Feature {
        jobs: vec![JobSpec::of::<Assign>(), JobSpec::of::<Missed>()],
        listeners: vec![Arc::new(NewChats)],
        ..Feature::default()
    }
}

struct NewChats;

impl Listener for NewChats {
    fn name(&self) -> &'static str {
        "routing"
    }

    fn is_light(&self) -> bool {
        true
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for event in events.iter().filter(|event| event.kind == "ticket.created") {
                let (Some(ticket), Some(inbox)) = (event.ticket, event.data["inbox"].as_i64()) else { continue };
                let sql = "SELECT 1 AS one FROM inboxes WHERE id = $1 AND conversational = TRUE";
                if tx.opt(sql, args![InboxId(inbox)]).await?.is_some() {
                    tx.enqueue(&Assign { ticket: TicketId(ticket), but: None }).await?;
                }
            }
            Ok(())
        })
    }
}

/// Looks for an agent who takes this chat.
#[derive(Serialize, Deserialize)]
struct Assign {
    ticket: TicketId,
    /// Who has just missed it.
    but: Option<AgentId>,
}

impl Job for Assign {
    const NAME: &'static str = "routing.assign";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let Some((ticket, inbox)) = waiting(&mut tx, self.ticket).await? else { return Ok(()) };
        let door = app.part::<Channels>()?.get(&inbox.channel)?.door(&inbox.settings);
        let capacity = door.map_or(0, |door| door.capacity);
        if ticket.assignee.is_some() || capacity == 0 {
            return Ok(());
        }
        // One at a time, so that nobody gets one too many.
        tx.lock(&format!("chats of {}", inbox.shop)).await?;
        let now = tx.now();
        let since = ticket.waiting_since.unwrap_or(now);
        match free(&mut tx, &inbox, capacity, self.but).await? {
            Some(agent) => {
                give(&mut tx, ticket, Some(agent)).await?;
                tx.run("UPDATE agents SET chat_at = $1 WHERE id = $2", args![now, agent]).await?;
                tx.enqueue_at(now + MISSED, &Missed { ticket: self.ticket, agent }).await?;
            }
            None if now - since < UNTIL => tx.enqueue_at(now + AGAIN, &self).await?,
            None => {}
        }
        tx.commit().await
    }
}

/// Takes a chat back that its agent has not answered.
#[derive(Serialize, Deserialize)]
struct Missed {
    ticket: TicketId,
    agent: AgentId,
}

impl Job for Missed {
    const NAME: &'static str = "routing.missed";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let Some((ticket, _)) = waiting(&mut tx, self.ticket).await? else { return Ok(()) };
        let sql =
            "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'out' AND author_kind = 'agent' LIMIT 1";
        let answered = tx.opt(sql, args![ticket.id]).await?.is_some();
        if ticket.assignee != Some(self.agent) || answered {
            return Ok(());
        }
        give(&mut tx, ticket, None).await?;
        tx.enqueue(&Assign { ticket: self.ticket, but: Some(self.agent) }).await?;
        tx.commit().await
    }
}

/// The chat, if its visitor still waits for somebody.
async fn waiting(tx: &mut Tx, id: TicketId) -> Result<Option<(Ticket, Inbox)>> {
    let ticket = match tickets::find(tx, id).await {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    let Some(inbox) = ticket.inbox.filter(|_| ticket.shelf() == Shelf::Open && ticket.waiting_since.is_some()) else {
        return Ok(None);
    };
    let inbox = inboxes::look(tx, inbox).await?;
    Ok(Some((ticket, inbox)))
}

async fn give(tx: &mut Tx, ticket: Ticket, to: Option<AgentId>) -> Result<()> {
    let patch = Patch { assignee: Some(to), ..Patch::default() };
    change::change(tx, ticket, patch).await.map(drop)
}

/// Who is at the desk, may answer, has room, and has had no chat for longest. Those of the inbox's team, where it has one.
/// Chats whose next step is the visitor's take no room. `capacity` holds for those who have no number of their own.
async fn free(tx: &mut Tx, inbox: &Inbox, capacity: i64, but: Option<AgentId>) -> Result<Option<AgentId>> {
    let sql =
        "SELECT a.id, a.role FROM agents a WHERE a.shop = $1 AND a.active = TRUE AND a.seen_at > $2 AND a.id <> $3
        AND ($4 = 0 OR EXISTS (SELECT 1 FROM team_members m WHERE m.team = $4 AND m.agent = a.id))
        AND (SELECT count(*) FROM tickets t JOIN inboxes i ON i.id = t.inbox
            WHERE t.assignee = a.id AND t.shelf = 'open' AND i.conversational = TRUE) < COALESCE(a.chat_capacity, $5)
        ORDER BY COALESCE(a.chat_at, 0), a.id";
    let seen = tx.now() - AT_DESK;
    let team = inbox.team.map_or(0, |team| team.0);
    let rows = tx.all(sql, args![inbox.shop, seen, but.unwrap_or(AgentId(0)), team, capacity]).await?;
    for row in &rows {
        if row.word::<Role>("role")?.permissions().contains(&Permission::TicketsWrite) {
            return Ok(Some(row.id("id")?));
        }
    }
    Ok(None)
}
