//! From rows to things: rows of one order or product belong together and stand beneath each other.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
};

use base::{Result, Stamp};

use super::{
    Fault, Field, FieldKind, Flaw, Holds, LARGEST, MOST_LINES, MOST_ROWS, Plan, Value, What,
    cells::Reading,
    fields::{fields, keys, needed},
    file::Rows,
    orders, others, short,
};
use crate::money;

/// A cell as it was understood.
#[derive(Debug, Clone)]
pub struct Cell {
    pub field: &'static str,
    pub value: Value,
}

/// A row of the file as it was understood: cells without anything, and those that cannot be read, are not in it.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub line: u64,
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.cells.iter().find(|cell| cell.field == field).map(|cell| &cell.value)
    }

    pub fn text(&self, field: &str) -> Option<String> {
        match self.value(field) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    pub fn whole(&self, field: &str) -> Option<i64> {
        match self.value(field) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    fn key(&self, holds: Holds) -> Option<String> {
        let own = keys(holds).iter().find_map(|field| self.text(field))?;
        // A parcel is another with each number, though its order is the same.
        let more = if holds == Holds::Shipments { self.text("id").or_else(|| self.text("tracking")) } else { None };
        Some(match more {
            Some(more) => format!("{own}\n{more}"),
            None => own,
        })
    }
}

/// Some rows that say one thing together, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Thing {
    /// Where it begins.
    pub line: u64,
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
    /// None where something is wrong.
    pub what: Option<What>,
    /// Where the same thing stood before, if it did: neither is whole.
    pub again: Option<u64>,
    key: Option<String>,
    size: usize,
    count: u64,
}

/// A table that is being read. Things come one after the other; the next is read with each.
pub struct Table<R> {
    rows: Rows<R>,
    plan: Plan,
    reading: Reading,
    /// Which column of the file holds which field.
    places: Vec<(&'static Field, usize)>,
    /// Read already, and of another thing than those before.
    ahead: Option<Thing>,
    seen: HashMap<u64, u64>,
    count: u64,
    done: u64,
}

impl<R: Read> Table<R> {
    /// Opens it, with all that is wrong with the plan for such a file.
    pub fn open(source: R, plan: &Plan) -> Result<(Self, Vec<Fault>)> {
        let rows = Rows::open(source, plan.delimiter, plan.encoding)?;
        let mut faults = Vec::new();
        let mut places = Vec::new();
        let wrong = |flaw, field: &str, column: Option<&String>| Fault {
            line: 1,
            column: column.cloned(),
            field: Some(field.to_owned()),
            flaw,
            value: None,
        };
        for field in fields(plan.holds) {
            let Some(column) = plan.columns.get(field.key) else { continue };
            match rows.columns.iter().position(|name| name == column) {
                Some(place) => places.push((field, place)),
                None => faults.push(wrong(Flaw::NoColumn, field.key, Some(column))),
            }
        }
        let chosen = |key: &str| plan.columns.contains_key(key);
        for any in needed(plan.holds) {
            if !any.iter().any(|key| chosen(key)) {
                faults.push(wrong(Flaw::Unmapped, any[0], None));
            }
        }
        let has_money = fields(plan.holds).iter().any(|field| field.kind == FieldKind::Money && chosen(field.key));
        if has_money && plan.currency.is_none() && !chosen("currency") {
            faults.push(wrong(Flaw::Unmapped, "currency", None));
        }
        let reading = Reading::new(plan);
        let table =
            Self { rows, plan: plan.clone(), reading, places, ahead: None, seen: HashMap::new(), count: 0, done: 0 };
        Ok((table, faults))
    }

    /// The file's columns by name.
    pub fn columns(&self) -> &[String] {
        &self.rows.columns
    }

    /// Bytes of the file that were read.
    pub fn bytes(&self) -> u64 {
        self.rows.bytes()
    }

    /// Rows of things that [`Self::next_thing`] has given out.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Goes over as many rows without reading what they say; before the first thing only.
    pub fn skip(&mut self, rows: u64) -> Result<()> {
        while self.count < rows && self.rows.advance()? {
            self.count += 1;
        }
        self.done = self.count;
        Ok(())
    }

    /// The next thing; none at the end.
    pub fn next_thing(&mut self) -> Result<Option<Thing>> {
        let mut thing = self.ahead.take().unwrap_or_default();
        loop {
            if !self.rows.advance()? {
                break;
            }
            self.count += 1;
            let one = self.row();
            if self.count > MOST_ROWS {
                thing.faults.push(Fault {
                    line: one.line,
                    column: None,
                    field: None,
                    flaw: Flaw::TooManyRows,
                    value: None,
                });
                self.done = self.count;
                return Ok(Some(thing));
            }
            let grouped = matches!(self.plan.holds, Holds::Orders | Holds::Products);
            if thing.count == 0 {
                thing = one;
            } else if grouped && one.key.is_some() && one.key == thing.key {
                thing.join(one);
            } else {
                self.ahead = Some(one);
                break;
            }
        }
        if thing.count == 0 {
            return Ok(None);
        }
        self.done += thing.count;
        self.close(&mut thing);
        Ok(Some(thing))
    }

    /// The row that stands in [`Self::rows`], as the beginning of a thing.
    fn row(&mut self) -> Thing {
        let line = self.rows.line;
        let mut thing = Thing { line, count: 1, size: self.rows.record.as_slice().len(), ..Thing::default() };
        let mut row = Row { line, cells: Vec::with_capacity(self.places.len()) };
        let (has, wants) = (self.rows.record.len(), self.rows.columns.len());
        if has != wants {
            let value = Some(format!("{has}/{wants}"));
            thing.faults.push(Fault { line, column: None, field: None, flaw: Flaw::Width, value });
        }
        for (field, place) in &self.places {
            let read = match self.rows.text(*place) {
                Some(text) => self.reading.cell(&field.kind, &text).map_err(|flaw| (flaw, Some(short(&text)))),
                None => Err((Flaw::Unreadable, None)),
            };
            match read {
                Ok(Some(value)) => row.cells.push(Cell { field: field.key, value }),
                Ok(None) => {}
                Err((flaw, value)) => {
                    let column = Some(self.rows.columns[*place].clone());
                    thing.faults.push(Fault { line, column, field: Some(field.key.to_owned()), flaw, value });
                }
            }
        }
        thing.key = row.key(self.plan.holds);
        thing.rows.push(row);
        thing
    }

    /// All its rows are there: makes of them what they say.
    fn close(&mut self, thing: &mut Thing) {
        let mut said = Said { rows: &thing.rows, plan: &self.plan, faults: Vec::new(), currency: String::new() };
        if thing.size > LARGEST {
            said.fault(thing.line, "", Flaw::TooLarge, None);
        } else if thing.count > MOST_LINES as u64 {
            said.fault(thing.line, "", Flaw::TooManyLines, None);
        } else {
            said.check();
            let what = match self.plan.holds {
                Holds::Customers => others::buyer(&said),
                Holds::Products => others::product(&mut said),
                Holds::Orders => orders::order(&mut said),
                Holds::Shipments => others::parcel(&said),
            };
            thing.what = Some(what);
        }
        if let Some(key) = &thing.key {
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            match self.seen.entry(hasher.finish()) {
                Entry::Vacant(free) => drop(free.insert(thing.line)),
                Entry::Occupied(taken) => {
                    thing.again = Some(*taken.get());
                    let value = Some(short(&key.replace('\n', " ")));
                    said.fault(thing.line, keys(self.plan.holds)[0], Flaw::Again, value);
                }
            }
        }
        // What cannot be read is not missing.
        let unread =
            |fault: &Fault| thing.faults.iter().any(|one| (one.line, &one.field) == (fault.line, &fault.field));
        said.faults.retain(|fault| fault.flaw != Flaw::Missing || !unread(fault));
        thing.faults.append(&mut said.faults);
        if !thing.faults.is_empty() {
            thing.what = None;
        }
        let columns = &self.plan.columns;
        for fault in thing.faults.iter_mut().filter(|fault| fault.column.is_none()) {
            fault.column = fault.field.as_ref().and_then(|field| columns.get(field)).cloned();
        }
    }
}

impl Thing {
    fn join(&mut self, mut other: Self) {
        self.count += 1;
        self.size += other.size;
        // What is too much is counted, and not kept.
        if self.count <= MOST_LINES as u64 && self.size <= LARGEST {
            self.faults.append(&mut other.faults);
            self.rows.append(&mut other.rows);
        }
    }
}

/// What the rows of one thing say, for whoever makes something of it.
pub struct Said<'a> {
    pub rows: &'a [Row],
    pub plan: &'a Plan,
    pub faults: Vec<Fault>,
    /// Of all amounts in it.
    pub currency: String,
}

impl Said<'_> {
    pub fn fault(&mut self, line: u64, field: &str, flaw: Flaw, value: Option<String>) {
        let field = Some(field).filter(|field| !field.is_empty()).map(str::to_owned);
        self.faults.push(Fault { line, column: None, field, flaw, value });
    }

    /// What is said once of all rows.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.rows.iter().find_map(|row| row.value(field))
    }

    pub fn text(&self, field: &str) -> Option<String> {
        self.rows.iter().find_map(|row| row.text(field))
    }

    pub fn at(&self, field: &str) -> Option<Stamp> {
        self.value(field).and_then(|value| if let Value::At(at) = value { Some(*at) } else { None })
    }

    pub fn word(&self, field: &str) -> Option<&'static str> {
        self.value(field).and_then(|value| if let Value::Word(word) = value { Some(*word) } else { None })
    }

    pub fn flag(&self, field: &str) -> Option<bool> {
        self.value(field).and_then(|value| if let Value::Flag(flag) = value { Some(*flag) } else { None })
    }

    pub fn list(&self, field: &str) -> Vec<String> {
        self.value(field)
            .map_or_else(Vec::new, |value| if let Value::List(list) = value { list.clone() } else { vec![] })
    }

    /// An amount of a row in the currency's smallest unit.
    pub fn money_in(&mut self, row: &Row, field: &str) -> Option<i64> {
        let Some(Value::Decimal(decimal)) = row.value(field) else { return None };
        let digits = money::exponent(&self.currency)?;
        let part = decimal.split_once('.').map_or("", |(_, part)| part);
        if part.trim_end_matches('0').len() > digits as usize && part.len() != 3 {
            self.fault(row.line, field, Flaw::Parts, Some(decimal.clone()));
            return None;
        }
        if part.len() == 3 && digits != 3 {
            self.fault(row.line, field, Flaw::Thousands, Some(decimal.clone()));
            return None;
        }
        match money::minor(decimal, &self.currency) {
            Ok(amount) if amount.abs() < 1_000_000_000_000_000 => Some(amount),
            _ => {
                self.fault(row.line, field, Flaw::Number, Some(decimal.clone()));
                None
            }
        }
    }

    /// An amount that is said once of all rows; never below nothing.
    pub fn money(&mut self, field: &str) -> Option<i64> {
        let row = self.rows.iter().find(|row| row.value(field).is_some())?;
        self.money_in(row, field).map(i64::abs)
    }

    /// What every thing of this kind has to say, and that its rows agree.
    fn check(&mut self) {
        let said_once = fields(self.plan.holds).iter().filter(|field| !field.each);
        for field in said_once {
            let first = self.value(field.key).cloned();
            let other =
                self.rows.iter().find(|row| row.value(field.key).is_some_and(|said| first.as_ref() != Some(said)));
            if let Some((line, said)) = other.and_then(|row| Some((row.line, row.value(field.key)?.clone()))) {
                let value =
                    serde_json::to_value(said).ok().map(|said| short(said.as_str().unwrap_or(&said.to_string())));
                self.fault(line, field.key, Flaw::Differs, value);
            }
        }
        for any in needed(self.plan.holds) {
            let each = fields(self.plan.holds).iter().any(|field| field.key == any[0] && field.each);
            let without = |row: &Row| any.iter().all(|field| row.value(field).is_none());
            let missing: Vec<u64> = if each {
                self.rows.iter().filter(|row| without(row)).map(|row| row.line).collect()
            } else if self.rows.iter().all(without) {
                self.rows.first().map(|row| row.line).into_iter().collect()
            } else {
                Vec::new()
            };
            for line in missing {
                self.fault(line, any[0], Flaw::Missing, None);
            }
        }
        self.currency = self.text("currency").or_else(|| self.plan.currency.clone()).unwrap_or_default();
        let has_money = |row: &Row| row.cells.iter().any(|cell| matches!(cell.value, Value::Decimal(_)));
        if self.currency.is_empty() && self.rows.iter().any(has_money) {
            self.fault(self.rows.first().map_or(1, |row| row.line), "currency", Flaw::Missing, None);
        }
    }
}
