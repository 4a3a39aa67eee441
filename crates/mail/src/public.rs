//! Domains at which anybody can have an address: who writes from one speaks for nobody but themselves.

/// Large providers of free addresses. One that is missing only matters to a shop whose own inbox is there.
const PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "abv.bg",
    "aim.com",
    "alice.it",
    "aol.com",
    "arcor.de",
    "att.net",
    "bigpond.com",
    "bk.ru",
    "bluewin.ch",
    "bol.com.br",
    "bt.com",
    "btinternet.com",
    "centrum.cz",
    "comcast.net",
    "cox.net",
    "duck.com",
    "earthlink.net",
    "email.com",
    "email.cz",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freemail.hu",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "hey.com",
    "home.nl",
    "hushmail.com",
    "icloud.com",
    "inbox.lv",
    "inbox.ru",
    "interia.pl",
    "kpnmail.nl",
    "laposte.net",
    "libero.it",
    "list.ru",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ee",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "neuf.fr",
    "ntlworld.com",
    "o2.pl",
    "online.no",
    "op.pl",
    "orange.fr",
    "outlook.com",
    "passport.com",
    "pm.me",
    "posteo.de",
    "posteo.net",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "sapo.pt",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sina.com",
    "skynet.be",
    "sky.com",
    "t-online.de",
    "talktalk.net",
    "telenet.be",
    "telia.com",
    "terra.com.br",
    "tiscali.it",
    "tutanota.com",
    "tutanota.de",
    "tuta.com",
    "tuta.io",
    "ukr.net",
    "uol.com.br",
    "verizon.net",
    "virgilio.it",
    "virginmedia.com",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "xs4all.nl",
    "ya.ru",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "zoho.com",
    "ziggo.nl",
];

/// Those that have a domain in many countries: `yahoo.co.uk`, `gmx.at`.
const FAMILIES: &[&str] = &["gmx", "hotmail", "live", "outlook", "yahoo", "yandex"];

/// Whether anybody can have an address there.
pub fn is_provider(domain: &str) -> bool {
    let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
    if PROVIDERS.contains(&domain.as_str()) {
        return true;
    }
    let Some((name, rest)) = domain.split_once('.') else { return false };
    let country = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
    let ending = match rest.split_once('.') {
        Some((kind, code)) => matches!(kind, "co" | "com") && country(code),
        None => matches!(rest, "com" | "net") || country(rest),
    };
    FAMILIES.contains(&name) && ending
}

#[cfg(test)]
mod tests {
    use super::is_provider;

    #[test]
    fn providers_are_known_in_every_country_and_shops_are_not_taken_for_one() {
        for domain in ["gmail.com", "GMX.de", "yahoo.co.uk", "hotmail.fr", "outlook.com.br", "web.de."] {
            assert!(is_provider(domain), "{domain}");
        }
        for domain in ["fjellvik.example", "gmail.com.fjellvik.example", "live.fjellvik.com", "yahoo.shop", "com", ""] {
            assert!(!is_provider(domain), "{domain}");
        }
    }
}
