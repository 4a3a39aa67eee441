//! Mails of the house: invitations and links for forgotten passwords. Sending them is the business of whoever knows mail
//! servers.

use std::{future::Future, pin::Pin};

use base::{Actor, App, Error, Feature, Job, JobSpec, Result, Time, jobs::Lane};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{by_email, invitations, name_of, resets};
use crate::{letters, shops};

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
    const LANE: Lane = Lane::Outbound;

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

async fn write(app: &App, name: &str, language: &str, to: String, about: minijinja::Value) -> Result<Letter> {
    let letters::Written { subject, text, html } = letters::write(app, name, language, about).await?;
    Ok(Letter { to, subject, text, html })
}
