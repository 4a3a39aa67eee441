//! Our own format, for everybody who has none that we know: JSON, or a table with a line for each line of a history.

mod table;

use base::{Error, Result, Stamp};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::words;
use crate::carrier::{Carrier, Flaws, MOST_LINES, MOST_NEWS, News, Seen, Sent, Standing, Status, SubStatus};
use crate::carrier::{is_number, line, time};

#[derive(Debug)]
pub(super) struct Generic;

impl Carrier for Generic {
    fn name(&self) -> &'static str {
        "generic"
    }

    fn read(&self, sent: &Sent) -> Result<Vec<News>> {
        if sent.csv { table::read(sent) } else { json(sent) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sending {
    parcels: Vec<Parcel>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Parcel {
    carrier: Option<String>,
    number: String,
    expected_at: Option<String>,
    scans: Vec<Scan>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Scan {
    at: String,
    status: String,
    sub_status: Option<String>,
    text: Option<String>,
    place: Option<String>,
}

fn json(sent: &Sent) -> Result<Vec<News>> {
    let Sending { parcels } =
        serde_json::from_slice(sent.bytes).map_err(|error| Error::Malformed(error.to_string()))?;
    if parcels.len() > MOST_NEWS || parcels.iter().map(|parcel| parcel.scans.len()).sum::<usize>() > MOST_LINES {
        return Err(Error::invalid("parcels", format!("at most {MOST_NEWS} parcels with {MOST_LINES} scans at once")));
    }
    let mut flaws = Flaws::default();
    let mut all = Vec::with_capacity(parcels.len());
    for (place, parcel) in parcels.into_iter().enumerate() {
        let mut news = News { line: place + 1, ..News::default() };
        news.carrier = parcel.carrier.as_deref().and_then(line);
        news.number = number(&parcel.number, news.line, &mut flaws);
        news.expected_at = expected(parcel.expected_at.as_deref(), sent.zone, news.line, &mut flaws);
        if parcel.scans.is_empty() && news.expected_at.is_none() {
            flaws.add(news.line, "scans", "says nothing: give scans, or expected_at");
        }
        for scan in &parcel.scans {
            news.lines.extend(seen(scan, sent.zone, news.line, &mut flaws));
        }
        all.push(news);
    }
    flaws.none_or(all)
}

fn number(number: &str, at: usize, flaws: &mut Flaws) -> String {
    if !is_number(number) {
        flaws.add(at, "number", "must be a parcel's number: 4 to 50 letters and digits");
    }
    number.trim().to_owned()
}

fn expected(text: Option<&str>, zone: &TimeZone, at: usize, flaws: &mut Flaws) -> Option<Stamp> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let expected = time(text, zone);
    if expected.is_none() {
        flaws.add(at, "expected_at", "must be a time such as 2026-11-22T10:00:00Z, or a day");
    }
    expected.map(Stamp)
}

fn seen(scan: &Scan, zone: &TimeZone, at: usize, flaws: &mut Flaws) -> Option<Seen> {
    let when = time(&scan.at, zone);
    if when.is_none() {
        flaws.add(at, "at", "must be a time such as 2026-11-22T10:00:00Z");
    }
    let standing = standing(scan, at, flaws);
    Some(Seen {
        at: when?,
        standing: standing?,
        text: scan.text.as_deref().and_then(line),
        place: scan.place.as_deref().and_then(line),
    })
}

fn standing(scan: &Scan, at: usize, flaws: &mut Flaws) -> Option<Standing> {
    let Some(standing) = words::read(&scan.status, scan.text.as_deref()) else {
        let all = Status::ALL.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(", ");
        flaws.add(at, "status", format!("is none that is known here: use one of {all}"));
        return None;
    };
    let Some(word) = scan.sub_status.as_deref().map(str::trim).filter(|word| !word.is_empty()) else {
        return Some(standing);
    };
    match word.parse::<SubStatus>() {
        Ok(sub) if sub.status() == standing.status => Some(sub.into()),
        Ok(sub) => {
            flaws.add(at, "sub_status", format!("{sub} belongs to {}, not to {}", sub.status(), standing.status));
            None
        }
        Err(_) => {
            flaws.add(at, "sub_status", "is none that is known here");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::carrier::MOST_NEWS;

    fn read(bytes: &[u8]) -> Result<Vec<News>> {
        Generic.read(&Sent { bytes, csv: false, zone: &TimeZone::UTC })
    }

    #[test]
    fn parcels_are_read_with_their_history() {
        let sent = br#"{"parcels": [{"carrier": "PostNord SE", "number": "RR 123456785 SE", "expected_at": "2026-11-24",
            "scans": [
                {"at": "2026-11-20T10:30:00+01:00", "status": "in_transit", "sub_status": "departed", "place": "Malm\u00f6"},
                {"at": "2026-11-20T07:00:00Z", "status": "LABEL_PRINTED", "text": "Label\nprinted"}]}]}"#;
        let news = read(sent).unwrap();
        assert_eq!((news.len(), news[0].number.as_str()), (1, "RR 123456785 SE"));
        assert_eq!(news[0].lines[0].standing, SubStatus::Departed.into());
        assert_eq!(Stamp(news[0].lines[0].at).to_string(), "2026-11-20T09:30:00.000Z");
        assert_eq!(news[0].lines[1].text.as_deref(), Some("Label printed"));
        assert_eq!(news[0].expected_at.unwrap().to_string(), "2026-11-24T20:00:00.000Z");
    }

    #[test]
    fn what_is_wrong_is_told_by_parcel_and_nothing_is_read() {
        let sent = br#"{"parcels": [
            {"number": "1Z5R89390357567127", "scans": [{"at": "2026-11-20T07:00:00Z", "status": "delivered"}]},
            {"number": "x", "scans": [{"at": "now", "status": "zzz"}]},
            {"number": "1234", "scans": [{"at": "2026-11-20T07:00:00Z", "status": "delivered", "sub_status": "lost"}]},
            {"number": "1234"}]}"#;
        let Err(Error::Invalid(wrong)) = read(sent) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["line 2: number", "line 2: at", "line 2: status", "line 3: sub_status", "line 4: scans"]);
        for odd in [&b"{}"[..], b"[]", b"", b"{\"parcels\": [{\"nr\": 1}]}", b"\xff"] {
            assert!(matches!(read(odd), Err(Error::Malformed(_))), "{odd:?}");
        }
        let many = format!("{{\"parcels\": [{}{{}}]}}", "{},".repeat(MOST_NEWS));
        assert!(matches!(read(many.as_bytes()), Err(Error::Invalid(_))));
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_refused_and_never_worse(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for csv in [false, true] {
                let _ = Generic.read(&Sent { bytes: &bytes, csv, zone: &TimeZone::UTC });
            }
        }

        #[test]
        fn tables_that_are_nearly_right_are_read_or_refused(rows in "(number[,;]at[,;]status[,;]text\n)?([\"0-9a-zT:;,\n\r -]{0,60}\n){0,5}") {
            let _ = Generic.read(&Sent { bytes: rows.as_bytes(), csv: true, zone: &TimeZone::UTC });
        }
    }
}
