//! What is measured about customers: finding one among all, two who become one and two again, and a long journey.

use serde_json::json;

use super::{client::Client, crowd, made::Plan, measures::list, table::Line};

pub async fn measure(client: &Client, plan: Plan) -> Vec<Line> {
    let all = crowd::all(plan);
    let stranger = |number: usize| i64::try_from(number * 7919).unwrap() % (all - plan.customers() - 2) + 1;
    let by_address = client.repeat(300, async |number| {
        let path = format!("/api/v1/customers?q={}", crowd::address(stranger(number)).replace('@', "%40"));
        client.get(&path).await;
    });
    let mut lines = vec![Line::of(format!("customer by address, of {all}"), &by_address.await).within_cpu(1.0)];
    let by_name = client.repeat(300, async |number| {
        client.get(&format!("/api/v1/customers?q=number{}", stranger(number))).await;
    });
    lines.push(Line::of("customer by the beginning of a surname", &by_name.await));
    lines.push(merging(client, plan).await);
    lines.extend(journey(client).await);
    lines
}

/// Two customers with two or three tickets each.
async fn merging(client: &Client, plan: Plan) -> Line {
    let cost = client.repeat(100, async |number| {
        let from = 1 + i64::try_from(number * 31).unwrap() % (plan.customers() - 1);
        let body = json!({ "into": from + 1 });
        let merged = client.post(&format!("/api/v1/customers/{from}/merge"), &body).await;
        client.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await;
    });
    Line::of("merge of two customers, and its undo", &cost.await).note("2 requests")
}

async fn journey(client: &Client) -> Vec<Line> {
    let first = format!("/api/v1/customers/{}/journey?limit=50", crowd::FIRST);
    let mut middle = first.clone();
    for _ in 0..crowd::STEPS / 50 / 2 {
        let page = client.json(&middle).await;
        middle = format!("{first}&after={}", page["next"].as_str().unwrap());
    }
    let mut lines = Vec::new();
    for (what, path) in [("first page", &first), ("from its middle", &middle)] {
        let what = format!("journey of {} steps, {what}", crowd::STEPS);
        lines.push(Line::of(what, &list(client, path, 300).await).within_cpu(2.0));
    }
    lines
}
