//! Whose parcel it is by its number alone, where the shape and the check digit leave no doubt.

use super::known::{Known, by_code};
use crate::carrier::number_key;

/// The carrier of this number; none where it could be several or nobody's.
pub fn by_number(number: &str) -> Option<&'static Known> {
    let number = number_key(number);
    if number.len() > 40 {
        return None;
    }
    let shapes: [fn(&str) -> Option<&'static str>; 7] = [s10, ups, postal_us, fedex, dhl, serial_container, asian];
    let mut found = shapes.iter().filter_map(|shape| shape(&number));
    let first = found.next()?;
    found.all(|other| other == first).then(|| by_code(first)).flatten()
}

/// Digits as numbers; none where there is anything else.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// The last digit makes the whole a multiple of ten, every second one counted threefold from the right (GS1).
fn is_gs1(digits: &[u32]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 1 { 3 * digit } else { *digit });
    digits.len() > 1 && weighed.sum::<u32>() % 10 == 0
}

/// Posts of the world (UPU S10): two letters, eight digits, a check digit, the country that it was sent from.
fn s10(number: &str) -> Option<&'static str> {
    if number.len() != 13 || !number[..2].bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let digits = digits(&number[2..11])?;
    let sum: u32 = digits.iter().zip([8, 6, 4, 2, 3, 5, 9, 7]).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    if digits.last() != Some(&check) {
        return None;
    }
    Some(match &number[11..] {
        "SE" | "DK" => "postnord",
        "NO" => "bring",
        "FI" => "posti",
        "EE" => "omniva",
        "DE" => "deutsche_post",
        "AT" => "austrian_post",
        "CH" => "swiss_post",
        "GB" => "royal_mail",
        "IE" => "an_post",
        "FR" => "la_poste",
        "NL" => "postnl",
        "BE" => "bpost",
        "ES" => "correos",
        "PT" => "ctt",
        "IT" => "poste_italiane",
        "PL" => "poczta_polska",
        "US" => "usps",
        "CA" => "canada_post",
        "AU" => "australia_post",
        "JP" => "japan_post",
        "CN" => "china_post",
        "KR" => "korea_post",
        _ => return None,
    })
}

/// `1Z`, fifteen letters or digits, a check digit.
fn ups(number: &str) -> Option<&'static str> {
    let rest = number.strip_prefix("1Z").filter(|rest| rest.len() == 16)?;
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        // A counts 2, B 3 and so on.
        _ => (u32::from(byte) - 63) % 10,
    };
    let (body, check) = rest.split_at(15);
    let sum: u32 = body.bytes().enumerate().map(|(place, byte)| value(byte) * if place % 2 == 1 { 2 } else { 1 }).sum();
    (check.parse() == Ok((10 - sum % 10) % 10)).then_some("ups")
}

/// The barcode of packages in the United States, 22 or 26 digits, with or without the way to go (420 and a ZIP code).
fn postal_us(number: &str) -> Option<&'static str> {
    let digits = digits(number)?;
    // A ZIP code has five digits or nine.
    let parts = match digits.as_slice() {
        [4, 2, 0, rest @ ..] => vec![rest.get(5..), rest.get(9..)],
        all => vec![Some(all)],
    };
    // Those of 9261 2 are brought to the post by others, which follow them themselves.
    let is_own = |part: &[u32]| {
        matches!(part, [9, 1..=5, ..]) && !part.starts_with(&[9, 2, 6, 1, 2]) && [22, 26].contains(&part.len())
    };
    parts.into_iter().flatten().any(|part| is_own(part) && is_gs1(part)).then_some("usps")
}

fn fedex(number: &str) -> Option<&'static str> {
    let all = digits(number)?;
    let weighed = |digits: &[u32]| {
        let (check, body) = digits.split_last()?;
        let sum: u32 = body.iter().rev().zip([1, 3, 7].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        (sum % 11 % 10 == *check).then_some("fedex")
    };
    match all.len() {
        // Twelve digits are what others have, too: see `is_japanese`.
        12 if !is_japanese(&all) => weighed(&all),
        34 if all.starts_with(&[1, 0, 0]) || all.starts_with(&[9, 6]) => weighed(&all[20..]),
        22 if all.starts_with(&[9, 6]) => is_gs1(&all[7..]).then_some("fedex"),
        _ => None,
    }
}

/// Yamato and Sagawa: the first eleven digits, divided by seven, leave the twelfth.
fn is_japanese(digits: &[u32]) -> bool {
    digits.len() == 12 && digits[..11].iter().fold(0, |rest, digit| (rest * 10 + digit) % 7) == digits[11]
}

fn dhl(number: &str) -> Option<&'static str> {
    if let Some(rest) = number.strip_prefix("JJD").or_else(|| number.strip_prefix("JVGL")) {
        return ((9..=20).contains(&rest.len()) && digits(rest).is_some()).then_some("dhl");
    }
    let all = digits(number).filter(|digits| digits.len() == 10)?;
    (all[..9].iter().fold(0, |rest, digit| (rest * 10 + digit) % 7) == all[9]).then_some("dhl_express")
}

/// Serial shipping container codes (GS1), by the company that they name.
fn serial_container(number: &str) -> Option<&'static str> {
    let short = if number.len() == 20 { number.strip_prefix("00")? } else { number };
    if short.len() != 18 || !is_gs1(&digits(short)?) {
        return None;
    }
    match short {
        _ if short.starts_with("340434") => Some("dhl_paket"),
        _ if short.starts_with("370722") => Some("bring"),
        _ => None,
    }
}

/// Those without a check digit, whose letters nobody else begins with.
fn asian(number: &str) -> Option<&'static str> {
    let rest = |prefix, lengths: &[usize]| {
        number.strip_prefix(prefix).is_some_and(|rest| lengths.contains(&rest.len()) && digits(rest).is_some())
    };
    let shapes = [
        ("SF", &[13][..], "sf_express"),
        ("YT", &[16], "yunexpress"),
        ("LP", &[14, 16], "cainiao"),
        ("TBA", &[12], "amazon"),
    ];
    shapes.iter().find(|(prefix, lengths, _)| rest(*prefix, lengths)).map(|(.., code)| *code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(number: &str) -> Option<&'static str> {
        by_number(number).map(|known| known.code)
    }

    #[test]
    fn numbers_with_a_check_digit_name_their_carrier() {
        for (number, carrier) in [
            ("RB123456785GB", "royal_mail"),
            ("RR 1234 5678 5 SE", "postnord"),
            ("1Z5R89390357567127", "ups"),
            ("1Z879E930346834440", "ups"),
            ("1z 410e 7w03 9275 1591", "ups"),
            ("9400 1112 0108 0805 4830 16", "usps"),
            ("420 22153 9101026837331000039521", "usps"),
            ("4201002334249200190132607600833457", "usps"),
            ("92748931507708513018050063", "usps"),
            ("986578788855", "fedex"),
            ("477179081230", "fedex"),
            ("1001921334250001000300779017972697", "fedex"),
            ("9622001900000000000000776632517510", "fedex"),
            ("9611020987654312345672", "fedex"),
            ("3318810025", "dhl_express"),
            ("8487135506", "dhl_express"),
            ("JJD0099999999", "dhl"),
            ("JVGL0999999990", "dhl"),
            ("00340434161094042557", "dhl_paket"),
            ("370722152417281240", "bring"),
            ("SF1234567890123", "sf_express"),
            ("TBA619632698000", "amazon"),
        ] {
            assert_eq!(code(number), Some(carrier), "{number}");
        }
    }

    #[test]
    fn one_wrong_digit_names_nobody() {
        for number in [
            "RB123456786GB",
            "1Z5R89390357567128",
            "2Z5R89390357567127",
            "9400111201080805483017",
            "996578788855",
            "1001901781990001000300617767839438",
            "9622001560001234567100794808390595",
            "3318810010",
            "00340434161094042558",
            "RB123456785ZZ",
            // The post brings it, and somebody else follows it.
            "9261292700768711948021",
            "",
            "ÄÖ",
        ] {
            assert_eq!(code(number), None, "{number}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".{0,60}") {
            let _ = by_number(&text);
            let _ = super::super::known::by_name(&text);
        }

        #[test]
        fn shapes_that_are_nearly_right_are_read(text in "(1Z|JJD|RB|00|420|96|)[0-9A-Z]{8,34}(SE|GB|)") {
            let found = by_number(&text);
            prop_assert!(found.is_none_or(|known| known.link("A1").is_none_or(|link| link.starts_with("https://"))));
        }
    }
}
