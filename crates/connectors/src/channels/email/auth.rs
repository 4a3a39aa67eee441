//! What the receiving server found out about the sender (RFC 8601), and whether we may believe it.
//!
//! Anyone can write such a header into their own mail. Only the topmost one counts, and only when it comes from the
//! shop's own server: by the name that the settings give; or, where they give none, because it stands above the
//! topmost `Received`, which our server wrote, and carries that server's name.

use serde_json::{Map, Value, json};

use super::settings::Trust;

/// The findings of one server.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    server: String,
    methods: Vec<Method>,
    /// The name in the `Received` header right below, if there was none above.
    received_by: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Method {
    name: String,
    verdict: String,
    /// Such as `header.d=example.com`.
    properties: Vec<(String, String)>,
}

impl Method {
    fn domain(&self, key: &str) -> Option<&str> {
        let (_, value) = self.properties.iter().find(|(name, _)| name == key)?;
        Some(value.rsplit_once('@').map_or(value.as_str(), |(_, domain)| domain))
    }
}

impl Findings {
    /// Reads the topmost findings in a raw message.
    pub fn of(raw: &[u8]) -> Option<Self> {
        let mut received = false;
        let mut found: Option<Self> = None;
        for (name, value) in headers(raw) {
            match name.as_str() {
                "received" => {
                    if let (Some(found), false) = (&mut found, received) {
                        found.received_by = by(&value);
                    }
                    received = true;
                }
                "authentication-results" if found.is_none() => found = Some(Self::read(&value)),
                _ => {}
            }
            if received && found.is_some() {
                break;
            }
        }
        found
    }

    fn read(value: &str) -> Self {
        let value = without_comments(value).to_ascii_lowercase();
        let mut clauses = value.split(';').map(str::trim);
        let server = clauses.next().and_then(|clause| clause.split_whitespace().next()).unwrap_or_default();
        let methods = clauses.filter_map(|clause| {
            let mut words = clause.split_whitespace().filter_map(|word| word.split_once('='));
            let (name, verdict) = words.next()?;
            let name = name.split('/').next().unwrap_or(name).to_owned();
            let unquoted = |value: &str| value.trim_matches('"').to_owned();
            let properties = words.map(|(key, value)| (key.to_owned(), unquoted(value))).collect();
            Some(Method { name, verdict: verdict.to_owned(), properties })
        });
        Self { server: server.to_owned(), methods: methods.take(50).collect(), received_by: None }
    }

    /// Whether it was written by the shop's own mail server.
    pub fn is_ours(&self, trust: &Trust) -> bool {
        let named = trust.authserv_id.as_ref().map(|name| name.eq_ignore_ascii_case(&self.server));
        match named {
            _ if !trust.fetched => trust.over_http && named.unwrap_or(true),
            Some(named) => named,
            None => !self.server.is_empty() && self.received_by.as_ref() == Some(&self.server),
        }
    }

    /// Whether the domain of `from` stands for this message: DMARC says so, or DKIM or SPF for that very domain or one
    /// above it.
    pub fn vouch_for(&self, from: &str) -> bool {
        let Some((_, from)) = from.rsplit_once('@') else { return false };
        let from = from.to_ascii_lowercase();
        let all = |name: &'static str| self.methods.iter().filter(move |method| method.name == name);
        if all("dmarc").any(|method| method.verdict == "fail") {
            return false;
        }
        let aligned =
            |domain: &str| from == domain || from.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        let passed = |method: &&Method| method.verdict == "pass";
        all("dmarc").filter(passed).any(|method| method.domain("header.from").is_none_or(|domain| domain == from))
            || all("dkim")
                .filter(passed)
                .any(|method| method.domain("header.d").or(method.domain("header.i")).is_some_and(aligned))
            || all("spf").filter(passed).any(|method| method.domain("smtp.mailfrom").is_some_and(aligned))
    }

    /// `{"by": …, "trusted": …, "spf": "pass", …}` for people to see.
    pub fn shown(&self, trust: &Trust) -> Value {
        let mut shown = Map::new();
        shown.insert("by".into(), json!(self.server));
        shown.insert("trusted".into(), json!(self.is_ours(trust)));
        for name in ["spf", "dkim", "dmarc"] {
            let mut verdicts = self.methods.iter().filter(|method| method.name == name).map(|method| &method.verdict);
            // One good signature is enough (RFC 6376, section 6.1).
            let verdict = verdicts.clone().find(|verdict| *verdict == "pass").or(verdicts.next());
            shown.extend(verdict.map(|verdict| (name.to_owned(), json!(verdict))));
        }
        Value::Object(shown)
    }
}

/// Lower-case names and unfolded values, from the top.
fn headers(raw: &[u8]) -> impl Iterator<Item = (String, String)> {
    let mut lines = raw.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line)).peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            let mut line = line.trim_end_matches('\r').to_owned();
            if line.is_empty() {
                return None;
            }
            while let Some(more) = lines.next_if(|more| more.starts_with([' ', '\t']) && line.len() < 64 * 1024) {
                line.push(' ');
                line += more.trim();
            }
            // Lines that are no header, such as a leading `From `, are passed by.
            if let Some((name, value)) = line.split_once(':') {
                return Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    })
}

fn by(received: &str) -> Option<String> {
    let received = without_comments(received).to_ascii_lowercase();
    let mut words = received.split_whitespace();
    words.find(|word| *word == "by")?;
    words.next().map(|host| host.trim_end_matches(';').to_owned())
}

fn without_comments(value: &str) -> String {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        let was_escaped = escaped;
        escaped = c == '\\' && !was_escaped;
        match c {
            '"' if depth == 0 && !was_escaped => quoted = !quoted,
            '(' if !quoted && !was_escaped => depth += 1,
            ')' if !quoted && !was_escaped && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imap(authserv_id: Option<&str>) -> Trust {
        Trust { fetched: true, authserv_id: authserv_id.map(Into::into), over_http: false }
    }

    fn verified(raw: &str, trust: &Trust) -> bool {
        Findings::of(raw.as_bytes())
            .is_some_and(|found| found.is_ours(trust) && found.vouch_for("kari@shopper.example"))
    }

    const OURS: &str = "Received: from x (x [1.2.3.4])\r\n\tby mx.shop.example (Postfix) with ESMTPS; Mon\r\n";
    const PASS: &str =
        "Authentication-Results: mx.shop.example;\r\n dmarc=pass (p=none) header.from=shopper.example\r\n";

    #[test]
    fn our_servers_word_counts_and_nobody_elses() {
        assert!(verified(&format!("{PASS}{OURS}\r\n"), &imap(None)));
        assert!(!verified(&format!("{OURS}{PASS}\r\n"), &imap(None)), "may have come with the mail");
        assert!(!verified(&format!("{OURS}\r\n"), &imap(None)));
        let named = imap(Some("MX.shop.example"));
        assert!(verified(&format!("{OURS}{PASS}\r\n"), &named));
        let other = "Authentication-Results: evil.example; dmarc=pass\r\n";
        assert!(!verified(&format!("{other}{OURS}\r\n"), &named));
        assert!(!verified(&format!("{other}{OURS}{PASS}\r\n"), &named), "only the topmost counts");
        assert!(!verified(&format!("{OURS}\r\n{PASS}\r\n"), &named), "a body is no header");
    }

    #[test]
    fn mail_over_http_is_believed_only_when_told() {
        let raw = format!("{PASS}{OURS}\r\n");
        let http =
            |trust, name: Option<&str>| Trust { fetched: false, authserv_id: name.map(Into::into), over_http: trust };
        assert!(!verified(&raw, &http(false, None)));
        assert!(!verified(&raw, &http(false, Some("mx.shop.example"))));
        assert!(verified(&raw, &http(true, None)));
        assert!(!verified(&raw, &http(true, Some("other"))));
    }

    #[test]
    fn a_pass_for_another_domain_is_none() {
        let vouched = |value: &str| Findings::read(value).vouch_for("Kari@News.Shopper.example");
        assert!(vouched("mx; dkim=pass header.d=shopper.example header.s=a"));
        assert!(vouched("mx; dkim=fail header.d=x.example; dkim=pass header.i=@shopper.example"));
        assert!(vouched("mx; spf=pass smtp.mailfrom=bounce@news.shopper.example"));
        assert!(!vouched("mx; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example"));
        assert!(!vouched("mx; dkim=pass header.d=nopper.example"));
        assert!(!vouched("mx; dkim=pass header.d=per.example"));
        assert!(!vouched("mx; dmarc=fail header.from=news.shopper.example; dkim=pass header.d=shopper.example"));
        assert!(!vouched("mx; dmarc=pass header.from=other.example"));
        assert!(!vouched("mx; none"));
        assert!(!vouched("mx; spf=softfail (x; dmarc=pass) smtp.mailfrom=news.shopper.example"));
    }

    #[test]
    fn what_was_found_is_shown() {
        let found =
            Findings::read("mx.google.com; dkim=neutral header.i=@a; dkim=pass header.i=@b; spf=fail; arc=none");
        let shown = json!({"by": "mx.google.com", "trusted": false, "dkim": "pass", "spf": "fail"});
        assert_eq!(found.shown(&imap(None)), shown);
    }
}
