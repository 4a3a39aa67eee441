//! One readable line from an invitation (RFC 5545), for mails that hold nothing else.

use crate::{
    part::Attachment,
    text::{bounded, one_line},
};

/// *Invitation: Fitting (2026-03-01 10:00, Oslo)*; nothing if the attachment is no calendar.
pub(crate) fn summary(attachment: &Attachment) -> Option<String> {
    if attachment.content_type != "text/calendar" && attachment.content_type != "application/ics" {
        return None;
    }
    let text = String::from_utf8_lossy(&attachment.bytes[..attachment.bytes.len().min(64 << 10)]);
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let event = unfolded.find("BEGIN:VEVENT").map_or(unfolded.as_str(), |at| &unfolded[at..]);
    let field = |name: &str| {
        event.lines().find_map(|line| {
            let rest = line.strip_prefix(name).filter(|rest| rest.starts_with([':', ';']))?;
            let value =
                one_line(&rest[rest.find(':')? + 1..].replace("\\,", ",").replace("\\n", " ").replace("\\;", ";"));
            Some(bounded(&value, 200).into_owned()).filter(|value| !value.is_empty())
        })
    };
    let word = match unfolded.lines().find_map(|line| line.strip_prefix("METHOD:")).map(str::trim) {
        Some("CANCEL") => "Cancelled",
        Some("REPLY") => "Answer to an invitation",
        _ => "Invitation",
    };
    let details: Vec<String> =
        [field("DTSTART").map(|time| readable(&time)), field("LOCATION")].into_iter().flatten().collect();
    let subject = field("SUMMARY").unwrap_or_default();
    if subject.is_empty() && details.is_empty() {
        return None;
    }
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    Some(format!("{word}: {subject}{details}"))
}

/// `20260301T100000Z` as `2026-03-01 10:00 UTC`.
fn readable(time: &str) -> String {
    let digits =
        |range: std::ops::Range<usize>| time.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(4..6), digits(6..8)) else {
        return time.to_owned();
    };
    let clock = match (digits(9..11), digits(11..13)) {
        (Some(hour), Some(minute)) => format!(" {hour}:{minute}{}", if time.ends_with('Z') { " UTC" } else { "" }),
        _ => String::new(),
    };
    format!("{year}-{month}-{day}{clock}")
}
