//! The label and the packing slip of a return, for whoever has its address.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{App, Error, Result, web::Params};
use connectors::label::{Labels, Parcel};
use minijinja::context;

use super::{
    Query, look,
    progress::{named, sheet},
    shown,
};
use crate::{
    orders,
    returns::{State as Stands, destination, letters::item, lines_of},
};

pub(super) async fn pdf(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = make(&app, &path, &query, &headers).await;
    shown(&app, &query, &headers, made).await
}

async fn make(app: &App, path: &RawPathParams, query: &Query, headers: &HeaderMap) -> Result<Response> {
    let (_, found) = named(app, path).await?;
    // What was called off, or is here already, is not sent again.
    if found.method.is_none() || !matches!(found.state, Stands::Approved | Stands::LabelSent | Stands::InTransit) {
        return Err(Error::NotFound);
    }
    let sheet = sheet(app, &found, query, headers).await?;
    let order = orders::get(app.db(), found.order).await?.order;
    let lines = lines_of(app.db(), found.id).await?;
    let to = destination(&sheet.kept.policy, &lines).map(|one| one.lines.clone());
    let parcel = Parcel {
        number: found.number.clone(),
        from: match order.shipping_address.as_ref().filter(|_| found.proved) {
            Some(address) => sender(address, &sheet.words),
            None => vec![order.number.clone()],
        },
        to: to.unwrap_or_else(|| vec![sheet.shop.name.clone()]),
        from_word: sheet.words.say("label_from", &[]),
        to_word: sheet.words.say("label_to", &[]),
    };
    let label = app.part::<Labels>()?.usual()?.label(&found.number, &parcel).await?;
    let name = format!("inline; filename=\"{}.pdf\"", found.number);
    let kind = HeaderValue::from_static("application/pdf");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, label.pdf).into_response())
}

/// The address that it was sent to, as it stands on a label.
fn sender(address: &connectors::order::Address, words: &crate::returns::words::Words) -> Vec<String> {
    let place = format!("{} {}", address.postcode.as_deref().unwrap_or_default(), address.city);
    let lines = [
        address.name.clone(),
        address.company.clone(),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(place.trim().to_owned()),
        Some(words.country(&address.country)),
    ];
    lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect()
}

pub(super) async fn slip(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let (token, found) = named(&app, &path).await?;
        let sheet = sheet(&app, &found, &query, &headers).await?;
        let order = orders::get(app.db(), found.order).await?.order;
        let lines = lines_of(app.db(), found.id).await?;
        let reason = |id: &str| sheet.kept.policy.reason(id).map(|reason| sheet.words.reason(reason));
        let items: Vec<_> = lines
            .iter()
            .filter(|line| !line.offer.keep)
            .map(|line| context! { text => item(line), sku => &line.sku, reason => reason(&line.reason) })
            .collect();
        let about = context! {
            state => "slip",
            title => sheet.words.say("slip_title", &[("number", &found.number)]),
            lead => sheet.words.say("slip_lead", &[("order", &order.number)]),
            code => minijinja::Value::from_safe_string(connectors::label::qr_svg(&found.number)?),
            items,
            back => format!("/returns/r/{token}"),
        };
        look::page(&app, &sheet, &format!("/returns/r/{token}/slip"), about, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}
