//! One connection to a mailbox, from sign-in to failure: which folders are looked at when, what is fetched in which
//! portions, and how a message that cannot be had is passed by.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use base::{Result, Time};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::{
    super::{
        Email,
        net::{Kind, Trouble},
        settings::{AfterFetch, Imap, Settings},
    },
    mailbox::{Folder, Mailbox, PIECE},
    open, stub,
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

/// The cursor: how far which mailbox has been fetched.
#[derive(Debug, Serialize, Deserialize)]
struct Reached {
    host: String,
    user: String,
    places: Places,
}

impl Reached {
    /// In another mailbox the UIDs mean other messages, even where the validity happens to be equal: what is left of
    /// the places is since when each folder is to be read there.
    fn read(cursor: Cursor, imap: &Imap) -> Result<Places> {
        if cursor.is_null() {
            return Ok(Places::new());
        }
        let mut reached: Self = serde_json::from_value(cursor)?;
        if reached.host != imap.server.host || reached.user != imap.username {
            reached.places.values_mut().for_each(|place| place.validity = 0);
        }
        Ok(reached.places)
    }
}

/// A batch that could not be fetched. When it fails again, its messages come one by one, to find the one that is bad.
#[derive(Debug, Clone, Copy, Default)]
struct Stumble {
    first: u32,
    tries: u32,
    one_by_one_until: u32,
}

impl Stumble {
    fn again(self, first: u32, last: u32) -> Self {
        let tries = if self.first == first { self.tries + 1 } else { 1 };
        if last > first && tries > 1 {
            return Self { first, tries: 0, one_by_one_until: last };
        }
        Self { first, tries, ..self }
    }
}

pub struct Watch<'a> {
    email: &'a Email,
    end: &'a End,
    settings: &'a Settings,
    imap: &'a Imap,
    pub sink: Arc<dyn Sink>,
    places: Places,
    /// Folders in which a batch broke the connection.
    stumbles: HashMap<String, Stumble>,
    pub failures: u32,
    /// Stores so far.
    stores: u64,
    /// When the sink last heard that all is well; none while it is not.
    pub told: Option<Instant>,
    can_idle: bool,
}

impl<'a> Watch<'a> {
    pub fn new(
        email: &'a Email,
        end: &'a End,
        settings: &'a Settings,
        imap: &'a Imap,
        cursor: Cursor,
        sink: Arc<dyn Sink>,
    ) -> Result<Self> {
        let places = Reached::read(cursor, imap)?;
        Ok(Self {
            email,
            end,
            settings,
            imap,
            sink,
            places,
            stumbles: HashMap::new(),
            failures: 0,
            stores: 0,
            told: None,
            can_idle: imap.idle,
        })
    }

    /// Keeps one connection until it fails, and says why it did.
    pub async fn stay(&mut self) -> Trouble {
        let mut mailbox = match open(self.email, self.end, self.settings).await {
            Ok(mailbox) => mailbox,
            Err(trouble) => return trouble,
        };
        let poll = Duration::from_secs(self.imap.poll_seconds);
        let mut others_due = Instant::now();
        let mut hurried = false;
        loop {
            let stores = self.stores;
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
                // Some servers report news whenever one begins to wait.
                if std::mem::take(&mut hurried) && self.stores == stores {
                    sleep(Duration::from_secs(1)).await;
                }
                if self.can_idle && mailbox.can_idle {
                    let begun = Instant::now();
                    let wait = poll.min(IDLE).min(others_due.saturating_duration_since(Instant::now()));
                    match mailbox.idle(wait.max(Duration::from_secs(1))).await {
                        Err(trouble) if trouble.kind == Kind::Answer => self.can_idle = false,
                        other => {
                            hurried = begun.elapsed() < Duration::from_millis(200);
                            return other;
                        }
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
            // UIDs only grow: a folder that counts lower than we did was put back from a backup.
            Some(place) if place.validity == state.validity && state.next.is_none_or(|next| next > place.uid) => place,
            _ => self.begin(mailbox, folder, state, known).await?,
        };
        let (mut from, mut width) = (place.uid.saturating_add(1), WINDOW);
        let last = state.next.map(|next| next.saturating_sub(1));
        while last.is_none_or(|last| from <= last) {
            let to = last.map(|last| from.saturating_add(width - 1).min(last));
            let uids = mailbox.uids(from, to, None).await?;
            for some in uids.chunks(SIZES) {
                let known = mailbox.sizes(some).await?;
                // A message without a size is tried all the same: it may be deleted by now, or damaged.
                let size = |uid: &u32| known.binary_search_by_key(uid, |(uid, _)| *uid).map_or(0, |at| known[at].1);
                let sized: Vec<_> = some.iter().map(|uid| (*uid, size(uid))).collect();
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
        let reached = Reached { host: self.imap.server.host.clone(), user: self.imap.username.clone(), places };
        let cursor = serde_json::to_value(&reached).map_err(|error| not_stored(&error.into()))?;
        self.sink.store(raw, cursor).await.map_err(|error| not_stored(&error))?;
        self.places = reached.places;
        self.stores += 1;
        Ok(())
    }

    /// Fetches messages of known sizes, a bounded batch at a time.
    async fn take(&mut self, mailbox: &mut Mailbox, folder: &str, sized: &[(u32, u32)]) -> Result<(), Trouble> {
        let mut rest = sized;
        while let Some((first, size)) = rest.first().copied() {
            let stumble = self.stumbles.get(folder).copied().unwrap_or_default();
            let mut bytes = 0_u32;
            let fits = rest.iter().take(BATCH_MESSAGES).take_while(|(_, size)| {
                bytes = bytes.saturating_add(*size);
                bytes <= BATCH_BYTES && *size <= PIECE
            });
            let count = if first <= stumble.one_by_one_until { 1 } else { fits.count().max(1) };
            let (batch, later) = rest.split_at(count);
            let uids: Vec<u32> = batch.iter().map(|(uid, _)| *uid).collect();
            let last = uids.last().copied().unwrap_or(first);
            let (raw, whole) = if count == 1 && size > self.imap.max_bytes {
                let limit = self.imap.max_bytes / 1024 / 1024;
                let why = format!("is larger than the {limit} MB that this inbox takes");
                (vec![stub::note(&mailbox.header(first).await?, folder, size, &why)], false)
            } else if first == stumble.first && stumble.tries >= TRIES {
                let header = mailbox.header(first).await.unwrap_or_default();
                (vec![stub::note(&header, folder, size, "could not be read from the mail server")], false)
            } else {
                match self.read(mailbox, &uids, size).await {
                    Ok(raw) => (raw, true),
                    Err(trouble) => {
                        self.stumbles.insert(folder.to_owned(), stumble.again(first, last));
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
            [uid] if size > PIECE => {
                let limit = self.imap.max_bytes.saturating_mul(2);
                mailbox.large(*uid, size, limit).await?.into_iter().map(|bytes| (*uid, bytes)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_in_their_own_mailbox_only() {
        let settings = |host: &str| {
            let imap = serde_json::json!({ "host": host, "username": "help", "password": "x" });
            Settings::read(&serde_json::json!({ "imap": imap })).unwrap().imap.unwrap()
        };
        let cursor = serde_json::json!({
            "host": "old.example", "user": "help", "places": { "INBOX": { "validity": 1, "uid": 7, "at": 5 } },
        });
        let validity = |host| Reached::read(cursor.clone(), &settings(host)).unwrap()["INBOX"].validity;
        assert_eq!((validity("old.example"), validity("new.example")), (1, 0));
    }

    #[test]
    fn a_bad_message_is_found_and_passed_by() {
        let once = Stumble::default().again(10, 59);
        assert_eq!((once.tries, once.one_by_one_until), (1, 0), "one broken connection is no reason to go slowly");
        let mut stumble = once.again(10, 59);
        assert_eq!(stumble.one_by_one_until, 59);
        for _ in 0..TRIES {
            stumble = stumble.again(17, 17);
        }
        assert!(stumble.first == 17 && stumble.tries >= TRIES && stumble.one_by_one_until == 59);
    }

    #[test]
    fn days_are_written_as_imap_wants() {
        assert_eq!(day(1_770_000_000_000), "2-Feb-2026");
    }
}
