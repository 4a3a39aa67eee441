//! The widget: what the browser of a shop's visitor calls from the shop's own pages. No cookie counts here; a visitor is
//! who shows the token of their visit, and only pages of the sites that the inbox names may ask.

mod crowd;
mod door;
mod files;
mod greet;
mod look;
mod page;
mod session;
mod socket;
mod talk;
mod usual;

use std::sync::Arc;

use axum::Extension;
use base::Feature;

use crate::live::Hub;
use crowd::Crowd;

pub use door::cross_origin;
pub use files::Rising;
pub use usual::Usual;

pub fn feature(hub: &Arc<Hub>) -> Feature {
    let feature = Feature::default()
        .merge(look::feature())
        .merge(session::feature())
        .merge(talk::feature())
        .merge(files::feature())
        .merge(page::feature())
        .merge(greet::feature())
        .merge(socket::feature());
    let crowd = Arc::new(Crowd::new(hub.clone()));
    let doors = feature.doors.layer(Extension(crowd)).layer(Extension(hub.clone()));
    Feature {
        doors: doors.layer(Extension(Arc::new(Usual::default()))).layer(Extension(Arc::new(Rising::default()))),
        ..feature
    }
}
