//! Lists and searches, a page at a time.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{super::mood::millis, graphql::Page, state::State};

/// Shopify lets nobody page deeper.
const DEEPEST: usize = 25_000;

/// `field:value` terms with ` OR ` between them.
struct Search(Vec<(String, String)>);

impl Search {
    fn read(text: &str) -> Self {
        let one = |term: &str| {
            let (field, value) = term.trim().split_once(':')?;
            let value = value.trim_matches(['"', '\'']).replace("\\\"", "\"").replace("\\\\", "\\");
            Some((field.to_owned(), value))
        };
        Self(text.split(" OR ").filter_map(one).collect())
    }

    fn since(&self) -> Option<i64> {
        let (_, value) = self.0.iter().find(|(field, _)| field == "updated_at")?;
        millis(value.trim_start_matches(">=").trim_matches('\''))
    }

    fn finds(&self, thing: &Value) -> bool {
        let same = |at: &str, value: &str| {
            thing.pointer(at).and_then(Value::as_str).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        self.0.iter().any(|(field, value)| match field.as_str() {
            // Shopify's search takes the number without its sign for the name.
            "name" => same("/name", value) || same("/name", &format!("#{value}")),
            "email" => same("/email", value),
            "phone" => same("/phone", value) || same("/defaultPhoneNumber/phoneNumber", value),
            "source_identifier" => same("/sourceIdentifier", value),
            "customer_id" => thing["customer"]["_id"].as_u64().is_some_and(|id| id.to_string() == *value),
            "updated_at" => true,
            other => panic!("a search for {other} is not spoken here"),
        })
    }
}

impl State {
    /// A page of orders, products or customers.
    pub fn list(&self, list: &'static str, arguments: &Value) -> Result<Page, Value> {
        let wrong = |message: &str| json!({ "message": message, "extensions": { "code": "BAD_REQUEST" } });
        let first = arguments["first"].as_u64().and_then(|first| usize::try_from(first).ok());
        let first = first.filter(|first| (1..=250).contains(first)).ok_or_else(|| wrong("first must be 1 to 250"))?;
        let search = arguments["query"].as_str().map(Search::read);
        let empty = std::collections::BTreeSet::new();
        let changed = self.changed.get(list).unwrap_or(&empty);
        let things = match list {
            "orders" => &self.orders,
            "products" => &self.products,
            _ => &self.customers,
        };
        let found = |id: &u64| {
            let thing = &things[id];
            search.as_ref().is_none_or(|search| search.finds(thing)).then(|| Arc::clone(thing))
        };
        if arguments["sortKey"] != "UPDATED_AT" {
            // By age; only newest first is asked for.
            let before = arguments["after"].as_str().and_then(|after| after.parse().ok()).unwrap_or(u64::MAX);
            let mut rest = things.range(..before).rev().filter_map(|(id, _)| Some((*id, found(id)?)));
            let rows: Vec<_> = rest.by_ref().take(first).collect();
            let next = rows.last().filter(|_| rest.next().is_some()).map(|(id, _)| id.to_string());
            return Ok(Page { rows: rows.into_iter().map(|(_, row)| row).collect(), next });
        }
        let (mut begin, mut depth) = ((search.as_ref().and_then(Search::since).unwrap_or(i64::MIN), 0), 0);
        if let Some(after) = arguments["after"].as_str() {
            let parts: Vec<i64> = after.split('.').filter_map(|part| part.parse().ok()).collect();
            let [at, id, deep] = parts[..] else { return Err(wrong("Invalid cursor for current pagination sort.")) };
            (begin, depth) = ((at, u64::try_from(id + 1).unwrap()), usize::try_from(deep).unwrap());
        }
        if depth + first > DEEPEST {
            return Err(wrong("Pagination is limited to 25000 objects"));
        }
        let mut rest = changed.range(begin..);
        let page: Vec<_> = rest.by_ref().take(first).collect();
        let more = rest.next().is_some();
        let next = page.last().filter(|_| more).map(|(at, id)| format!("{at}.{id}.{}", depth + page.len()));
        Ok(Page { rows: page.iter().filter_map(|(_, id)| found(id)).collect(), next })
    }

    pub fn count(&self, list: &'static str, arguments: &Value) -> Value {
        let since = arguments["query"].as_str().and_then(|text| Search::read(text).since());
        let changed = self.changed.get(list);
        json!({ "count": changed.map_or(0, |all| all.range((since.unwrap_or(i64::MIN), 0)..).count()) })
    }
}
