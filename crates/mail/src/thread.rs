//! How a thread's token is written into addresses and Message-IDs. Only the form: whether a token is genuine is for
//! the desk to check.
//!
//! `support+t<token>@shop.example` as Reply-To comes back as a recipient; `<t.<token>.<unique>@shop.example>` as
//! Message-ID comes back in References. Tokens are lower-case letters, digits, `-` and `_`, because addresses may
//! be folded to lower case on the way.

const MIN_TOKEN: usize = 6;
const MAX_TOKEN: usize = 48;

fn is_token(token: &str) -> bool {
    (MIN_TOKEN..=MAX_TOKEN).contains(&token.len())
        && token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// `support@shop.example` and `abc123` as `support+tabc123@shop.example` (RFC 5233). `None` if either cannot be used:
/// the token's letters are wrong, or the local part would grow past 64 bytes (RFC 5321, 4.5.3.1.1).
pub fn plus_address(address: &str, token: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let local = local.split('+').next().unwrap_or_default();
    let fits = !local.is_empty() && !domain.is_empty() && local.len() + 2 + token.len() <= 64;
    (fits && is_token(token)).then(|| format!("{local}+t{token}@{domain}"))
}

/// The address without what stands behind its plus.
pub fn without_plus(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or_default()),
        None => address.to_owned(),
    }
}

/// The token in one plus address, in the lower case it was made in.
pub fn token_of(address: &str) -> Option<String> {
    let (local, _) = address.rsplit_once('@')?;
    let (_, tag) = local.rsplit_once('+')?;
    let token = tag.strip_prefix(['t', 'T'])?.to_ascii_lowercase();
    is_token(&token).then_some(token)
}

/// The first token in any of these addresses.
pub fn find_token<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Option<String> {
    addresses.into_iter().find_map(token_of)
}

/// A Message-ID that carries a token, without angle brackets. `unique` tells the messages of a thread apart.
pub fn message_id(token: &str, unique: &str, domain: &str) -> Option<String> {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    (is_token(token) && plain(unique) && plain(domain) && !unique.contains('.'))
        .then(|| format!("t.{token}.{unique}@{domain}"))
}

/// The token in one of our Message-IDs, with or without angle brackets.
pub fn token_of_message_id(id: &str) -> Option<String> {
    let (local, _) = id.trim().trim_start_matches('<').rsplit_once('@')?;
    let (token, _) = local.strip_prefix("t.").or_else(|| local.strip_prefix("T."))?.split_once('.')?;
    let token = token.to_ascii_lowercase();
    is_token(&token).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_from_addresses() {
        let address = plus_address("support@fjellvik.example", "k3j9x-2f").unwrap();
        assert_eq!(address, "support+tk3j9x-2f@fjellvik.example");
        assert_eq!(token_of(&address).as_deref(), Some("k3j9x-2f"));
        assert_eq!(token_of(&address.to_uppercase()).as_deref(), Some("k3j9x-2f"));
        assert_eq!(without_plus(&address), "support@fjellvik.example");
        assert_eq!(find_token(["a@b.example", &address]).as_deref(), Some("k3j9x-2f"));
        assert_eq!(plus_address("a+old@b.example", "abcdef").as_deref(), Some("a+tabcdef@b.example"));
    }

    #[test]
    fn nothing_else_is_a_token() {
        for address in [
            "a@b.example",
            "a+t@b.example",
            "a+torsten!@b.example",
            "a+tabc@b.example",
            "tabcdef@b.example",
            "+tabcdef",
            "",
        ] {
            assert_eq!(token_of(address), None, "{address}");
        }
        assert_eq!(plus_address("a@b.example", "with space"), None);
        assert_eq!(plus_address(&format!("{}@b.example", "a".repeat(60)), "abcdef"), None);
    }

    #[test]
    fn tokens_come_back_from_message_ids() {
        let id = message_id("k3j9x-2f", "0191", "fjellvik.example").unwrap();
        assert_eq!(id, "t.k3j9x-2f.0191@fjellvik.example");
        assert_eq!(token_of_message_id(&format!("<{id}>")).as_deref(), Some("k3j9x-2f"));
        assert_eq!(token_of_message_id("<CAF.abcdef@mail.gmail.com>"), None);
        assert_eq!(message_id("k3j9x-2f", "a\r\nb", "x"), None);
    }
}
