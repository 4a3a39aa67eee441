//! A shopper sends something back by the portal, as a browser without script does: no account, every page once more if
//! they like, and by law where the shop would rather not.

use base::{DAY, HOUR};
use connectors::order::{Order, Product, Variant};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    client::Client,
    forms::PNG,
    harness::TestApp,
    mails,
    returns::{BUYER, bought, letters, policy, shown},
};

/// A page, and where it stands after all redirects.
pub struct Page {
    pub status: u16,
    pub path: String,
    pub html: String,
}

impl Page {
    async fn of(app: &TestApp, client: &Client, response: reqwest::Response, path: &str) -> Self {
        if let Some(next) = response.headers().get(header::LOCATION) {
            let next = next.to_str().unwrap().to_owned();
            let response = client.send(client.request(Method::GET, &next)).await;
            return Box::pin(Self::of(app, client, response, &next)).await;
        }
        let status = response.status().as_u16();
        let html = response.text().await.unwrap();
        Self {
            status,
            path: path.to_owned(),
            html: html.replace("&#x27;", "'").replace("&#x2f;", "/").replace("&amp;", "&"),
        }
    }

    pub async fn open(app: &TestApp, path: &str) -> Self {
        let client = app.nobody();
        let request = client.request(Method::GET, path).header(header::ACCEPT_LANGUAGE, "en");
        let response = client.send(request).await;
        Self::of(app, &client, response, path).await
    }

    /// Fills in the page's form and sends it.
    pub async fn send(&self, app: &TestApp, fields: &[(&str, &str)]) -> Self {
        let client = app.nobody();
        let written = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let pairs: Vec<_> =
            fields.iter().map(|(name, value)| format!("{}={}", written(name), written(value))).collect();
        let kind = "application/x-www-form-urlencoded";
        let request = client.request(Method::POST, &self.action()).header(header::CONTENT_TYPE, kind);
        let request = request.header(header::ORIGIN, app.url(""));
        let request = request.body(pairs.join("&"));
        let response = client.send(request).await;
        Self::of(app, &client, response, &self.path).await
    }

    /// As a browser sends a form with files.
    pub async fn send_parts(&self, app: &TestApp, fields: &[(&str, &str)], file: Option<&[u8]>) -> Self {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = "--b\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"photo.png\"\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.unwrap_or_default());
        body.extend_from_slice(b"\r\n--b--\r\n");
        let client = app.nobody();
        let request = client.request(Method::POST, &self.action());
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(body);
        let response = client.send(request).await;
        Self::of(app, &client, response, &self.path).await
    }

    fn action(&self) -> String {
        let rest = self.html.split_once("<form method=\"post\" action=\"").unwrap_or_else(|| panic!("{}", self.html)).1;
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        assert!(self.html.contains(text), "{text} is not on {}:\n{}", self.path, self.html);
    }
}

pub async fn found(app: &TestApp, number: &str, proof: &str) -> Page {
    Page::open(app, "/returns/1").await.send(app, &[("number", number), ("proof", proof)]).await
}

async fn returns(app: &TestApp) -> Vec<Value> {
    app.tick().await;
    app.get("/api/v1/returns").await.1["data"].as_array().unwrap().clone()
}

story!(a_shopper_sends_something_back_without_an_account, |app| async move {
    mails::inbox(&app).await;
    bought(&app, "FV-20390", |_| ()).await;
    policy(&app, |_| ()).await;
    let items = found(&app, "fv20390", "JO@post.example").await;
    items.says("Order FV-20390. You have until 25 March 2026.");
    items.says("Ull base layer");
    items.send(&app, &[]).await.says("Please choose at least one item.");
    let reasons = items.send(&app, &[("item1", "layer"), ("count1", "2")]).await;
    reasons.says("2 × <bdi>Ull base layer</bdi>");
    reasons.send_parts(&app, &[], None).await.says("Please choose a reason for each item.");
    let damaged = [("reason0", "damaged"), ("comment0", "A seam is <open>")];
    let without = reasons.send_parts(&app, &damaged, None).await;
    without.says("Please add a picture that shows what is wrong.");
    // The page itself carries on what was said; going on past it leads back.
    let past = Page {
        status: 200,
        path: without.path.clone(),
        html: without.html.replace("/returns/1/reasons?", "/returns/1/outcome?"),
    };
    let past = past.send(&app, &[("outcome", "refund")]).await.send(&app, &[("method", "qr")]).await;
    past.says("Something has changed meanwhile.");
    assert!(returns(&app).await.is_empty());
    reasons.send_parts(&app, &damaged, Some(b"%PDF-1.4")).await.says("Only pictures can be sent here");
    let outcome = reasons.send_parts(&app, &damaged, Some(PNG)).await;
    outcome.says("EUR 178.00");
    let send = outcome.send(&app, &[("outcome", "refund")]).await;
    send.says("You get EUR 178.00 back.");
    let done = send.send(&app, &[("method", "qr")]).await;
    done.says("All is ready for sending it back");
    done.says("Show the code where you hand the parcel in");
    done.says("<svg class=\"code\"");
    Page::open(&app, &format!("{}/slip", done.path)).await.says("2 × Ull base layer (M)");
    let again = send.send(&app, &[("method", "qr")]).await;
    assert_eq!(again.path, done.path, "sent twice, it is one return");
    assert_eq!(returns(&app).await.len(), 1);
    let id = returns(&app).await[0]["id"].as_i64().unwrap();
    let made = shown(&app, desk::returns::ReturnId(id)).await;
    assert_eq!((&made["state"], &made["method"]), (&json!("label_sent"), &json!("qr")));
    assert_eq!(
        (&made["lines"][0]["comment"], &made["lines"][0]["reason"]),
        (&json!("A seam is <open>"), &json!("damaged"))
    );
    assert_eq!(made["pictures"].as_array().unwrap().len(), 1, "{made}");
    let picture = format!("/api/v1/returns/{id}/pictures/{}", made["pictures"][0]["id"]);
    let owner = app.as_owner().await;
    let bytes = owner.send(owner.request(Method::GET, &picture)).await.bytes().await.unwrap();
    assert_eq!(&bytes[..], PNG);
    let nobody = app.nobody();
    assert_eq!(nobody.send(nobody.request(Method::GET, &picture)).await.status(), 401);
    let (_, upload) = owner.post_bytes("/api/v1/uploads?name=seam.png", "image/png", PNG.to_vec()).await;
    let pictures = format!("/api/v1/returns/{id}/pictures");
    let (status, whole) = owner.post(&pictures, json!({ "uploads": [upload["id"]] })).await;
    assert_eq!((status, &whole["pictures"][1]["from_warehouse"]), (200, &json!(true)), "{whole}");
    assert_eq!(owner.post(&pictures, json!({ "uploads": [upload["id"]] })).await.0, 422, "an upload is used once");
    // Back through the pages and sent once more, it is still one return, and what is under way cannot be chosen again.
    items.send(&app, &[("item1", "layer"), ("count1", "2")]).await;
    Page::open(&app, &items.path).await.says("Nothing of it is left to send back.");
    let kept = done.send(&app, &[]).await;
    kept.says("Called off: you keep it");
    assert_eq!(done.send(&app, &[]).await.status, 200, "called off twice");
    app.tick().await;
    let letters = letters(&app, &made).await;
    assert!(letters.iter().any(|letter| letter.contains("is called off")), "{letters:?}");
});

story!(whoever_guesses_learns_nothing, |app| async move {
    bought(&app, "FV-1", |_| ()).await;
    policy(&app, |_| ()).await;
    let wrong = found(&app, "FV-1", "somebody@else.example").await;
    let unknown = found(&app, "FV-2", BUYER).await;
    let without = |page: &Page| {
        page.html.replace("FV-1", "").replace("FV-2", "").replace("somebody@else.example", "").replace(BUYER, "")
    };
    assert_eq!((wrong.status, without(&wrong)), (unknown.status, without(&unknown)));
    found(&app, "FV-1", "20099").await.says("What would you like to send back?");
    let mut refused = false;
    for number in 0..16 {
        refused |= found(&app, "FV-1", &format!("{}", 10_000 + number)).await.status == 429;
    }
    assert!(refused, "a number is not tried for ever");
    // Whoever tries postcodes does not keep out the one who has the address.
    found(&app, "FV-1", BUYER).await.says("What would you like to send back?");
    app.clock.forward(HOUR);
    // A pass of ours, changed in one letter or old, opens nothing.
    let items = found(&app, "FV-1", BUYER).await;
    let (before, _) = items.path.rsplit_once('.').unwrap();
    let forged = Page::open(&app, &format!("{before}.{}", "0".repeat(64))).await;
    forged.says("This page was open for long.");
    app.clock.forward(5 * HOUR);
    Page::open(&app, &items.path).await.says("This page was open for long.");
    assert_eq!(Page::open(&app, "/returns/r/1.abc").await.status, 404);
    assert_eq!(Page::open(&app, "/returns/99").await.status, 404);
});

story!(an_exchange_is_for_what_can_be_had_and_costs_no_more, |app| async move {
    bought(&app, "FV-3", |_| ()).await;
    policy(&app, |policy| policy["rules"] = json!([{ "name": "More", "then": { "bonus": { "percent": 10 } } }])).await;
    let variant = |id: &str, title: &str, price, stock| Variant {
        id: id.into(),
        title: title.into(),
        price,
        currency: "EUR".into(),
        stock: Some(stock),
        ..Variant::default()
    };
    let product = Product {
        id: "p-jacket".into(),
        title: "Fjell jacket".into(),
        active: true,
        variants: vec![
            variant("v-l", "L", 21_900, 3),
            variant("v-xl", "XL", 23_900, 1),
            variant("v-s", "S", 21_900, 0),
            Variant { currency: "USD".into(), ..variant("v-usd", "US", 100, 9) },
        ],
        ..Product::default()
    };
    let sql = "INSERT INTO products (store, external, title, active, data, read_at) VALUES (1, 'p-jacket', 'Fjell jacket', TRUE, $1, 1)";
    app.app.db().run(sql, base::args![json!(product)]).await.unwrap();
    let items = found(&app, "FV-3", BUYER).await;
    let reasons = items.send(&app, &[("item0", "jacket")]).await;
    let outcome = reasons.send_parts(&app, &[("reason0", "too_small")], None).await;
    outcome.says("XL (EUR 20.00 more)");
    outcome.says("S (sold out)");
    outcome.says("EUR 240.90");
    outcome.send(&app, &[("outcome", "exchange")]).await.says("Please choose what you would like in exchange");
    outcome
        .send(&app, &[("outcome", "exchange"), ("wish-jacket", "v-none")])
        .await
        .says("Please choose what you would like in exchange");
    // Whatever an edited form sends.
    for (kind, why) in [
        ("v-xl", "This kind costs more than what you send back"),
        ("v-s", "This kind is sold out by now."),
        ("v-usd", "Please choose what you would like in exchange"),
    ] {
        outcome.send(&app, &[("outcome", "exchange"), ("wish-jacket", kind)]).await.says(why);
    }
    let send = outcome.send(&app, &[("outcome", "exchange"), ("wish-jacket", "v-l")]).await;
    send.says("1 × Fjell jacket (L)");
    // The last one goes while they read.
    let sells = async |stock: i64| {
        let mut product = product.clone();
        product.variants[0].stock = Some(stock);
        app.app.db().run("UPDATE products SET data = $1", base::args![json!(product)]).await.unwrap();
    };
    sells(0).await;
    send.send(&app, &[("method", "label")]).await.says("This kind is sold out by now.");
    assert!(returns(&app).await.is_empty());
    sells(1).await;
    let done = send.send(&app, &[("method", "label")]).await;
    done.says("You get what you chose in exchange.");
    done.says("1 × Fjell jacket (L)");
    let client = app.nobody();
    let label = client.send(client.request(Method::GET, &format!("{}/label.pdf", done.path))).await;
    assert_eq!(label.headers()[header::CONTENT_TYPE], "application/pdf");
    assert!(label.bytes().await.unwrap().starts_with(b"%PDF-"));
    let off = done.send(&app, &[]).await;
    off.says("Called off");
    assert!(!off.html.contains("You get") && !off.html.contains("None"), "it promises nothing: {}", off.html);
    let gone = client.send(client.request(Method::GET, &format!("{}/label.pdf", done.path))).await;
    assert_eq!(gone.status(), 404, "what was called off is not sent");
    let id = returns(&app).await[0]["id"].as_i64().unwrap();
    let made = shown(&app, desk::returns::ReturnId(id)).await;
    assert_eq!(made["lines"][0]["wished"], json!({ "product": "p-jacket", "variant": "v-l", "quantity": 1 }));
});

fn final_sale(order: &mut Order) {
    for line in &mut order.lines {
        line.final_sale = true;
    }
}

story!(by_law_they_withdraw_whatever_the_shop_says, |app| async move {
    mails::inbox(&app).await;
    bought(&app, "FV-4", final_sale).await;
    let never =
        json!([{ "name": "Never", "then": { "verdict": "reject", "words": { "en": "We take nothing back." } } }]);
    policy(&app, |policy| policy["rules"] = never).await;
    let start = Page::open(&app, "/returns/1/withdrawal").await;
    let items = start.send(&app, &[("number", "FV-4"), ("proof", BUYER)]).await;
    items.says("You can withdraw until 9 March 2026.");
    let confirm = items.send(&app, &[("item0", "jacket"), ("item1", "layer"), ("count1", "2")]).await;
    confirm.says("Confirm withdrawal");
    // What is for one kind of pages opens none of the other.
    let pass = confirm.path.split_once("pass=").unwrap().1;
    for page in ["items", "reasons", "outcome", "send"] {
        Page::open(&app, &format!("/returns/1/{page}?pass={pass}")).await.says("This page was open for long.");
    }
    let portal = found(&app, "FV-4", BUYER).await;
    let pass = portal.path.split_once("pass=").unwrap().1;
    for page in ["items", "confirm"] {
        let page = Page::open(&app, &format!("/returns/1/withdrawal/{page}?pass={pass}")).await;
        page.says("This page was open for long.");
    }
    assert!(returns(&app).await.is_empty(), "nothing is withdrawn before the second step");
    let done = confirm.send(&app, &[]).await;
    done.says("Your withdrawal reached us on 2 March 2026, 09:00 UTC.");
    done.says("You get EUR 397.00 back.");
    confirm.send(&app, &[]).await;
    assert_eq!(returns(&app).await.len(), 1, "sent twice, it is one withdrawal");
    let id = returns(&app).await[0]["id"].as_i64().unwrap();
    let made = shown(&app, desk::returns::ReturnId(id)).await;
    assert_eq!((&made["withdrawal"], &made["expires_at"]), (&json!(true), &Value::Null), "{made}");
    let letters = letters(&app, &made).await;
    let receipt = letters.iter().find(|letter| letter.contains("We have received your withdrawal")).unwrap();
    for words in
        ["On 2 March 2026, 09:00 UTC", "Johanna Brandt", "1 × Fjell jacket (M)", "2 × Ull base layer (M)", "FV-4"]
    {
        assert!(receipt.contains(words), "{words}: {receipt}");
    }
});

story!(the_law_has_its_limits_too, |app| async move {
    bought(&app, "FV-5", |order| {
        final_sale(order);
        order.lines[0].tags = vec!["Made-to-order".into()];
        order.lines[1].tags = vec!["sealed-hygiene".into()];
    })
    .await;
    bought(&app, "FV-6", |order| order.shipping_address.as_mut().unwrap().country = "GB".into()).await;
    policy(&app, |_| ()).await;
    let start = Page::open(&app, "/returns/1/withdrawal").await;
    let items = start.send(&app, &[("number", "FV-5"), ("proof", BUYER)]).await;
    items.says("Made to your wishes: the law makes an exception.");
    let done = items.send(&app, &[("item0", "jacket"), ("item1", "layer"), ("count1", "1")]).await;
    done.send(&app, &[]).await.says("Something has changed meanwhile.");
    let confirm = items.send(&app, &[("item1", "layer"), ("count1", "1")]).await;
    confirm.send(&app, &[]).await.says("We have your request");
    assert_eq!(returns(&app).await[0]["state"], "requested", "whether the seal is whole, a person has to see");
    let abroad = start.send(&app, &[("number", "FV-6"), ("proof", BUYER)]).await;
    abroad.says("By law there is nothing to withdraw from in this order any more.");
    app.clock.forward(8 * DAY);
    let start = Page::open(&app, "/returns/1/withdrawal").await;
    start.send(&app, &[("number", "FV-5"), ("proof", BUYER)]).await.says("The period for withdrawing is over.");
});

story!(pages_of_other_sites_send_nothing_in_a_shoppers_name, |app| async move {
    bought(&app, "FV-11", |_| ()).await;
    policy(&app, |_| ()).await;
    let client = app.nobody();
    let page = client.send(client.request(Method::GET, "/returns/1")).await;
    assert_eq!(page.headers()[header::REFERRER_POLICY], "same-origin", "or browsers hide where a form comes from");
    let form = |origin: &str| {
        let request = client.request(Method::POST, "/returns/1").header(header::ORIGIN, origin.to_owned());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        client.send(request.body(format!("number=FV-11&proof={BUYER}")))
    };
    assert_eq!(form("https://elsewhere.example").await.status(), 403);
    assert_eq!(form("null").await.status(), 403);
    assert_eq!(form(&app.url("")).await.status(), 303);
});

story!(the_policy_is_published_in_every_language, |app| async move {
    app.as_owner().await;
    assert_eq!(Page::open(&app, "/returns/1").await.status, 404, "a shop that says nothing takes nothing back here");
    policy(&app, |policy| policy["windows"][0]["days"] = json!(45)).await;
    Page::open(&app, "/returns/1/policy").await.says("within 45 days of delivery");
    for language in ["de", "fr", "es", "sv", "ar"] {
        let page = Page::open(&app, &format!("/returns/1/policy?lang={language}")).await;
        page.says("45");
        page.says(&format!("lang=\"{language}\""));
        assert!(page.html.len() < 30_000);
    }
});

story!(an_order_of_500_lines_is_withdrawn_from_as_a_whole, |app| async move {
    bought(&app, "FV-8", |order| {
        let line = |place: i64| connectors::order::Line {
            id: format!("gid://shopify/LineItem/{}", 14_870_112_305_217 + place * 32_768),
            title: format!("Peg {place}"),
            quantity: 2,
            shipped: 2,
            price: 100,
            total: 200,
            ..connectors::order::Line::default()
        };
        order.lines = (0..500).map(line).collect();
        order.totals.lines = 100_000;
        order.totals.shipping = 900;
        order.totals.total = 100_900;
        order.totals.paid = 100_900;
    })
    .await;
    policy(&app, |_| ()).await;
    let start = Page::open(&app, "/returns/1/withdrawal").await;
    let items = start.send(&app, &[("number", "FV-8"), ("proof", BUYER)]).await;
    let said: Vec<_> = (0..500)
        .flat_map(|place| {
            let line = format!("gid://shopify/LineItem/{}", 14_870_112_305_217_i64 + place * 32_768);
            [(format!("item{place}"), line), (format!("count{place}"), "2".to_owned())]
        })
        .collect();
    let said: Vec<_> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let confirm = items.send(&app, &said).await;
    confirm.says("Confirm withdrawal");
    assert!(confirm.path.len() < 7200, "{} characters", confirm.path.len());
    confirm.send(&app, &[]).await.says("You get EUR 1009.00 back.");
});

story!(a_link_that_was_passed_on_shows_nobodys_address, |app| async move {
    let order = bought(&app, "FV-11", |_| ()).await;
    policy(&app, |_| ()).await;
    let path = desk::returns::begin(&app.app, desk::shops::ShopId(1), order, "en").await.unwrap().unwrap();
    let items = Page::open(&app, &path).await;
    let reasons = items.send(&app, &[("item0", "jacket"), ("count0", "1")]).await;
    let outcome = reasons.send_parts(&app, &[("reason0", "too_small")], None).await;
    let send = outcome.send(&app, &[("outcome", "refund")]).await;
    let done = send.send(&app, &[("method", "label")]).await;
    let by_law = Page::open(&app, &send.path.replace("/returns/1/send", "/returns/1/withdrawal/confirm")).await;
    for page in [&items, &reasons, &outcome, &send, &done, &by_law] {
        assert!(!page.html.contains("Brandt") && !page.html.contains(BUYER), "{}", page.html);
    }
    let proved = async |of: &str| {
        let sql = "SELECT proved FROM returns WHERE number = $1";
        app.app.db().one(sql, base::args![of]).await.unwrap().bool("proved").unwrap()
    };
    assert!(!proved(returns(&app).await[0]["number"].as_str().unwrap()).await);
});

story!(nobody_is_promised_more_than_is_left_of_what_was_paid, |app| async move {
    bought(&app, "FV-12", |order| order.totals.refunded = 20_000).await;
    policy(&app, |_| ()).await;
    let items = found(&app, "FV-12", BUYER).await;
    let reasons = items.send(&app, &[("item0", "jacket"), ("count0", "1")]).await;
    let outcome = reasons.send_parts(&app, &[("reason0", "too_small")], None).await;
    outcome.says("EUR 197.00");
    assert!(!outcome.html.contains("EUR 219.00 back"), "{}", outcome.html);
});
