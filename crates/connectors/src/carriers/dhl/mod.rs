//! DHL's "Shipment Tracking – Unified" (version 1.5), as its answer and as what it pushes.
//!
//! Five coarse codes hold for all of DHL. What else a line says differs between its companies: parcels in Germany have
//! codes of two letters, others have sentences. Times have no offset in most of them, and are those of the place.

use base::{Error, Result, Stamp};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::words;
use crate::carrier::{Carrier, Flaws, MOST_LINES, MOST_NEWS, News, Seen, Sent, Standing, Status, SubStatus};
use crate::carrier::{is_number, line, time};

#[derive(Debug)]
pub(super) struct Dhl;

#[derive(Deserialize)]
struct Answer {
    shipments: Vec<Shipment>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Shipment {
    id: Id,
    service: String,
    return_flag: Option<bool>,
    status: Option<Event>,
    estimated_time_of_delivery: Option<String>,
    estimated_delivery_time_frame: Option<Frame>,
    events: Vec<Event>,
}

/// A number in some of their examples.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(u64),
}

impl Default for Id {
    fn default() -> Self {
        Self::Number(0)
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Frame {
    estimated_through: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Event {
    timestamp: String,
    location: Option<Location>,
    status_code: String,
    status: Option<String>,
    status_detailed: Option<String>,
    description: Option<String>,
    remark: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Location {
    address: Option<Address>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Address {
    country_code: Option<String>,
    address_locality: Option<String>,
}

impl Carrier for Dhl {
    fn name(&self) -> &'static str {
        "dhl"
    }

    fn read(&self, sent: &Sent) -> Result<Vec<News>> {
        if sent.csv {
            return Err(Error::Unsupported("DHL's format is JSON.".into()));
        }
        let Answer { shipments } =
            serde_json::from_slice(sent.bytes).map_err(|error| Error::Malformed(error.to_string()))?;
        if shipments.len() > MOST_NEWS || shipments.iter().map(|one| one.events.len()).sum::<usize>() > MOST_LINES {
            return Err(Error::invalid("shipments", "there are too many at once"));
        }
        let mut flaws = Flaws::default();
        let all = shipments.iter().enumerate().map(|(place, one)| shipment(one, place + 1, sent.zone, &mut flaws));
        let all = all.collect();
        flaws.none_or(all)
    }
}

fn shipment(shipment: &Shipment, at: usize, zone: &TimeZone, flaws: &mut Flaws) -> News {
    let number = match &shipment.id {
        Id::Text(text) => text.trim().to_owned(),
        Id::Number(number) => number.to_string(),
    };
    if !is_number(&number) {
        flaws.add(at, "id", "is no parcel's number");
    }
    let frame = shipment.estimated_delivery_time_frame.as_ref().and_then(|frame| frame.estimated_through.as_deref());
    let expected = shipment.estimated_time_of_delivery.as_deref().or(frame);
    let mut news = News {
        line: at,
        carrier: Some(carrier(&shipment.service).to_owned()),
        number,
        // A day is written as its first minute, and ends in the evening.
        expected_at: expected.and_then(|text| time(text.trim_end_matches("T00:00:00"), zone)).map(Stamp),
        lines: Vec::new(),
    };
    let is_back = shipment.return_flag == Some(true);
    for event in &shipment.events {
        match seen(event, &shipment.service, zone) {
            Some(seen) => news.lines.push(seen),
            None => flaws.add(at, "events", "have one without a time that can be read"),
        }
    }
    if let Some(mut now) = shipment.status.as_ref().and_then(|status| seen(status, &shipment.service, zone)) {
        if is_back {
            // What arrived there arrived at the sender.
            let sub =
                if now.standing.status == Status::Delivered { SubStatus::BackAtSender } else { SubStatus::GoingBack };
            news.lines.retain(|line| line.at != now.at || line.standing.status != Status::Delivered);
            now.standing = sub.into();
        }
        // The last line of the history, once more.
        if !news.lines.iter().any(|line| line.at == now.at && line.standing.status == now.standing.status) {
            news.lines.push(now);
        }
    }
    news
}

fn carrier(service: &str) -> &'static str {
    match service {
        "express" => "DHL Express",
        "parcel-de" => "DHL Paket",
        "ecommerce" | "ecommerce-apac" | "ecommerce-europe" => "DHL eCommerce",
        "post-de" | "post-international" => "Deutsche Post",
        _ => "DHL",
    }
}

fn seen(event: &Event, service: &str, zone: &TimeZone) -> Option<Seen> {
    let texts = [&event.description, &event.remark, &event.status_detailed, &event.status];
    // Codes are no sentences.
    let text = texts.into_iter().flatten().find(|text| text.contains(' ')).or(event.description.as_ref());
    let address = event.location.as_ref().and_then(|location| location.address.as_ref());
    let place = address.and_then(|address| address.address_locality.as_ref().or(address.country_code.as_ref()));
    Some(Seen {
        at: time(&event.timestamp, zone)?,
        standing: standing(event, service, text.map(String::as_str)),
        text: text.and_then(|text| line(&without_marks(text))),
        place: place.and_then(|place| line(place)),
    })
}

/// Some sentences have links in them.
fn without_marks(text: &str) -> String {
    let mut open = false;
    let kept = text.chars().filter(|c| {
        open = *c == '<' || (open && *c != '>');
        !open && *c != '>'
    });
    kept.collect()
}

fn standing(event: &Event, service: &str, text: Option<&str>) -> Standing {
    let coarse = match event.status_code.as_str() {
        "pre-transit" => Status::InfoReceived,
        "transit" => Status::InTransit,
        "delivered" => Status::Delivered,
        "failure" => Status::Exception,
        _ => Status::Pending,
    };
    let code = event.status.as_deref().filter(|_| service == "parcel-de").and_then(german);
    let told = code.or_else(|| text.and_then(words::by_sentence));
    let Some(told) = told else { return coarse.into() };
    let may_say = match coarse {
        Status::Pending => true,
        // One step of the way is not told from another.
        Status::InTransit => matches!(
            told.status,
            Status::InTransit | Status::OutForDelivery | Status::AvailableForPickup | Status::Attempted
        ),
        Status::Exception => matches!(told.status, Status::Exception | Status::Attempted | Status::AvailableForPickup),
        same => told.status == same,
    };
    if may_say { told } else { coarse.into() }
}

/// The codes of parcels in Germany.
fn german(code: &str) -> Option<Standing> {
    Some(match code {
        "VA" => SubStatus::LabelMade.into(),
        "ES" | "AE" => SubStatus::HandedOver.into(),
        "AA" => SubStatus::Departed.into(),
        "EE" => SubStatus::Arrived.into(),
        "ZO" => SubStatus::AtCustoms.into(),
        "NB" => Status::InTransit.into(),
        "PO" => Status::OutForDelivery.into(),
        "LA" | "ZF" => Status::AvailableForPickup.into(),
        "ZN" => Status::Attempted.into(),
        "ZU" => Status::Delivered.into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXPRESS: &[u8] = include_bytes!("payloads/express.json");
    const GERMAN: &[u8] = include_bytes!("payloads/parcel-de.json");
    const RETURNED: &[u8] = include_bytes!("payloads/returned.json");

    fn read(bytes: &[u8]) -> Result<Vec<News>> {
        Dhl.read(&Sent { bytes, csv: false, zone: &TimeZone::get("Europe/Berlin").unwrap() })
    }

    fn standings(news: &News) -> Vec<String> {
        let word =
            |line: &Seen| format!("{} {}", line.standing.status, line.standing.sub.map_or("", SubStatus::as_str));
        news.lines.iter().map(|line| word(line).trim().to_owned()).collect()
    }

    #[test]
    fn an_express_parcel_is_read_with_its_sentences() {
        let news = read(EXPRESS).unwrap();
        assert_eq!((news[0].number.as_str(), news[0].carrier.as_deref()), ("8487135506", Some("DHL Express")));
        assert_eq!(
            standings(&news[0]),
            [
                "out_for_delivery",
                "in_transit arrived",
                "in_transit through_customs",
                "in_transit handed_over",
                "info_received label_made"
            ]
        );
        assert_eq!(news[0].expected_at.unwrap().to_string(), "2026-11-13T19:00:00.000Z", "the evening of the day");
        let first = &news[0].lines[0];
        assert_eq!(Stamp(first.at).to_string(), "2026-11-13T07:12:00.000Z", "a time of the place");
        assert_eq!(
            (first.text.as_deref(), first.place.as_deref()),
            (Some("Out for Delivery with courier"), Some("HAMBURG"))
        );
    }

    #[test]
    fn german_parcels_have_codes_of_two_letters() {
        let news = read(GERMAN).unwrap();
        assert_eq!(news[0].carrier.as_deref(), Some("DHL Paket"));
        assert_eq!(
            standings(&news[0]),
            [
                "info_received label_made",
                "in_transit handed_over",
                "out_for_delivery",
                "attempted",
                "available_for_pickup"
            ]
        );
        assert_eq!(news[0].lines[4].text.as_deref(), Some("Die Sendung liegt in der Filiale zur Abholung bereit."));
    }

    #[test]
    fn what_came_back_is_not_delivered() {
        let news = read(RETURNED).unwrap();
        assert_eq!(standings(&news[0]), ["attempted", "exception back_at_sender"]);
    }

    #[test]
    fn what_is_no_answer_of_theirs_is_refused() {
        for odd in [&b"{}"[..], b"[]", b"\xff\xfe", b"{\"shipments\": 1}"] {
            assert!(matches!(read(odd), Err(Error::Malformed(_))), "{odd:?}");
        }
        let odd = br#"{"shipments": [{"id": "a", "events": [{"statusCode": "transit", "timestamp": "soon"}]}]}"#;
        let Err(Error::Invalid(wrong)) = read(odd) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["line 1: id", "line 1: events"]);
        assert_eq!(without_marks("See <a href=\"x\">here</a> > now"), "See here  now");
    }

    proptest! {
        #[test]
        fn an_answer_with_a_byte_changed_is_read_or_refused(place in 0usize..4000, byte: u8) {
            for whole in [EXPRESS, GERMAN, RETURNED] {
                let mut bytes = whole.to_vec();
                let place = place % bytes.len();
                bytes[place] = byte;
                let _ = read(&bytes);
                let _ = read(&bytes[..place]);
            }
        }
    }
}
