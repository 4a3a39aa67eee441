//! What the process says while it runs, on standard error. `RUST_LOG` narrows or widens it.

use std::io::IsTerminal;

use base::Config;
use tracing_subscriber::EnvFilter;

pub fn start(config: &Config, usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second call finds the first one's subscriber in place, which is as good.
    let _ = if config.log_format == "json" { logs.json().try_init() } else { logs.with_target(false).try_init() };
}
