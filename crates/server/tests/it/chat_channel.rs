//! The chat channel keeps to what every channel must.

use base::Error;
use connectors::{
    channel::{Channel, End, Outbound, Party},
    channels::chat::Chat,
};
use serde_json::json;

use crate::channel_contract::{Contract, holds};

fn end() -> End {
    let settings = json!({ "origins": "https://fjellvik.example" });
    End { inbox: 1, name: "Fjellvik".into(), address: "fjellvik.example".into(), settings }
}

fn to(visitor: &str) -> Outbound {
    let to = vec![Party { name: None, value: visitor.into() }];
    Outbound { to, text: "Yes, it is.".into(), ..Outbound::default() }
}

#[tokio::test]
async fn the_chat_channel_keeps_the_contract() {
    let (takes, refuses) = (to("visitor-0123456789abcdef"), to("jo@post.example"));
    // Nothing is handed to anybody else, so that nothing can fail for now.
    holds(Contract { channel: &Chat, end: end(), takes, refuses, fails_for_now: None }).await;
}

#[tokio::test]
async fn nobody_else_is_told_what_a_visitor_is_told() {
    let copy = Outbound { cc: to("visitor-fedcba9876543210").to, ..to("visitor-0123456789abcdef") };
    assert!(matches!(Chat.send(&end(), "key", &copy).await, Err(Error::Refused { .. })));
    for text in [" ".to_owned(), "x".repeat(65 * 1024)] {
        let odd = Outbound { text, ..to("visitor-0123456789abcdef") };
        assert!(matches!(Chat.send(&end(), "key", &odd).await, Err(Error::Refused { .. })));
    }
    for address in ["", "two words", "a@b"] {
        assert!(Chat.check_address(address).is_err(), "{address:?}");
    }
}
