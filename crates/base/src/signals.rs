//! What nodes and tasks tell each other beside the database: that there is something to look at.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, watch};

/// The wake-up is not the message: it only says "look".
#[derive(Clone)]
pub(crate) struct Signals {
    pub events: Arc<watch::Sender<()>>,
    pub jobs: Arc<watch::Sender<()>>,
    pub whispers: broadcast::Sender<Whisper>,
}

/// What only an agent's own screens care for, such as that they have read something: told once after the commit, on
/// every node, and kept nowhere. Whoever does not listen at that moment never hears it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Whisper {
    /// The agent's id, or [`EVERYBODY`].
    pub to: i64,
    pub words: serde_json::Value,
}

/// Told to every agent's screens.
pub const EVERYBODY: i64 = 0;

/// Whispers that nobody has listened to yet; beyond it the oldest are lost.
pub(crate) const UNHEARD: usize = 256;

/// What the other nodes are told to look at. A wake-up that says nothing is about what only listeners care for, such as
/// who looks at what: it must not make every worker look for jobs.
pub(crate) const EVENTS: &str = "e";
pub(crate) const JOBS: &str = "j";
/// The channels of NOTIFY.
pub(crate) const LOOK: &str = "shopbell";
pub(crate) const WHISPERS: &str = "shopbell_whispers";

/// Wakes whoever waits, when it is dropped.
pub(crate) struct Bell {
    pub signals: Signals,
    pub events: bool,
    pub jobs: bool,
}

impl Drop for Bell {
    fn drop(&mut self) {
        if self.events {
            self.signals.events.send_replace(());
        }
        if self.jobs {
            self.signals.jobs.send_replace(());
        }
    }
}
