//! Tables (CSV) that other shop systems write, read in our words. A plan says which column holds what; what cannot be read
//! is told by line and column. Row by row: a file may be larger than the memory.

mod cells;
mod countries;
mod fields;
mod file;
mod gather;
mod guess;
mod orders;
mod others;

use std::{collections::BTreeMap, io::Read};

use base::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order::{Buyer, Order, Product, Shipment};

pub use cells::Value;
pub use fields::{Field, FieldKind, fields, needed};
pub use gather::{Cell, Row, Table, Thing};
pub use guess::{BEGINNING, Wish, encoding, guess};

/// Bytes of a file, its rows, the rows of one order or product, its columns.
pub const MOST_BYTES: usize = 50 << 20;
pub const MOST_ROWS: u64 = 1_000_000;
pub const MOST_LINES: usize = 500;
pub const MOST_COLUMNS: usize = 250;
/// Characters of one cell.
const LONGEST: usize = 5_000;
/// Bytes of all that is said of one order or product.
const LARGEST: usize = 512 << 10;

base::words!(
    /// What a table holds.
    Holds {
        Customers = "customers",
        Products = "products",
        /// One row per line of an order.
        Orders = "orders",
        Shipments = "shipments",
    }
);

base::words!(
    /// How a day is written. `2026-11-27` is always understood.
    Dates {
        /// `2026-11-27`
        Iso = "iso",
        /// `27.11.2026` or `27/11/2026`
        DayFirst = "day_first",
        /// `11/27/2026`
        MonthFirst = "month_first",
    }
);

base::words!(
    /// What stands between whole and part of a number.
    Decimals { Point = "point", Comma = "comma" }
);

base::words!(
    Delimiter { Comma = "comma", Semicolon = "semicolon", Tab = "tab" }
);

base::words!(
    Encoding { Utf8 = "utf-8", Windows1252 = "windows-1252" }
);

/// How a table is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TablePlan")]
pub struct Plan {
    pub holds: Holds,
    /// The columns by the fields that they hold.
    pub columns: BTreeMap<String, String>,
    pub dates: Dates,
    pub decimals: Decimals,
    /// ISO 4217, where no column says it.
    pub currency: Option<String>,
    /// Of the IANA database: in which the file's times are meant, where they do not say.
    pub zone: String,
    pub delimiter: Delimiter,
    pub encoding: Encoding,
}

base::words!(
    /// What is wrong with a cell, a row or a table.
    Flaw {
        /// No column is chosen for what is needed.
        Unmapped = "unmapped",
        /// The file has no such column.
        NoColumn = "no_column",
        /// The file holds no rows.
        Empty = "empty",
        /// More than 1,000,000.
        TooManyRows = "too_many_rows",
        /// The row has more or fewer cells than the first line.
        Width = "width",
        /// What is needed is not filled in.
        Missing = "missing",
        /// Letters of another encoding, or characters that no text has.
        Unreadable = "unreadable",
        TooLong = "too_long",
        Date = "date",
        Number = "number",
        /// No whole number from 0 to 1,000,000.
        Whole = "whole",
        /// Three digits behind the point: thousands, or parts?
        Thousands = "thousands",
        /// Smaller parts than the currency has.
        Parts = "parts",
        /// None of the words that are known there.
        Word = "word",
        YesNo = "yes_no",
        Email = "email",
        Link = "link",
        Country = "country",
        Currency = "currency",
        /// Another row of the same order or product says something else.
        Differs = "differs",
        /// The same order, product, customer or parcel stood further above already.
        Again = "again",
        /// More than 500 rows of one order or product.
        TooManyLines = "too_many_lines",
        /// All that is said of one order or product is more than half a megabyte.
        TooLarge = "too_large",
        /// More was given back than was paid.
        Refunded = "refunded",
        /// The store has no such order.
        UnknownOrder = "unknown_order",
    }
);

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TableFault")]
pub struct Fault {
    /// Of the file, as a text editor counts them.
    pub line: u64,
    /// As the file's first line calls it.
    pub column: Option<String>,
    pub field: Option<String>,
    pub flaw: Flaw,
    /// What stands there, cut short.
    pub value: Option<String>,
}

/// What some rows say together.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Buyer(Box<Buyer>),
    Product(Box<Product>),
    Order(Box<Order>),
    /// A parcel of an order that is called so.
    Parcel {
        order: String,
        shipment: Box<Shipment>,
    },
}

/// The names of a file's columns, as a plan names them: those without a name are called by their place, and the second of a
/// name is told from the first.
pub fn columns(source: impl Read, delimiter: Delimiter, encoding: Encoding) -> Result<Vec<String>> {
    Ok(file::Rows::open(source, delimiter, encoding)?.columns)
}

/// A text that people recognise, cut short.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests;
