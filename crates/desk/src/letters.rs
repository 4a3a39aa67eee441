//! The texts of letters that the house itself writes. They are templates, and a shop may put its own into `pages/mail/`
//! of the data folder.

use std::path::Path;

use base::{App, Error, Result};
use minijinja::Environment;

macro_rules! templates {
    ($($name:literal in $($language:literal)*;)*) => {
        &[$($(
            (
                concat!($name, ".", $language, ".txt"),
                include_str!(concat!("../../../pages/mail/", $name, ".", $language, ".txt")),
            ),
            (
                concat!($name, ".", $language, ".html"),
                include_str!(concat!("../../../pages/mail/", $name, ".", $language, ".html")),
            ),
        )*)*]
    };
}

/// Each text has its subject in the first line. People of the shop get theirs in a language of the desk, shoppers in one
/// of the chat.
const TEMPLATES: &[(&str, &str)] = templates! {
    "invitation" in "en" "de";
    "reset" in "en" "de";
    "away" in "en" "de" "fr" "es" "sv" "ar";
    "transcript" in "en" "de" "fr" "es" "sv" "ar";
    "code" in "en" "de" "fr" "es" "sv" "ar";
    "parcel" in "en" "de" "fr" "es" "sv" "ar";
    "change" in "en" "de" "fr" "es" "sv" "ar";
    "update" in "en" "de" "fr" "es" "sv" "ar";
};

/// A letter without its address.
#[derive(Debug, Clone)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Writes the letter of this name, in the nearest language there is.
pub async fn write(app: &App, name: &str, language: &str, about: minijinja::Value) -> Result<Written> {
    let language = language.split('-').next().unwrap_or_default();
    let there = TEMPLATES.iter().any(|(known, _)| *known == format!("{name}.{language}.txt"));
    let language = if there { language } else { "en" };
    let folder = app.config().data_dir.join("pages").join("mail");
    let text = page(&folder, &format!("{name}.{language}.txt"), &about).await?;
    let html = page(&folder, &format!("{name}.{language}.html"), &about).await?;
    let (subject, text) = text.trim_start().split_once('\n').unwrap_or((&text, ""));
    // Whatever a name holds, a subject stays one line.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Written { subject, text: text.trim().to_owned() + "\n", html })
}

/// The shop's own template if it has one that works, else ours.
async fn page(folder: &Path, name: &str, about: &minijinja::Value) -> Result<String> {
    if let Ok(own) = tokio::fs::read_to_string(folder.join(name)).await {
        match render(name, &own, about) {
            Ok(page) => return Ok(page),
            Err(error) => tracing::warn!(template = name, %error, "the shop's own mail template is broken, using ours"),
        }
    }
    let ours = TEMPLATES.iter().find(|(known, _)| *known == name);
    let (_, ours) = ours.ok_or_else(|| Error::internal(format!("there is no mail template {name}")))?;
    Ok(render(name, ours, about)?)
}

/// By its name's ending, values are escaped in HTML and left alone in text.
fn render(name: &str, template: &str, about: &minijinja::Value) -> Result<String, minijinja::Error> {
    Environment::new().render_named_str(name, template, about)
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[test]
    fn every_letter_can_be_written_and_escapes_what_people_are_called() {
        let lines = [context! { name => "A & B", text => "<b>x</b>", files => ["c.png"], at => "2026-03-02 09:00" }];
        let about = context! {
            shop => "Fjell <vik>", name => "A & B", inviter => "C", url => "https://x/y", days => 7, minutes => 60, lines,
            number => "FV-1", code => "123456", kind => "late",
        };
        for (name, template) in TEMPLATES {
            let page = render(name, template, &about).unwrap();
            let (plain, safe) = (page.contains("Fjell <vik>"), page.contains("Fjell &lt;vik&gt;"));
            assert_eq!((plain, safe), (name.ends_with("txt"), name.ends_with("html")), "{name}: {page}");
            let linked = page.contains("https://x/y") || page.contains("https:&#x2f;&#x2f;x&#x2f;y");
            assert!(linked || page.contains("c.png"), "{name}: {page}");
        }
    }
}
