//! Mails of the house: invitations and links for forgotten passwords. The texts are templates; a shop may put its own
//! into `pages/mail/` of the data folder. Sending them is the business of whoever knows mail servers.

use std::{future::Future, path::Path, pin::Pin};

use base::{Actor, App, Error, Feature, Job, JobSpec, Result, Time};
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};

use super::{by_email, invitations, name_of, resets};
use crate::shops;

/// A mail from the house itself.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

type Sending = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// How letters leave; a part of the [`App`]. `Error::Refused` where there is no way to send.
pub struct HouseMail(pub Box<dyn Fn(App, Letter) -> Sending + Send + Sync>);

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Post>()], ..Feature::default() }
}

/// A letter to be written and sent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Post {
    /// `url` is sealed: the secret in it is nowhere else.
    Invitation {
        invitation: i64,
        url: String,
    },
    Reset {
        email: String,
        asked_at: Time,
    },
}

impl Job for Post {
    const NAME: &'static str = "agents.mail";

    async fn run(self, app: &App) -> Result<()> {
        let letter = match self {
            Self::Invitation { invitation, url } => invitation_letter(app, invitation, &url).await?,
            Self::Reset { email, asked_at } => reset_letter(app, &email, asked_at).await?,
        };
        let Some(letter) = letter else { return Ok(()) };
        let Ok(HouseMail(send)) = app.part::<HouseMail>() else {
            return Err(Error::refused("This installation has no way to send mail yet."));
        };
        send(app.clone(), letter).await
    }
}

/// None once the invitation was taken back, accepted or has expired.
async fn invitation_letter(app: &App, id: i64, url: &str) -> Result<Option<Letter>> {
    let mut tx = app.begin(Actor::System).await?;
    let invitation = match invitations::find_open(&mut tx, id).await {
        Err(Error::NotFound | Error::Conflict(_)) => return Ok(None),
        found => found?,
    };
    let shop = shops::the(&mut tx).await?;
    let inviter = match invitation.invited_by {
        Some(agent) => name_of(&mut tx, agent).await?,
        None => shop.name.clone(),
    };
    drop(tx);
    let about =
        context! { shop => shop.name, name => invitation.name, inviter, url => app.secrets().open(url)?, days => 7 };
    write(app, "invitation", &shop.language, invitation.email, about).await.map(Some)
}

/// None where nobody has the address, or the wish is too old to be still wanted.
async fn reset_letter(app: &App, email: &str, asked_at: Time) -> Result<Option<Letter>> {
    let mut tx = app.begin(Actor::System).await?;
    let Some(agent) = by_email(&mut tx, email).await?.filter(|agent| agent.active) else { return Ok(None) };
    if tx.now() - asked_at > resets::GOOD_FOR {
        return Ok(None);
    }
    let shop = shops::find(&mut tx, agent.shop).await?;
    let url = resets::link_for(&mut tx, app, agent.id).await?;
    tx.commit().await?;
    let about = context! { shop => shop.name, name => agent.name, url, minutes => 60 };
    write(app, "reset", &agent.language, agent.email, about).await.map(Some)
}

/// Each text has its subject in the first line.
const TEMPLATES: &[(&str, &str)] = &[
    ("invitation.en.txt", include_str!("../../../../pages/mail/invitation.en.txt")),
    ("invitation.en.html", include_str!("../../../../pages/mail/invitation.en.html")),
    ("invitation.de.txt", include_str!("../../../../pages/mail/invitation.de.txt")),
    ("invitation.de.html", include_str!("../../../../pages/mail/invitation.de.html")),
    ("reset.en.txt", include_str!("../../../../pages/mail/reset.en.txt")),
    ("reset.en.html", include_str!("../../../../pages/mail/reset.en.html")),
    ("reset.de.txt", include_str!("../../../../pages/mail/reset.de.txt")),
    ("reset.de.html", include_str!("../../../../pages/mail/reset.de.html")),
];

async fn write(app: &App, name: &str, language: &str, to: String, about: minijinja::Value) -> Result<Letter> {
    let language = if language.split('-').next() == Some("de") { "de" } else { "en" };
    let folder = app.config().data_dir.join("pages").join("mail");
    let text = page(&folder, &format!("{name}.{language}.txt"), &about).await?;
    let html = page(&folder, &format!("{name}.{language}.html"), &about).await?;
    let (subject, text) = text.trim_start().split_once('\n').unwrap_or((&text, ""));
    // Whatever a name holds, a subject stays one line.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Letter { to, subject, text: text.trim().to_owned() + "\n", html })
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
    use super::*;

    #[test]
    fn every_letter_can_be_written_and_escapes_what_people_are_called() {
        let about = context! { shop => "Fjell <vik>", name => "A & B", inviter => "C", url => "https://x/y", days => 7, minutes => 60 };
        for (name, template) in TEMPLATES {
            let page = render(name, template, &about).unwrap();
            assert!(page.contains("https://x/y") || page.contains("https:&#x2f;&#x2f;x&#x2f;y"), "{name}: {page}");
            assert_eq!(page.contains("Fjell <vik>"), name.ends_with("txt"), "{name}");
        }
    }
}
