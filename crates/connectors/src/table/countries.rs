//! Countries as tables call them: by two letters, or by name.

const NAMES: &[(&str, &[&str])] = &[
    ("AT", &["austria", "österreich"]),
    ("AU", &["australia", "australien"]),
    ("BE", &["belgium", "belgien"]),
    ("BG", &["bulgaria", "bulgarien"]),
    ("CA", &["canada", "kanada"]),
    ("CH", &["switzerland", "schweiz"]),
    ("CY", &["cyprus", "zypern"]),
    ("CZ", &["czechia", "czechrepublic", "tschechien"]),
    ("DE", &["germany", "deutschland"]),
    ("DK", &["denmark", "dänemark"]),
    ("EE", &["estonia", "estland"]),
    ("ES", &["spain", "spanien"]),
    ("FI", &["finland", "finnland"]),
    ("FR", &["france", "frankreich"]),
    ("GB", &["unitedkingdom", "greatbritain", "england", "uk", "vereinigteskönigreich", "großbritannien"]),
    ("GR", &["greece", "griechenland"]),
    ("HR", &["croatia", "kroatien"]),
    ("HU", &["hungary", "ungarn"]),
    ("IE", &["ireland", "irland"]),
    ("IS", &["iceland", "island"]),
    ("IT", &["italy", "italien"]),
    ("JP", &["japan"]),
    ("LI", &["liechtenstein"]),
    ("LT", &["lithuania", "litauen"]),
    ("LU", &["luxembourg", "luxemburg"]),
    ("LV", &["latvia", "lettland"]),
    ("MT", &["malta"]),
    ("NL", &["netherlands", "thenetherlands", "niederlande"]),
    ("NO", &["norway", "norwegen"]),
    ("NZ", &["newzealand", "neuseeland"]),
    ("PL", &["poland", "polen"]),
    ("PT", &["portugal"]),
    ("RO", &["romania", "rumänien"]),
    ("SE", &["sweden", "schweden"]),
    ("SI", &["slovenia", "slowenien"]),
    ("SK", &["slovakia", "slowakei"]),
    ("TR", &["turkey", "türkei", "türkiye"]),
    ("US", &["unitedstates", "unitedstatesofamerica", "usa", "vereinigtestaaten"]),
];

/// ISO 3166-1, such as `NO`.
pub fn code(text: &str) -> Option<String> {
    let key = super::cells::letters(text);
    if let Some((code, _)) = NAMES.iter().find(|(_, names)| names.contains(&key.as_str())) {
        return Some((*code).to_owned());
    }
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}
