//! Mailing lists and bulk mailers (RFC 2369, RFC 2919), and the list that is the inbox itself.
//!
//! A shop's address may be a group that hands its mail on to the mailbox: then every mail from a person bears the marks
//! of a list. Those marks say nothing where all of them are of that group.

use mail_parser::MessageParser;

use crate::{
    automatic::Automatic,
    headers::Headers,
    parse::{Address, addresses},
};

/// What a mail says of the lists it came through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// Values of the headers that name a list, in lower case.
    ids: Vec<String>,
    posts: Vec<String>,
    unsubscribes: Vec<String>,
    /// A bulk mailer set this, and no list does.
    bulk: bool,
    /// What wrote the mail, whichever lists it came through.
    pub(crate) otherwise: Automatic,
    /// Who wrote it, where the list put its own address into From because the sender's domain forbids others to use it.
    pub original_from: Option<Address>,
}

/// Whether the mail came over a list or bulk mailer.
pub(crate) fn is_list(headers: &Headers) -> bool {
    const SURE: [&str; 5] = ["list-id", "list-unsubscribe", "list-post", "x-mailing-list", "mailing-list"];
    let precedence = headers.lower("precedence");
    is_bulk(headers)
        || SURE.iter().any(|name| headers.has(name))
        || matches!(precedence.trim(), "list" | "bulk")
        || headers.has("x-mc-user")
}

fn is_bulk(headers: &Headers) -> bool {
    // Amazon's mailer stamps whatever passes through it, also what people wrote into a form.
    let campaign = headers.get("feedback-id").is_some_and(|id| !id.to_ascii_lowercase().contains("amazonses"));
    campaign || headers.has("x-campaign-id")
}

impl Lists {
    pub(crate) fn of(headers: &Headers) -> Self {
        let all = |name: &str| headers.all(name).map(str::to_ascii_lowercase).collect::<Vec<_>>();
        let precedences = all("precedence");
        // One is the group's own, and some of them say bulk.
        let twice = precedences.len() > 1 && precedences.iter().any(|word| word.trim() == "bulk");
        Self {
            ids: all("list-id"),
            posts: ["list-post", "mailing-list", "x-mailing-list"].iter().flat_map(|name| all(name)).collect(),
            unsubscribes: all("list-unsubscribe"),
            bulk: is_bulk(headers) || headers.has("x-mc-user") || headers.has("list-unsubscribe-post") || twice,
            otherwise: Automatic::No,
            original_from: headers.get("x-original-from").and_then(address),
        }
    }

    /// It came through the list whose address this is.
    pub fn are_of(&self, inbox: &str) -> bool {
        let inbox = inbox.to_ascii_lowercase();
        self.ids.iter().any(|id| is_id_of(id, &inbox)) || self.posts.iter().any(|post| names(post, &inbox))
    }

    /// It came through that list and bears no mark of another or of a bulk mailer.
    pub(crate) fn are_only_of(&self, inbox: &str) -> bool {
        let inbox = inbox.to_ascii_lowercase();
        let Some((_, domain)) = inbox.rsplit_once('@') else { return false };
        self.are_of(&inbox)
            && !self.bulk
            && self.ids.iter().all(|id| is_id_of(id, &inbox))
            && self.posts.iter().all(|post| names(post, &inbox) || leads_to(post, domain))
            && self.unsubscribes.iter().all(|unsubscribe| leads_to(unsubscribe, domain))
    }
}

/// `Shop support <support.shop.example>` for `support@shop.example`.
fn is_id_of(id: &str, inbox: &str) -> bool {
    let id = id.rsplit_once('<').map_or(id, |(_, id)| id).trim_end_matches('>').trim();
    id == inbox || inbox.rsplit_once('@').is_some_and(|(local, domain)| id == format!("{local}.{domain}"))
}

/// The address stands in it, and not only as a part of another.
fn names(value: &str, inbox: &str) -> bool {
    crate::headers::addresses_in(value).any(|found| found == inbox)
}

/// One of the addresses in it is of this domain, or belongs to one of its groups at Google.
fn leads_to(value: &str, domain: &str) -> bool {
    let of = |host: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    value.split([' ', ',', '<', '>']).any(|one| {
        if let Some(web) = one.strip_prefix("https://").or_else(|| one.strip_prefix("http://")) {
            let host = web.split(['/', '?', ':', '#']).next().unwrap_or_default();
            return of(host) || host == "groups.google.com";
        }
        // What stands behind a question mark may hold any address.
        let address = one.split('?').next().unwrap_or_default();
        address.rsplit_once('@').is_some_and(|(_, host)| of(host.trim_end_matches([';', '.'])))
    })
}

/// A header that the MIME reader does not know, read as From.
fn address(value: &str) -> Option<Address> {
    let raw = format!("From: {value}\r\n\r\n");
    let message = MessageParser::default().parse_headers(raw.as_bytes())?;
    addresses(message.from()).into_iter().next().filter(|one| one.address.contains('@'))
}

#[cfg(test)]
mod tests {
    use crate::{
        automatic::Automatic,
        parse::{Mail, parse},
    };

    fn mail(headers: &str) -> Mail {
        parse(format!("From: Kari <kari@shopper.example>\nSubject: Tent\n{headers}\n\nHello").as_bytes()).unwrap()
    }

    const GROUP: &str = "List-ID: <support.shop.example>\nX-Google-Group-Id: 123456\nPrecedence: list\n\
        List-Post: <https://groups.google.com/a/shop.example/group/support/post>, <mailto:support@shop.example>\n\
        Mailing-list: list support@shop.example; contact support+owners@shop.example\n\
        List-Unsubscribe: <mailto:googlegroups-manage+123456+unsubscribe@googlegroups.com>,\n \
        <https://groups.google.com/a/shop.example/group/support/subscribe>\n";

    #[test]
    fn a_person_who_writes_to_a_group_is_one_where_the_group_is_the_inbox() {
        let through = mail(GROUP);
        assert_eq!(through.automatic, Automatic::List);
        assert_eq!(through.automatic_at("Support@Shop.example"), Automatic::No);
        for other in ["sales@shop.example", "port@shop.example", "support@other.example", "x"] {
            assert_eq!(through.automatic_at(other), Automatic::List, "{other}");
        }
        for list in [
            "List-Id: Help <support.shop.example>\nList-Unsubscribe: <https://lists.shop.example/options/support>, <mailto:support-request@shop.example?subject=unsubscribe>\n",
            "Mailing-List: contact support-help@shop.example; run by ezmlm\nPrecedence: bulk\nList-Post: <mailto:support@shop.example>\n",
            "X-Mailing-List: support@shop.example\n",
        ] {
            assert_eq!(mail(list).automatic_at("support@shop.example"), Automatic::No, "{list}");
        }
        let away = mail(&format!("{GROUP}Auto-Submitted: auto-replied\n"));
        assert_eq!(away.automatic_at("support@shop.example"), Automatic::AutoReply);
    }

    #[test]
    fn a_newsletter_to_the_group_stays_one() {
        for bulk in [
            "Feedback-ID: 1:news:mailer\n",
            "X-Campaign-Id: 7\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
            "List-Unsubscribe: <https://news.example/u?e=support@shop.example>\n",
            "List-Unsubscribe: <mailto:leave@news.example?subject=support@shop.example>\n",
            "List-Id: News <news.news.example>\n",
            "Precedence: bulk\n",
        ] {
            let newsletter = mail(&format!("{bulk}{GROUP}"));
            assert_eq!(newsletter.automatic_at("support@shop.example"), Automatic::List, "{bulk}");
        }
        let news = mail("List-Unsubscribe: <https://shop.example/unsubscribe>\n");
        assert_eq!(news.automatic_at("support@shop.example"), Automatic::List, "no list that is the inbox");
    }

    #[test]
    fn who_wrote_to_the_group_is_told_apart_from_it() {
        let mail = mail(&format!("{GROUP}X-Original-From: =?utf-8?Q?K=C3=A5re?= <kaare@shopper.example>\n"));
        let from = mail.lists.original_from.unwrap();
        assert_eq!((from.name.as_deref(), from.address.as_str()), (Some("Kåre"), "kaare@shopper.example"));
    }
}
