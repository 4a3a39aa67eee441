//! Somebody wants to have their data: a ticket for the team says so, by when, and where the file is.

use base::{Actor, App, Job, Result, args};
use serde::{Deserialize, Serialize};

use super::{RequestId, Stands, end, find};
use crate::{
    customers, inboxes,
    messages::{self, Author, AuthorKind, reply::Text},
    shops, stores,
    tickets::{self, NewTicket, Priority, Status},
};

#[derive(Serialize, Deserialize)]
pub(super) struct Open {
    pub request: RequestId,
}

impl Job for Open {
    const NAME: &'static str = "privacy.open";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let found = find(&mut tx, self.request).await?;
        if found.state != Stands::Open || found.ticket.is_some() {
            return Ok(());
        }
        // Of somebody whom nobody knows here nothing is held.
        let Some(customer) = found.customer else {
            end(&mut tx, &found, Stands::Done).await?;
            return tx.commit().await;
        };
        let customer = customers::survivor(&mut tx, customer).await?;
        let store = stores::within(&mut tx, found.store).await?;
        let shop = shops::find(&mut tx, found.shop).await?;
        let inbox = inboxes::for_letters(&mut tx, found.shop).await?;
        let new = NewTicket {
            shop: found.shop,
            subject: format!("{}: {} wants to have their data", store.name, customer.name),
            customer: customer.id,
            channel: messages::PAGE.to_owned(),
            inbox: inbox.map(|inbox| inbox.id),
            language: customer.language.clone(),
            status: Status::New,
            priority: Priority::High,
            assignee: None,
            team: None,
            tags: vec!["privacy".to_owned()],
            follows: None,
            why: "privacy",
        };
        let ticket = tickets::open(&mut tx, new).await?;
        let file = format!("{}/api/v1/privacy-requests/{}/export", app.config().public_url(), found.id);
        let days = (found.due_at.0 - found.asked_at.0) / base::DAY;
        let text = format!(
            "Somebody asked through {} for all data that is held of them. It has to be answered within {days} days.\n\n\
             All that is held here (JSON): {file}\n\nLook through it before you hand it out: other people may be in it.",
            store.name
        );
        let author = Author { kind: AuthorKind::System, id: None, name: shop.name };
        let id = ticket.id;
        messages::note(&mut tx, ticket, author, Text::new(Some(text), None)?, Vec::new()).await?;
        tx.run("UPDATE privacy_requests SET ticket = $1 WHERE id = $2", args![id, found.id]).await?;
        tx.commit().await
    }
}
