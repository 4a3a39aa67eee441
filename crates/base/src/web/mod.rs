//! What every HTTP handler shares: reading input with errors that name the field, paging, and the layers
//! around all routes (who calls, how often, from which page, with which idempotency key).

pub mod caller;
pub mod guard;
pub mod input;
pub mod limit;
pub mod line;
pub mod once;
pub mod page;
pub mod problem;

pub use caller::Caller;
pub use input::{Body, Id, Ids, Params, some};
pub use page::{Listing, Page, Paging};
pub use problem::{Created, Found, Gone};
