//! Live: what happens, in every open desk as it happens. It is the event log again: a client says how far it has read,
//! gets what it missed, then follows. Beside it goes what no log needs: who is here, and who reads or writes where.

mod hub;
mod log;
mod names;
mod news;
mod presence;
mod socket;

use std::sync::Arc;

use axum::Extension;
use base::Feature;

use crate::{
    agents::{Permission, Who},
    event::Audience,
};

pub use hub::Hub;
pub use news::{Ear, News};

/// One per node: everything that listens to the log live listens to it.
pub fn hub() -> Arc<Hub> {
    Arc::new(Hub::new())
}

pub fn feature(hub: &Arc<Hub>) -> Feature {
    let feature = Feature::default().merge(log::feature()).merge(socket::feature()).merge(presence::feature());
    Feature { routes: feature.routes.layer(Extension(hub.clone())), ..feature }
}

/// What somebody may hear.
#[derive(Debug, Clone, Copy)]
struct Ears {
    manages: bool,
}

impl Ears {
    fn of(who: &Who) -> base::Result<Self> {
        if !who.can(Permission::TicketsRead) {
            who.may(Permission::EventsRead)?;
        }
        let manages = who.can(Permission::AgentsManage) || who.can(Permission::InboxesManage);
        Ok(Self { manages })
    }

    fn hear(self, audience: Audience) -> bool {
        match audience {
            Audience::Desk => true,
            Audience::Managers => self.manages,
        }
    }
}
