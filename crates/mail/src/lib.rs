//! Bytes ⇄ messages: MIME, threading, quotes, signatures, automatic mail, bounces.
//!
//! Pure: no files, no network, no clock. [`parse::parse`] reads what arrives, [`quote`] folds it, [`clean`] makes its
//! HTML safe to show, [`compose`] writes what leaves. Everything that comes from outside is bounded, and nothing
//! panics on it.

pub mod address;
mod attribution;
pub mod automatic;
pub mod bounce;
mod calendar;
pub mod clean;
pub mod compose;
mod evidence;
mod failure;
mod guard;
pub mod headers;
pub mod html;
pub mod list;
mod load;
pub mod parse;
pub mod part;
mod phrases;
pub mod public;
pub mod quote;
pub mod report;
mod rtf;
mod scan;
mod sender;
mod signature;
mod split;
mod style;
pub mod subject;
mod text;
pub mod thread;
mod tnef;
mod uuencode;
mod words;
