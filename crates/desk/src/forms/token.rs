//! The sign with which a form is handed out: for which inbox and when. It counts once.

use base::{App, HOUR, Result, Time, secrets};

/// Whoever has left it open for longer looks at it again before it is sent.
const OLD: Time = 12 * HOUR;
/// Nobody reads, types and sends within this time.
const FAST: Time = 3000;
/// Characters of the random part.
const RANDOM: usize = 22;

#[derive(Debug, Clone)]
pub struct Token {
    /// Names what is sent with it, too.
    pub id: String,
    pub at: Time,
}

impl Token {
    pub fn new(app: &App) -> Result<Self> {
        let random: String = app.secrets().token()?.chars().take(RANDOM).collect();
        Ok(Self { id: format!("form-{random}"), at: app.now() })
    }

    /// The same form, handed out anew to somebody who has read it before.
    pub fn again(self, app: &App) -> Self {
        Self { at: app.now() - FAST, ..self }
    }

    pub fn seal(&self, app: &App, inbox: i64) -> String {
        let signed = format!("{}.{}", self.id, self.at);
        format!("{signed}.{}", app.secrets().sign("form", &format!("{inbox}.{signed}")))
    }

    /// None where we have not handed it out, for this inbox.
    pub fn open(app: &App, inbox: i64, text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (id, at) = signed.split_once('.')?;
        let is_ours = app.secrets().is_signed("form", &format!("{inbox}.{signed}"), signature);
        is_ours.then(|| Some(Self { id: id.to_owned(), at: at.parse().ok()? })).flatten()
    }

    pub fn is_old(&self, now: Time) -> bool {
        now - self.at > OLD
    }

    pub fn is_fast(&self, now: Time) -> bool {
        now - self.at < FAST
    }

    /// Whether a script has found a number whose hash together with the id begins with fourteen zero bits.
    pub fn is_worked(&self, work: &str) -> bool {
        let hash = secrets::sha256(format!("{}:{work}", self.id).as_bytes());
        work.len() <= 20 && hash.starts_with("000") && hash[3..4] < *"4"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_can_be_told_from_a_guess() {
        let token = Token { id: "form-x".into(), at: 0 };
        let found = (0..1 << 18).find(|number| token.is_worked(&number.to_string())).unwrap();
        let other = Token { id: "form-y".into(), at: 0 };
        assert!(!other.is_worked(&found.to_string()) && !token.is_worked("") && !token.is_worked(&"0".repeat(21)));
        assert!((0..100).filter(|number| token.is_worked(&number.to_string())).count() < 3);
    }
}
