//! A text as words: lower case, numbers made alike, signs that speak kept.

/// The longest text that is looked at, in bytes. What somebody wants stands early, and the work stays bounded.
const MOST: usize = 1_500;
/// More than this no word has; what is longer is a key, a link, or an attack.
const LONGEST: usize = 24;

/// The words of a text in lower case, in order. A number of three digits or more is `#`, as no two orders share theirs.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for sign in cut(text).chars() {
        if sign.is_alphanumeric() {
            word.extend(sign.to_lowercase());
            continue;
        }
        if matches!(sign, '\'' | '’') && !word.is_empty() {
            word.push('\'');
            continue;
        }
        finish(&mut word, &mut words);
        if matches!(sign, '?' | '!' | '€' | '$' | '£' | '%' | '@') {
            words.push(sign.to_string());
        }
    }
    finish(&mut word, &mut words);
    words
}

/// As much of a text as is looked at.
pub fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST)]
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    let plain = word.trim_end_matches('\'');
    if plain.chars().filter(char::is_ascii_digit).count() >= 3 {
        words.push("#".to_owned());
    } else if !plain.is_empty() {
        words.push(plain.chars().take(LONGEST).collect());
    }
    word.clear();
}

/// How many there are, to be reckoned with; exact up to 16 million.
pub fn number(count: usize) -> f32 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let half = |part: u32| f32::from(u16::try_from(part).unwrap_or(u16::MAX));
    half(count >> 16) * 65_536.0 + half(count & 0xFFFF)
}
