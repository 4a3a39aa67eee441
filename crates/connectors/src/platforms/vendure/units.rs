//! Vendure's money: whole numbers of a unit that is the same for all currencies, one hundredth unless the shop says
//! otherwise (`MoneyStrategy.precision`). 1250 JPY is 125000 there, 12.50 EUR is 1250.

use base::{Error, Result};
use serde_json::Value;

use crate::money::exponent;

#[derive(Debug, Clone, Copy)]
pub struct Units {
    /// Of one of the currency's smallest: `up` units are `down` smallest ones.
    up: i64,
    down: i64,
}

impl Units {
    /// `config` is `globalSettings.serverConfig`.
    pub fn new(currency: &str, config: &Value) -> Result<Self> {
        let precision = config["moneyStrategyPrecision"].as_u64().and_then(|digits| u32::try_from(digits).ok());
        let precision = precision.unwrap_or(2);
        let exponent = exponent(currency).filter(|_| precision <= 6);
        let exponent = exponent.ok_or_else(|| Error::Malformed(format!("{currency} is no currency that we know")))?;
        Ok(Self {
            up: 10_i64.pow(precision.saturating_sub(exponent)),
            down: 10_i64.pow(exponent.saturating_sub(precision)),
        })
    }

    /// In the currency's smallest unit, half away from zero. What is not there is nothing.
    pub fn minor(self, value: &Value) -> Result<i64> {
        let odd = || Error::Malformed(format!("{value} is no amount of money"));
        if value.is_null() {
            return Ok(0);
        }
        let value = value.as_i64().ok_or_else(odd)?.checked_mul(self.down).ok_or_else(odd)?;
        let half = self.up / 2;
        Ok(if value < 0 { (value - half) / self.up } else { (value + half) / self.up })
    }

    /// In Vendure's unit.
    pub fn units(self, minor: i64) -> Result<i64> {
        let coarse = || Error::refused("The shop's Vendure reckons in larger parts than that of this currency.");
        let scaled = minor.checked_mul(self.up).ok_or_else(coarse)?;
        if scaled % self.down == 0 { Ok(scaled / self.down) } else { Err(coarse()) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_currency_has_its_own_smallest_unit() {
        let units = |currency: &str, precision: u32| {
            Units::new(currency, &json!({ "moneyStrategyPrecision": precision })).unwrap()
        };
        let all = [("EUR", 2, 1250, 1250), ("JPY", 2, 125_000, 1250), ("EUR", 3, 12_500, 1250), ("KWD", 2, 125, 1250)];
        for (currency, precision, theirs, ours) in all {
            assert_eq!(units(currency, precision).minor(&json!(theirs)).unwrap(), ours, "{currency} {precision}");
            assert_eq!(units(currency, precision).units(ours).unwrap(), theirs, "{currency} {precision}");
        }
        assert_eq!(units("EUR", 3).minor(&json!(12_345)).unwrap(), 1235);
        assert_eq!(units("EUR", 3).minor(&json!(-12_345)).unwrap(), -1235);
        assert!(units("KWD", 2).units(1255).is_err(), "half a hundredth cannot be paid there");
        assert!(units("EUR", 2).minor(&json!("12")).is_err());
        assert!(units("KWD", 0).minor(&json!(i64::MAX)).is_err());
        assert!(Units::new("XX", &json!({})).is_err());
    }
}
