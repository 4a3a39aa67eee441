//! What carriers say of parcels, in our words: a status in two levels, and a history.
//!
//! Nobody is asked for news here: they are pushed to us, by the shop's platform, by a call or as a file. A [`Carrier`]
//! turns one format of such news into ours, and never sees a parcel, a database or an agent.

use base::{Error, Result, Stamp, Time, Wrong};
use jiff::tz::TimeZone;

base::words!(
    /// Where a parcel stands.
    #[derive(Default)]
    Status {
        /// Nobody has said anything of it.
        #[default]
        Pending = "pending",
        /// The carrier knows that it will come, and does not have it yet.
        InfoReceived = "info_received",
        InTransit = "in_transit",
        OutForDelivery = "out_for_delivery",
        /// Brought, and taken away again.
        Attempted = "attempted",
        Delivered = "delivered",
        /// Somebody has to fetch it.
        AvailableForPickup = "available_for_pickup",
        /// Something is wrong, and does not right itself.
        Exception = "exception",
        /// The carrier has forgotten about it.
        Expired = "expired",
    }
);

base::words!(
    /// What it is in particular. Each belongs to one status: see [`SubStatus::status`].
    SubStatus {
        LabelMade = "label_made",
        HandedOver = "handed_over",
        Arrived = "arrived",
        Departed = "departed",
        AtCustoms = "at_customs",
        ThroughCustoms = "through_customs",
        NobodyHome = "nobody_home",
        NoAccess = "no_access",
        ToRecipient = "to_recipient",
        ToNeighbour = "to_neighbour",
        LeftSafely = "left_safely",
        InMailbox = "in_mailbox",
        Collected = "collected",
        AtShop = "at_shop",
        InLocker = "in_locker",
        Delayed = "delayed",
        AddressWrong = "address_wrong",
        HeldByCustoms = "held_by_customs",
        Damaged = "damaged",
        Lost = "lost",
        Refused = "refused",
        NotCollected = "not_collected",
        GoingBack = "going_back",
        BackAtSender = "back_at_sender",
        Cancelled = "cancelled",
    }
);

impl SubStatus {
    pub fn status(self) -> Status {
        match self {
            Self::LabelMade => Status::InfoReceived,
            Self::HandedOver | Self::Arrived | Self::Departed | Self::AtCustoms | Self::ThroughCustoms => {
                Status::InTransit
            }
            Self::NobodyHome | Self::NoAccess => Status::Attempted,
            Self::ToRecipient | Self::ToNeighbour | Self::LeftSafely | Self::InMailbox | Self::Collected => {
                Status::Delivered
            }
            Self::AtShop | Self::InLocker => Status::AvailableForPickup,
            Self::Delayed
            | Self::AddressWrong
            | Self::HeldByCustoms
            | Self::Damaged
            | Self::Lost
            | Self::Refused
            | Self::NotCollected
            | Self::GoingBack
            | Self::BackAtSender
            | Self::Cancelled => Status::Exception,
        }
    }
}

/// Both levels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub sub: Option<SubStatus>,
}

impl From<Status> for Standing {
    fn from(status: Status) -> Self {
        Self { status, sub: None }
    }
}

impl From<SubStatus> for Standing {
    fn from(sub: SubStatus) -> Self {
        Self { status: sub.status(), sub: Some(sub) }
    }
}

/// What is said of one parcel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// Where it stands in what was sent, from 1: a line, or a place in a list.
    pub line: usize,
    /// The carrier's name, as they write it.
    pub carrier: Option<String>,
    pub number: String,
    pub expected_at: Option<Stamp>,
    pub lines: Vec<Seen>,
}

/// One line of a parcel's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub at: Time,
    pub standing: Standing,
    pub text: Option<String>,
    pub place: Option<String>,
}

/// News as they were sent to us.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    pub bytes: &'a [u8],
    /// A table of lines; else JSON.
    pub csv: bool,
    /// Of times without one of their own.
    pub zone: &'a TimeZone,
}

/// A format in which news of parcels come.
pub trait Carrier: Send + Sync {
    /// The word for it in the API's address.
    fn name(&self) -> &'static str;
    /// What was sent, whole or not at all: `Invalid` says in which line what is wrong.
    fn read(&self, sent: &Sent) -> Result<Vec<News>>;
}

/// Parcels that are read of one sending, and lines of all their histories.
pub const MOST_NEWS: usize = 2_000;
pub const MOST_LINES: usize = 10_000;
/// Flaws that are told at once.
const MOST_FLAWS: usize = 100;
/// Characters of what is kept.
const NUMBER: usize = 50;
const TEXT: usize = 300;

/// What is wrong with a sending, line by line.
#[derive(Debug, Default)]
pub(crate) struct Flaws(Vec<Wrong>);

impl Flaws {
    pub fn add(&mut self, line: usize, field: &str, why: impl Into<String>) {
        if self.0.len() < MOST_FLAWS {
            self.0.push(Wrong { field: format!("line {line}: {field}"), why: why.into() });
        }
    }

    pub fn none_or<T>(self, read: T) -> Result<T> {
        if self.0.is_empty() { Ok(read) } else { Err(Error::Invalid(self.0)) }
    }
}

/// A parcel's number as it is compared and looked for: letters in upper case, and digits.
pub fn number_key(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether it can be a parcel's number.
pub(crate) fn is_number(number: &str) -> bool {
    number.chars().count() <= NUMBER && (4..=NUMBER).contains(&number_key(number).len())
}

/// One line of text of a bearable length; none where nothing is said.
pub fn line(text: &str) -> Option<String> {
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(4 * TEXT).collect::<String>();
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// A time as people and programs write it: with an offset, without one, or a day alone, which ends in the evening.
pub(crate) fn time(text: &str, zone: &TimeZone) -> Option<Time> {
    use jiff::civil::{Date, DateTime};
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    let at = if let Ok(at) = text.parse::<jiff::Timestamp>() {
        at
    } else if text.len() <= 10 {
        text.parse::<Date>().ok()?.at(20, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp()
    } else {
        text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok()?.timestamp()
    };
    // Nothing that anybody sends parcels by happened before 2000 or happens after 2100.
    (946_684_800..4_102_444_800).contains(&at.as_second()).then(|| at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text| time(text, &zone).map(|at| Stamp(at).to_string());
        let ten = Some("2026-11-20T09:30:00.000Z".to_owned());
        for text in ["2026-11-20T09:30:00Z", "2026-11-20T10:30:00+01:00", "2026-11-20T10:30", " 2026-11-20 10:30:00 "] {
            assert_eq!(at(text), ten, "{text}");
        }
        assert_eq!(at("2026-11-20"), Some("2026-11-20T19:00:00.000Z".to_owned()));
        for text in ["", "tomorrow", "20.11.2026", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z", "2026-13-01"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_texts_are_kept_within_bounds() {
        assert_eq!(number_key(" 1z 999-aa1 "), "1Z999AA1");
        assert!(is_number("JJD 0001") && !is_number("a-1") && !is_number("12ö4") && !is_number(&"7".repeat(51)));
        assert_eq!(line(" a\r\n\u{0} b ").as_deref(), Some("a b"));
        assert_eq!(line(" \u{7}\n"), None);
        assert_eq!(line(&"ß".repeat(5000)).map(|text| text.chars().count()), Some(TEXT));
    }
}
