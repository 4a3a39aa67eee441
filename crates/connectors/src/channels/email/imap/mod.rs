//! Fetches mail by IMAP until told to stop: looks, stores, waits, and begins again after every failure.
//!
//! The cursor is `{folder: {validity, uid, at}}`. Only [`Sink::store`] moves it, together with the messages it covers.

mod login;
mod mailbox;
mod stub;

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use base::{Result, Time};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

pub use login::Login;
pub use mailbox::{Folder, Mailbox};

use super::{
    Email,
    net::{Kind, Trouble},
    settings::{AfterFetch, Imap, Settings},
};
use crate::channel::{Cursor, End, Sink};

const BATCH_BYTES: u32 = 16 * 1024 * 1024;
const BATCH_MESSAGES: usize = 50;
/// Messages of which the sizes are asked at once.
const SIZES: usize = 500;
/// UIDs searched at once; the answer is one line that must stay short.
const WINDOW: u32 = 20_000;
/// No wait in IDLE is longer, so that a server which vanished without a word is noticed.
const IDLE: Duration = Duration::from_mins(1);
const HEALTHY: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// Repeating a wrong password quickly gets accounts locked.
const LOGIN_PAUSE: Duration = Duration::from_secs(30);
/// A message that breaks the connection this often is stored as a note about it, and passed by.
const TRIES: u32 = 4;
const DAY: Time = 24 * 60 * 60 * 1000;

/// How far a folder has been fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    validity: u32,
    /// The last message that is stored.
    uid: u32,
    /// When that was. Should the UIDs lose their meaning, the search begins here.
    at: Time,
}

type Places = BTreeMap<String, Place>;

/// Reads the settings' way of signing in, with a fresh token where it is OAuth.
pub async fn credentials(email: &Email, end: &End, settings: &Settings, stale: Option<&str>) -> Result<Login, Trouble> {
    let Some(imap) = &settings.imap else { return Err(Trouble::new("no IMAP server is set up")) };
    let user = imap.username.clone();
    match (&imap.password, &settings.oauth) {
        (None, Some(oauth)) => Ok(Login::Bearer { user, access: email.tokens.access(end.inbox, oauth, stale).await? }),
        (password, _) => Ok(Login::Password { user, password: password.clone().unwrap_or_default() }),
    }
}

/// Connects and signs in; an OAuth token that is not taken is renewed once.
pub async fn open(email: &Email, end: &End, settings: &Settings) -> Result<Mailbox, Trouble> {
    let Some(imap) = &settings.imap else { return Err(Trouble::new("no IMAP server is set up")) };
    let login = credentials(email, end, settings, None).await?;
    match (Mailbox::open(&imap.server, &login).await, &login) {
        (Err(trouble), Login::Bearer { access, .. }) if trouble.kind == Kind::Login => {
            let login = credentials(email, end, settings, Some(access)).await?;
            Mailbox::open(&imap.server, &login).await
        }
        (other, _) => other,
    }
}

/// Fetches until dropped.
pub async fn fetch(email: &Email, end: &End, settings: &Settings, cursor: Cursor, sink: Arc<dyn Sink>) -> Result<()> {
    let Some(imap) = &settings.imap else { return Ok(()) };
    let places = if cursor.is_null() { Places::new() } else { serde_json::from_value(cursor)? };
    let mut watch = Watch {
        email,
        end,
        settings,
        imap,
        sink,
        places,
        careful: HashMap::new(),
        failures: 0,
        told: None,
        can_idle: imap.idle,
    };
    loop {
        let trouble = watch.stay().await;
        watch.failures += 1;
        tracing::info!(inbox = end.inbox, failures = watch.failures, why = trouble.why, "mail cannot be fetched");
        // One broken connection after a good one is everyday life; when the next fails too, people hear of it.
        if watch.failures > 1 || watch.told.is_none() || trouble.kind != Kind::Connection {
            watch.told = None;
            if let Err(error) = watch.sink.failed(trouble.why.clone()).await {
                tracing::warn!(inbox = end.inbox, %error, "a failed fetch cannot be recorded");
            }
        }
        sleep(pause(end.inbox, watch.failures, trouble.kind)).await;
    }
}

/// Grows from one second to five minutes, spread so that many inboxes do not return at the same moment.
fn pause(inbox: i64, failures: u32, kind: Kind) -> Duration {
    let grown = Duration::from_secs(1 << failures.saturating_sub(1).min(9));
    let grown = if kind == Kind::Login { grown.max(LOGIN_PAUSE) } else { grown };
    let mut hasher = DefaultHasher::new();
    (inbox, failures).hash(&mut hasher);
    let spread = u32::try_from(hasher.finish() % 500).unwrap_or_default();
    (grown * (750 + spread) / 1000).min(LONGEST_PAUSE)
}

struct Watch<'a> {
    email: &'a Email,
    end: &'a End,
    settings: &'a Settings,
    imap: &'a Imap,
    sink: Arc<dyn Sink>,
    places: Places,
    /// Folders in which a batch broke: up to which UID messages come one by one, and the one that breaks with its tries.
    careful: HashMap<String, (u32, u32, u32)>,
    failures: u32,
    /// When the sink last heard that all is well; none while it is not.
    told: Option<Instant>,
    can_idle: bool,
}

impl Watch<'_> {
    /// Keeps one connection until it fails, and says why it did.
    async fn stay(&mut self) -> Trouble {
        let mut mailbox = match open(self.email, self.end, self.settings).await {
            Ok(mailbox) => mailbox,
            Err(trouble) => return trouble,
        };
        let poll = Duration::from_secs(self.imap.poll_seconds);
        let mut others_due = Instant::now();
        loop {
            let all = Instant::now() >= others_due;
            if all {
                others_due = Instant::now() + poll;
            }
            let result = async {
                // The watched folder comes last, because IDLE is about the folder that is open.
                for folder in self.imap.folders.iter().skip(1).filter(|_| all).chain(self.imap.folders.first()) {
                    self.look(&mut mailbox, folder).await?;
                }
                self.healthy().await?;
                if self.can_idle && mailbox.can_idle {
                    let wait = poll.min(IDLE).min(others_due.saturating_duration_since(Instant::now()));
                    match mailbox.idle(wait.max(Duration::from_secs(1))).await {
                        Err(trouble) if trouble.kind == Kind::Answer => self.can_idle = false,
                        other => return other,
                    }
                }
                sleep(poll).await;
                Ok(())
            };
            if let Err(trouble) = result.await {
                if trouble.kind == Kind::Answer {
                    mailbox.close().await;
                }
                return trouble;
            }
        }
    }

    async fn healthy(&mut self) -> Result<(), Trouble> {
        self.failures = 0;
        if self.told.is_some_and(|told| told.elapsed() < HEALTHY) {
            return Ok(());
        }
        self.sink.healthy().await.map_err(|error| not_stored(&error))?;
        self.told = Some(Instant::now());
        let renewed = self.email.tokens.take_renewed(self.end.inbox).await;
        if !renewed.is_empty()
            && let Err(error) = self.sink.renewed(renewed).await
        {
            self.email.tokens.untake_renewed(self.end.inbox).await;
            return Err(not_stored(&error));
        }
        Ok(())
    }

    /// Fetches everything in a folder that is behind the cursor.
    async fn look(&mut self, mailbox: &mut Mailbox, folder: &str) -> Result<(), Trouble> {
        let state = mailbox.enter(folder, self.imap.after_fetch != AfterFetch::Leave).await?;
        let known = self.places.get(folder).copied();
        let place = match known {
            Some(place) if place.validity == state.validity => place,
            _ => self.begin(mailbox, folder, state, known).await?,
        };
        let (mut from, mut width) = (place.uid.saturating_add(1), WINDOW);
        let last = state.next.map(|next| next.saturating_sub(1));
        while last.is_none_or(|last| from <= last) {
            let to = last.map(|last| from.saturating_add(width - 1).min(last));
            let uids = mailbox.uids(from, to, None).await?;
            for some in uids.chunks(SIZES) {
                let sized = mailbox.sizes(some).await?;
                self.take(mailbox, folder, &sized).await?;
            }
            // Large gaps are crossed in growing steps.
            width = if uids.is_empty() { width.saturating_mul(2) } else { WINDOW };
            let Some(next) = to.and_then(|to| to.checked_add(1)) else { break };
            from = next;
        }
        Ok(())
    }

    /// Decides where a folder begins that we never saw, or whose UIDs have lost their meaning, and stores that.
    async fn begin(
        &mut self,
        mailbox: &mut Mailbox,
        folder: &str,
        state: Folder,
        known: Option<Place>,
    ) -> Result<Place, Trouble> {
        let now = (self.email.now)();
        let since = match known {
            // Servers date by days and their own clocks. What is fetched twice is recognised.
            Some(place) => Some(place.at.min(now) - 2 * DAY),
            None if self.imap.backfill_days > 0 => Some(now - Time::from(self.imap.backfill_days) * DAY),
            None => None,
        };
        let first = match since {
            Some(since) => mailbox.uids(1, None, Some(&day(since))).await?.first().copied(),
            None => None,
        };
        let end = match (first, state.next) {
            (Some(first), _) => first,
            (None, Some(next)) => next,
            (None, None) => mailbox.uids(1, None, None).await?.last().map_or(1, |last| last.saturating_add(1)),
        };
        let at = known.map_or(now, |place| place.at);
        let place = Place { validity: state.validity, uid: end.saturating_sub(1), at };
        tracing::info!(inbox = self.end.inbox, folder, uid = place.uid, "a folder is fetched from here on");
        self.store(folder, place, Vec::new()).await?;
        Ok(place)
    }

    async fn store(&mut self, folder: &str, place: Place, raw: Vec<Vec<u8>>) -> Result<(), Trouble> {
        let mut places = self.places.clone();
        places.insert(folder.to_owned(), place);
        let cursor = serde_json::to_value(&places).map_err(|error| not_stored(&error.into()))?;
        self.sink.store(raw, cursor).await.map_err(|error| not_stored(&error))?;
        self.places = places;
        Ok(())
    }

    /// Fetches messages of known sizes, a bounded batch at a time.
    async fn take(&mut self, mailbox: &mut Mailbox, folder: &str, sized: &[(u32, u32)]) -> Result<(), Trouble> {
        let mut rest = sized;
        while let Some((first, size)) = rest.first().copied() {
            let (slow_until, bad, tries) = self.careful.get(folder).copied().unwrap_or_default();
            let mut bytes = 0_u32;
            let fits = rest.iter().take(BATCH_MESSAGES).take_while(|(_, size)| {
                bytes = bytes.saturating_add(*size);
                bytes <= BATCH_BYTES && *size <= mailbox::PIECE
            });
            let count = if first <= slow_until { 1 } else { fits.count().max(1) };
            let (batch, later) = rest.split_at(count);
            let uids: Vec<u32> = batch.iter().map(|(uid, _)| *uid).collect();
            let last = uids.last().copied().unwrap_or(first);
            let (raw, whole) = if count == 1 && size > self.imap.max_bytes {
                let limit = self.imap.max_bytes / 1024 / 1024;
                let why = format!("is larger than the {limit} MB that this inbox takes");
                (vec![stub::note(&mailbox.header(first).await?, folder, size, &why)], false)
            } else if first == bad && tries >= TRIES {
                let header = mailbox.header(first).await.unwrap_or_default();
                (vec![stub::note(&header, folder, size, "could not be read from the mail server")], false)
            } else {
                match self.read(mailbox, &uids, size).await {
                    Ok(raw) => (raw, true),
                    Err(trouble) => {
                        let tries = if count > 1 {
                            0
                        } else if first == bad {
                            tries + 1
                        } else {
                            1
                        };
                        self.careful.insert(folder.to_owned(), (last.max(slow_until), first, tries));
                        return Err(trouble);
                    }
                }
            };
            let validity = self.places.get(folder).map_or(0, |place| place.validity);
            self.store(folder, Place { validity, uid: last, at: (self.email.now)() }, raw).await?;
            // A long backlog is progress too.
            self.healthy().await?;
            // What was not taken whole stays where it is, whatever the settings say.
            if whole {
                mailbox.after(&uids, &self.imap.after_fetch).await.map_err(|trouble| Trouble {
                    why: format!("mail was fetched, but not marked or moved on the server: {}", trouble.why),
                    ..trouble
                })?;
            }
            rest = later;
        }
        Ok(())
    }

    /// The bytes of some messages, or of a large one; those that have been deleted meanwhile are left out.
    async fn read(&self, mailbox: &mut Mailbox, uids: &[u32], size: u32) -> Result<Vec<Vec<u8>>, Trouble> {
        let found: Vec<(u32, Vec<u8>)> = match uids {
            [uid] if size > mailbox::PIECE => {
                let limit = self.imap.max_bytes.saturating_mul(2);
                mailbox.large(*uid, limit).await?.into_iter().map(|bytes| (*uid, bytes)).collect()
            }
            _ => mailbox.bodies(uids).await?,
        };
        for uid in uids.iter().filter(|uid| !found.iter().any(|(have, _)| have == *uid)) {
            if mailbox.uids(*uid, Some(*uid), None).await?.contains(uid) {
                return Err(Trouble::answer(format!(
                    "{}: message {uid} is listed but not given",
                    self.imap.server.host
                )));
            }
        }
        Ok(found.into_iter().map(|(_, bytes)| bytes).collect())
    }
}

fn not_stored(error: &base::Error) -> Trouble {
    Trouble::answer(format!("mail waits on the server because it cannot be stored here: {error}"))
}

/// A day as IMAP writes it: `1-Feb-2026`.
fn day(time: Time) -> String {
    let time = jiff::Timestamp::from_millisecond(time).unwrap_or_default();
    time.strftime("%-d-%b-%Y").to_string()
}

/// Says what is wrong with the connection, the sign-in and the folders.
pub async fn probe(email: &Email, end: &End, settings: &Settings) -> Vec<String> {
    let Some(imap) = &settings.imap else { return Vec::new() };
    let mut mailbox = match open(email, end, settings).await {
        Ok(mailbox) => mailbox,
        Err(trouble) => return vec![trouble.why],
    };
    let mut wrong = Vec::new();
    let target = if let AfterFetch::Move(folder) = &imap.after_fetch { Some(folder) } else { None };
    for folder in imap.folders.iter().chain(target) {
        if let Err(trouble) = mailbox.enter(folder, false).await {
            wrong.push(trouble.why);
        }
    }
    mailbox.close().await;
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_minutes_and_differ() {
        let pauses: Vec<u64> = (1..15).map(|n| pause(7, n, Kind::Connection).as_secs()).collect();
        assert!(pauses[0] <= 1 && pauses[4] > pauses[1] && pauses.iter().all(|p| *p <= 300));
        assert!(pause(7, 20, Kind::Connection) >= Duration::from_secs(290));
        assert_ne!(pause(7, 5, Kind::Connection), pause(8, 5, Kind::Connection));
        assert!(pause(7, 1, Kind::Login) >= Duration::from_secs(20));
    }

    #[test]
    fn days_are_written_as_imap_wants() {
        assert_eq!(day(1_770_000_000_000), "2-Feb-2026");
    }
}
