//! Who a visitor is, in the word of the shop's own server: a JSON Web Token (RFC 7519) signed with HS256 or EdDSA
//! (RFC 8037) by one of the keys that the inbox was given as a JSON Web Key Set (RFC 7517).

use base::{DAY, Error, MINUTE, Result, Time};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};
use serde::Deserialize;

use crate::channel::{End, Vouched};

/// The shop's clock may be this far from ours.
const LEEWAY: Time = MINUTE;
/// What is good for longer than this is refused: whoever copies it would be that person for as long.
const LONGEST: Time = DAY;
/// Bytes of a secret that nobody guesses (RFC 7518, 3.2).
const SHORTEST: usize = 32;
/// Bytes of a token, and of one of its claims.
const TOKEN: usize = 8 * 1024;
const CLAIM: usize = 200;

#[derive(Deserialize)]
struct Claims {
    /// Seconds, as RFC 7519 has them.
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: String,
    sub: Option<String>,
    email: Option<String>,
    name: Option<String>,
    locale: Option<String>,
}

/// Reads the keys; an error says what is wrong with them, and holds nothing of them.
pub fn keys(text: &str) -> Result<JwkSet, String> {
    let set: JwkSet = serde_json::from_str(text)
        .map_err(|_| r#"must be a JSON Web Key Set: {"keys": [{"kty": "oct", "kid": "2026", "k": "…"}]}"#.to_owned())?;
    if set.keys.is_empty() {
        return Err("holds no key".into());
    }
    for (at, key) in set.keys.iter().enumerate() {
        let named = |why: &str| format!("key {}: {why}", at + 1);
        algorithm(key).map_err(&named)?;
        let decoded = DecodingKey::from_jwk(key).map_err(|_| named("is not written as base64url"))?;
        let bytes = decoded.try_get_as_bytes().map_or(0, <[u8]>::len);
        if bytes < SHORTEST {
            return Err(named("must have at least 32 bytes"));
        }
        let kid = key.common.key_id.as_deref().unwrap_or("");
        let same = set.keys.iter().filter(|other| other.common.key_id.as_deref().unwrap_or("") == kid).count();
        if set.keys.len() > 1 && (kid.is_empty() || same > 1) {
            return Err(named("needs a `kid` of its own, because there are several"));
        }
    }
    Ok(set)
}

/// One algorithm for each kind of key, so that a token cannot choose how it is checked.
fn algorithm(key: &Jwk) -> Result<Algorithm, &'static str> {
    match &key.algorithm {
        AlgorithmParameters::OctetKey(_) => Ok(Algorithm::HS256),
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Ok(Algorithm::EdDSA),
        _ => Err("must be a secret (`oct`) or an Ed25519 public key (`OKP`)"),
    }
}

/// Whom the token vouches for at this inbox, if all of it is right. `now` is our clock, in milliseconds.
pub fn vouched(end: &End, token: &str, now: Time) -> Result<Vouched> {
    let refused = |why: &str| Error::Unauthorized(format!("The shop's word for this visitor does not count: {why}."));
    let text = end.settings["identity"]["keys"].as_str().ok_or_else(|| refused("this inbox knows no keys"))?;
    let set = keys(text).map_err(|_| refused("this inbox's keys cannot be read"))?;
    if token.len() > TOKEN {
        return Err(refused("it is too long"));
    }
    let header = decode_header(token).map_err(|_| refused("it is no signed token"))?;
    if is_critical(token) {
        return Err(refused("it asks for what is not known here (crit)"));
    }
    let key = match (&header.kid, set.keys.as_slice()) {
        (Some(kid), _) => set.find(kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let key = key.ok_or_else(|| refused("it names no key of this inbox"))?;
    let mut rules = Validation::new(algorithm(key).map_err(refused)?);
    rules.set_audience(&[&end.address]);
    rules.set_required_spec_claims(&["exp", "aud"]);
    // By our own clock below.
    rules.validate_exp = false;
    let key = DecodingKey::from_jwk(key).map_err(|_| refused("this inbox's keys cannot be read"))?;
    let claims: Claims = decode(token, &key, &rules)
        .map_err(|_| refused("its signature, its audience or one of its claims is not right"))?
        .claims;
    in_time(&claims, now).map_err(refused)?;
    person(claims).map_err(refused)
}

/// Whether it says that something must be understood (RFC 7515, 4.1.11): we understand no such thing.
fn is_critical(token: &str) -> bool {
    let header = token.split('.').next().and_then(|header| B64.decode(header).ok()).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&header).is_ok_and(|header| header.get("crit").is_some())
}

fn in_time(claims: &Claims, now: Time) -> Result<(), &'static str> {
    let at = |seconds: i64| seconds.saturating_mul(1000);
    if at(claims.exp) + LEEWAY <= now {
        return Err("it has expired");
    }
    if at(claims.exp) > now + LONGEST + LEEWAY {
        return Err("it is good for more than a day");
    }
    if claims.iat.into_iter().chain(claims.nbf).any(|from| at(from) > now + LEEWAY) {
        return Err("it comes from the future");
    }
    Ok(())
}

fn person(claims: Claims) -> Result<Vouched, &'static str> {
    let full = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let Claims { exp, jti, sub, email, name, locale, .. } = claims;
    let (account, email) = (full(sub), full(email));
    if jti.is_empty() || [Some(&jti), account.as_ref(), email.as_ref()].iter().flatten().any(|one| one.len() > CLAIM) {
        return Err("a claim is empty or longer than 200 bytes");
    }
    if account.is_none() && email.is_none() {
        return Err("it names neither `sub` nor `email`");
    }
    if email.as_ref().is_some_and(|email| mail::address::check(email).is_err()) {
        return Err("`email` is no mail address");
    }
    let until = exp.saturating_mul(1000) + LEEWAY;
    Ok(Vouched { once: jti, until, account, email, name: full(name), language: full(locale) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_what_is_wrong_with_them() {
        let wrong = |text: &str| keys(text).unwrap_err();
        assert!(wrong("secret").contains("JSON Web Key Set"));
        assert_eq!(wrong(r#"{"keys": []}"#), "holds no key");
        assert!(wrong(r#"{"keys": [{"kty": "oct", "k": "c2hvcnQ"}]}"#).contains("at least 32 bytes"));
        let good = r#"{"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
        assert!(wrong(&format!(r#"{{"keys": [{good}, {good}]}}"#)).contains("`kid`"));
        assert!(keys(&format!(r#"{{"keys": [{good}]}}"#)).is_ok());
        let rsa = r#"{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}"#;
        assert!(wrong(rsa).contains("Ed25519"));
    }
}
