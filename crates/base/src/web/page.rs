//! Keyset paging: `?limit=&after=` answers `{"data": […], "next": "…"}`. The cursor holds the sort values of the
//! last row, so a page costs the same however deep it lies.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// Give it as `after` to get what follows; null on the last page.
    pub next: Option<String>,
}

/// A list that is short by nature and comes whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listing<T> {
    pub data: Vec<T>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Rows a page, 1 to 200; 50 where absent.
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Paging {
    pub fn limit(&self) -> Result<i64> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=200 => Ok(limit),
            _ => Err(Error::invalid("limit", "must be between 1 and 200")),
        }
    }

    /// The values of [`cursor`], as many as the caller's sort order has.
    pub fn after(&self, values: usize) -> Result<Option<Vec<i64>>> {
        let Some(after) = &self.after else { return Ok(None) };
        let wrong = || Error::invalid("after", "must be the next of an earlier page of this list");
        let bytes = B64.decode(after).map_err(|_| wrong())?;
        let cursor: Vec<i64> = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        if cursor.len() == values { Ok(Some(cursor)) } else { Err(wrong()) }
    }
}

pub fn cursor(values: &[i64]) -> String {
    B64.encode(serde_json::to_vec(values).unwrap_or_default())
}

impl<T> Page<T> {
    /// `rows` were asked for with `limit + 1`: one more than shown says that there is a next page.
    pub fn new(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> Vec<i64>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let next = if rows.len() > limit {
            rows.truncate(limit);
            rows.last().map(|row| cursor(&key(row)))
        } else {
            None
        };
        Self { data: rows, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(f).collect(), next: self.next }
    }
}
