//! What a channel is to the rest of the house: foreign bytes in, our words out, and back.
//!
//! A channel never sees a ticket, a database or an agent.

use std::{future::Future, pin::Pin, sync::Arc};

use base::{Result, Time};
use serde::{Deserialize, Serialize};

use crate::{form::Form, hours::Hours, setting::Setting};

pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a channel can do, so that no caller ever asks which channel it is.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Abilities {
    pub html: bool,
    pub attachments: bool,
    /// Bytes of text and files that one message carries, as they are before the channel wraps them.
    pub max_bytes: usize,
    /// Characters of text in one message; none where nobody counts them.
    pub max_text: Option<usize>,
    /// Files in one message.
    pub max_files: usize,
    /// Kinds of files that it carries (MIME types); empty where it carries any.
    pub file_types: &'static [&'static str],
    /// Messages have a subject line, and people can be in copy.
    pub subject: bool,
    pub copies: bool,
    /// The same person's next message belongs to their live ticket (chat), rather than starting one (mail).
    pub conversational: bool,
    /// Answers leave through it. Where not, they go through another inbox of the shop that reaches the same people.
    pub answers: bool,
    /// Milliseconds after the shopper's last message in which we may write; none means always.
    pub reply_within: Option<i64>,
}

/// A person or mailbox as the channel names it: `value` is the address, number or handle.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Party {
    pub name: Option<String>,
    pub value: String,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Safe to show and to store: no folders, no control characters, at most 200 characters.
    pub name: String,
    pub content_type: String,
    pub content_id: Option<String>,
    /// One of [`PICTURES`], and the message's HTML shows it where it names its `content_id`. Nothing else is: it would
    /// be seen nowhere.
    pub inline: bool,
    pub bytes: Vec<u8>,
}

/// Pictures that a browser draws without running anything.
pub const PICTURES: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A Content-ID as HTML names it behind `cid:` (RFC 2392), with nothing in it that could end the name.
pub fn cid(content_id: &str) -> String {
    let mut cid = String::with_capacity(content_id.len());
    for c in content_id.chars() {
        if c.is_ascii_whitespace() || "%\"'<>()&".contains(c) {
            cid.extend(["%", &format!("{:02X}", u32::from(c))]);
        } else {
            cid.push(c);
        }
    }
    cid
}

/// A file that came to the house's own door before its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// By which the house knows it; it counts only for whom it came from.
    pub id: i64,
    pub name: String,
}

/// A message from outside, before anyone decided which ticket it belongs to.
#[derive(Debug, Clone, Default)]
pub struct Inbound {
    /// Unique within the inbox; where the sender gave none, a hash of the raw bytes.
    pub external_id: String,
    /// The kind of identity that `from` and `to` are, in the words of PRODUCT.md: `email`, `phone`, …
    pub identity_kind: &'static str,
    pub from: Party,
    /// Where an answer should go when it is not `from`.
    pub reply_to: Option<Party>,
    pub to: Vec<Party>,
    pub cc: Vec<Party>,
    pub subject: Option<String>,
    /// What was newly said, without quotes and signature.
    pub text: String,
    pub quoted: String,
    pub signature: String,
    /// Sanitised; pictures of the message itself point to `cid:` and their [`cid`] still, remote pictures are held back.
    pub html: Option<String>,
    pub html_quoted: Option<String>,
    pub remote_images: i64,
    /// It is too long to be shown whole; only the raw message has all of it.
    pub cut: bool,
    pub attachments: Vec<File>,
    /// Files that the house has got already.
    pub uploads: Vec<Upload>,
    /// External ids of earlier messages that this one answers, nearest first.
    pub references: Vec<String>,
    /// The signed thread token that the sender's answer carried back, unchecked.
    pub token: Option<String>,
    /// When the sender says it was written.
    pub sent_at: Option<Time>,
    /// A machine wrote it; never answered automatically. Names the kind: `auto_reply`, `newsletter`, …
    pub automatic: Option<String>,
    /// It says that a message of ours did not arrive.
    pub bounce: Option<Bounce>,
    /// The receiving server vouches for the sender.
    pub verified: bool,
    /// What the receiving server found, for people to see, such as `{"spf": "pass", …}`.
    pub checks: serde_json::Value,
    /// It looks like spam: kept, but out of the way.
    pub spam: bool,
    /// BCP 47, where the message says or shows it.
    pub language: Option<String>,
}

impl Inbound {
    /// Without U+0000, which no database of ours keeps in a text and no person wrote.
    #[must_use]
    pub fn without_nul(mut self) -> Self {
        let clean = |text: &mut String| text.retain(|c| c != '\0');
        let Self { from, reply_to, to, cc, subject, html, html_quoted, references, token, language, .. } = &mut self;
        for party in std::iter::once(from).chain(reply_to).chain(to).chain(cc) {
            clean(&mut party.value);
            party.name.iter_mut().for_each(clean);
        }
        [subject, html, html_quoted, token, language].into_iter().flatten().chain(references).for_each(clean);
        [&mut self.external_id, &mut self.text, &mut self.quoted, &mut self.signature].into_iter().for_each(clean);
        for file in &mut self.attachments {
            clean(&mut file.name);
            file.content_id.iter_mut().for_each(clean);
        }
        if let Some(why) = self.bounce.as_mut().and_then(|bounce| bounce.why.as_mut()) {
            clean(why);
        }
        self
    }
}

/// A message of ours that was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    pub recipient: Option<String>,
    /// External id of the message that did not arrive, where the report names it.
    pub external_id: Option<String>,
    pub outcome: Outcome,
    /// And nothing sent to that address will.
    pub hard: bool,
    pub why: Option<String>,
}

/// What a report says became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It will not arrive any more.
    Failed,
    /// It may arrive yet.
    Delayed,
    /// It has arrived.
    Delivered,
}

/// A message of ours on its way out.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    pub from: Party,
    pub to: Vec<Party>,
    pub cc: Vec<Party>,
    pub bcc: Vec<Party>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<File>,
    /// External ids: the message answered, and the whole thread, oldest first.
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// The signed thread token; the channel puts it where an answer brings it back.
    pub token: Option<String>,
    /// No person wrote it (RFC 3834 and kin).
    pub automatic: bool,
    pub at: Time,
    /// What [`Channel::external_id`] named it at the first try; later ones keep it, whatever has changed since.
    pub external_id: Option<String>,
}

/// The channel took it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    pub external_id: String,
    /// Recipients who will not get it, while others do.
    pub refused: Vec<Undelivered>,
    /// It was handed over, but the answer was lost: it may or may not have been sent. Sending it again could
    /// send it twice, so that is for a person to decide. Says what happened.
    pub unsure: Option<String>,
    /// New secrets for the settings, as with [`Sink::renewed`].
    pub renewed: Vec<(String, String)>,
}

/// A recipient that was refused at once, and the reason in the server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub recipient: String,
    pub why: String,
}

/// The configured end of a channel that a connection is opened for. Secrets are in the clear here and only here.
#[derive(Debug, Clone)]
pub struct End {
    pub inbox: i64,
    pub name: String,
    pub address: String,
    /// As the channel's settings say, secrets filled in.
    pub settings: serde_json::Value,
}

/// Where a fetching channel has got to: opaque to everyone but the channel; stored by the caller
/// in the transaction that stores the messages.
pub type Cursor = serde_json::Value;

/// What a fetching channel hands over; the caller answers only when it is durable.
pub trait Sink: Send + Sync {
    /// Stores raw messages and the cursor after them in one transaction. Old ones again are harmless.
    fn store(&self, raw: Vec<Vec<u8>>, cursor: Cursor) -> Later<'_, ()>;
    /// The connection stands and is up to date (or was just looked at); clears an earlier failure.
    fn healthy(&self) -> Later<'_, ()>;
    /// The connection failed and will be tried again; `why` is for the shop's people.
    fn failed(&self, why: String) -> Later<'_, ()>;
    /// New secrets for the settings, such as a refreshed OAuth token: `(key, value)`.
    fn renewed(&self, secrets: Vec<(String, String)>) -> Later<'_, ()>;
}

pub trait Channel: Send + Sync {
    /// The word for it in the API and on screen, from PRODUCT.md.
    fn name(&self) -> &'static str;
    fn abilities(&self) -> Abilities;
    /// The kind of identity that people have on it, in the words of PRODUCT.md: `email`, `phone`, `handle`, …
    fn identity_kind(&self) -> &'static str;
    /// An inbox's own address as it is kept and compared; an error says what it must look like.
    fn check_address(&self, address: &str) -> Result<String>;
    /// Whether an inbox with these settings fetches by itself; one that does not is told. Secrets may be missing.
    fn fetches(&self, _settings: &serde_json::Value) -> bool {
        false
    }
    /// Messages a minute that may be sent with these settings, by all nodes together; none means as many as there
    /// are. Whoever sends keeps count. Secrets may be missing.
    fn pace(&self, _settings: &serde_json::Value) -> Option<u32> {
        None
    }
    fn settings(&self) -> Vec<Setting>;
    /// Checks settings, secrets filled in, before they are stored; an error names the field.
    fn check(&self, settings: &serde_json::Value) -> Result<()>;
    /// Turns raw bytes into messages. Pure: no network, no database.
    fn receive(&self, end: &End, raw: &[u8]) -> Result<Vec<Inbound>>;
    /// Fetches until the future is dropped, for channels that fetch; ends at once for those that are told.
    /// Reconnects by itself, with growing pauses, and says so through the sink.
    fn fetch<'a>(&'a self, _end: &'a End, _cursor: Cursor, _sink: Arc<dyn Sink>) -> Later<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    /// What the message will be known by, before it is sent: whatever comes back under it is recognised at once.
    /// Empty on a channel that learns it from the receiving server only.
    fn external_id(&self, end: &End, key: &str, message: &Outbound) -> String;
    /// `key` stays the same over every try, so that a second one is recognised.
    fn send<'a>(&'a self, end: &'a End, key: &'a str, message: &'a Outbound) -> Later<'a, Receipt>;
    /// Tries the connections and says in plain words what is wrong, one line each; empty means all is well.
    /// Where nothing outside the house is connected, the settings are all that can be wrong.
    fn probe<'a>(&'a self, end: &'a End) -> Later<'a, Vec<String>> {
        Box::pin(async move {
            Ok(match self.check(&end.settings) {
                Err(base::Error::Invalid(wrong)) => {
                    wrong.into_iter().map(|wrong| format!("{}: {}", wrong.field, wrong.why)).collect()
                }
                _ => Vec::new(),
            })
        })
    }
    /// How visitors come in where the far end is the house itself; none where it is somebody else's server.
    fn door(&self, _settings: &serde_json::Value) -> Option<Door> {
        None
    }

    /// The page on which strangers write, where the far end is one of the house itself.
    fn form(&self, _settings: &serde_json::Value) -> Option<Form> {
        None
    }

    /// Whoever writes types their own address, and nothing can prove that it is theirs.
    fn unproven(&self) -> bool {
        false
    }

    /// Whom a token of the shop's own server vouches for, on a channel with a door. `now` is the house's clock.
    fn vouched(&self, _end: &End, _token: &str, _now: Time) -> Result<Vouched> {
        Err(base::Error::Unauthorized("Nobody is vouched for on this channel.".into()))
    }
}

/// A person for whom the shop's own server has signed. At least one of account and email is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The token's own id: it counts once.
    pub once: String,
    /// Until when it would count.
    pub until: Time,
    /// The shop's own id for them.
    pub account: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub language: Option<String>,
}

/// The house's own door for visitors: they come with a session of ours, and what is sent to them waits for them here.
#[derive(Debug, Clone)]
pub struct Door {
    /// Sites whose pages may use it, as browsers name them: `https://fjellvik.example`.
    pub origins: Vec<String>,
    pub names: Names,
    /// Bytes of the largest file that a visitor may send; 0 where they may send none.
    pub file_bytes: usize,
    /// Conversations that an agent is given at once; 0 where nobody is given any.
    pub capacity: i64,
    /// Whether agents see what a visitor is typing before it is said. The shop has to tell its visitors so.
    pub typing_preview: bool,
    /// When somebody answers; none where nothing is said about it.
    pub hours: Option<Hours>,
    /// What visitors are asked before they write.
    pub questions: Vec<Question>,
    /// What a page needs to draw it, for everybody to see.
    pub look: serde_json::Value,
}

/// Something that visitors are asked before they write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// `name`, `email`, `topic` or `question`.
    pub key: &'static str,
    pub label: String,
    /// `text`, `email` or `choice`.
    pub kind: &'static str,
    pub choices: Vec<String>,
    pub required: bool,
}

/// How a shop shows its people to visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    First,
    Full,
    /// Only as the shop.
    Shop,
}

/// What a visitor said at the house's own door: the raw input of a channel that has one, as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Spoken {
    /// Their identity on the channel.
    pub visitor: String,
    /// The id that their page gave it; with the visitor it names the message.
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub files: Vec<Upload>,
    pub name: Option<String>,
    pub language: Option<String>,
    /// By our clock: theirs may be wrong.
    pub at: Time,
}
