//! The settings of this installation: defaults, then one TOML file, then `SHOPBELL_*` variables. A wrong or unknown
//! one stops the start with its name, where it stands, and how to mend it.

use std::path::{Path, PathBuf};

use base::{Config, Error, Result, Wrong};
use figment::{
    Figment,
    error::Kind,
    providers::{Format, Serialized, Toml},
    value::{Dict, Value},
};

const PREFIX: &str = "SHOPBELL_";
/// Names the file; not a setting itself.
const FILE: &str = "SHOPBELL_CONFIG";

/// `file` as given on the command line; `variables` are the environment's.
pub fn load(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Config> {
    let variables: Vec<_> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    let file = locate(file, &variables)?;
    let known = Value::serialize(Config::default())?.into_dict().unwrap_or_default();
    let environment = environment(&variables, &known)?;
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = &file {
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment.merge(Serialized::defaults(environment.clone()));
    let place = |setting: &str| {
        if environment.contains_key(setting) {
            format!("{PREFIX}{}", setting.to_uppercase())
        } else {
            file.as_ref().map_or_else(|| setting.to_owned(), |file| format!("{setting} (in {})", file.display()))
        }
    };
    let config: Config = figment
        .extract()
        .map_err(|errors| Error::Invalid(errors.into_iter().map(|error| told(&error, &place)).collect()))?;
    match config.check() {
        Err(Error::Invalid(wrong)) => {
            let wrong = wrong.into_iter().map(|Wrong { field, why }| Wrong { field: place(&field), why });
            Err(Error::Invalid(wrong.collect()))
        }
        other => other.map(|()| config),
    }
}

/// The file that was named, or the first that lies where one is looked for.
fn locate(file: Option<&Path>, variables: &[(String, String)]) -> Result<Option<PathBuf>> {
    let variable =
        |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| PathBuf::from(value));
    if let Some(file) = file.map(Path::to_owned).or_else(|| variable(FILE)) {
        return match std::fs::metadata(&file) {
            Ok(_) => Ok(Some(file)),
            Err(error) => Err(Error::invalid(file.display().to_string(), format!("cannot be read: {error}"))),
        };
    }
    let data = variable("SHOPBELL_DATA_DIR").unwrap_or_else(|| Config::default().data_dir);
    let usual = [PathBuf::from("shopbell.toml"), data.join("shopbell.toml")];
    Ok(usual.into_iter().find(|file| file.exists()))
}

/// Variables are text; what they must become follows from the setting's default.
fn environment(variables: &[(String, String)], known: &Dict) -> Result<Dict> {
    let mut dict = Dict::new();
    let mut wrong = Vec::new();
    for (name, text) in variables.iter().filter(|(name, _)| name != FILE) {
        let key = name.trim_start_matches(PREFIX).to_lowercase();
        let mut say = |why: String| wrong.push(Wrong { field: name.clone(), why });
        let value = match known.get(&key) {
            None => {
                say(unknown(&known.keys().map(String::as_str).collect::<Vec<_>>()));
                continue;
            }
            Some(Value::Num(..)) => {
                let Ok(number) = text.trim().parse::<u64>() else {
                    say(format!("must be a whole number of 0 or more, not \"{text}\""));
                    continue;
                };
                Value::from(number)
            }
            Some(Value::Array(..)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::from(parts.map(str::to_owned).collect::<Vec<_>>())
            }
            Some(_) => Value::from(text.clone()),
        };
        dict.insert(key, value);
    }
    if wrong.is_empty() { Ok(dict) } else { Err(Error::Invalid(wrong)) }
}

fn told(error: &figment::Error, place: &dyn Fn(&str) -> String) -> Wrong {
    let setting = error.path.first().map(String::as_str);
    match &error.kind {
        Kind::UnknownField(field, known) => Wrong { field: place(field), why: unknown(known) },
        Kind::InvalidType(actual, wanted) | Kind::InvalidValue(actual, wanted) => {
            let wanted = match wanted.as_str() {
                "u16" | "u32" | "u64" | "usize" => "a whole number of 0 or more",
                other => other,
            };
            let why = format!("must be {wanted}, not {actual}");
            Wrong { field: setting.map_or_else(|| "the settings".into(), place), why }
        }
        other if setting == Some("trusted_proxies") => {
            Wrong { field: place("trusted_proxies"), why: format!("must be IP addresses, such as 127.0.0.1: {other}") }
        }
        other => Wrong { field: setting.map_or_else(|| place("settings"), place), why: other.to_string() },
    }
}

fn unknown(known: &[&str]) -> String {
    format!("is not a setting. Remove it, or use one of: {}", known.join(", "))
}
