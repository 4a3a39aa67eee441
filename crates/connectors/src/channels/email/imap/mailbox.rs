//! One signed-in IMAP connection (RFC 3501, with IDLE, MOVE and UIDPLUS where offered).
//!
//! Commands go through [`Mailbox::run`] rather than the library's own methods, because those end silently when the
//! server answers NO or hangs up in the middle, and that would look like "no mail".

use std::time::Duration;

use async_imap::{
    Session,
    imap_proto::{AttributeValue, MailboxDatum, MessageSection, Response, ResponseCode, SectionPath, Status},
};
use base64::{Engine, alphabet, engine::GeneralPurpose, engine::general_purpose::NO_PAD};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    super::{
        net::{self, Server, Trouble, Wire, clean},
        settings::AfterFetch,
    },
    login::{self, Login},
};

/// The longest silence inside an answer.
pub const ANSWER: Duration = Duration::from_mins(1);
/// Larger messages come in pieces of this size, so that neither memory nor patience depends on theirs.
pub const PIECE: u32 = 1024 * 1024;

#[derive(Debug)]
pub struct Mailbox {
    session: Session<Box<dyn Wire>>,
    host: String,
    pub can_idle: bool,
    can_move: bool,
    can_expunge_one: bool,
}

/// What the server says on entering a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folder {
    pub validity: u32,
    /// The UID that the next message will get.
    pub next: Option<u32>,
}

impl Mailbox {
    pub async fn open(server: &Server, login: &Login) -> Result<Self, Trouble> {
        let client = login::connect(server).await?;
        let session = login::sign_in(server, client, login).await?;
        let host = server.host.clone();
        let mut mailbox = Self { session, host, can_idle: false, can_move: false, can_expunge_one: false };
        let mut words = Vec::new();
        mailbox
            .run("CAPABILITY", |response| {
                if let Response::Capabilities(found) = response {
                    words.extend(found.iter().map(|capability| format!("{capability:?}").to_uppercase()));
                }
            })
            .await?;
        let has = |word: &str| words.iter().any(|found| found.contains(&format!("(\"{word}\")")));
        (mailbox.can_idle, mailbox.can_move, mailbox.can_expunge_one) = (has("IDLE"), has("MOVE"), has("UIDPLUS"));
        Ok(mailbox)
    }

    /// Runs one command to its end and shows each line before it.
    async fn run(&mut self, command: &str, mut each: impl FnMut(&Response<'_>)) -> Result<(), Trouble> {
        let sent = timeout(ANSWER, self.session.run_command(command)).await;
        let id = sent.map_err(|_| self.silent())?.map_err(|error| self.broke(&error))?;
        loop {
            let done = self.read(Instant::now() + ANSWER, |response| match response {
                Response::Done { tag, status, outcome } if *tag == id => {
                    let said = clean(outcome.information.as_deref().unwrap_or_default());
                    Some(if *status == Status::Ok { Ok(()) } else { Err(said) })
                }
                other => {
                    each(other);
                    None
                }
            });
            if let Some(done) = done.await?.ok_or_else(|| self.silent())? {
                return done.map_err(|said| Trouble::answer(format!("{}: the server says: {said}", self.host)));
            }
        }
    }

    /// Takes in the next line of the server; none when `until` comes first.
    async fn read<R>(&mut self, until: Instant, take: impl FnOnce(&Response<'_>) -> R) -> Result<Option<R>, Trouble> {
        let data = match timeout_at(until, self.session.read_response()).await {
            Err(_) => return Ok(None),
            Ok(Ok(Some(data))) => data,
            Ok(Ok(None)) => return Err(Trouble::new(format!("{}: the server closed the connection", self.host))),
            Ok(Err(error)) => return Err(self.broke(&error.into())),
        };
        if let Response::Data { status: Status::Bye, outcome } = data.parsed() {
            let said = clean(outcome.information.as_deref().unwrap_or_default());
            return Err(Trouble::new(format!("{}: the server closed the connection: {said}", self.host)));
        }
        Ok(Some(take(data.parsed())))
    }

    fn silent(&self) -> Trouble {
        Trouble::new(format!("{}: the server stopped answering", self.host))
    }

    fn broke(&self, error: &async_imap::error::Error) -> Trouble {
        let words = clean(&error.to_string());
        Trouble::new(format!("{}: the connection broke: {words}", self.host))
    }

    /// Opens a folder; read-only, so that not even a flag can change, unless `writable`.
    pub async fn enter(&mut self, folder: &str, writable: bool) -> Result<Folder, Trouble> {
        let verb = if writable { "SELECT" } else { "EXAMINE" };
        let mut found = Folder::default();
        let result = self
            .run(&format!("{verb} {}", quote(folder)), |response| {
                if let Response::Data { outcome, .. } = response {
                    match outcome.code {
                        Some(ResponseCode::UidValidity(validity)) => found.validity = validity,
                        Some(ResponseCode::UidNext(next)) => found.next = Some(next),
                        _ => {}
                    }
                }
            })
            .await;
        result.map(|()| found).map_err(|trouble| match trouble.kind {
            net::Kind::Answer => Trouble::answer(format!("the folder {folder} cannot be opened: {}", trouble.why)),
            _ => trouble,
        })
    }

    /// UIDs from `from` up to and including `to` (none: the last there is) that arrived on or after the day `since`, ascending.
    pub async fn uids(&mut self, from: u32, to: Option<u32>, since: Option<&str>) -> Result<Vec<u32>, Trouble> {
        let end = to.map_or_else(|| "*".into(), |to| to.to_string());
        let since = since.map(|day| format!(" SINCE {day}")).unwrap_or_default();
        let mut found = Vec::new();
        self.run(&format!("UID SEARCH UID {from}:{end}{since}"), |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        // `7:*` names the last message even when its UID is 6.
        found.retain(|uid| *uid >= from);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// UID and size of each message that is still there, ascending.
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<(u32, u32)>, Trouble> {
        let mut found = Vec::new();
        self.run(&format!("UID FETCH {} (UID RFC822.SIZE)", set(uids)), |response| {
            if let Response::Fetch(_, attributes) = response {
                let uid = uid_of(attributes);
                let size =
                    attributes.iter().find_map(|a| if let AttributeValue::Rfc822Size(n) = a { Some(*n) } else { None });
                found.extend(uid.zip(size));
            }
        })
        .await?;
        found.retain(|(uid, _)| uids.contains(uid));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Whole messages by UID, as they are, marking nothing as read.
    pub async fn bodies(&mut self, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        let mut found: Vec<(u32, Vec<u8>)> = Vec::with_capacity(uids.len());
        self.run(&format!("UID FETCH {} (UID BODY.PEEK[])", set(uids)), |response| {
            if let Some((uid, bytes)) = section_of(response, false)
                && uids.contains(&uid)
            {
                found.push((uid, bytes.to_vec()));
            }
        })
        .await?;
        found.sort_unstable_by_key(|(uid, _)| *uid);
        found.dedup_by_key(|(uid, _)| *uid);
        Ok(found)
    }

    /// One large message, piece by piece; none when it is gone.
    pub async fn large(&mut self, uid: u32, size: u32, limit: u32) -> Result<Option<Vec<u8>>, Trouble> {
        let mut whole = Vec::with_capacity(size.min(limit) as usize);
        loop {
            let at = whole.len();
            let mut piece = None;
            self.run(&format!("UID FETCH {uid} (UID BODY.PEEK[]<{at}.{PIECE}>)"), |response| {
                if let Some((found, bytes)) = section_of(response, false)
                    && found == uid
                {
                    piece = Some(bytes.to_vec());
                }
            })
            .await?;
            let Some(piece) = piece else { return Ok(None) };
            whole.extend_from_slice(&piece);
            // The size that servers announce is not always true; a short piece is the only sure end.
            if piece.len() < PIECE as usize || whole.len() > limit as usize {
                return Ok(Some(whole));
            }
        }
    }

    /// The header of a message, at most 256 KB of it.
    pub async fn header(&mut self, uid: u32) -> Result<Vec<u8>, Trouble> {
        let mut header = Vec::new();
        self.run(&format!("UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.262144>)"), |response| {
            if let Some((found, bytes)) = section_of(response, true)
                && found == uid
            {
                header = bytes.to_vec();
            }
        })
        .await?;
        Ok(header)
    }

    /// Waits until the server has something new in the folder, at most for `upto`.
    pub async fn idle(&mut self, upto: Duration) -> Result<(), Trouble> {
        let sent = timeout(ANSWER, self.session.run_command("IDLE")).await;
        let id = sent.map_err(|_| self.silent())?.map_err(|error| self.broke(&error))?;
        let (begin, end) = (Instant::now() + ANSWER, Instant::now() + upto);
        let (mut idling, mut news) = (false, false);
        // News may come before the server says that it idles.
        while !(idling && news) {
            let over = self.read(if idling { end } else { begin }, |response| match response {
                Response::Continue(_) => {
                    idling = true;
                    false
                }
                Response::MailboxData(MailboxDatum::Exists(_)) => {
                    news = true;
                    false
                }
                Response::Done { tag, .. } => *tag == id,
                // "Still here", flags, expunges: no mail.
                _ => false,
            });
            match over.await? {
                Some(false) => {}
                Some(true) => return Err(Trouble::answer(format!("{}: IDLE was refused", self.host))),
                None if idling => break,
                None => return Err(self.silent()),
            }
        }
        let sent = timeout(ANSWER, self.session.run_command_untagged("DONE")).await;
        sent.map_err(|_| self.silent())?.map_err(|error| self.broke(&error))?;
        let end = Instant::now() + ANSWER;
        loop {
            let over = self.read(end, |response| matches!(response, Response::Done { tag, .. } if *tag == id)).await?;
            if over.ok_or_else(|| self.silent())? {
                return Ok(());
            }
        }
    }

    /// Does on the server what the settings say about messages that we hold now.
    pub async fn after(&mut self, uids: &[u32], what: &AfterFetch) -> Result<(), Trouble> {
        let uids = set(uids);
        match what {
            AfterFetch::Leave => Ok(()),
            AfterFetch::Seen => self.run(&format!("UID STORE {uids} +FLAGS.SILENT (\\Seen)"), |_| {}).await,
            AfterFetch::Delete => self.remove(&uids).await,
            AfterFetch::Move(folder) if self.can_move => {
                self.run(&format!("UID MOVE {uids} {}", quote(folder)), |_| {}).await
            }
            AfterFetch::Move(folder) => {
                self.run(&format!("UID COPY {uids} {}", quote(folder)), |_| {}).await?;
                self.remove(&uids).await
            }
        }
    }

    async fn remove(&mut self, uids: &str) -> Result<(), Trouble> {
        self.run(&format!("UID STORE {uids} +FLAGS.SILENT (\\Deleted)"), |_| {}).await?;
        // A bare EXPUNGE would also remove what other programs have marked; then the mark has to do.
        if self.can_expunge_one { self.run(&format!("UID EXPUNGE {uids}"), |_| {}).await } else { Ok(()) }
    }

    /// Says goodbye; nobody waits long for it.
    pub async fn close(mut self) {
        timeout(Duration::from_secs(2), self.session.run_command_and_check_ok("LOGOUT")).await.ok();
    }
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(*uid) } else { None })
}

/// UID and content of a FETCH answer that holds the header, or the whole message.
fn section_of<'a>(response: &'a Response<'_>, header: bool) -> Option<(u32, &'a [u8])> {
    let Response::Fetch(_, attributes) = response else { return None };
    let bytes = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data: Some(bytes), .. } if !header => Some(bytes.as_ref()),
        AttributeValue::BodySection {
            section: Some(SectionPath::Full(MessageSection::Header)),
            data: Some(bytes),
            ..
        } if header => Some(bytes.as_ref()),
        _ => None,
    });
    uid_of(attributes).zip(bytes)
}

/// A sequence set, neighbours joined: `3:5,9`. The UIDs ascend.
fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut rest = uids;
    while let Some(first) = rest.first() {
        let run =
            rest.iter().zip(u64::from(*first)..).take_while(|(uid, expected)| u64::from(**uid) == *expected).count();
        let last = rest[run - 1];
        let gap = if out.is_empty() { "" } else { "," };
        out += gap;
        out += &(if run == 1 { first.to_string() } else { [first.to_string(), last.to_string()].join(":") });
        rest = &rest[run..];
    }
    out
}

/// A folder name as IMAP carries it: modified UTF-7 (RFC 3501, section 5.1.3), quoted.
fn quote(folder: &str) -> String {
    const MUTF7: GeneralPurpose = GeneralPurpose::new(&alphabet::IMAP_MUTF7, NO_PAD);
    let mut out = String::from("\"");
    let mut wide = String::new();
    let flush = |wide: &mut String, out: &mut String| {
        if !wide.is_empty() {
            let bytes: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.extend(["&", &MUTF7.encode(bytes), "-"]);
            wide.clear();
        }
    };
    for c in folder.chars() {
        match c {
            ' '..='~' => {
                flush(&mut wide, &mut out);
                match c {
                    '&' => out += "&-",
                    '"' | '\\' => out.extend(['\\', c]),
                    _ => out.push(c),
                }
            }
            _ => wide.push(c),
        }
    }
    flush(&mut wide, &mut out);
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_travel_in_modified_utf7() {
        assert_eq!(quote("INBOX"), "\"INBOX\"");
        assert_eq!(quote("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
        assert_eq!(quote("A & \"B\"\r\n"), "\"A &- \\\"B\\\"&AA0ACg-\"");
    }

    #[test]
    fn neighbouring_uids_are_joined() {
        assert_eq!(set(&[3, 4, 5, 9, 11, 12]), "3:5,9,11:12");
        assert_eq!(set(&[u32::MAX - 1, u32::MAX]), "4294967294:4294967295");
    }
}
