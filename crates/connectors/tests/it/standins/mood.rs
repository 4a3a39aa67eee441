//! What a shop can be told to do wrong, and what it sells: the same for every stand-in.

use std::{sync::Mutex, time::Duration};

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// How a shop behaves just now.
#[derive(Debug, Default, Clone)]
pub struct Mood {
    /// Waits before it answers.
    pub slow: Duration,
    /// Answers 503 to everything.
    pub down: bool,
    /// So many answers to calls that change something get lost after the work was done.
    pub lose: usize,
    /// Before that, so many get through.
    pub spare: usize,
    /// So many calls are told to come back later.
    pub too_many: usize,
}

/// What to do with a call.
pub enum Turn {
    Serve,
    Refuse(Response),
}

pub async fn turn(mood: &Mutex<Mood>) -> Turn {
    let (slow, down, too_many) = {
        let mut mood = mood.lock().unwrap();
        let too_many = mood.too_many > 0;
        mood.too_many = mood.too_many.saturating_sub(1);
        (mood.slow, mood.down, too_many)
    };
    if !slow.is_zero() {
        tokio::time::sleep(slow).await;
    }
    if down {
        return Turn::Refuse((StatusCode::SERVICE_UNAVAILABLE, "down").into_response());
    }
    if too_many {
        return Turn::Refuse((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1.5")], "{}").into_response());
    }
    Turn::Serve
}

/// The answer of a call that changed something; broken off where the mood is so.
pub fn answered(mood: &Mutex<Mood>, response: Response) -> Response {
    let mut mood = mood.lock().unwrap();
    if mood.lose == 0 {
        return response;
    }
    if mood.spare > 0 {
        mood.spare -= 1;
        return response;
    }
    mood.lose -= 1;
    let broken = futures_util::stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("the line broke")) });
    Response::new(Body::from_stream(broken))
}

/// An order to place in a shop.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Of the account that buys.
    pub account: Option<u64>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub currency: &'static str,
    pub lines: Vec<NewLine>,
    /// In the smallest unit of the currency.
    pub shipping: i64,
    pub paid: bool,
    pub test: bool,
}

#[derive(Debug, Clone)]
pub struct NewLine {
    /// Of the shop; none: its product was deleted.
    pub product: Option<u64>,
    pub title: String,
    pub quantity: i64,
    /// Of one piece.
    pub price: i64,
}

impl NewOrder {
    /// Paid by card, to be sent; no lines yet.
    pub fn by(email: &str) -> Self {
        Self {
            account: None,
            email: Some(email.into()),
            phone: None,
            currency: "EUR",
            lines: Vec::new(),
            shipping: 0,
            paid: true,
            test: false,
        }
    }

    pub fn with(mut self, title: &str, quantity: i64, price: i64) -> Self {
        self.lines.push(NewLine { product: Some(1), title: title.into(), quantity, price });
        self
    }

    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity * line.price).sum::<i64>() + self.shipping
    }
}

/// A call that a shop makes to those who asked for it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub to: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Makes calls over the network; the statuses that came back.
pub async fn deliver(calls: &[Sent]) -> Vec<u16> {
    let client = reqwest::Client::new();
    let mut statuses = Vec::new();
    for call in calls {
        let mut request = client.post(&call.to).body(call.body.clone());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        statuses.push(request.send().await.map_or(0, |response| response.status().as_u16()));
    }
    statuses
}

pub fn exponent(currency: &str) -> u32 {
    match currency {
        "JPY" => 0,
        "KWD" => 3,
        _ => 2,
    }
}

/// `1250` of EUR is `12.50`.
pub fn decimal(minor: i64, currency: &str) -> String {
    let digits = exponent(currency);
    if digits == 0 {
        return minor.to_string();
    }
    let unit = 10_i64.pow(digits);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.abs() / unit, minor.abs() % unit);
    format!("{sign}{whole}.{part:0width$}", width = digits as usize)
}

/// Exactly so many digits as the currency has, or fewer; nothing else is money.
pub fn minor(text: &str, currency: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = exponent(currency) as usize;
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let whole = whole.strip_prefix('-').map_or((whole, 1), |rest| (rest, -1));
    if whole.0.is_empty() || !plain(whole.0) || !plain(part) || part.len() > digits {
        return None;
    }
    let number: i64 = format!("{}{part:0<digits$}", whole.0).parse().ok()?;
    Some(number * whole.1)
}

/// Milliseconds since 1970 as `2026-11-01T00:00:00`, without a zone; and back.
pub fn time(at: i64) -> String {
    let days = at.div_euclid(86_400_000);
    let seconds = at.rem_euclid(86_400_000) / 1000;
    // Civil from days, as Howard Hinnant gives it.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

pub fn millis(text: &str) -> Option<i64> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(((era * 146_097 + doe - 719_468) * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
}
