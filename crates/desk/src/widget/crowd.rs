//! The visitors who are connected to this node. One listener for all of them: it knows by the log whose conversation may
//! have grown, and tells only those to look.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base::{App, Error, Result, args};
use tokio::sync::{Notify, OnceCell, watch};

use crate::{
    live::{Ear, Hub, News},
    messages::MessageId,
    tickets::TicketId,
    visits::VisitId,
};

/// One connection.
pub(super) struct Seat {
    /// Something may stand there that it has not got.
    pub look: Notify,
    /// Those of the shop who are writing to it, by their full names.
    pub writing: watch::Sender<Vec<String>>,
}

type Seats = HashMap<VisitId, Vec<Arc<Seat>>>;

pub(super) struct Crowd {
    hub: Arc<Hub>,
    seats: Mutex<Seats>,
    started: OnceCell<()>,
}

impl Crowd {
    pub fn new(hub: Arc<Hub>) -> Self {
        Self { hub, seats: Mutex::default(), started: OnceCell::new() }
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat: what happens from here on it hears of.
    pub async fn sit(self: &Arc<Self>, app: &App, visit: VisitId) -> Result<Arc<Seat>> {
        let started = self.started.get_or_try_init(async || {
            let ear = self.hub.ear(app).await?;
            tokio::spawn(self.clone().follow(app.clone(), ear));
            Ok::<_, Error>(())
        });
        started.await?;
        let seat = Arc::new(Seat { look: Notify::new(), writing: watch::Sender::default() });
        self.seats().entry(visit).or_default().push(seat.clone());
        Ok(seat)
    }

    pub fn leave(&self, visit: VisitId, seat: &Arc<Seat>) {
        let mut seats = self.seats();
        if let Some(of_visit) = seats.get_mut(&visit) {
            of_visit.retain(|one| !Arc::ptr_eq(one, seat));
            if of_visit.is_empty() {
                seats.remove(&visit);
            }
        }
    }

    /// Tells the screens of a visit to look.
    pub fn nudge(&self, visit: VisitId) {
        for seat in self.seats().get(&visit).into_iter().flatten() {
            seat.look.notify_one();
        }
    }

    async fn follow(self: Arc<Self>, app: App, mut ear: Ear) {
        loop {
            let news = tokio::select! {
                () = app.stopping() => return,
                news = ear.next() => news,
            };
            let Some(news) = news else { return };
            if let Err(error) = self.pass_on(&app, news).await {
                tracing::warn!(%error, "visitors look again, because the log could not be followed");
                self.nudge_all();
            }
        }
    }

    fn nudge_all(&self) {
        self.seats().values().flatten().for_each(|seat| seat.look.notify_one());
    }

    async fn pass_on(&self, app: &App, news: News) -> Result<()> {
        if self.seats().is_empty() {
            return Ok(());
        }
        match news {
            News::Message(message) => {
                for visit in with_message(app, message).await? {
                    self.nudge(visit);
                }
            }
            News::Visit(visit) => self.nudge(visit),
            News::Read(ticket) => {
                for visit in on_ticket(app, ticket).await? {
                    self.nudge(visit);
                }
            }
            News::Writing(ticket, names) => {
                for visit in on_ticket(app, ticket).await? {
                    for seat in self.seats().get(&visit).into_iter().flatten() {
                        seat.writing.send_if_modified(|now| {
                            let differs = *now != names;
                            now.clone_from(&names);
                            differs
                        });
                    }
                }
            }
            News::Missed => self.nudge_all(),
        }
        Ok(())
    }
}

async fn with_message(app: &App, message: MessageId) -> Result<Vec<VisitId>> {
    let rows = app.db().all("SELECT visit FROM visit_lines WHERE message = $1", args![message]).await?;
    rows.iter().map(|row| row.id("visit")).collect()
}

/// The visits whose conversation goes on in this ticket: theirs is the newest line's.
async fn on_ticket(app: &App, ticket: TicketId) -> Result<Vec<VisitId>> {
    let sql = "SELECT visit FROM (SELECT DISTINCT l.visit FROM messages m JOIN visit_lines l ON l.message = m.id
        WHERE m.ticket = $1) v WHERE $1 = (SELECT o.ticket FROM visit_lines n JOIN messages o ON o.id = n.message
        WHERE n.visit = v.visit ORDER BY n.place DESC LIMIT 1)";
    app.db().all(sql, args![ticket]).await?.iter().map(|row| row.id("visit")).collect()
}
