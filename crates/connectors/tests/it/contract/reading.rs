//! Orders, products and customers are read whole, in parts, and found again.

use std::collections::{BTreeMap, BTreeSet};

use base::Error;
use connectors::{
    order::{Order, Payment},
    platform::{Batch, Kind, News, Wanted},
};

use super::{Driver, order};
use crate::standins::mood::{NewLine, NewOrder};

/// Reads on from a place to the end; waits as it is told to.
async fn read_on(shop: &dyn Driver, kind: Kind, since: Option<i64>, next: Option<String>) -> Vec<News> {
    let (platform, store) = (shop.platform(), shop.store());
    let (mut next, mut news) = (next.map(|text| serde_json::from_str(&text).unwrap()), Vec::new());
    loop {
        let batch = platform.read(&store, kind, since, next.as_ref()).await.unwrap();
        news.extend(batch.news);
        tokio::time::sleep(std::time::Duration::from_millis(batch.pause.unsigned_abs())).await;
        match batch.next {
            Some(place) => next = Some(place),
            None => return news,
        }
    }
}

fn orders(news: Vec<News>) -> Vec<Order> {
    let one = |news| match news {
        News::Order(order) => *order,
        other => panic!("{other:?} is no order"),
    };
    news.into_iter().map(one).collect()
}

/// All are read once, oldest change first, although the reader went away in the middle and came back with its place.
pub async fn is_read_in_parts(shop: &dyn Driver) {
    shop.generate(600);
    let (platform, store) = (shop.platform(), shop.store());
    let Batch { news, next, total, .. } = platform.read(&store, Kind::Orders, None, None).await.unwrap();
    assert_eq!(total, Some(600));
    let first = orders(news);
    let place = serde_json::to_string(&next.expect("there is more")).unwrap();
    // Meanwhile one that was read and one that was not are changed.
    let (read, last) = (first[0].id.clone(), orders(read_on(shop, Kind::Orders, None, Some(place.clone())).await));
    shop.touch(&read);
    let unread = last.last().unwrap().id.clone();
    shop.touch(&unread);
    let rest = orders(read_on(shop, Kind::Orders, None, Some(place)).await);
    let ids: BTreeSet<_> = first.iter().chain(&rest).map(|order| order.id.clone()).collect();
    assert_eq!(ids.len(), 600);
    assert!(rest.iter().any(|order| order.id == read), "what changed while we read comes again");
    assert!(rest.len() < 600, "what was read does not");
    let times: Vec<_> = rest.iter().map(|order| order.changed_at.unwrap()).collect();
    assert!(times.is_sorted(), "oldest change first");
    let since = order(shop, &read).await.changed_at.unwrap().0;
    let changed = orders(read_on(shop, Kind::Orders, Some(since), None).await);
    let mut changed: Vec<_> = changed.into_iter().map(|order| order.id).collect();
    changed.sort();
    let mut both = vec![read, unread];
    both.sort();
    assert_eq!(changed, both, "only what changed since");
}

/// Products with what is in stock, and customers.
pub async fn knows_goods_and_people(shop: &dyn Driver) {
    shop.account("Ingrid Solberg", "ingrid@mail.example");
    let products = read_on(shop, Kind::Products, None, None).await;
    let News::Product(product) = &products[0] else { panic!("{products:?}") };
    assert!(product.active && product.title == "Wool sweater" && product.picture.is_some(), "{product:?}");
    assert_eq!(product.variants.len(), 2);
    assert_eq!(product.variants[0].options, BTreeMap::from([("Size".into(), "M".into())]));
    assert_eq!((product.variants[0].price, product.variants[0].currency.as_str()), (4900, "EUR"));
    assert_eq!(product.variants[0].stock, Some(7));
    let now = shop.platform().product(&shop.store(), &product.id).await.unwrap().unwrap();
    assert_eq!(now, **product);
    let people = read_on(shop, Kind::Customers, None, None).await;
    let News::Buyer(buyer) = &people[0] else { panic!("{people:?}") };
    assert_eq!(buyer.email.as_deref(), Some("ingrid@mail.example"));
    assert_eq!(buyer.name.as_deref(), Some("Ingrid Solberg"));
    assert!(buyer.id.is_some());
    shop.delete_product(1);
    assert_eq!(shop.platform().product(&shop.store(), &product.id).await.unwrap(), None);
}

/// By its number as people write it, by who bought, and not by what is like it.
pub async fn is_found(shop: &dyn Driver) {
    let account = shop.account("Ingrid Solberg", "ingrid@mail.example");
    let mut new = NewOrder::by("ingrid@mail.example").with("Wool sweater", 1, 4900);
    new.account = Some(account);
    let first = shop.place(&new);
    let guest = shop.place(&NewOrder::by("guest@mail.example").with("Rain jacket", 2, 8900));
    let second = shop.place(&new);
    let (platform, store) = (shop.platform(), shop.store());
    let known = order(shop, &first).await;
    for number in [
        known.number.clone(),
        known.number.trim_start_matches('#').into(),
        format!("#{}", known.number.trim_start_matches('#')),
    ] {
        let found = platform.by_number(&store, &number).await.unwrap();
        assert_eq!(found.iter().map(|order| &order.id).collect::<Vec<_>>(), [&first], "{number}");
    }
    for odd in ["", "#", "99999999", "\" OR email:guest@mail.example", "1"] {
        assert!(platform.by_number(&store, odd).await.unwrap().is_empty(), "{odd}");
    }
    let wanted = |buyers: &[&str], emails: &[&str]| Wanted {
        buyers: buyers.iter().map(|id| (*id).into()).collect(),
        emails: emails.iter().map(|email| (*email).into()).collect(),
        phones: Vec::new(),
    };
    let ids = |found: Vec<Order>| found.into_iter().map(|order| order.id).collect::<Vec<_>>();
    let by_mail = platform.orders_of(&store, &wanted(&[], &["guest@mail.example"])).await.unwrap();
    assert_eq!(ids(by_mail), [guest]);
    let id = known.buyer.id.clone().expect("an account has an id");
    let by_account = platform.orders_of(&store, &wanted(&[&id], &[])).await.unwrap();
    assert_eq!(ids(by_account), [second.clone(), first.clone()], "newest first");
    let both = platform.orders_of(&store, &wanted(&[&id], &["ingrid@mail.example"])).await.unwrap();
    assert_eq!(ids(both), [second, first.clone()], "each once");
    assert!(platform.orders_of(&store, &Wanted::default()).await.unwrap().is_empty());
    assert!(platform.orders_of(&store, &wanted(&[], &["nobody@mail.example"])).await.unwrap().is_empty());
    shop.delete_order(&first);
    assert_eq!(platform.order(&store, &first).await.unwrap(), None);
}

/// Orders that are not like others: huge, in other money, without an account, without their product, made to try.
pub async fn takes_odd_orders(shop: &dyn Driver) {
    let mut huge = NewOrder::by("many@mail.example");
    for place in 0..500 {
        huge.lines.push(NewLine { product: Some(1), title: format!("Line {place}"), quantity: 1, price: 100 + place });
    }
    let id = shop.place(&huge);
    shop.ship(&id);
    let now = order(shop, &id).await;
    assert_eq!(now.lines.len(), 500);
    assert_eq!(now.lines.iter().map(|line| line.total).sum::<i64>(), huge.total());
    assert_eq!(now.totals.total, huge.total());
    assert!(now.lines.iter().map(|line| &line.id).collect::<BTreeSet<_>>().len() == 500, "each line once");
    let listed = orders(read_on(shop, Kind::Orders, None, None).await);
    assert_eq!(listed.iter().find(|order| order.id == id).unwrap().lines.len(), 500, "in lists as well");

    for (currency, price) in [("JPY", 4900), ("KWD", 12_345), ("USD", 999)] {
        let mut new = NewOrder::by("far@mail.example").with("Wool sweater", 3, price);
        (new.currency, new.shipping) = (currency, 7);
        let now = order(shop, &shop.place(&new)).await;
        assert_eq!((now.currency.as_str(), now.totals.total), (currency, 3 * price + 7));
        assert_eq!((now.lines[0].price, now.lines[0].total), (price, 3 * price));
        assert_eq!((now.totals.paid, now.totals.shipping), (3 * price + 7, 7));
    }

    let mut new = NewOrder::by("gone@mail.example").with("No longer sold", 1, 500);
    new.lines[0].product = None;
    let now = order(shop, &shop.place(&new)).await;
    assert_eq!((now.lines[0].title.as_str(), now.lines[0].product.as_ref()), ("No longer sold", None));
    assert_eq!((now.buyer.id.as_ref(), now.buyer.email.as_deref()), (None, Some("gone@mail.example")));

    let mut new = NewOrder::by("later@mail.example").with("Wool sweater", 1, 500);
    new.paid = false;
    let now = order(shop, &shop.place(&new)).await;
    assert_eq!((now.payment, now.totals.paid), (Payment::Pending, 0));
}

/// Told to wait, it waits; down, it says so; slow, it is heard.
pub async fn bears_bad_days(shop: &dyn Driver) {
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let (platform, store) = (shop.platform(), shop.store());
    shop.mood().lock().unwrap().too_many = 1;
    let Err(Error::Upstream { retry_after, .. }) = platform.order(&store, &id).await else { panic!("it asks to wait") };
    assert_eq!(retry_after, Some(1500));
    assert!(platform.order(&store, &id).await.unwrap().is_some());
    shop.mood().lock().unwrap().down = true;
    assert!(matches!(platform.order(&store, &id).await, Err(Error::Upstream { .. })));
    assert!(matches!(platform.read(&store, Kind::Orders, None, None).await, Err(Error::Upstream { .. })));
    *shop.mood().lock().unwrap() =
        crate::standins::mood::Mood { slow: std::time::Duration::from_millis(300), ..Default::default() };
    assert!(platform.order(&store, &id).await.unwrap().is_some());
    let nobody = connectors::platform::Store { settings: nowhere(&store.settings), ..store };
    assert!(matches!(platform.order(&nobody, &id).await, Err(Error::Upstream { .. })), "nobody listens there");
}

/// The same settings, for a port where nobody listens.
fn nowhere(settings: &serde_json::Value) -> serde_json::Value {
    let text = settings.to_string();
    let at = text.find("127.0.0.1:").unwrap() + 10;
    let end = text[at..].find(|c: char| !c.is_ascii_digit()).unwrap() + at;
    serde_json::from_str(&format!("{}1{}", &text[..at], &text[end..])).unwrap()
}
