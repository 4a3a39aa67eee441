//! The whole way in real browsers, beside each shop system: an order is placed, its buyer asks where it is and is answered,
//! sends a piece back, the warehouse has it, and the shop gives the money back, once. The steps are told in
//! `web/desk/e2e/way.mjs`; here stand the servers and the shop.

use base::{Engine, Stamp};
use serde_json::{Value, json};

use crate::{
    browser::{Telling, run, teller},
    engines::Engines,
    platforms::{Medusa, Vendure},
    process::{Installation, Server},
    shops::{self, Bought, Shop},
    standins::{shopify, woocommerce},
};

#[test]
fn from_order_to_refund_in_a_browser_shopify() {
    run(async { story(Engine::Sqlite, shopify::Shop::open().await).await });
}

#[test]
fn from_order_to_refund_in_a_browser_woocommerce() {
    run(async { story(Engine::Postgres, woocommerce::Shop::open().await).await });
}

#[test]
fn from_order_to_refund_in_a_browser_medusa() {
    if is_asked_for() {
        run(async { story(Engine::Postgres, Medusa::start().unwrap()).await });
    }
}

#[test]
fn from_order_to_refund_in_a_browser_vendure() {
    if is_asked_for() {
        run(async { story(Engine::Sqlite, Vendure::start().unwrap()).await });
    }
}

/// Real shops take more time than all else together.
fn is_asked_for() -> bool {
    let asked = std::env::var("SHOPBELL_PLATFORMS").is_ok_and(|wish| wish == "1");
    if !asked {
        println!("skipped: SHOPBELL_PLATFORMS=1, or make test-platforms, runs the real shops");
    }
    asked
}

async fn story<S: Shop>(engine: Engine, shop: S) {
    let engines = Engines::start().unwrap();
    let mut installation = Installation::new(engine).await;
    installation.is_called = true;
    let server = installation.serve().await;
    installation.inbox(&server, &engines, "help@fjellvik.example").await;
    let mut servers = [server];
    let mut teller = teller("way.mjs", &servers, &engines, S::PLATFORM);
    teller.env("SHOP", json!({ "platform": S::PLATFORM, "settings": shop.settings() }).to_string());
    let mut telling = Telling::begin(teller);
    let mut bought = None;
    while let Some(wish) = telling.wish("shop: ") {
        let [server] = &mut servers;
        let answer = fulfil(&wish, &shop, &mut bought, &installation, server).await;
        telling.answer(&answer.to_string());
    }
    telling.end(&servers);
}

/// What the teller wishes to happen outside of the browser.
async fn fulfil(
    wish: &str,
    shop: &impl Shop,
    bought: &mut Option<Bought>,
    installation: &Installation,
    server: &mut Server,
) -> Value {
    let (what, about) = wish.split_once(' ').unwrap_or((wish, ""));
    if what == "sell" {
        let new = bought.insert(shop.sell(about).await);
        return json!({ "number": new.number, "buyer": new.buyer, "goods": new.goods, "price": new.price });
    }
    let order = bought.as_ref().expect("something was sold");
    match what {
        "ship" => json!(shop.ship(&order.id).await),
        "bring" => bring(installation, server, about).await,
        "tell" => {
            shop.tell().await;
            Value::Null
        }
        "lose" => json!(shop.lose()),
        "crash" => {
            installation.kill_and_restart(server).await;
            Value::Null
        }
        "refunds" => json!(shop.refunds(&order.id).await),
        _ => panic!("{wish}?"),
    }
}

/// The carrier says that a parcel was brought.
async fn bring(installation: &Installation, server: &Server, number: &str) -> Value {
    let news = json!({ "parcels": [{ "number": number, "scans": [
        { "at": Stamp(shops::now()), "status": "delivered", "sub_status": "to_recipient" } ] }] });
    let (status, told) = installation.client(server).post("/api/v1/carrier-news/generic", news).await;
    assert_eq!(status, 200, "{told}");
    told
}
