//! Passwords: argon2id, and what a password must be. Hashing is slow and large by design, so it runs off the async
//! threads and only a few at once.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString,
};
use base::{App, Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

const LEAST: usize = 10;
const MOST: usize = 200;

/// Common ones of at least [`LEAST`] characters, by how often they turn up in leaks (Django's list, after Royce
/// Williams), and what people would choose for a help desk.
const COMMON: &str = include_str!("common_passwords.txt");

/// Each hash takes 19 MiB and a core. A try to sign in counts as failed until it proves right, so there must be fewer
/// turns, on two nodes together, than the failures that one address is allowed: colleagues who sign in at the same
/// moment are not guessing.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A password that passed [`check`] and was hashed, in PHC form.
#[derive(Debug, Clone)]
pub struct Hashed(String);

impl Hashed {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The permission to hash one password.
pub(super) struct Turn(#[expect(dead_code, reason = "held until dropped")] SemaphorePermit<'static>);

pub(super) async fn turn() -> Result<Turn> {
    Ok(Turn(TURNS.acquire().await?))
}

/// Whether a password may be chosen, by the person with this address.
pub fn check(field: &str, password: &str, email: &str) -> Result<()> {
    let wrong = |why: &str| Err(Error::invalid(field, why));
    let count = password.chars().count();
    if count < LEAST {
        return wrong("must have at least 10 characters");
    }
    if count > MOST {
        return wrong("must have at most 200 characters");
    }
    let lower = password.to_lowercase();
    if COMMON.lines().any(|common| common == lower) {
        return wrong("is one of the most common passwords; choose another");
    }
    // The address adds nothing to guess: what is left without it must do.
    let local = email.split('@').next().unwrap_or("").to_lowercase();
    let rest = if local.len() >= 4 { lower.replace(&local, "") } else { lower };
    if rest.chars().filter(|c| c.is_alphanumeric()).count() < 6 {
        return wrong("is hardly more than the address; choose another");
    }
    Ok(())
}

/// Checks and hashes what a person chose. `field` is where the error shows.
pub async fn hash(app: &App, field: &str, password: String, email: &str) -> Result<Hashed> {
    check(field, &password, email)?;
    let mut salt = [0_u8; 16];
    app.secrets().fill(&mut salt)?;
    let _turn = turn().await?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| Error::internal(error.to_string()))?;
    let hash = move || Ok(Hashed(hasher()?.hash_password(password.as_bytes(), &salt).map_err(broken)?.to_string()));
    tokio::task::spawn_blocking(hash).await?
}

/// Takes as long for somebody unknown (`stored` is none) as for somebody known.
pub(super) async fn matches(_turn: &Turn, password: String, stored: Option<String>) -> Result<bool> {
    if password.chars().count() > MOST {
        return Err(Error::invalid("password", "must have at most 200 characters"));
    }
    let verify = move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
        let stored = PasswordHash::new(&stored).map_err(broken)?;
        Ok(hasher()?.verify_password(password.as_bytes(), &stored).is_ok() && known)
    };
    tokio::task::spawn_blocking(verify).await?
}

/// OWASP's first choice: 19 MiB, two passes, one lane.
fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: argon2::password_hash::Error) -> Error {
    Error::internal(format!("a password hash: {error}"))
}

/// Nobody's password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$1PApa9DuzoYGsT1qYoAyPQ$urU07vXU/cXZEdc/IQ2WVfkg3pHAZtK2u2XgeUupzZ8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_costs_what_everybodys_does() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let own =
            hasher().unwrap().hash_password(b"x", &SaltString::encode_b64(&[1; 16]).unwrap()).unwrap().to_string();
        let own = PasswordHash::new(&own).unwrap();
        assert_eq!((nobody.algorithm, nobody.version, nobody.params), (own.algorithm, own.version, own.params));
    }

    #[test]
    fn weak_passwords_are_refused() {
        let refused = |password: &str| check("password", password, "ingrid@fjellvik.example").is_err();
        assert!(refused("too short"));
        assert!(refused("Password123"));
        assert!(refused("Ingrid 2026!"));
        assert!(!refused("Ingrid knows best"), "what is left without the address does alone");
        assert!(!refused("nine pale kettles"));
        assert!(check("password", "joyful pale kettles", "jo@fjellvik.example").is_ok());
    }

    #[test]
    fn the_list_holds_only_what_the_length_lets_through() {
        assert!(COMMON.lines().count() >= 200);
        assert!(COMMON.lines().all(|line| line.len() >= LEAST && line == line.to_lowercase()));
    }
}
