//! Our format as a table (RFC 4180, with commas or semicolons): the first line names the columns.

use base::{Error, Result};

use super::{Scan, expected, number, seen};
use crate::carrier::{Flaws, MOST_LINES, News, Sent, line, number_key};

const COLUMNS: [&str; 8] = ["number", "carrier", "at", "status", "sub_status", "text", "place", "expected_at"];
const NEEDED: [&str; 3] = ["number", "at", "status"];

/// A line of the table for each line of a history. Lines of one parcel become one.
pub(super) fn read(sent: &Sent) -> Result<Vec<News>> {
    let text = std::str::from_utf8(sent.bytes).map_err(|_| Error::Malformed("The table must be in UTF-8.".into()))?;
    // Lines are counted by their ends, and each of those once.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let mut flaws = Flaws::default();
    let columns = columns(table.headers().map_err(|error| unreadable(&error))?, &mut flaws);
    flaws.none_or(())?;
    let mut flaws = Flaws::default();
    let mut all: Vec<News> = Vec::new();
    for (row, record) in table.records().enumerate() {
        let record = record.map_err(|error| unreadable(&error))?;
        if row >= MOST_LINES {
            return Err(Error::invalid("table", format!("at most {MOST_LINES} lines at once")));
        }
        let at = record.position().map_or(row + 2, |place| usize::try_from(place.line()).unwrap_or(usize::MAX));
        if record.len() != columns.len() {
            flaws.add(at, "columns", format!("has {} of them, and the first line has {}", record.len(), columns.len()));
            continue;
        }
        let cell = |name: &str| {
            let place = columns.iter().position(|column| column == name)?;
            record.get(place).filter(|cell| !cell.trim().is_empty())
        };
        let owned = |name: &str| cell(name).map(str::to_owned);
        let number = number(cell("number").unwrap_or_default(), at, &mut flaws);
        let scan = Scan {
            at: owned("at").unwrap_or_default(),
            status: owned("status").unwrap_or_default(),
            sub_status: owned("sub_status"),
            text: owned("text"),
            place: owned("place"),
        };
        let lines = seen(&scan, sent.zone, at, &mut flaws);
        let expected_at = expected(cell("expected_at"), sent.zone, at, &mut flaws);
        let carrier = cell("carrier").and_then(line);
        match all.last_mut().filter(|last| number_key(&last.number) == number_key(&number)) {
            Some(last) => {
                last.lines.extend(lines);
                last.expected_at = expected_at.or(last.expected_at);
                last.carrier = last.carrier.take().or(carrier);
            }
            None => all.push(News { line: at, carrier, number, expected_at, lines: lines.into_iter().collect() }),
        }
    }
    flaws.none_or(all)
}

/// The columns' names as they are asked for.
fn columns(head: &csv::StringRecord, flaws: &mut Flaws) -> Vec<String> {
    let columns: Vec<_> = head.iter().map(|name| name.trim().to_lowercase()).collect();
    for (place, name) in columns.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) {
            let shown: String = name.chars().take(40).collect();
            flaws.add(1, "columns", format!("{shown} is none; there are {}", COLUMNS.join(", ")));
        } else if columns[..place].contains(name) {
            flaws.add(1, "columns", format!("{name} is there twice"));
        }
    }
    for name in NEEDED.iter().filter(|name| !columns.iter().any(|column| column == *name)) {
        flaws.add(1, "columns", format!("{name} is missing"));
    }
    columns
}

fn unreadable(error: &csv::Error) -> Error {
    Error::Malformed(error.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::carrier::{Status, SubStatus};

    fn read_text(text: &str) -> Result<Vec<News>> {
        read(&Sent { bytes: text.as_bytes(), csv: true, zone: &TimeZone::get("Europe/Oslo").unwrap() })
    }

    #[test]
    fn a_table_is_read_whatever_program_wrote_it() {
        let commas = "\u{feff}Number,at,status,text,carrier,expected_at\r\n\
            1Z5R89390357567127,2026-11-20T10:00,in_transit,\"Left the depot, Oslo\",UPS,\r\n\
            1Z5R89390357567127,2026-11-21T09:00,delivered,,,2026-11-21\r\n\
            RR123456785SE,2026-11-21T09:00,exception,Parcel damaged,,\r\n";
        let news = read_text(commas).unwrap();
        assert!(read_text(&commas.replace("depot, Oslo", "depot; Oslo").replace(",\"", ";\"")).is_err());
        assert_eq!(news.len(), 2);
        assert_eq!((news[0].lines.len(), news[0].carrier.as_deref()), (2, Some("UPS")));
        assert_eq!(news[0].lines[0].standing, SubStatus::Departed.into());
        assert_eq!(base::Stamp(news[0].lines[0].at).to_string(), "2026-11-20T09:00:00.000Z");
        assert_eq!((news[1].line, news[1].lines[0].standing), (4, SubStatus::Damaged.into()));
        let semicolons = "number;at;status\n1234;2026-11-20 10:00;delivered\n";
        assert_eq!(read_text(semicolons).unwrap()[0].lines[0].standing.status, Status::Delivered);
        assert_eq!(read_text("number,at,status\n").unwrap(), []);
    }

    #[test]
    fn a_table_with_wrong_columns_or_lines_is_told_by_line() {
        let fields = |text: &str| match read_text(text) {
            Err(Error::Invalid(wrong)) => {
                wrong.into_iter().map(|wrong| format!("{} {}", wrong.field, wrong.why)).collect()
            }
            other => vec![format!("{other:?}")],
        };
        let head = fields("nr,at,status,at\n");
        assert_eq!(head.len(), 3, "{head:?}");
        assert!(
            head[0].starts_with("line 1: columns nr is none") && head[1].ends_with("at is there twice"),
            "{head:?}"
        );
        let lines = fields("number,at,status\n1234,2026-11-20,delivered\n1234,yesterday,zzz\n1234\n");
        let places: Vec<_> = lines.iter().map(|line| &line[..line.find(' ').unwrap() + 3]).collect();
        assert_eq!(places, ["line 3:", "line 3:", "line 4:"], "{lines:?}");
        assert!(matches!(read_text(""), Err(Error::Invalid(_))));
    }
}
