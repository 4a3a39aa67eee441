//! An order with its parcels, as its buyer sees them: where they are, what happened, what is in them, and what to do when
//! something is wrong.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base::{App, Error, Result, Time, args, web::Params};
use connectors::{
    carrier::Status,
    order::{Line, OrderState, Pieces},
};
use minijinja::context;
use serde::Serialize;

use super::{
    Asked, Site, change, of_token,
    page::{page, shown, value},
    words::Words,
};
use crate::{
    orders::Known,
    returns,
    shipments::{self, Scan, Shipment},
    wording,
};

/// Lines of a history, and of goods, that are shown.
const EVENTS: usize = 40;
const GOODS: usize = 60;

/// One parcel as the template reads it.
#[derive(Debug, Serialize)]
struct Parcel {
    place: usize,
    /// `good`, `bad` or `plain`: how what is said of it is meant.
    mood: &'static str,
    title: String,
    with: Option<String>,
    number: Option<String>,
    link: Option<String>,
    follow: String,
    /// What to do now, where that is up to the buyer.
    advice: Option<String>,
    stages: Vec<Stage>,
    events: Vec<Event>,
    goods: Vec<Goods>,
    more: usize,
    is_delivered: bool,
}

#[derive(Debug, Serialize)]
struct Stage {
    name: String,
    /// `on`, `now` or `todo`.
    state: &'static str,
    at: Option<String>,
}

#[derive(Debug, Serialize)]
struct Event {
    title: String,
    text: Option<String>,
    place: Option<String>,
    at: String,
}

#[derive(Debug, Serialize)]
struct Goods {
    title: String,
    variant: Option<String>,
    quantity: i64,
}

pub(super) fn token_of(path: &RawPathParams) -> Result<&str> {
    path.iter().next().map(|(_, token)| token).ok_or(Error::NotFound)
}

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let token = token_of(&path)?;
        let order = of_token(&app, token).await?;
        let site = Site::of_order(&app, &order, &asked, &headers).await?;
        whole(&app, &site, &order, token, &asked, None, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

pub(super) async fn whole(
    app: &App,
    site: &Site,
    order: &Known,
    token: &str,
    asked: &Asked,
    problem: Option<String>,
    status: StatusCode,
) -> Result<Response> {
    let (words, told) = (&site.words, &order.order);
    let mut parcels = Vec::new();
    let known = shipments::of_order(app.db(), order.id).await?;
    for (place, shipment) in known.into_iter().filter(|one| !one.cancelled).enumerate() {
        let history = shipments::history(app.db(), shipment.id).await?;
        parcels.push(parcel(site, order, &shipment, &history, place + 1));
    }
    let cancelled = told.state == OrderState::Cancelled;
    let nothing_sent = if cancelled { "cancelled_order" } else { "nothing_sent" };
    let title = match parcels.as_slice() {
        [one] => one.title.clone(),
        _ => words.say("order_title", &[("number", &told.number)]),
    };
    let total = wording::money(words.language, told.totals.total, &told.currency);
    let sent = asked.sent.as_deref().filter(|sent| sent.bytes().all(|byte| byte.is_ascii_digit()) && sent.len() < 20);
    let delivered = parcels.iter().any(|parcel| parcel.is_delivered);
    let returning = if delivered { returns::begin(app, site.shop, order.id, words.language).await? } else { None };
    let about = context! {
        state => "order",
        title,
        problem,
        sent,
        number => &told.number,
        placed => told.placed_at.map(|at| words.say("placed", &[("date", &words.day(at.0, &site.zone))])),
        nothing_sent => parcels.is_empty().then(|| words.say(nothing_sent, &[])),
        several => parcels.len() > 1,
        delivered,
        // Where nothing is sent yet, the whole order.
        goods => value(if parcels.is_empty() { all_goods(&told.lines) } else { Vec::new() })?,
        parcels => value(parcels)?,
        total,
        // Nobody knows whose it is: whoever asks says where the answer goes.
        unknown => order.customer.is_none(),
        question => site.order_href(token, "/question", ""),
        returns => returning,
        change => change::shown(app, site, order, token).await?,
        contact => contact(app, site, order).await?,
        languages => value(Words::others(|tag| format!("/track/{token}?lang={tag}")))?,
    };
    page(app, site, about, status).await
}

/// The shop's own contact form, with the order filled in.
async fn contact(app: &App, site: &Site, order: &Known) -> Result<Option<String>> {
    let sql = "SELECT id, channel, settings FROM inboxes WHERE shop = $1 AND active = TRUE ORDER BY id LIMIT 50";
    let channels = app.part::<connectors::Channels>()?;
    for row in app.db().all(sql, args![site.shop]).await? {
        if channels.get(&row.text("channel")?)?.form(&row.json("settings")?).is_some() {
            let (id, language, number) = (row.int("id")?, site.words.language, escaped(&order.order.number));
            return Ok(Some(format!("/forms/{id}?lang={language}&order={number}")));
        }
    }
    Ok(None)
}

/// As a part of an address.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().take(100).map(byte).collect()
}

fn parcel(site: &Site, order: &Known, shipment: &Shipment, history: &[Scan], place: usize) -> Parcel {
    let (words, standing) = (&site.words, shipment.standing);
    let day = |at: Time| words.day(at, &site.zone);
    let sub = standing.sub.map(|sub| words.say(&format!("sub_{sub}"), &[]));
    let status = words.say(&format!("status_{}", standing.status), &[]);
    let is_coming = matches!(standing.status, Status::InfoReceived | Status::InTransit | Status::OutForDelivery);
    let expected = shipment.expected_at.filter(|_| is_coming).map(|at| words.say("expected", &[("date", &day(at))]));
    let title = expected.or(sub.filter(|_| !is_coming)).unwrap_or(status);
    let called = shipment.carrier_called();
    let of_line = |pieces: &Pieces| {
        let line = order.order.lines.iter().find(|line| line.id == pieces.line)?;
        Some(Goods { quantity: pieces.quantity, ..good(line) })
    };
    let goods: Vec<_> = shipment.pieces.iter().filter_map(of_line).collect();
    let goods = if goods.is_empty() { all_goods(&order.order.lines) } else { goods };
    let advice = match standing.status {
        Status::AvailableForPickup => Some("advice_pickup"),
        Status::Attempted => Some("advice_attempted"),
        Status::Exception => Some("advice_exception"),
        _ => None,
    };
    Parcel {
        place,
        mood: match standing.status {
            Status::Delivered | Status::AvailableForPickup => "good",
            Status::Exception | Status::Attempted | Status::Expired => "bad",
            _ => "plain",
        },
        title,
        with: called.map(|carrier| words.say("with", &[("carrier", carrier)])),
        number: shipment.number.clone(),
        link: shipment.link(),
        follow: words.say("follow", &[("carrier", called.unwrap_or_default())]).trim().to_owned(),
        advice: advice.map(|key| words.say(key, &[])),
        stages: stages(site, order, shipment, history),
        events: history.iter().take(EVENTS).map(|scan| event(site, scan)).collect(),
        more: goods.len().saturating_sub(GOODS),
        goods: goods.into_iter().take(GOODS).collect(),
        is_delivered: standing.status == Status::Delivered,
    }
}

fn good(line: &Line) -> Goods {
    Goods { title: line.title.clone(), variant: line.variant_title.clone(), quantity: line.quantity }
}

fn all_goods(lines: &[Line]) -> Vec<Goods> {
    lines.iter().take(GOODS + 1).map(good).collect()
}

/// Ordered, packed, on its way, there.
fn stages(site: &Site, order: &Known, shipment: &Shipment, history: &[Scan]) -> Vec<Stage> {
    let words = &site.words;
    let reached = match shipment.standing.status {
        Status::Pending => 0,
        Status::InfoReceived => 1,
        Status::Delivered => 3,
        _ => 2,
    };
    let packed_at = shipment.shipped_at.or(Some(shipment.created_at));
    let moved = |scan: &&Scan| !matches!(scan.status, Status::Pending | Status::InfoReceived);
    let left_at = history.iter().filter(moved).map(|scan| scan.at.0).min().or(shipment.last_scan_at);
    let times = [order.order.placed_at.map(|at| at.0), packed_at, left_at, shipment.delivered_at];
    let names = ["stage_ordered", "stage_packed", "stage_way", "stage_there"];
    let stage = |(place, (name, at)): (usize, (&str, Option<Time>))| Stage {
        name: words.say(name, &[]),
        state: match place {
            _ if place == reached && reached < 3 => "now",
            _ if place <= reached => "on",
            _ => "todo",
        },
        at: at.filter(|_| place <= reached).map(|at| words.day(at, &site.zone)),
    };
    names.into_iter().zip(times).enumerate().map(stage).collect()
}

fn event(site: &Site, scan: &Scan) -> Event {
    let words = &site.words;
    let key = scan.sub_status.map_or_else(|| format!("status_{}", scan.status), |sub| format!("sub_{sub}"));
    let ours = words.say(&key, &[]);
    // Of what nobody understands, what was said.
    let unknown = scan.status == Status::Pending;
    Event {
        title: if unknown { scan.text.clone().unwrap_or(ours) } else { ours },
        text: scan.text.clone().filter(|_| !unknown),
        place: scan.place.clone(),
        at: words.moment(scan.at.0, &site.zone),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_number_stays_a_part_of_its_address() {
        assert_eq!(escaped("#1001&x=/ö"), "%231001%26x%3D%2F%C3%B6");
    }
}
