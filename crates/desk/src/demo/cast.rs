//! Who plays in the demo: the people of Fjellvik, and customers all over Europe.

use base::{DAY, Time};

use super::{chance::Chance, talk::Talk};

/// (name, part of the address before the @, role, teams, language of their desk)
pub const AGENTS: &[(&str, &str, &str, &[&str], &str)] = &[
    ("Marit Haugen", "owner", "owner", &[], "en"),
    ("Tomas Dahl", "lead", "lead", &["Warranty", "Returns"], "en"),
    ("Ingrid Nesse", "agent", "agent", &["Warranty", "Returns"], "en"),
    ("Lars Tveit", "viewer", "viewer", &[], "en"),
    ("Aksel Vik", "aksel", "agent", &["Product advice"], "en"),
    ("Selma Kvist", "selma", "agent", &["Returns", "Product advice"], "en"),
    ("Jonas Wolff", "jonas", "agent", &["Warranty", "Product advice"], "de"),
    ("Silje Moen", "silje", "admin", &["Returns"], "en"),
];

pub const TEAMS: &[&str] = &["Warranty", "Returns", "Product advice"];

/// The place of an agent in [`AGENTS`], by first name.
pub fn agent(first: &str) -> Option<usize> {
    AGENTS.iter().position(|(name, ..)| first_name(name) == first)
}

#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub lang: &'static str,
    /// Since when the shop knows them from an order; none for those who first wrote.
    pub known_at: Option<Time>,
}

pub fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// Some customers of one language: (language, how many, first names, last names, domains, cities).
type Country = (
    &'static str,
    usize,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const COUNTRIES: &[Country] = &[
    (
        "nb",
        104,
        &[
            "Kari",
            "Ola",
            "Silje",
            "Henrik",
            "Ingeborg",
            "Sindre",
            "Astrid",
            "Magnus",
            "Randi",
            "Eirik",
            "Marte",
            "Jon",
            "Hilde",
            "Torbjørn",
            "Åse",
            "Vegard",
            "Solveig",
            "Kristian",
            "Tuva",
            "Øyvind",
        ],
        &[
            "Hansen", "Berg", "Lien", "Haugland", "Solberg", "Bakke", "Moen", "Strand", "Nygård", "Sæther", "Myhre",
            "Fossum", "Eide", "Aune", "Rønning", "Viken", "Tangen", "Løkken", "Brekke", "Holm",
        ],
        &["epost.example", "fjordpost.example", "bedrift.example"],
        &["Bergen", "Trondheim", "Tromsø", "Stavanger", "Voss", "Lillehammer", "Bodø"],
    ),
    (
        "de",
        54,
        &[
            "Anna",
            "Lukas",
            "Katharina",
            "Jan",
            "Miriam",
            "Felix",
            "Sabine",
            "Tobias",
            "Ulrike",
            "Moritz",
            "Heike",
            "Paul",
            "Jörg",
            "Lena",
        ],
        &[
            "Schneider",
            "Krüger",
            "Hofmann",
            "Vogel",
            "Lorenz",
            "Bauer",
            "Seidel",
            "Brandt",
            "König",
            "Weiß",
            "Arnold",
            "Pohl",
            "Jansen",
            "Engel",
        ],
        &["post.example", "briefpost.example", "buero.example"],
        &["Hamburg", "München", "Leipzig", "Freiburg", "Kiel", "Wien", "Zürich"],
    ),
    (
        "sv",
        40,
        &["Elin", "Erik", "Saga", "Nils", "Maja", "Anders", "Linnéa", "Johan", "Åsa", "Gustav", "Ebba", "Per"],
        &[
            "Andersson",
            "Lindqvist",
            "Nyström",
            "Bergström",
            "Ek",
            "Sandberg",
            "Åkesson",
            "Holmgren",
            "Wallin",
            "Norén",
            "Öberg",
            "Dahlgren",
        ],
        &["brevet.example", "posten.example"],
        &["Göteborg", "Umeå", "Kiruna", "Lund", "Åre", "Östersund"],
    ),
    (
        "en",
        40,
        &["Alice", "James", "Niamh", "Oliver", "Fiona", "Callum", "Priya", "Ben", "Hannah", "Rory", "Grace", "Samir"],
        &[
            "Whitfield",
            "Murray",
            "Clarke",
            "Patel",
            "Donnelly",
            "Hughes",
            "Fraser",
            "Bishop",
            "Kerr",
            "Osborne",
            "Reid",
            "Walsh",
        ],
        &["mailbox.example", "letterbox.example"],
        &["Edinburgh", "Leeds", "Dublin", "Bristol", "Inverness", "Cork"],
    ),
    (
        "da",
        24,
        &["Mette", "Søren", "Freja", "Mikkel", "Kirsten", "Anders", "Signe", "Rasmus", "Bodil", "Jeppe"],
        &["Jensen", "Nielsen", "Møller", "Kjær", "Thomsen", "Lund", "Skov", "Dam", "Bach", "Holst"],
        &["brevkasse.example", "indbakke.example"],
        &["Aarhus", "Odense", "Aalborg", "København", "Roskilde"],
    ),
    (
        "fr",
        20,
        &["Camille", "Julien", "Amandine", "Théo", "Claire", "Bastien", "Hélène", "Mathieu", "Zoé", "Rémi"],
        &["Lefèvre", "Moreau", "Girard", "Faure", "Blanc", "Chevalier", "Perrin", "Roche", "Masson", "Vidal"],
        &["courriel.example", "lettre.example"],
        &["Grenoble", "Lyon", "Annecy", "Nantes", "Lausanne"],
    ),
    (
        "nl",
        15,
        &["Sanne", "Daan", "Fleur", "Bram", "Lotte", "Thijs", "Marieke", "Joris"],
        &["Visser", "Bakker", "Mulder", "Dekker", "Bos", "Kuipers", "Smit", "Hofstra"],
        &["brievenbus.example"],
        &["Utrecht", "Groningen", "Gent", "Nijmegen"],
    ),
    (
        "es",
        11,
        &["Lucía", "Álvaro", "Carmen", "Iker", "Nuria", "Pablo", "Inés"],
        &["Ruiz", "Iglesias", "Vega", "Núñez", "Prieto", "Serrano", "Molina"],
        &["correo.example"],
        &["Madrid", "Bilbao", "Granada", "Jaca"],
    ),
    (
        "it",
        10,
        &["Chiara", "Luca", "Martina", "Davide", "Elisa", "Stefano", "Sara"],
        &["Rossi", "Marino", "Greco", "Ferri", "Longo", "Rinaldi", "Costa"],
        &["posta.example"],
        &["Trento", "Torino", "Aosta", "Bolzano"],
    ),
    (
        "pl",
        9,
        &["Agnieszka", "Marcin", "Katarzyna", "Tomasz", "Zofia", "Łukasz", "Ewa"],
        &["Nowak", "Wójcik", "Mazur", "Zając", "Dudek", "Pawlak", "Król"],
        &["poczta.example"],
        &["Kraków", "Gdańsk", "Zakopane", "Wrocław"],
    ),
    (
        "fi",
        8,
        &["Aino", "Mikko", "Helmi", "Juhani", "Kaisa", "Antti", "Päivi"],
        &["Virtanen", "Korhonen", "Mäkelä", "Laine", "Niemi", "Salonen", "Hämäläinen"],
        &["posti.example"],
        &["Oulu", "Tampere", "Rovaniemi", "Turku"],
    ),
    (
        "ar",
        6,
        &["سارة", "عمر", "نور", "يوسف", "هدى", "كريم"],
        &["منصور", "حداد", "خليل", "عيسى", "نجار", "سالم"],
        &["barid.example"],
        &["برلين", "مالمو", "أوسلو", "بروكسل"],
    ),
];

/// Latin letters for Arabic names, because mail addresses have them.
const LATIN: &[(&str, &str)] = &[
    ("سارة", "sara"),
    ("عمر", "omar"),
    ("نور", "nour"),
    ("يوسف", "youssef"),
    ("هدى", "huda"),
    ("كريم", "karim"),
    ("منصور", "mansour"),
    ("حداد", "haddad"),
    ("خليل", "khalil"),
    ("عيسى", "issa"),
    ("نجار", "najjar"),
    ("سالم", "salem"),
];

pub fn cities(lang: &str) -> &'static [&'static str] {
    COUNTRIES.iter().find(|country| country.0 == lang).map_or(COUNTRIES[0].5, |country| country.5)
}

/// All customers: those of the featured talks first, then the others by language.
pub fn customers(featured: &[Talk], present: Time) -> Vec<Person> {
    let mut chance = Chance::of(1);
    let mut all: Vec<Person> = Vec::new();
    for talk in featured {
        let (name, email) = talk.who.trim_end_matches('>').split_once(" <").unwrap_or((talk.who, talk.who));
        if all.iter().any(|person| person.email == email) {
            continue;
        }
        let lang = if talk.speaks.is_empty() { talk.lang } else { talk.speaks };
        let known_at = (talk.about != "none").then(|| present - chance.between(120 * DAY, 400 * DAY));
        all.push(Person { name: name.to_owned(), email: email.to_owned(), lang, known_at });
    }
    for (lang, count, firsts, lasts, domains, _) in COUNTRIES {
        for nth in 0..*count {
            // Steps through the pairs so that none comes twice.
            let first = firsts[nth % firsts.len()];
            let last = lasts[(nth + nth / firsts.len() * 3) % lasts.len()];
            let domain = domains[nth % domains.len()];
            let mut email = address(first, last, domain, &mut chance);
            if all.iter().any(|person| person.email == email) {
                email = format!("{}.{}{nth}@{domain}", plain(first), plain(last));
            }
            let known_at = Some(present - chance.between(95 * DAY, 400 * DAY));
            all.push(Person { name: format!("{first} {last}"), email, lang, known_at });
        }
    }
    all
}

fn address(first: &str, last: &str, domain: &str, chance: &mut Chance) -> String {
    let (first, last) = (plain(first), plain(last));
    match chance.index(4) {
        0 => format!("{}{last}@{domain}", &first[..1]),
        1 => format!("{first}.{last}{}@{domain}", chance.between(61, 99)),
        _ => format!("{first}.{last}@{domain}"),
    }
}

/// As people write their name in an address.
pub fn plain(name: &str) -> String {
    if let Some((_, latin)) = LATIN.iter().find(|(arabic, _)| *arabic == name) {
        return (*latin).to_owned();
    }
    let letter = |c: char| match c {
        'å' | 'á' | 'à' | 'â' | 'ą' => "a".to_owned(),
        'ä' | 'æ' => "ae".to_owned(),
        'ø' | 'ö' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'é' | 'è' | 'ê' => "e".to_owned(),
        'í' => "i".to_owned(),
        'ó' => "o".to_owned(),
        'ú' => "u".to_owned(),
        'ñ' => "n".to_owned(),
        'ł' => "l".to_owned(),
        'ß' => "ss".to_owned(),
        c if c.is_ascii_alphanumeric() => c.to_string(),
        _ => String::new(),
    };
    name.to_lowercase().chars().map(letter).collect()
}
