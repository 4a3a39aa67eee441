//! Made-up texts that are the same every time: a few words that everybody uses, and many that hardly anybody does.

/// Chance that comes out alike on every run (splitmix64).
pub struct Chance(u64);

impl Chance {
    pub fn of(seed: i64) -> Self {
        Self(seed.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    /// True this many times in a thousand.
    pub fn permille(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    /// Below `end`, small ones far more often, as with words and tags.
    pub fn skewed(&mut self, end: usize) -> usize {
        self.below(end).min(self.below(end)).min(self.below(end))
    }
}

const COMMON: &str = "the a to and of for my is it in on with was not you have this that but are be from at as or \
    we me when will can parcel delivery please thank hello received today still yesterday refund return size colour \
    shoes jacket bag box card paid payment invoice address street number tracking carrier late broken missing wrong \
    item exchange store credit gift voucher discount code account password email phone answer question help urgent \
    birthday week days month black white red blue green large small medium pair cotton wool leather zipper sole seam \
    label warehouse customs courier signature neighbour door weekend holiday stock available pre price shipping free \
    express standard pickup shop website checkout basket confirmation cancel change update status wait waiting hope \
    regards best kind morning evening photo picture attached damaged torn wet smell stain washed first second time \
    again already never always only more less same other new old good bad happy sorry annoyed quick slow right left";

/// The word that half of all messages hold.
pub const EVERYWHERE: &str = "order";

const SYLLABLES: [&str; 20] = [
    "ka", "ri", "mo", "ten", "sol", "vi", "dra", "lu", "per", "na", "gor", "ni", "fel", "tu", "san", "be", "rol", "ki",
    "ma", "zu",
];
/// So many words are used by hardly anybody.
pub const SELDOM: usize = 60_000;

/// One of the words that hardly anybody uses.
pub fn seldom(number: usize) -> String {
    let mut number = number % SELDOM + 8_000;
    let mut word = String::new();
    while number > 0 {
        word.push_str(SYLLABLES[number % 20]);
        number /= 20;
    }
    word
}

pub fn order_number(ticket: i64) -> String {
    format!("FV-{}", 1_000_000 + ticket)
}

pub fn address(customer: i64) -> String {
    let number = usize::try_from(customer).unwrap();
    format!("{}.{customer}@post.example", seldom(number * 7))
}

pub fn name(customer: i64) -> String {
    let number = usize::try_from(customer).unwrap();
    let upper = |word: String| word[..1].to_uppercase() + &word[1..];
    format!("{} {}", upper(seldom(number * 7)), upper(seldom(number * 13 + 5)))
}

pub struct Words {
    common: Vec<&'static str>,
}

impl Words {
    pub fn new() -> Self {
        Self { common: COMMON.split_whitespace().collect() }
    }

    fn one(&self, chance: &mut Chance) -> String {
        if chance.permille(60) {
            seldom(chance.below(SELDOM))
        } else {
            self.common[chance.skewed(self.common.len())].into()
        }
    }

    /// A text of about so many words, in lines.
    pub fn text(&self, chance: &mut Chance, length: usize) -> String {
        let mut text = String::with_capacity(length * 7);
        for at in 0..length {
            if at > 0 {
                text.push_str(if at % 14 == 0 { ".\n" } else { " " });
            }
            text.push_str(&self.one(chance));
        }
        if chance.permille(500) {
            text.push(' ');
            text.push_str(EVERYWHERE);
        }
        text.push('.');
        text
    }

    pub fn subject(&self, chance: &mut Chance, ticket: i64) -> String {
        let words: Vec<String> = (0..4).map(|_| self.one(chance)).collect();
        if chance.permille(400) { format!("{} {}", words.join(" "), order_number(ticket)) } else { words.join(" ") }
    }

    /// A mail of about 5 KB in two parts, as mail programs write them.
    pub fn mail(&self, number: i64, from: &str, name: &str, subject: &str, answers: Option<&str>) -> String {
        let mut chance = Chance::of(-1 - number);
        let text = self.text(&mut chance, 290);
        let html = text.replace('\n', "</p>\r\n<p style=\"margin:0 0 10px\">");
        let text = text.replace('\n', "\r\n");
        let thread = answers.map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")).unwrap_or_default();
        let padding =
            "Received: from mx.post.example (mx.post.example [192.0.2.7]) by mail.fjellvik.example with ESMTPS; \
            Mon, 2 Mar 2026 09:00:00 +0000\r\n"
                .repeat(4);
        format!(
            "{padding}Authentication-Results: mail.fjellvik.example; spf=pass; dkim=pass; dmarc=pass\r\n\
            From: {name} <{from}>\r\nTo: Fjellvik <help@fjellvik.example>\r\nSubject: {subject}\r\n\
            Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <bench-{number}@post.example>\r\n{thread}\
            MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"=_part\"\r\n\r\n\
            --=_part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
            --=_part\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
            <html><head><style>p {{ color: #222; font-family: sans-serif }}</style></head><body>\r\n<p>{html}</p></body></html>\r\n\
            --=_part--\r\n"
        )
    }
}
