//! How a message about an order will look.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{App, Feature, Result, web::Body};

use super::{Kind, LETTER};
use crate::{
    agents::Who,
    shipments::look::{Look, Trial, look},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/order-updates/preview",
        post_with(preview, |op| op.summary("How a message about an order will look").description("Nothing is sent.")),
    );
    Feature { routes, ..Feature::default() }
}

async fn preview(who: Who, State(app): State<App>, Body(trial): Body<Trial<Kind>>) -> Result<Json<Look>> {
    look(&app, &who, &trial, LETTER).await.map(Json)
}
