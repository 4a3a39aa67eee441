//! Drafts: what an agent has begun to write, kept on the server so that no closed lid loses it.

use aide::axum::{ApiRouter, routing::get_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Found, Gone, Id, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    AttachmentId, Direction, Message,
    show::{ShownAttachment, shown_attachment},
};
use crate::{
    agents::{AgentId, Permission, Who},
    event::Whisper,
    tickets::TicketId,
};

pub(super) fn feature() -> Feature {
    let draft = get_with(get, |op| op.summary("My draft on a ticket"))
        .put_with(put, |op| op.summary("Keep my draft"))
        .delete_with(destroy, |op| op.summary("Drop my draft"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/draft", draft), ..Feature::default() }
}

base::words!(
    /// What a draft will become.
    Kind { Reply = "reply", Note = "note" }
);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default = "reply")]
    kind: Kind,
}

fn reply() -> Kind {
    Kind::Reply
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    html: String,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
    #[serde(default)]
    cc: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KeptDraft")]
struct ShownDraft {
    html: String,
    attachments: Vec<ShownAttachment>,
    cc: Vec<String>,
    updated_at: Stamp,
}

async fn keep(tx: &mut Tx, agent: AgentId, ticket: TicketId, kind: Kind, draft: &Draft) -> Result<()> {
    let sql = "INSERT INTO drafts (agent, ticket, kind, html, attachments, cc, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (agent, ticket, kind) DO UPDATE SET
        html = excluded.html, attachments = excluded.attachments, cc = excluded.cc, updated_at = excluded.updated_at";
    let args = args![agent, ticket, kind, &draft.html, json!(draft.attachments), json!(draft.cc), tx.now()];
    tx.run(sql, args).await?;
    tx.whisper(agent.0, &Whisper::DraftSaved { ticket, draft: kind.to_string() })
}

/// Once said, a draft is no draft any more.
pub(super) async fn forget(tx: &mut Tx, agent: AgentId, ticket: TicketId, said: Direction) -> Result<()> {
    let kind = if said == Direction::Note { Kind::Note } else { Kind::Reply };
    let sql = "DELETE FROM drafts WHERE agent = $1 AND ticket = $2 AND kind = $3";
    tx.run(sql, args![agent, ticket, kind]).await
}

/// Makes a draft of an answer that was taken back.
pub(super) async fn restore(tx: &mut Tx, agent: AgentId, message: &Message) -> Result<()> {
    let rows = tx.all("SELECT id FROM attachments WHERE message = $1 ORDER BY id", args![message.id]).await?;
    let taken: Vec<String> = message.parties.cc.iter().map(|party| party.value.clone()).collect();
    let mut draft = Draft {
        html: message.html.clone().unwrap_or_else(|| mail::html::from_text(&message.text)),
        attachments: rows.iter().map(|row| row.id("id")).collect::<Result<_>>()?,
        cc: taken.clone(),
    };
    // Something else was begun meanwhile: it stays, below what was taken back.
    let sql = "SELECT html, attachments, cc FROM drafts WHERE agent = $1 AND ticket = $2 AND kind = 'reply'";
    if let Some(row) = tx.opt(sql, args![agent, message.ticket]).await? {
        draft.html.push_str(&row.text("html")?);
        draft.attachments.extend(row.json::<Vec<AttachmentId>>("attachments")?);
        draft.cc.extend(row.json::<Vec<String>>("cc")?.into_iter().filter(|cc| !taken.contains(cc)));
    }
    keep(tx, agent, message.ticket, Kind::Reply, &draft).await
}

async fn get(
    who: Who,
    State(app): State<App>,
    Id(ticket): Id<TicketId>,
    Params(Which { kind }): Params<Which>,
) -> Result<Found<ShownDraft>> {
    who.may(Permission::TicketsRead)?;
    let sql = "SELECT * FROM drafts WHERE agent = $1 AND ticket = $2 AND kind = $3";
    match app.db().opt(sql, args![who.person()?, ticket, kind]).await? {
        Some(row) => shown(&app, &row).await.map(|draft| Found(Some(draft))),
        None => Ok(Found(None)),
    }
}

async fn shown(app: &App, row: &Row) -> Result<ShownDraft> {
    let ids: Vec<AttachmentId> = row.json("attachments")?;
    let mut attachments = Vec::with_capacity(ids.len());
    for id in ids {
        let sql = "SELECT * FROM attachments WHERE id = $1 AND message IS NULL";
        if let Some(row) = app.db().opt(sql, args![id]).await? {
            attachments.push(shown_attachment(&row)?);
        }
    }
    Ok(ShownDraft {
        html: row.text("html")?,
        attachments,
        cc: row.json("cc")?,
        updated_at: Stamp(row.int("updated_at")?),
    })
}

async fn put(
    who: Who,
    State(app): State<App>,
    Id(ticket): Id<TicketId>,
    Params(Which { kind }): Params<Which>,
    Body(draft): Body<Draft>,
) -> Result<Gone> {
    who.may(Permission::TicketsWrite)?;
    let agent = who.person()?;
    if draft.html.len() > 500_000 {
        return Err(Error::invalid("html", "must be shorter than 500000 bytes"));
    }
    let mut tx = who.begin(&app).await?;
    tx.one("SELECT id FROM tickets WHERE id = $1", args![ticket]).await?;
    keep(&mut tx, agent, ticket, kind, &draft).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(
    who: Who,
    State(app): State<App>,
    Id(ticket): Id<TicketId>,
    Params(Which { kind }): Params<Which>,
) -> Result<Gone> {
    let agent = who.person()?;
    let mut tx = who.begin(&app).await?;
    let said = if kind == Kind::Note { Direction::Note } else { Direction::Out };
    forget(&mut tx, agent, ticket, said).await?;
    tx.whisper(agent.0, &Whisper::DraftSaved { ticket, draft: kind.to_string() })?;
    tx.commit().await?;
    Ok(Gone)
}
