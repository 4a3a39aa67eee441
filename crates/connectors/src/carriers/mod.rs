//! What is known of carriers, and the formats in which news of parcels come: a folder for each.

mod dhl;
mod generic;
pub mod known;
pub mod number;
pub mod words;

use crate::carrier::Carrier;
pub use known::Known;

/// Every format that there is.
pub const FORMATS: &[&dyn Carrier] = &[&generic::Generic, &dhl::Dhl];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static dyn Carrier> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// Who carries it: as it is written, or as the number says where nothing is written that is known.
pub fn recognise(written: Option<&str>, number: Option<&str>) -> Option<&'static Known> {
    written.and_then(known::by_name).or_else(|| number.and_then(number::by_number))
}

/// Where a parcel is followed: at its carrier, or where the shop says, if that is a page of the web at all.
pub fn link(carrier: Option<&Known>, number: Option<&str>, told: Option<&str>) -> Option<String> {
    let known = || carrier?.link(number?);
    let is_page = |url: &&str| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            && url.len() <= 2000
            && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\`".contains(c))
    };
    told.map(str::trim).filter(is_page).map(str::to_owned).or_else(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_counts_before_the_number_and_only_pages_are_linked() {
        let code = |written, number| recognise(written, number).map(|known| known.code);
        assert_eq!(code(Some("DPD"), Some("1Z5R89390357567127")), Some("dpd"));
        assert_eq!(code(Some("Other"), Some("1Z5R89390357567127")), Some("ups"));
        assert_eq!(code(None, None), None);
        let ups = known::by_code("ups");
        let to = |told| link(ups, Some("1Z5R89390357567127"), told);
        assert_eq!(to(Some("https://shop.example/t?x=1")).as_deref(), Some("https://shop.example/t?x=1"));
        for odd in
            ["javascript:alert(1)", "https://", "//x", "https://a b", "https://x/\"onload", "data:text/html,x", ""]
        {
            assert_eq!(
                to(Some(odd)).as_deref(),
                Some("https://www.ups.com/track?tracknum=1Z5R89390357567127"),
                "{odd}"
            );
            assert_eq!(link(None, Some("1"), Some(odd)), None);
        }
    }
}
