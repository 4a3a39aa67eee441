//! Order numbers in what people write.

use std::collections::BTreeSet;

use super::number_key;

/// So many different ones are looked for in one text.
const MOST: usize = 30;

/// What may be order numbers, as they are looked for: words of letters, digits and dashes with at least three digits;
/// behind a `#` one is enough, as a new shop's numbers are short; and long ones, as some shop systems draw them.
pub fn numbers_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !['-', '_', '#'].contains(&c)).take(5_000);
    words.filter(|word| is_likely(word)).map(number_key).take(MOST).collect()
}

fn is_likely(word: &str) -> bool {
    let called = word.starts_with('#');
    let word = word.trim_start_matches('#');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let drawn = word.len() >= 10 && (digits > 0 || word.bytes().all(|byte| byte.is_ascii_uppercase()));
    word.len() <= 40 && (digits >= 3 || (called && digits > 0) || drawn)
}

#[cfg(test)]
mod tests {
    use super::numbers_in;

    #[test]
    fn order_numbers_are_found_in_what_people_write() {
        assert!(numbers_in("Where is my order (fv-20418)?").contains("FV20418"));
        assert!(numbers_in("Re: #1001, please").contains("1001"));
        assert!(numbers_in("-FV_20418-").contains("FV20418"));
        assert!(numbers_in("I have 12 questions, and covid-19").is_empty());
        assert!(numbers_in("My order (#7)!").contains("7"));
        for drawn in ["EEZZEZQ4LG9HKEXG", "eezzezq4lg9hkexg", "EEZZEZQVLGUHKEXG"] {
            assert!(numbers_in(&format!("about {drawn}.")).contains(&drawn.to_uppercase()), "{drawn}");
        }
        assert!(numbers_in("unquestionably # everything").is_empty());
        assert!(numbers_in(&"1234567 ".repeat(100_000)).len() == 1);
    }
}
