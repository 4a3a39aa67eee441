//! The house rules that a machine can check. Each has its reason in STYLE.md.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// "About 400 lines" and "about 40 lines", with what about means; a story may be longer, as it is read alone.
const LONGEST_FILE: usize = 430;
const LONGEST_TEST_FILE: usize = 525;
const LONGEST_FUNCTION: usize = 58;

/// Types that say who or which one, and do nothing: every feature may name them.
const NAMES: &[&str] = &["Who", "Permission"];

/// A feature that uses one below it, for a reason.
const UPWARDS: &[(&str, &str, &str)] = &[
    (
        "crates/desk/src/inboxes/fetch.rs",
        "messages::inbound",
        "what a mailbox hands over is stored as any other arrival",
    ),
    (
        "crates/desk/src/tickets/merge.rs",
        "messages::snippet",
        "a merged ticket shows its last message as every ticket does",
    ),
    (
        "crates/desk/src/tickets/merge.rs",
        "messages::Parties",
        "undoing a merge leaves in a ticket whoever is named on what stays there",
    ),
];

/// Long lists, which are not read as functions are.
const LONG_FUNCTIONS: &[(&str, &str)] = &[
    ("crates/mail/src/clean.rs", "the allow-list of HTML, element by element"),
    ("crates/mail/src/quote.rs", "one walk over the lines, a case for each thing a line can be"),
];

/// Longer than a file should be, for a reason.
const LONG_FILES: &[(&str, &str)] = &[
    ("crates/base/src/db.rs", "the only file that knows two engines; cutting it would let the driver out"),
    ("crates/desk/src/event.rs", "the catalogue of everything that can happen stands in one place"),
];

/// Names of channels and of what carries them. Outside the channels' own folders only abilities are asked for.
const CHANNEL_WORDS: &[&str] =
    &["imap", "smtp", "whatsapp", "instagram", "messenger", "telegram", "shopify", "woocommerce", "medusa", "vendure"];

/// Where such a word is data or a place to point to, not a decision.
const MAY_NAME_CHANNELS: &[(&str, &str)] = &[
    ("crates/connectors/src/channels/", "each channel's own folder"),
    ("crates/connectors/src/platforms/", "each platform's own folder"),
    ("crates/mail/", "speaks of what mail servers do, and knows no channel"),
    ("crates/desk/src/demo/", "made-up shoppers say such words"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file that is kept, by its path in the repository. New files count before they are committed.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    let names = String::from_utf8(listed.stdout).unwrap();
    let wanted = names.lines().filter(|name| endings.iter().any(|ending| name.ends_with(ending)));
    let read = |name: &str| fs::read_to_string(root().join(name)).ok().map(|text| (name.to_owned(), text));
    let found: Vec<_> = wanted.filter_map(read).collect();
    assert!(!found.is_empty(), "no files found: is this a git checkout?");
    found
}

/// Rust that is shipped: no tests, no benches, no fuzz targets.
fn source() -> Vec<(String, String)> {
    let mut files = files(&[".rs"]);
    files.retain(|(name, _)| name.contains("/src/") && !name.contains("/fuzz/") && !name.ends_with("/tests.rs"));
    files
}

/// The part of a file before its unit tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[track_caller]
fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn only_the_database_knows_its_drivers() {
    let found: Vec<_> = source()
        .into_iter()
        .filter(|(name, _)| !["crates/base/src/db.rs", "crates/base/src/lite.rs"].contains(&name.as_str()))
        .filter(|(_, text)| code_lines(text).any(|(_, line)| line.contains("sqlx::") || line.contains("rusqlite")))
        .map(|(name, _)| name)
        .collect();
    assert_none(&found, "only base/src/db.rs and lite.rs import a driver");
}

#[test]
fn only_its_own_folder_names_a_channel() {
    let mut found = Vec::new();
    for (name, text) in source() {
        if MAY_NAME_CHANNELS.iter().any(|(place, _)| name.starts_with(place)) {
            continue;
        }
        for (number, line) in code_lines(without_tests(&text)) {
            let lower = line.to_lowercase();
            let words: Vec<_> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
            if let Some(word) = CHANNEL_WORDS.iter().find(|word| words.contains(*word)) {
                found.push(format!("{name}:{number}: {word}"));
            }
        }
    }
    assert_none(&found, "ask what a channel can do, not which one it is");
}

#[test]
fn features_use_only_those_above_them() {
    let list = fs::read_to_string(root().join("crates/desk/src/lib.rs")).unwrap();
    let order: Vec<&str> = list.split(".merge(").skip(1).filter_map(|rest| rest.split("::feature()").next()).collect();
    assert!(order.len() > 5, "desk::features() lists the features: {order:?}");
    let mut found = Vec::new();
    for (name, text) in source() {
        let Some(feature) = name.strip_prefix("crates/desk/src/").and_then(|rest| rest.split(['/', '.']).next()) else {
            continue;
        };
        let Some(own) = order.iter().position(|one| *one == feature) else { continue };
        let text = code_lines(without_tests(&text)).map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        for used in used_paths(&text) {
            let (below, item) = used.split_once("::").unwrap_or((&used, ""));
            let is_name = item.ends_with("Id") || NAMES.contains(&item);
            let excused = UPWARDS.iter().any(|(file, path, _)| *file == name && used.starts_with(path));
            if !is_name && !excused && order.iter().position(|one| *one == below).is_some_and(|place| place > own) {
                found.push(format!("{name} uses {used}, which stands below {feature}"));
            }
        }
    }
    assert_none(&found, "influence upwards goes through events");
}

/// What follows `crate::`, each path of a list in braces for itself.
fn used_paths(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        branches("", after, &mut used);
    }
    used
}

/// Reads one branch of a use tree; returns what follows it.
fn branches<'t>(before: &str, text: &'t str, used: &mut BTreeSet<String>) -> &'t str {
    let Some(mut list) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let path = if before.is_empty() { word.to_owned() } else { format!("{before}::{word}") };
        if let Some(deeper) = rest.strip_prefix("::") {
            return branches(&path, deeper, used);
        }
        used.insert(path);
        return rest;
    };
    loop {
        list = list.trim_start_matches([',', ' ', '\n']);
        match list.strip_prefix('}') {
            Some(rest) => return rest,
            None if list.is_empty() => return list,
            None => {
                let rest = branches(before, list, used);
                // Whatever is no part of a list ends it, such as `*` or `as`.
                if rest.len() == list.len() {
                    return rest;
                }
                list = rest;
            }
        }
    }
}

#[test]
fn files_and_functions_are_short() {
    let mut found = Vec::new();
    for (name, text) in files(&[".rs"]) {
        let lines = text.lines().count();
        let most = if name.contains("/tests/") { LONGEST_TEST_FILE } else { LONGEST_FILE };
        if lines > most && !LONG_FILES.iter().any(|(long, _)| *long == name) {
            found.push(format!("{name} has {lines} lines, more than {most}"));
        }
        if name.contains("/tests/") || LONG_FUNCTIONS.iter().any(|(long, _)| *long == name) {
            continue;
        }
        found.extend(long_functions(&text).into_iter().map(|function| format!("{name}: {function}")));
    }
    assert_none(&found, "a reader takes in one page at a time");
}

/// As rustfmt lays them out: from `fn` to the closing brace in the same column.
fn long_functions(text: &str) -> Vec<String> {
    let mut long = Vec::new();
    let mut open: Option<(usize, usize, &str)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start();
        if open.is_none() && words.contains("fn ") && !words.starts_with("//") && !words.ends_with([';', '}']) {
            open = Some((number, indent, words));
        }
        if let Some((began, column, head)) = open
            && indent == column
            && words.starts_with('}')
        {
            if number - began > LONGEST_FUNCTION {
                long.push(format!("line {}: {} lines: {head}", began + 1, number - began));
            }
            open = None;
        }
    }
    long
}

#[test]
fn nothing_panics_and_nothing_is_left_for_later() {
    // In two parts, so that this file does not find itself.
    let later = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut found = Vec::new();
    for (name, text) in files(&[".rs", ".ts", ".vue", ".sql", ".sh", ".md", ".toml"]) {
        let marked = text.lines().enumerate().filter(|(_, line)| later.iter().any(|mark| line.contains(mark)));
        found.extend(marked.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
    }
    for (name, text) in source() {
        let panics = [".unwrap()", ".expect(\"", "panic!(", "unimplemented!(", "todo!("];
        let lines = code_lines(without_tests(&text)).filter(|(_, line)| panics.iter().any(|word| line.contains(word)));
        // A constant is made while compiling.
        let lines = lines.filter(|(_, line)| !line.trim_start().starts_with("const "));
        // The lints know which of these stand in a macro for tests; here only the plain ones count.
        found.extend(lines.map(|(number, line)| format!("{name}:{number}: {}", line.trim())));
    }
    assert_none(&found, "finish it, or write an issue");
}

#[test]
fn no_file_names_a_private_machine_or_registry() {
    let marks = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/tmp/", "sb")];
    let mut found = Vec::new();
    for (name, text) in files(&[".rs", ".ts", ".vue", ".sql", ".sh", ".md", ".toml", ".json", ".mjs", "Makefile"]) {
        if name.contains("payloads/") || name.contains("/data/") {
            continue;
        }
        let lines = text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
        found.extend(lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
        if name.ends_with("package-lock.json") {
            let elsewhere = text.lines().filter(|line| line.contains("\"resolved\": \"http"));
            found.extend(elsewhere.map(|line| format!("{name}: {}", line.trim())));
        }
    }
    assert_none(&found, "what is written here must be true on every machine");
}

#[test]
fn migrations_are_numbered_and_listed() {
    let listed: Vec<_> = desk::MIGRATIONS.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
    let mut there: Vec<_> = fs::read_dir(root().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(listed, there);
    for (_, name, sql) in desk::MIGRATIONS {
        for engine in [base::Engine::Sqlite, base::Engine::Postgres] {
            let spelled = base::db::spell(sql, engine);
            let left = spelled.lines().find(|line| line.contains('{') && !line.trim_start().starts_with("--"));
            assert_eq!(left, None, "{name} uses a word in braces that {engine:?} does not know");
        }
    }
}

#[test]
fn every_event_is_described() {
    let page = fs::read_to_string(root().join("docs/api/events.md")).unwrap();
    let missing: Vec<_> = desk::Event::KINDS
        .iter()
        .filter(|(kind, _)| !page.contains(&format!("`{kind}`")))
        .map(|(kind, _)| (*kind).to_owned())
        .collect();
    assert_none(&missing, "docs/api/events.md tells of every event");
}

#[test]
fn the_changelog_is_kept() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains("## Unreleased"), "what a user can notice stands under Unreleased");
}

#[test]
fn every_folder_of_the_code_map_exists() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named =
        page.split('`').skip(1).step_by(2).filter(|word| word.starts_with("crates/") || word.starts_with("web/"));
    let missing: Vec<_> = named.filter(|path| !root().join(path).exists()).map(str::to_owned).collect();
    assert_none(&missing, "ARCHITECTURE.md names what is there");
}
