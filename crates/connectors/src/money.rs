//! Money as whole numbers of a currency's smallest unit (ISO 4217): 12.50 EUR is 1250, 1250 JPY is 1250, 1.250 KWD is 1250.

use base::{Error, Result};

/// Digits behind the point: 2 for EUR, 0 for JPY, 3 for KWD. None for what is no currency that one pays with.
pub fn exponent(currency: &str) -> Option<u32> {
    iso_currency::Currency::from_code(currency)?.exponent().map(u32::from)
}

/// A currency's code as ISO 4217 writes it. An error names the field.
pub fn code(field: &str, text: &str) -> Result<String> {
    let code = text.trim().to_uppercase();
    match exponent(&code) {
        Some(_) => Ok(code),
        None => Err(Error::invalid(field, "must be a currency of ISO 4217, such as EUR")),
    }
}

/// What a decimal number such as `12.5`, `-3` or `1e2` is in the smallest unit. More digits than the currency has are
/// rounded half away from zero: shops that divide taxes send such.
pub fn minor(decimal: &str, currency: &str) -> Result<i64> {
    let exponent = exponent(currency).ok_or_else(|| odd(decimal, currency))?;
    scaled(decimal.trim(), exponent).ok_or_else(|| odd(decimal, currency))
}

/// As [`minor`], for JSON: a number or a text.
pub fn minor_json(value: &serde_json::Value, currency: &str) -> Result<i64> {
    match value {
        serde_json::Value::String(text) => minor(text, currency),
        serde_json::Value::Number(number) => minor(&number.to_string(), currency),
        other => Err(odd(&other.to_string(), currency)),
    }
}

/// The decimal number that platforms take: `12.50`, `1250`, `1.250`.
pub fn decimal(minor: i64, currency: &str) -> String {
    let digits = exponent(currency).unwrap_or(2) as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

fn odd(decimal: &str, currency: &str) -> Error {
    Error::Malformed(format!("{decimal} {currency} is no amount of money"))
}

/// `decimal` times ten to the power of `exponent`, rounded.
fn scaled(decimal: &str, exponent: u32) -> Option<i64> {
    let (number, power) = match decimal.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i32>().ok().filter(|power| power.abs() < 30)?),
        None => (decimal, 0),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if digits().next().is_none() || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // How many of the digits stand before the point once it is moved.
    let before = i32::try_from(whole.len()).ok()? + power + i32::try_from(exponent).ok()?;
    let mut value: i64 = 0;
    for place in 0..before.max(0) {
        let digit = digits().nth(usize::try_from(place).ok()?).unwrap_or(b'0') - b'0';
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    let rounds = usize::try_from(before).ok().and_then(|place| digits().nth(place)).is_some_and(|digit| digit >= b'5');
    value = value.checked_add(i64::from(rounds))?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_in_every_currency() {
        for (text, currency, minor_units) in [
            ("12.50", "EUR", 1250),
            ("12.5", "EUR", 1250),
            ("12", "EUR", 1200),
            (".5", "EUR", 50),
            ("0.005", "EUR", 1),
            ("0.0049", "EUR", 0),
            ("-3.999", "EUR", -400),
            ("1e2", "EUR", 10_000),
            ("1.5e-1", "EUR", 15),
            ("1250", "JPY", 1250),
            ("1250.00", "JPY", 1250),
            ("1.25", "KWD", 1250),
            ("90071992547409.93", "EUR", 9_007_199_254_740_993),
        ] {
            assert_eq!(minor(text, currency).unwrap(), minor_units, "{text} {currency}");
        }
        assert_eq!(minor_json(&serde_json::json!(30), "USD").unwrap(), 3000);
        assert_eq!(minor_json(&serde_json::json!(10.1), "USD").unwrap(), 1010);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for odd in ["", ".", "-", "12,50", "1.2.3", "abc", "1e999", "99999999999999999999", "NaN", "0x10"] {
            assert!(minor(odd, "EUR").is_err(), "{odd}");
        }
        assert!(minor("1", "XAU").is_err(), "gold has no smallest unit");
        assert!(minor("1", "eu").is_err());
        assert_eq!(code("currency", " eur ").unwrap(), "EUR");
        assert!(code("currency", "EURO").is_err());
    }

    #[test]
    fn platforms_get_it_back_as_they_wrote_it() {
        for (minor_units, currency, text) in [
            (1250, "EUR", "12.50"),
            (5, "EUR", "0.05"),
            (-5, "EUR", "-0.05"),
            (1250, "JPY", "1250"),
            (1, "KWD", "0.001"),
        ] {
            assert_eq!(decimal(minor_units, currency), text);
            assert_eq!(minor(text, currency).unwrap(), minor_units);
        }
    }
}
