//! Who wrote when: talks become tickets with steps in time, up to the present.

use base::{DAY, HOUR, MINUTE, Time};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    cast::{self, Person},
    chance::Chance,
    goods::{self, GOODS},
    talk::{By, Said, Talk},
    words::{Words, words},
};
use crate::shipments::Reason;

/// How many tickets there are beside the featured ones, and over how long.
pub const TICKETS: usize = 880;
const DAYS: Time = 90;

/// One ticket's story.
pub struct Play {
    pub talk: Talk,
    /// The place of its customer in the cast.
    pub customer: usize,
    /// The place of its agent.
    pub agent: usize,
    pub subject: String,
    pub order: Option<Bought>,
    pub steps: Vec<Step>,
}

/// An order that a ticket is about, or one of the many that nobody wrote about.
pub struct Bought {
    pub customer: usize,
    pub placed_at: Time,
    pub status: &'static str,
    /// (place in [`GOODS`], pieces)
    pub lines: Vec<(usize, i64)>,
    /// Given once all orders are known.
    pub number: String,
    /// What went wrong with its parcel.
    pub stuck: Option<Reason>,
}

impl Bought {
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|(place, pieces)| GOODS[*place].3 * pieces).sum()
    }
}

pub struct Step {
    pub at: Time,
    pub act: Act,
}

pub enum Act {
    In(Said),
    /// With whether it solves the ticket.
    Out(Said, bool),
    Note(Said),
    /// An agent takes it: team, tags, priority, assignee.
    Triage,
    Solve,
    Hold,
    Spam,
    /// Frozen a week after it was solved.
    Close,
}

/// The plays of the featured talks first, then everyday ones, none of them in order of time.
pub fn plays(featured: &[Talk], everyday: &[Talk], people: &[Person], present: Time) -> Vec<Play> {
    let mut all: Vec<Play> =
        featured.iter().enumerate().map(|(nth, talk)| feature(nth, talk, people, present)).collect();
    for nth in 0..TICKETS {
        let mut chance = Chance::of(1000 + nth as u64);
        let talk = &everyday[chance.weighted(everyday.iter().map(weight))];
        let speakers: Vec<usize> =
            (featured.len()..people.len()).filter(|who| people[*who].lang == talk.lang).collect();
        let customer = *chance.pick(&speakers);
        all.push(everyday_play(talk, customer, present, &mut chance));
    }
    all
}

/// So that a Norwegian shop has mostly Norwegian tickets, however many talks each language has.
fn weight(talk: &Talk) -> u64 {
    let share = match talk.lang {
        "nb" => 17,
        "de" => 11,
        "sv" => 13,
        "en" => 9,
        "da" => 10,
        "fr" | "nl" => 8,
        _ => 6,
    };
    talk.weight * share
}

fn feature(nth: usize, talk: &Talk, people: &[Person], present: Time) -> Play {
    let mut chance = Chance::of(500 + nth as u64);
    let customer = people.iter().position(|person| talk.who.ends_with(&format!("<{}>", person.email))).unwrap_or(0);
    let at = |said: &Said| present - said.before.unwrap_or(HOUR);
    let start = talk.said.first().map_or(present, at);
    let mut steps: Vec<Step> = talk.said.iter().map(|said| Step { at: at(said), act: act(said, false) }).collect();
    let last = steps.last().map_or(start, |step| step.at);
    if talk.spam {
        steps.push(Step { at: last + 20 * MINUTE, act: Act::Spam });
    } else if !talk.agent.is_empty() {
        let answered = talk.said.iter().find(|said| said.by != By::Shopper).map(at);
        let triaged = answered.map_or(start + 6 * MINUTE, |answered| answered - 10 * MINUTE).max(start + MINUTE);
        steps.push(Step { at: triaged, act: Act::Triage });
    }
    if talk.status == "on_hold" {
        steps.push(Step { at: last + 10 * MINUTE, act: Act::Hold });
    }
    let order = needs_order(talk).then(|| order(talk, customer, start, &mut chance));
    let agent = cast::agent(talk.agent).unwrap_or(2);
    Play { talk: talk.clone(), customer, agent, subject: talk.subject.to_owned(), order, steps }
}

fn act(said: &Said, solves: bool) -> Act {
    match said.by {
        By::Shopper => Act::In(said.clone()),
        By::Agent => Act::Out(said.clone(), solves),
        By::Note => Act::Note(said.clone()),
    }
}

fn everyday_play(talk: &Talk, customer: usize, present: Time, chance: &mut Chance) -> Play {
    // More of them lately, so that there is a full desk to look at.
    let days = if chance.hits(10) { 6 } else { DAYS };
    let start = wake(present - chance.between(30 * MINUTE, days * DAY), chance).min(present - 5 * MINUTE);
    let agent = agent_for(talk, chance);
    let mut steps: Vec<Step> = Vec::new();
    let mut at = start;
    // Some shoppers never write the last word, some of those who do wake a ticket that was solved.
    let said = if chance.hits(25) { talk.said.len().saturating_sub(1).max(1) } else { talk.said.len() };
    let early = chance.hits(30);
    for (nth, line) in talk.said[..said].iter().enumerate() {
        at = match line.by {
            _ if nth == 0 => start,
            By::Shopper => wake(at + chance.between(40 * MINUTE, 34 * HOUR), chance),
            By::Agent => office(at + chance.between(15 * MINUTE, 5 * HOUR), chance),
            By::Note => office(at + chance.between(5 * MINUTE, 50 * MINUTE), chance),
        };
        let before_thanks = early && nth + 2 == said && said == talk.said.len();
        steps.push(Step { at, act: act(line, nth + 1 == said && chance.hits(60) || before_thanks) });
    }
    triage(&mut steps, talk, start, chance);
    finish(&mut steps, at, chance);
    // A minute ago at most, so that what we sent has left by now.
    steps.retain(|step| step.at < present - MINUTE);
    let order = needs_order(talk).then(|| order(talk, customer, start, chance));
    let subject = match chance.index(5) {
        0 if order.is_some() => format!("{} ({{order}})", talk.subject),
        1 => talk.subject.trim_end_matches('?').to_lowercase_first(),
        _ => talk.subject.to_owned(),
    };
    Play { talk: talk.clone(), customer, agent, subject, order, steps }
}

trait LowerFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowerFirst for str {
    /// As people write subjects in a hurry.
    fn to_lowercase_first(&self) -> String {
        let mut chars = self.chars();
        chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
    }
}

/// Somebody looks at it before it is answered.
fn triage(steps: &mut Vec<Step>, talk: &Talk, start: Time, chance: &mut Chance) {
    let looked = office(start + chance.between(4 * MINUTE, 3 * HOUR), chance);
    let answered = steps.iter().find(|step| !matches!(step.act, Act::In(_))).map(|step| step.at - MINUTE);
    let at = answered.map_or(looked, |answered| answered.min(looked)).max(start + MINUTE);
    if !talk.tags.is_empty() {
        steps.push(Step { at, act: Act::Triage });
    }
}

/// Solved at last, even where the shopper says nothing more; and frozen a week later.
fn finish(steps: &mut Vec<Step>, last: Time, chance: &mut Chance) {
    let solved = match steps.iter().max_by_key(|step| step.at).map(|step| &step.act) {
        Some(Act::Out(_, true)) => last,
        Some(Act::Out(..)) => office(last + chance.between(5 * DAY, 8 * DAY), chance),
        _ => office(last + chance.between(10 * MINUTE, 3 * HOUR), chance),
    };
    if solved > last {
        steps.push(Step { at: solved, act: Act::Solve });
    }
    steps.push(Step { at: solved + 7 * DAY + HOUR, act: Act::Close });
}

fn agent_for(talk: &Talk, chance: &mut Chance) -> usize {
    let team: Vec<usize> = (1..cast::AGENTS.len())
        .filter(|place| {
            let (_, _, role, teams, _) = cast::AGENTS[*place];
            role != "viewer" && (talk.team.is_empty() || teams.contains(&talk.team))
        })
        .collect();
    match talk.lang {
        // The logins of the tour have the most to do.
        _ if chance.hits(30) => *chance.pick(&[1, 2, 2]),
        "de" if chance.hits(60) => 6,
        "sv" | "da" if chance.hits(50) => 5,
        _ => *chance.pick(&team),
    }
}

fn needs_order(talk: &Talk) -> bool {
    talk.about != "none"
        && talk.said.iter().any(|said| ["{order}", "{amount}", "{date}"].iter().any(|slot| said.text.contains(slot)))
}

fn order(talk: &Talk, customer: usize, start: Time, chance: &mut Chance) -> Bought {
    let tagged = |tag: &str| talk.tags.contains(&tag);
    let age = match () {
        () if tagged("cancel") => chance.between(10 * MINUTE, 2 * HOUR),
        () if tagged("address") => chance.between(3 * HOUR, DAY),
        () if tagged("warranty") => chance.between(9 * DAY, 30 * DAY),
        () => chance.between(5 * DAY, 13 * DAY),
    };
    let status = match () {
        () if tagged("cancel") => "cancelled",
        () if tagged("refund") => "returned",
        () => "",
    };
    let mut lines = vec![(goods::one(talk.about, talk.product, chance), 1)];
    if chance.hits(30) {
        let more = chance.index(GOODS.len());
        if more != lines[0].0 {
            lines.push((more, 1));
        }
    }
    Bought { customer, placed_at: start - age, status, lines, number: String::new(), stuck: None }
}

/// Orders that nobody wrote about.
pub fn quiet_orders(people: &[Person], present: Time) -> Vec<Bought> {
    let mut chance = Chance::of(77);
    let one = |nth| {
        // The first featured customer is an old friend of the shop.
        let customer = if nth < 5 { 0 } else { chance.index(people.len()) };
        let lines = vec![(chance.index(GOODS.len()), chance.between(1, 2))];
        let placed_at = present - chance.between(HOUR, 60 * DAY);
        Bought { customer, placed_at, status: "", lines, number: String::new(), stuck: None }
    };
    let quiet = (0..140).map(one).collect::<Vec<_>>();
    let known: Vec<_> = (0..people.len()).filter(|place| people[*place].known_at.is_some()).collect();
    let stuck = STUCK.iter().enumerate().map(|(nth, (days, reason))| Bought {
        customer: known[(nth * 11 + 5) % known.len()],
        placed_at: present - days * DAY,
        status: "",
        lines: vec![((nth * 3 + 1) % GOODS.len(), 1)],
        number: String::new(),
        stuck: Some(*reason),
    });
    quiet.into_iter().filter(|order| people[order.customer].known_at.is_some()).chain(stuck).collect()
}

/// Days ago, and what went wrong with the parcel since.
const STUCK: &[(Time, Reason)] = &[
    (13, Reason::NoNews),
    (10, Reason::NotHandedOver),
    (12, Reason::Exception),
    (9, Reason::Late),
    (6, Reason::Exception),
    (7, Reason::Late),
];

/// (days since 1970, hour) in UTC, which is close enough to the shop's own time.
fn clock(at: Time) -> (Time, Time) {
    (at.div_euclid(DAY), at.rem_euclid(DAY) / HOUR)
}

/// The next moment at which people are up.
fn wake(at: Time, chance: &mut Chance) -> Time {
    let (day, hour) = clock(at);
    if hour < 5 { day * DAY + 5 * HOUR + chance.between(0, 4 * HOUR) } else { at }
}

/// The next moment in office hours: Monday to Friday, 7 to 16 in UTC; few on Saturday.
fn office(at: Time, chance: &mut Chance) -> Time {
    let (mut day, hour) = clock(at);
    if hour >= 16 {
        day += 1;
    }
    // 1 January 1970 was a Thursday.
    let mut weekday = (day + 3).rem_euclid(7);
    let asked = day;
    while weekday == 6 || (weekday == 5 && chance.hits(70)) {
        day += 1;
        weekday = (weekday + 1) % 7;
    }
    if day == asked && (7..16).contains(&hour) {
        at
    } else {
        day * DAY + 7 * HOUR + chance.between(2 * MINUTE, 3 * HOUR)
    }
}

/// What stands in the slots of one ticket's texts.
pub struct Slots {
    words: &'static Words,
    fixed: Vec<(&'static str, String)>,
}

impl Slots {
    pub fn of(play: &Play, person: &Person, nth: usize) -> Self {
        let mut chance = Chance::of(9000 + nth as u64);
        let words = words(play.talk.lang);
        let start = play.steps.first().map_or(0, |step| step.at);
        let size = chance.between(37, 45);
        let product = match &play.order {
            Some(order) => GOODS[order.lines[0].0].1,
            None => GOODS[goods::one(play.talk.about, play.talk.product, &mut chance)].1,
        };
        let (number, total, placed) = match &play.order {
            Some(order) => (order.number.clone(), order.total(), order.placed_at),
            None => (String::new(), 4_900, start - 6 * DAY),
        };
        let fixed = vec![
            ("{product}", product.to_owned()),
            ("{order}", number),
            ("{amount}", money(words, total)),
            ("{date}", date(words, placed)),
            ("{due}", date(words, (placed + 4 * DAY).min(start))),
            ("{past}", date(words, start - 12 * DAY)),
            ("{soon}", date(words, start + chance.between(6, 16) * DAY)),
            ("{first}", cast::first_name(&person.name).to_owned()),
            ("{name}", person.name.clone()),
            ("{size}", size.to_string()),
            ("{size2}", (size + 1).to_string()),
            ("{city}", (*chance.pick(cast::cities(play.talk.lang))).to_owned()),
            ("{code}", chance.between(1000, 9899).to_string()),
            ("{track}", format!("70{}", chance.between(10_000_000_000, 99_999_999_999))),
        ];
        Self { words, fixed }
    }

    pub fn fill(&self, text: &str, agent: &str, at: Time) -> String {
        let text = text.replace("{agent}", cast::first_name(agent)).replace("{today}", &date(self.words, at));
        self.fixed.iter().fold(text, |text, (slot, value)| text.replace(slot, value))
    }

    /// An agent's answer with greeting and closing.
    pub fn letter(&self, said: &Said, agent: &str, at: Time) -> String {
        let greeting = if said.is("bare") { String::new() } else { format!("{}\n\n", self.words.greeting) };
        self.fill(&format!("{greeting}{}\n\n{}", said.text, self.words.closing), agent, at)
    }

    /// An earlier mail as programs quote it.
    pub fn quote(&self, text: &str, at: Time) -> String {
        let lines: Vec<String> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        let day = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
        let wrote = self.words.wrote.replace("{date}", &date(self.words, at)).replace("{y}", &day.year().to_string());
        let wrote = wrote.replace("{t}", &day.strftime("%H:%M").to_string());
        format!("{}\n{}", wrote.replace("{us}", "Fjellvik <hei@fjellvik.example>"), lines.join("\n"))
    }

    pub fn phone(&self) -> &'static str {
        self.words.phone
    }
}

fn money(words: &Words, cents: i64) -> String {
    words.money.replace("{n}", &(cents / 100).to_string()).replace("{c}", &format!("{:02}", cents % 100))
}

fn date(words: &Words, at: Time) -> String {
    let day = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    let month = words.months[usize::try_from(day.month() - 1).unwrap_or(0)];
    words.date.replace("{d}", &day.day().to_string()).replace("{m}", month)
}
