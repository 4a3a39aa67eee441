//! Config → App → features → routes, workers, listeners; and the command line, one file per command.

pub mod cli;
pub mod http;
pub mod node;
pub mod router;
