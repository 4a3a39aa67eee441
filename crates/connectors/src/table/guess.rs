//! What a file probably is, by its first rows: nobody has to tell what the file says by itself.

use std::collections::BTreeMap;

use base::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Dates, Decimals, Delimiter, Encoding, FieldKind, Holds, Plan,
    cells::{decimal, letters},
    fields::{fields, needed},
    file::Rows,
};

/// What somebody wants of a plan; the rest is guessed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TableWish")]
pub struct Wish {
    pub holds: Option<Holds>,
    /// Columns by the fields that they hold. Absent: by their names.
    pub columns: Option<BTreeMap<String, String>>,
    pub dates: Option<Dates>,
    pub decimals: Option<Decimals>,
    /// ISO 4217, where no column says it.
    pub currency: Option<String>,
    pub delimiter: Option<Delimiter>,
    pub encoding: Option<Encoding>,
}

/// Rows that are looked at.
const LOOKED_AT: usize = 200;
/// Bytes of a file's beginning that are enough for that.
pub const BEGINNING: usize = 1 << 20;

/// A plan for a file that begins so. `known` gives columns that were chosen before for a table of the same kind.
pub fn guess(
    start: &[u8],
    wish: &Wish,
    encoding: Encoding,
    zone: &str,
    known: impl Fn(Holds) -> Option<Plan>,
) -> Result<Plan> {
    let start = &start[..start.len().min(BEGINNING)];
    let encoding = wish.encoding.unwrap_or(encoding);
    let delimiter = wish.delimiter.map_or_else(|| delimiter(start), Ok)?;
    let mut rows = Rows::open(start, delimiter, encoding)?;
    let names = rows.columns.clone();
    let holds = wish.holds.unwrap_or_else(|| holds(&names));
    let before = known(holds);
    let columns = match &wish.columns {
        Some(columns) => columns.clone(),
        None => columns(holds, &names, before.as_ref()),
    };
    let mut samples: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for _ in 0..LOOKED_AT {
        if !rows.advance()? {
            break;
        }
        for (field, column) in &columns {
            let Some(place) = names.iter().position(|name| name == column) else { continue };
            samples.entry(field).or_default().extend(rows.text(place).filter(|text| !text.trim().is_empty()));
        }
    }
    let of_kind = |is_it: fn(&FieldKind) -> bool| {
        let wanted = fields(holds).iter().filter(move |field| is_it(&field.kind));
        wanted.filter_map(|field| samples.get(field.key)).flatten().map(String::as_str).collect::<Vec<_>>()
    };
    let amounts = of_kind(|kind| *kind == FieldKind::Money);
    let decimals = wish.decimals.or_else(|| decimals(&amounts));
    let dates = wish.dates.or_else(|| dates(&of_kind(|kind| *kind == FieldKind::Date)));
    let usual = if delimiter == Delimiter::Semicolon { Decimals::Comma } else { Decimals::Point };
    Ok(Plan {
        holds,
        dates: dates.or(before.as_ref().map(|plan| plan.dates)).unwrap_or(Dates::Iso),
        decimals: decimals
            .or(before.as_ref().map(|plan| plan.decimals))
            .unwrap_or_else(|| doubtful(&amounts).unwrap_or(usual)),
        currency: wish.currency.clone().or(before.and_then(|plan| plan.currency)),
        columns,
        zone: zone.to_owned(),
        delimiter,
        encoding,
    })
}

/// UTF-8 where what stands for letters beyond ASCII is mostly that: what is not is told by its line. Else what old programs
/// write.
pub fn encoding(bytes: &[u8]) -> Result<Encoding> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Error::invalid("file", "is in UTF-16; save it as CSV in UTF-8"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Error::invalid("file", "is a workbook; save it as CSV in UTF-8"));
    }
    let (mut letters, mut odd) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        odd += chunk.invalid().len();
    }
    Ok(if odd == 0 || letters > odd { Encoding::Utf8 } else { Encoding::Windows1252 })
}

/// The one that cuts the first line into most columns.
fn delimiter(start: &[u8]) -> Result<Delimiter> {
    let mut best = (0, Delimiter::Comma);
    for one in [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab] {
        let columns = Rows::open(start, one, Encoding::Utf8)?.columns.len();
        if columns > best.0 {
            best = (columns, one);
        }
    }
    Ok(best.1)
}

fn columns(holds: Holds, names: &[String], before: Option<&Plan>) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for field in fields(holds) {
        let chosen = before.and_then(|plan| plan.columns.get(field.key)).filter(|column| names.contains(column));
        let called = |wanted: &&str| names.iter().find(|name| letters(name) == **wanted);
        if let Some(column) = chosen.or_else(|| field.names.iter().find_map(called)) {
            columns.insert(field.key.to_owned(), column.clone());
        }
    }
    columns
}

/// What most of the columns speak of.
fn holds(names: &[String]) -> Holds {
    let score = |holds: &Holds| {
        let columns = columns(*holds, names, None);
        let whole = needed(*holds).iter().all(|any| any.iter().any(|field| columns.contains_key(*field)));
        // A column that several fields know is one column.
        let distinct: std::collections::BTreeSet<_> = columns.values().collect();
        // Parcels and people have few columns, and hardly any other table has all of those that they need.
        (whole, distinct.len() + if whole && *holds == Holds::Shipments { 3 } else { 0 })
    };
    Holds::ALL.iter().copied().max_by_key(score).unwrap_or(Holds::Orders)
}

/// None where the samples can be read both ways.
fn decimals(samples: &[&str]) -> Option<Decimals> {
    let readable = |decimals| samples.iter().filter(|text| decimal(text, decimals).is_some()).count();
    let parts = |point: char| samples.iter().filter(|text| parts_of_two(text, point)).count();
    let (point, comma) = (readable(Decimals::Point), readable(Decimals::Comma));
    let (points, commas) = (parts('.'), parts(','));
    match (point + points).cmp(&(comma + commas)) {
        std::cmp::Ordering::Greater => Some(Decimals::Point),
        std::cmp::Ordering::Less => Some(Decimals::Comma),
        std::cmp::Ordering::Equal => None,
    }
}

/// `1.250`, where nothing says whether that is one or a thousand: read as what it then cannot be, so that somebody is asked.
fn doubtful(samples: &[&str]) -> Option<Decimals> {
    let is_three = |text: &&str, point: char| {
        let parts = text.trim().split_once(point);
        parts.is_some_and(|(_, part)| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let any = |point: char| samples.iter().any(|text| is_three(text, point));
    match (any('.'), any(',')) {
        (true, _) => Some(Decimals::Point),
        (_, true) => Some(Decimals::Comma),
        _ => None,
    }
}

/// `12.50`: one or two digits at the end are no thousands.
fn parts_of_two(text: &str, point: char) -> bool {
    text.trim()
        .rsplit_once(point)
        .is_some_and(|(_, part)| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// None where the samples can be read both ways, or hold no day.
fn dates(samples: &[&str]) -> Option<Dates> {
    let mut slashes = false;
    for text in samples {
        let day = text.trim().split([' ', 'T', ',']).next().unwrap_or_default();
        let parts: Vec<&str> = day.split(['-', '.', '/']).collect();
        let [one, two, _] = parts.as_slice() else { continue };
        if one.len() == 4 {
            return Some(Dates::Iso);
        }
        if day.contains('.') || one.parse::<u32>().is_ok_and(|day| day > 12) {
            return Some(Dates::DayFirst);
        }
        if two.parse::<u32>().is_ok_and(|day| day > 12) {
            return Some(Dates::MonthFirst);
        }
        slashes = true;
    }
    slashes.then_some(Dates::DayFirst)
}
