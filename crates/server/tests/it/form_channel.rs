//! The contact form keeps to what every channel must that only takes in.

use base::Error;
use connectors::{
    channel::{Channel, End, Outbound, Party},
    channels::form::ContactForm,
};
use serde_json::json;

use crate::channel_contract::takes_in;

fn end() -> End {
    let settings = json!({ "origins": "https://fjellvik.example", "topics": "Order, Return" });
    End { inbox: 1, name: "Contact".into(), address: "contact".into(), settings }
}

#[tokio::test]
async fn the_contact_form_keeps_the_contract() {
    takes_in(&ContactForm, &end()).await;
    assert!(!ContactForm.abilities().answers);
}

#[tokio::test]
async fn nothing_leaves_through_a_form() {
    let to = vec![Party { name: None, value: "jo@post.example".into() }];
    let answer = Outbound { to, text: "Yes, it is.".into(), ..Outbound::default() };
    assert!(matches!(ContactForm.send(&end(), "key", &answer).await, Err(Error::Refused { .. })));
}

#[test]
fn what_nobody_could_have_sent_is_refused() {
    for raw in [
        json!({ "id": "", "email": "jo@post.example", "text": "Hello", "at": 0 }),
        json!({ "id": "1", "email": "jo", "text": "Hello", "at": 0 }),
        json!({ "id": "1", "email": "jo@post.example", "text": " ", "at": 0 }),
    ] {
        let raw = raw.to_string();
        assert!(matches!(ContactForm.receive(&end(), raw.as_bytes()), Err(Error::Invalid(_))), "{raw}");
    }
    for address in ["", "two words", "a@b"] {
        assert!(ContactForm.check_address(address).is_err(), "{address:?}");
    }
}
