//! Subjects without the marks that answering and forwarding leave on them.

const REPLY: [&str; 38] = [
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "odp",
    "ref",
    "res",
    "rif",
    "r",
    "ynt",
    "yan",
    "atb",
    "vast",
    "svar",
    "bls",
    "blt",
    "tr re",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "返信",
    "답장",
    "رد",
    "תגובה",
    "השב",
    "απ",
    "ads",
    "cevap",
    "vá",
    "vl",
    "hθ",
    "отв",
    "ответ",
    "nt",
    "odpověď",
];
const FORWARD: [&str; 30] = [
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "vb",
    "doorst",
    "pd",
    "fs",
    "vl",
    "ilt",
    "továbbítás",
    "转发",
    "轉寄",
    "轉發",
    "転送",
    "전달",
    "إعادة توجيه",
    "fwd re",
    "προώθ",
    "пересл",
    "вх",
    "videresendt",
    "vidarebefordrat",
    "trs",
    "přep",
    "rép",
    "redir",
];

/// `Re: ` and the subject without what chains of answers put before it.
pub fn reply_subject(subject: &str) -> String {
    let base = strip(subject, false);
    if base.is_empty() { "Re:".to_owned() } else { format!("Re: {base}") }
}

/// The subject without any mark of answering or forwarding, in any of the languages known.
pub fn base_subject(subject: &str) -> &str {
    strip(subject, true)
}

fn strip(subject: &str, forwards: bool) -> &str {
    let mut rest = subject.trim();
    // Chains are stripped as far as a person would have answered.
    for _ in 0..50 {
        let Some(colon) = rest.char_indices().take(24).find(|(_, c)| matches!(c, ':' | '：')) else { break };
        let mark = rest[..colon.0].trim();
        // `RE[2]:` and `Re (3):` count for the reader.
        let mark = mark.split(['[', '(', '^', '*']).next().unwrap_or_default().trim().to_lowercase();
        if !(REPLY.contains(&mark.as_str()) || forwards && FORWARD.contains(&mark.as_str())) {
            break;
        }
        rest = rest[colon.0 + colon.1.len_utf8()..].trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_answers_end() {
        assert_eq!(reply_subject("Where is my parcel?"), "Re: Where is my parcel?");
        assert_eq!(reply_subject("RE: AW: Sv: VS: Antw: RE[2]: Parcel"), "Re: Parcel");
        assert_eq!(reply_subject("回复：答复: 包裹"), "Re: 包裹");
        assert_eq!(reply_subject(""), "Re:");
        assert_eq!(reply_subject("Re: Fwd: Parcel"), "Re: Fwd: Parcel");
        assert_eq!(base_subject("Re: Fwd: WG: Parcel"), "Parcel");
        assert_eq!(base_subject("Order: 12:30"), "Order: 12:30");
        assert_eq!(base_subject("Re:"), "");
    }
}
