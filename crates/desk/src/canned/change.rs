//! Keeping canned answers. Everybody keeps their own; what is shared is the leads'.

use aide::axum::{
    ApiRouter,
    routing::{patch_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Gone, Id, some},
};
use mail::{clean::clean_own, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Answer, AnswerId, answer, find, list::words};
use crate::{
    Event,
    agents::{AgentId, Permission, TeamId, Who, teams},
    event::Changes,
    shops::{ShopId, language_tag, line},
    variables,
};

/// Bytes of a text, and characters of a shortcut.
const LONGEST: usize = 20_000;
const SHORTCUT: usize = 40;

pub(super) fn feature() -> Feature {
    let one = patch_with(patch, |op| op.summary("Change a canned answer"))
        .delete_with(destroy, |op| op.summary("Delete a canned answer"));
    let routes = ApiRouter::new()
        .api_route("/canned-answers", post_with(create, |op| op.summary("Keep a canned answer")))
        .api_route("/canned-answers/{id}", one);
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewCannedAnswer")]
pub struct NewAnswer {
    pub name: String,
    /// Letters, digits, dashes and underscores.
    pub shortcut: String,
    /// One of `html` and `text` is needed.
    pub html: Option<String>,
    pub text: Option<String>,
    pub language: Option<String>,
    /// Absent: for all shops.
    pub shop: Option<ShopId>,
    /// Absent: for everybody.
    pub team: Option<TeamId>,
    /// Only for oneself.
    #[serde(default)]
    pub personal: bool,
}

/// What an answer will be; its owner where it is somebody's own.
#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    shortcut: String,
    html: String,
    text: String,
    language: Option<String>,
    shop: Option<ShopId>,
    team: Option<TeamId>,
    agent: Option<AgentId>,
}

/// Keeps an answer: `agent`'s own, or a shared one.
pub async fn add(tx: &mut Tx, shop: ShopId, agent: Option<AgentId>, new: NewAnswer) -> Result<Answer> {
    let (html, text) = said(new.html, new.text)?.ok_or_else(|| Error::invalid("html", "must say something"))?;
    let wanted = Wanted {
        name: line("name", &new.name, 100)?,
        shortcut: shortcut(&new.shortcut)?,
        html,
        text,
        language: language(new.language)?,
        shop: own(new.shop, shop)?,
        team: new.team,
        agent,
    };
    must_fit(tx, &wanted).await?;
    let sql =
        "INSERT INTO canned_answers (shop, agent, team, name, shortcut, language, html, text, by_shortcut, by_name,
        by_text, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        ON CONFLICT DO NOTHING RETURNING *";
    let row = tx.opt(sql, [columns(&wanted), args![tx.now()]].concat()).await?;
    let kept = answer(&row.ok_or_else(taken)?)?;
    let name = agent.is_none().then(|| kept.name.clone());
    tx.emit(&Event::CannedAnswerCreated { answer: kept.id.0, name })?;
    Ok(kept)
}

fn taken() -> Error {
    Error::invalid("shortcut", "another answer in this language has this shortcut already")
}

fn columns(wanted: &Wanted) -> Vec<base::Value> {
    let Wanted { name, shortcut, html, text, language, shop, team, agent } = wanted;
    let beginning: String = text.chars().take(LONGEST / 4).collect();
    let found = [words(shortcut), words(name), words(&beginning)];
    let [by_shortcut, by_name, by_text] = found;
    args![*shop, *agent, *team, name, shortcut, language, html, text, by_shortcut, by_name, by_text]
}

/// Sanitised HTML and its text; none where nothing was said about either.
fn said(html: Option<String>, text: Option<String>) -> Result<Option<(String, String)>> {
    let (field, html) = match (html, text) {
        (Some(html), _) => ("html", html),
        (None, Some(text)) => ("text", html::from_text(&text)),
        (None, None) => return Ok(None),
    };
    if html.len() > LONGEST {
        return Err(Error::invalid(field, format!("must be shorter than {LONGEST} bytes")));
    }
    let html = clean_own(&html);
    let text = html::to_text(&html).trim().to_owned();
    if text.is_empty() {
        return Err(Error::invalid(field, "must say something"));
    }
    variables::check(field, &html)?;
    Ok(Some((html, text)))
}

fn shortcut(typed: &str) -> Result<String> {
    let shortcut = typed.trim().trim_start_matches('/').to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if shortcut.is_empty() || shortcut.chars().count() > SHORTCUT || !shortcut.chars().all(fits) {
        let why = format!("must have 1 to {SHORTCUT} letters, digits, dashes or underscores");
        return Err(Error::invalid("shortcut", why));
    }
    Ok(shortcut)
}

fn language(tag: Option<String>) -> Result<Option<String>> {
    tag.filter(|tag| !tag.is_empty()).map(|tag| language_tag("language", &tag)).transpose()
}

fn own(asked: Option<ShopId>, shop: ShopId) -> Result<Option<ShopId>> {
    match asked {
        Some(other) if other != shop => Err(Error::invalid("shop", "is no shop of yours")),
        asked => Ok(asked),
    }
}

async fn must_fit(tx: &mut Tx, wanted: &Wanted) -> Result<()> {
    let Some(team) = wanted.team else { return Ok(()) };
    if wanted.agent.is_some() {
        return Err(Error::invalid("team", "cannot be given to an answer of your own"));
    }
    if teams::exists(tx, team).await? { Ok(()) } else { Err(Error::invalid("team", "is no team")) }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CannedAnswerPatch")]
#[expect(clippy::option_option, reason = "null means none, absence means leave it")]
struct AnswerPatch {
    name: Option<String>,
    shortcut: Option<String>,
    html: Option<String>,
    text: Option<String>,
    #[serde(default, deserialize_with = "some")]
    language: Option<Option<String>>,
    #[serde(default, deserialize_with = "some")]
    shop: Option<Option<ShopId>>,
    #[serde(default, deserialize_with = "some")]
    team: Option<Option<TeamId>>,
    personal: Option<bool>,
}

async fn change(tx: &mut Tx, who: &Who, before: Answer, patch: AnswerPatch) -> Result<Answer> {
    let personal = patch.personal.unwrap_or(before.personal);
    let agent = if personal { Some(who.person()?) } else { None };
    let (html, text) = said(patch.html, patch.text)?.unwrap_or_else(|| (before.html.clone(), before.text.clone()));
    let wanted = Wanted {
        name: patch.name.map_or(Ok(before.name.clone()), |name| line("name", &name, 100))?,
        shortcut: patch.shortcut.map_or(Ok(before.shortcut.clone()), |typed| shortcut(&typed))?,
        html,
        text,
        language: patch.language.map_or(Ok(before.language.clone()), language)?,
        shop: patch.shop.map_or(Ok(before.shop), |asked| own(asked, who.shop))?,
        team: patch.team.unwrap_or(before.team).filter(|_| patch.team.is_some() || !personal),
        agent,
    };
    must_fit(tx, &wanted).await?;
    // Others who take the shortcut wait here, and see it.
    tx.lock("shortcuts of canned answers").await?;
    let sql = "SELECT 1 AS one FROM canned_answers WHERE shortcut = $1 AND COALESCE(language, '') = COALESCE($2, '')
        AND COALESCE(agent, 0) = $3 AND COALESCE(shop, 0) = $4 AND id <> $5";
    let (agent, shop) = (wanted.agent.map_or(0, |agent| agent.0), wanted.shop.map_or(0, |shop| shop.0));
    let args = args![&wanted.shortcut, &wanted.language, agent, shop, before.id];
    if tx.opt(sql, args).await?.is_some() {
        return Err(taken());
    }
    let sql = "UPDATE canned_answers SET shop = $1, agent = $2, team = $3, name = $4, shortcut = $5, language = $6,
        html = $7, text = $8, by_shortcut = $9, by_name = $10, by_text = $11, updated_at = $12 WHERE id = $13
        RETURNING *";
    let after = answer(&tx.one(sql, [columns(&wanted), args![tx.now(), before.id]].concat()).await?)?;
    tx.emit(&Event::CannedAnswerChanged { answer: after.id.0, changes: changes(&before, &after)? })?;
    Ok(after)
}

/// What everybody may know of it: nothing of what is, or was, one's own.
fn changes(before: &Answer, after: &Answer) -> Result<std::collections::BTreeMap<&'static str, crate::event::Change>> {
    let mut changes = Changes::default();
    changes.note("personal", before.personal, after.personal)?;
    if !before.personal && !after.personal {
        changes.note("name", &before.name, &after.name)?;
        changes.note("shortcut", &before.shortcut, &after.shortcut)?;
        changes.note("html", &before.html, &after.html)?;
        changes.note("language", &before.language, &after.language)?;
        changes.note("shop", before.shop, after.shop)?;
        changes.note("team", before.team, after.team)?;
    }
    Ok(changes.into_map())
}

fn may_share(who: &Who) -> Result<()> {
    who.may(Permission::TicketsDelete)
        .map_err(|_| Error::forbidden("Shared answers are changed by leads, admins and owners."))
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewAnswer>) -> Result<Created<Answer>> {
    who.may(Permission::TicketsWrite)?;
    let agent = if body.personal { Some(who.person()?) } else { None };
    if agent.is_none() {
        may_share(&who)?;
    }
    let mut tx = who.begin(&app).await?;
    let answer = add(&mut tx, who.shop, agent, body).await?;
    tx.created(answer).await
}

async fn patch(
    who: Who,
    State(app): State<App>,
    Id(id): Id<AnswerId>,
    Body(body): Body<AnswerPatch>,
) -> Result<Json<Answer>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let answer = find(&mut tx, &who, id).await?;
    if !answer.personal || body.personal == Some(false) {
        may_share(&who)?;
    }
    let answer = change(&mut tx, &who, answer, body).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<AnswerId>) -> Result<Gone> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let answer = find(&mut tx, &who, id).await?;
    if !answer.personal {
        may_share(&who)?;
    }
    tx.run("DELETE FROM canned_answers WHERE id = $1", args![id]).await?;
    let name = Some(answer.name).filter(|_| !answer.personal);
    tx.emit(&Event::CannedAnswerDeleted { answer: id.0, name })?;
    tx.commit().await?;
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_one_word_without_its_slash() {
        assert_eq!(shortcut(" /Rück-Gabe ").unwrap(), "rück-gabe");
        for bad in ["", "/", "two words", "a/b", "{{x}}", &"x".repeat(41)] {
            assert!(shortcut(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_kept_is_harmless_and_says_something() {
        let (html, text) =
            said(Some("<p onclick=x>Hi <b>there</b></p><script>x</script>".into()), None).unwrap().unwrap();
        assert_eq!((html.as_str(), text.as_str()), ("<p>Hi <b>there</b></p>", "Hi there"));
        assert_eq!(said(None, Some("a < b".into())).unwrap().unwrap().1, "a < b");
        assert!(said(Some("<p> </p>".into()), None).is_err());
        assert!(said(None, None).unwrap().is_none());
    }
}
