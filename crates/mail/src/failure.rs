//! Why a mail was not delivered, from what the servers said, and whether trying again is pointless.
//!
//! Status codes (RFC 3463) lie often enough that the words come first: `5.1.1` is seen on full mailboxes and spam
//! verdicts. The words are data, `phrases/failures.txt`: a cause a line, and the first line that fits counts. So what
//! is temporary or about the sender stands above *unknown*.

use std::sync::LazyLock;

/// A named cause. Only an address that cannot work makes a failure hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) name: &'static str,
    pub(crate) hard: bool,
}

const fn soft(name: &'static str) -> Cause {
    Cause { name, hard: false }
}

const fn hard(name: &'static str) -> Cause {
    Cause { name, hard: true }
}

const USER_UNKNOWN: Cause = hard("user unknown");
const HOST_UNKNOWN: Cause = hard("host unknown");
const FILTERED: Cause = soft("filtered");

fn causes() -> &'static [(Cause, Vec<&'static str>)] {
    static CAUSES: LazyLock<Vec<(Cause, Vec<&'static str>)>> = LazyLock::new(|| {
        let lines = include_str!("phrases/failures.txt").lines();
        let named = lines.filter_map(|line| line.split_once(": "));
        let known = named.filter_map(|(head, words)| Some((head.split_once(' ')?, words)));
        known
            .map(|((kind, name), words)| (Cause { name, hard: kind == "hard" }, words.split(" | ").collect()))
            .collect()
    });
    &CAUSES
}

/// The cause by the words of the servers, then by the status code.
pub(crate) fn cause(said: &str, status: Option<&str>, after_data: bool) -> Cause {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let after_data = after_data && status != Some("5.1.1") && !said.contains("delivery error: dd");
    for (cause, words) in causes() {
        if words.iter().any(|word| said.contains(*word)) {
            // At DATA the recipient had been accepted already; what is refused then is the mail (RFC 5321, 4.2.5).
            return if *cause == USER_UNKNOWN && after_data { FILTERED } else { *cause };
        }
    }
    by_status(status.unwrap_or_default(), after_data)
}

fn by_status(status: &str, after_data: bool) -> Cause {
    match status {
        "5.1.6" => hard("has moved"),
        "5.1.1" | "5.1.0" | "5.1.3" | "5.1.10" | "5.0.911" | "5.4.310" if !after_data => USER_UNKNOWN,
        "5.1.2" | "5.4.4" => HOST_UNKNOWN,
        "5.2.2" | "4.2.2" => soft("mailbox full"),
        "5.2.1" => FILTERED,
        "5.3.4" | "5.2.3" => soft("message too big"),
        "5.1.7" | "5.1.8" => soft("sender rejected"),
        _ if status.starts_with("2.") => soft("delivered"),
        _ if status.starts_with("5.7.") => soft("policy"),
        _ if status.starts_with("4.") => soft("network trouble"),
        _ => soft("undefined"),
    }
}
