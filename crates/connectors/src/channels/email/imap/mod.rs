//! Fetches mail by IMAP until told to stop: looks, stores, waits, and begins again after every failure.
//!
//! The cursor is `{host, user, places: {folder: {validity, uid, at}}}`. Only [`Sink::store`] moves it, together with the messages it covers.

mod login;
mod mailbox;
mod stub;
mod watch;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use base::Result;
use tokio::time::sleep;

use self::{login::Login, mailbox::Mailbox, watch::Watch};
use super::{
    Email,
    net::{Kind, Trouble},
    settings::{AfterFetch, Settings},
};
use crate::channel::{Cursor, End, Sink};

const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// Repeating a wrong password quickly gets accounts locked.
const LOGIN_PAUSE: Duration = Duration::from_secs(30);
/// Reads the settings' way of signing in, with a fresh token where it is OAuth.
async fn credentials(email: &Email, end: &End, settings: &Settings, stale: Option<&str>) -> Result<Login, Trouble> {
    let Some(imap) = &settings.imap else { return Err(Trouble::new("no IMAP server is set up")) };
    let user = imap.username.clone();
    match (&imap.password, &settings.oauth) {
        (None, Some(oauth)) => Ok(Login::Bearer { user, access: email.tokens.access(end.inbox, oauth, stale).await? }),
        (password, _) => Ok(Login::Password { user, password: password.clone().unwrap_or_default() }),
    }
}

/// Connects and signs in; an OAuth token that is not taken is renewed once.
async fn open(email: &Email, end: &End, settings: &Settings) -> Result<Mailbox, Trouble> {
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
    let mut watch = Watch::new(email, end, settings, imap, cursor, sink)?;
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
}
