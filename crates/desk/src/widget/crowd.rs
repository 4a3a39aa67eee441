//! The visitors who are connected to this node. One listener for all of them: it knows by the log whose conversation may
//! have grown, and tells only those to look.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base::{App, Error, Result, args};
use tokio::{
    sync::{Notify, OnceCell, watch},
    time::Instant,
};

use crate::{
    live::{Ear, Hub, News},
    messages::MessageId,
    tickets::TicketId,
    visits::{Visit, VisitId},
};

/// Connections of one visit, and of all that began at one network address. The oldest makes room.
const OF_VISIT: usize = 16;
const TOGETHER: usize = 100;
/// Typing is passed on this often at most.
const TYPING: Duration = Duration::from_secs(3);
/// The same with what they have typed so far.
const PREVIEW: Duration = Duration::from_secs(1);

/// One connection.
pub(super) struct Seat {
    /// Something may stand there that it has not got.
    pub look: Notify,
    /// Those of the shop who are writing to it, by their full names.
    pub writing: watch::Sender<Vec<String>>,
    /// It is to make room.
    pub crowded: Notify,
    visit: VisitId,
    /// The network address of its visit.
    from: String,
}

/// All seats twice: by their visit and by where they are from, the oldest first.
#[derive(Default)]
struct Seats {
    of_visit: HashMap<VisitId, Vec<Arc<Seat>>>,
    from: HashMap<String, Vec<Arc<Seat>>>,
}

impl Seats {
    fn take(&mut self, visit: VisitId, from: String) -> Arc<Seat> {
        let (look, crowded) = (Notify::new(), Notify::new());
        let seat = Arc::new(Seat { look, writing: watch::Sender::default(), crowded, visit, from });
        let of_visit = self.of_visit.entry(visit).or_default();
        of_visit.push(seat.clone());
        let mut oldest = of_visit.first().filter(|_| of_visit.len() > OF_VISIT).cloned();
        let all = self.from.entry(seat.from.clone()).or_default();
        all.push(seat.clone());
        oldest = oldest.or_else(|| all.first().filter(|_| all.len() > TOGETHER).cloned());
        if let Some(oldest) = oldest {
            self.leave(&oldest);
            oldest.crowded.notify_one();
        }
        seat
    }

    fn leave(&mut self, seat: &Arc<Seat>) {
        without(&mut self.of_visit, &seat.visit, seat);
        without(&mut self.from, &seat.from, seat);
    }

    fn of(&self, visit: VisitId) -> impl Iterator<Item = &Arc<Seat>> {
        self.of_visit.get(&visit).into_iter().flatten()
    }
}

fn without<K: Eq + Hash>(rows: &mut HashMap<K, Vec<Arc<Seat>>>, key: &K, seat: &Arc<Seat>) {
    if let Some(row) = rows.get_mut(key) {
        row.retain(|one| !Arc::ptr_eq(one, seat));
        if row.is_empty() {
            rows.remove(key);
        }
    }
}

pub(super) struct Crowd {
    hub: Arc<Hub>,
    seats: Mutex<Seats>,
    /// Of whom it was passed on that they are writing, and when.
    typed: Mutex<HashMap<VisitId, Instant>>,
    started: OnceCell<()>,
}

impl Crowd {
    pub fn new(hub: Arc<Hub>) -> Self {
        Self { hub, seats: Mutex::default(), typed: Mutex::default(), started: OnceCell::new() }
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat: what happens from here on it hears of.
    pub async fn sit(self: &Arc<Self>, app: &App, visit: &Visit) -> Result<Arc<Seat>> {
        let started = self.started.get_or_try_init(async || {
            let ear = self.hub.ear(app).await?;
            tokio::spawn(self.clone().follow(app.clone(), ear));
            Ok::<_, Error>(())
        });
        started.await?;
        Ok(self.seats().take(visit.id, visit.address.clone()))
    }

    pub fn leave(&self, seat: &Arc<Seat>) {
        self.seats().leave(seat);
    }

    /// Whether it is to be passed on that this visitor is writing: it was not just now. What they write may be passed on
    /// more often than that they do.
    pub fn may_type(&self, visit: VisitId, now: Instant, with_text: bool) -> bool {
        let mut typed = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        typed.retain(|_, at| now - *at < TYPING);
        let every = if with_text { PREVIEW } else { TYPING };
        if typed.get(&visit).is_some_and(|at| now - *at < every) {
            return false;
        }
        typed.insert(visit, now);
        true
    }

    /// Tells the screens of a visit to look.
    pub fn nudge(&self, visit: VisitId) {
        for seat in self.seats().of(visit) {
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
        self.seats().of_visit.values().flatten().for_each(|seat| seat.look.notify_one());
    }

    async fn pass_on(&self, app: &App, news: News) -> Result<()> {
        if self.seats().of_visit.is_empty() {
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
                    for seat in self.seats().of(visit) {
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

/// The visits that this message adds a line to. What a visitor said in the chat stood there before it was a message.
async fn with_message(app: &App, message: MessageId) -> Result<Vec<VisitId>> {
    let sql = "SELECT visit FROM visit_lines WHERE message = $1 AND (said IS NULL OR by_mail = TRUE)";
    let rows = app.db().all(sql, args![message]).await?;
    rows.iter().map(|row| row.id("visit")).collect()
}

/// The visits whose conversation goes on in this ticket: theirs is the newest line's.
async fn on_ticket(app: &App, ticket: TicketId) -> Result<Vec<VisitId>> {
    let sql = "SELECT visit FROM (SELECT DISTINCT l.visit FROM messages m JOIN visit_lines l ON l.message = m.id
        WHERE m.ticket = $1) v WHERE $1 = (SELECT o.ticket FROM visit_lines n JOIN messages o ON o.id = n.message
        WHERE n.visit = v.visit ORDER BY n.place DESC LIMIT 1)";
    app.db().all(sql, args![ticket]).await?.iter().map(|row| row.id("visit")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_and_nothing_is_left_of_it() {
        let mut seats = Seats::default();
        let own: Vec<_> = (0..=OF_VISIT).map(|_| seats.take(VisitId(1), "here".into())).collect();
        assert_eq!(seats.of(VisitId(1)).count(), OF_VISIT);
        assert!(!seats.of(VisitId(1)).any(|seat| Arc::ptr_eq(seat, &own[0])));
        let others: Vec<_> = (2..90).map(|visit| seats.take(VisitId(visit), "here".into())).collect();
        assert_eq!((seats.from["here"].len(), seats.of(VisitId(1)).count()), (TOGETHER, TOGETHER - others.len()));
        seats.take(VisitId(99), "there".into());
        assert_eq!(seats.from["here"].len(), TOGETHER, "nobody makes room for somebody elsewhere");
        own.iter().chain(&others).for_each(|seat| seats.leave(seat));
        assert!(seats.from.keys().eq(["there"]) && seats.of_visit.len() == 1);
    }

    #[test]
    fn that_somebody_types_is_passed_on_now_and_then() {
        let (crowd, now) = (Crowd::new(crate::live::hub()), Instant::now());
        assert!(crowd.may_type(VisitId(1), now, false) && crowd.may_type(VisitId(2), now, false));
        assert!(!crowd.may_type(VisitId(1), now + TYPING / 2, false));
        assert!(crowd.may_type(VisitId(1), now + TYPING, false));
    }

    #[test]
    fn what_is_being_typed_is_passed_on_once_a_second() {
        let (crowd, now) = (Crowd::new(crate::live::hub()), Instant::now());
        assert!(crowd.may_type(VisitId(1), now, true));
        assert!(!crowd.may_type(VisitId(1), now + PREVIEW / 2, true));
        assert!(crowd.may_type(VisitId(1), now + PREVIEW, true));
        assert!(!crowd.may_type(VisitId(1), now + PREVIEW * 2, false), "that somebody types is known for a while");
    }
}
