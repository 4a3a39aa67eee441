//! The far end of a channel that is a page of the house itself: what it asks, and what was filled in.

use std::collections::BTreeMap;

use base::Time;
use serde::{Deserialize, Serialize};

use crate::{channel::Upload, hours::Hours};

/// The house's own page on which strangers write to the shop.
#[derive(Debug, Clone)]
pub struct Form {
    /// Sites whose pages may show it in a frame.
    pub origins: Vec<String>,
    /// `#1f4d3a`.
    pub colour: String,
    /// Bytes of the largest file; 0 where none is taken.
    pub file_bytes: usize,
    /// What to choose from in place of a subject of one's own.
    pub topics: Vec<String>,
    /// Whether an order number is asked for, and needed.
    pub order: Option<bool>,
    /// When somebody answers; none where nothing is said about it.
    pub hours: Option<Hours>,
    /// The line above the fields, by language.
    pub greeting: BTreeMap<String, String>,
}

/// What somebody has filled in: the raw input of a channel with a form, as JSON. The shop's own server may hand in the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filled {
    /// With which the form was handed out; it names the message.
    pub id: String,
    pub name: Option<String>,
    /// As typed: nobody has proven that it is theirs.
    pub email: String,
    pub subject: Option<String>,
    /// What else was asked, in the words in which it was, and the answers.
    #[serde(default)]
    pub facts: Vec<(String, String)>,
    pub text: String,
    #[serde(default)]
    pub files: Vec<Upload>,
    pub language: Option<String>,
    /// What the page saw that people hardly do, such as `trap`.
    #[serde(default)]
    pub signs: Vec<String>,
    pub at: Option<Time>,
}
