//! Why a mail was not delivered, from what the servers said, and whether trying again is pointless.
//!
//! Status codes (RFC 3463) lie often enough that the words come first: `5.1.1` is seen on full mailboxes and spam
//! verdicts. The order of [`WORDS`] matters: what is temporary or about the sender is looked for before *unknown*.

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

const WORDS: [(Cause, &[&str]); 20] = [
    // Said without naming anyone: the carriers that write this refuse the mail, not the mailbox.
    (FILTERED, &["550 : user unknown"]),
    (HOST_UNKNOWN, &["account or domain may not exist"]),
    (hard("has moved"), &["recipient no longer on server", "has moved to", "5.1.6", "address has changed", "user has moved", "mailbox moved", "no longer works here", "new address is"]),
    (
        soft("mailbox full"),
        &[
            "mailbox full", "mailbox is full", "mailbox has exceeded", "over quota", "overquota", "quota exceeded", "exceeded quota", "quota exceed",
            "exceeded storage", "exceeded their quota", "out of storage", "out of space", "mailfolder is full", "mailbox exceeds", "mailfull", "inbox is full", "exceed the quota",
            "not enough disk", "mailbox size limit", "disk quota", "quota violation", "storage allocation", "account is full", "user's disk quota", "would exceed mailbox", "is full",
            "has exceeded its", "exceeds allowed", "boite du destinataire pleine", "mailbox quota", "user has exhausted", "too many messages in the mailbox", "space limit exceeded", "delivery failed: over",
            "too much mail data", "容量", "over the allowed quota", "over the maximum", "552 5.2.2", "exceed mailbox", "user is over the quota", "lack of disk space", "超過", "mailbox for user is full", "max message quota", "storage space",
        ],
    ),
    (soft("message too big"), &["message too large", "message size exceeds", "too big", "size limit", "exceeds the maximum message size", "maximum message size", "message too big", "exceeded maximum inbound message size", "5.3.4", "content length exceeds", "message length exceeds"]),
    (
        soft("sender not authenticated"),
        &["dmarc", "spf record", "spf check", "sender policy framework", "dkim", "unauthenticated email", "authentication information", "fails to pass authentication", "access denied, sending domain", "5.7.26", "5.7.23", "5.7.509", "not pass authentication", "spf fail"],
    ),
    (
        soft("no reverse DNS"),
        &["reverse dns", "ptr record", "ptr resource", "no ptr", "rdns", "without a valid sender domain", "ip name lookup failed", "mismatches client ip", "cannot find your reverse hostname", "cannot find your hostname", "reverse hostname", "5.7.25", "rejected because of unresolvable ip", "no valid ptr", "does not resolve to", "could not be resolved", "helo command rejected", "dns resource record", "unresolvable hostname", "domain name mismatch", "reverse lookup", "invalid hostname in helo", "invalid dns"],
    ),
    (soft("virus detected"), &["virus"]),
    (
        soft("blocked"),
        &[
            "blacklist", "black list", "blocklist", "block list", "blocked using", "blocked by", "dnsbl", "spamhaus", "rbl", "banned sending", "ip blocked", "has been blocked", "is blocked", "blocked - see",
            "client host rejected", "access denied, banned", "service not available", "spamcop", "sorbs", "refused to talk to me", "sender rejected. refer", "ip address rejected", "poor reputation", "low reputation", "ip reputation",
            "not accepted from", "bad reputation", "your ip", "(bl)", "host rejected", "host network not allowed", "no smtp service", "connection refused by", "connections not accepted", "error: your server", "too many spams from", "your server has been", "we have blocked",
        ],
    ),
    (soft("sending too fast"), &["rate limit", "receiving mail at a rate", "too many connections", "frequency limited", "too many messages", "unexpected volume", "throttl", "too many recipients", "concurrent connections", "exceeded the rate", "rate that", "sending limit", "limit exceeded for"]),
    (
        soft("taken for spam"),
        &["spam", " ube,", "unsolicited", "content rejected", "junk mail", "bulk mail", "message filtered", "scored as", "suspected"],
    ),
    (
        soft("sender rejected"),
        &[
            "domain of sender", "sender address rejected", "sender address verify", "sender verify", "sender rejected", "purported responsible", "rejected because the sender", "not a registered gateway user", "mail from", "5.1.8", "5.1.7", "invalid sender", "sender denied", "sender is not", "bad sender",
            "you do not have permission to post", "permission to post", "might not have permission", "not authorised to send", "not authorized to send", "sender domain", "from address", "unroutable sender", "sender not allowed", "sender was rejected", "non-existent sender", "envelope blocked",
        ],
    ),
    (
        soft("suspended"),
        &["account inactive", "is inactive", "is disabled", "disabled recipient", "has been disabled", "has been suspended", "account disabled", "account suspended", "temporary locked", "temporarily locked", "deactivated", "disabled or discontinued", "mailbox is suspended", "recipient suspend", "mailbox currently suspended", "account is locked", "not been activated", "受信拒否", "is suspended", "mailbox frozen", "mailbox unavailable or access denied"],
    ),
    (
        soft("policy"),
        &["policy", "protocol violation", "security reasons", "presents a potential", "multiple addresses in from", "rfc 5322", "rfc5322", "8-bit data", "duplicate header", "not compliant", "relay access", "relaying", "relay denied", "relay not", "unable to relay", "cannot relay", "smtp authentication", "authentication required", "must issue a starttls", "tls required", "prohibited", "unauthenticated senders", "message refused", "not permitted", "not authorized", "not authorised", "5.6.9"],
    ),
    (soft("system error"), &["system error", "internal error", "configuration error", "could not load", "service currently unavailable"]),
    (soft("delivered"), &["successfully delivered", "message was delivered", "2.1.5 ok", "2.6.0"]),
    (
        soft("network trouble"),
        &[
            "timed out", "timeout", "host not found, try again", "hop count", "too many hops", "mail loop", "mail forwarding loop", "routing loop", "connection refused", "network is unreachable", "connection lost", "lost connection", "message expired", "delivery time expired", "could not be delivered for",
            "retry timeout", "has been in the queue", "been queued", "retry time not reached", "could not connect", "couldn't connect", "unable to connect", "no route to host", "connection was dropped", "temporarily deferred", "still being retried", "dns error", "dns query failed", "server reply", "keep trying", "within the time", "delivery delayed", "no mail hosts", "not accept our requests", "too long", "unable to deliver this message after", "expired", "connection dropped", "dns lookup failure", "temporary failure", "cannot be delivered due to",
        ],
    ),
    (
        HOST_UNKNOWN,
        &[
            "host unknown", "unknown host", "host not found", "domain not found", "no such domain", "invalid domain", "domain does not exist", "domain is not reachable", "unrouteable address", "unrouteable mail domain", "unroutable address", "name or service not known", "nullmx", "null mx", "does not accept mail", "recipient's domain", "all relevant mx records point to non-existent", "domain name not found", "bad destination host", "no such host", "no mx record", "illegal host/domain", "doesn't receive email", "unknown domain", "ホストに", "lookup failed", "nodename nor servname", "couldn't find any host", "cannot find host", "could not be found in dns", "name service error",
        ],
    ),
    (
        USER_UNKNOWN,
        &[
            "user unknown", "unknown user", "no such user", "user not found", "does not exist", "doesn't exist", "unknown recipient", "recipient unknown", "recipient not found", "recipnotfound", "recipientnotfound", "not found", "no mailbox", "no such recipient", "mailbox not found", "invalid recipient", "invalid mailbox", "unknown mailbox", "recipient address rejected", "address rejected", "address unknown", "unknown address", "no longer available", "not our customer", "not listed in", "no such person", "name is not recognized", "no valid recipients",
            "user doesn't", "doesn't have a", "does not have a", "not a valid", "not a known user", "invalid user", "is unknown", "unknown account", "no account", "no such account", "account does not", "not exist", "not known", "destinataire invalide", "bad destination", "addressee unknown", "this address no longer", "mailbox unavailable", "bad address", "no user", "does not like recipient", "not listed", "recipient rejected", "rejected recipient", "no such mailbox", "invalid address", "couldn't be found", "wasn't found", "could not be found", "unable to find", "user is unknown", "unknown local", "ディレクトリのリスト", "存在しません", "見つかりません", "email address could not", "delivery error: dd", "no one by that name", "mailbox not available", "not available", "undeliverable address", "user has no mailbox", "user reject",
        ],
    ),
    (soft("rejected"), &["access denied", "rejected", "refused", "denied", "transaction failed", "service currently unavailable", "system error", "temporary", "try again later"]),
];

/// The cause by the words of the servers, then by the status code.
pub(crate) fn cause(said: &str, status: Option<&str>, after_data: bool) -> Cause {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let after_data = after_data && status != Some("5.1.1") && !said.contains("delivery error: dd");
    for (cause, words) in WORDS {
        if words.iter().any(|word| said.contains(word)) {
            // At DATA the recipient had been accepted already; what is refused then is the mail (RFC 5321, 4.2.5).
            return if cause == USER_UNKNOWN && after_data { FILTERED } else { cause };
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
