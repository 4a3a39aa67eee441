//! Order numbers in what people write.

use std::collections::BTreeSet;

use super::number_key;

/// So many different ones are looked for in one text.
const MOST: usize = 30;

/// What may be order numbers, as they are looked for: words of letters, digits and dashes with at least three digits.
pub fn numbers_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').take(5_000);
    let likely =
        words.filter(|word| (3..=40).contains(&word.len()) && word.bytes().filter(u8::is_ascii_digit).count() >= 3);
    likely.map(number_key).take(MOST).collect()
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
        assert!(numbers_in(&"1234567 ".repeat(100_000)).len() == 1);
    }
}
