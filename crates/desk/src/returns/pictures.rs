//! Pictures of what comes back: from shoppers with their request, and from the warehouse with what was found.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State as Shared, http::HeaderMap, response::Response};
use base::{
    App, Db, Error, Feature, Result, Row, Tx, args,
    web::{Body, Id, Ids},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ReturnId, find, get,
    list::{Whole, whole},
};
use crate::{
    agents::{Permission, Who},
    messages::{self, AttachmentId},
    visits,
};

base::id!(
    /// A picture of a return.
    PictureId,
);

/// Of one return.
const MOST: i64 = 40;

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ReturnPicture")]
pub struct Picture {
    pub id: PictureId,
    pub name: String,
    pub from_warehouse: bool,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/returns/{id}/pictures", post_with(create, |op| op.summary("Add pictures that were uploaded")))
        .api_route(
            "/returns/{id}/pictures/{other}",
            get_with(show, |op| op.summary("A picture of a return").response::<200, Vec<u8>>()),
        );
    Feature { routes, ..Feature::default() }
}

pub(super) async fn pictures(db: &Db, id: ReturnId) -> Result<Vec<Picture>> {
    let sql = "SELECT * FROM return_pictures WHERE return_id = $1 ORDER BY id";
    let picture = |row: &Row| {
        let from_warehouse = row.bool("from_warehouse")?;
        Ok(Picture { id: row.id("id")?, name: row.text("name")?, from_warehouse })
    };
    db.all(sql, args![id]).await?.iter().map(picture).collect()
}

/// Takes those that came with a form. Sent twice, none is left the second time.
pub(super) async fn take_kept(tx: &mut Tx, id: ReturnId, key: &str) -> Result<()> {
    let files = visits::kept(tx, key).await?;
    visits::take_kept(tx, key, &files).await?;
    for file in &files {
        copy(tx, id, file.id, false).await?;
    }
    Ok(())
}

async fn copy(tx: &mut Tx, id: ReturnId, attachment: AttachmentId, from_warehouse: bool) -> Result<()> {
    let sql = "INSERT INTO return_pictures (return_id, blob, name, content_type, from_warehouse, created_at)
        SELECT $1, blob, name, content_type, $2, $3 FROM attachments WHERE id = $4";
    let now = tx.now();
    tx.run(sql, args![id, from_warehouse, now, attachment]).await
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewReturnPictures")]
struct New {
    /// Ids of uploads of one's own.
    uploads: Vec<AttachmentId>,
}

async fn create(
    who: Who,
    Shared(app): Shared<App>,
    Id(id): Id<ReturnId>,
    Body(New { uploads }): Body<New>,
) -> Result<Json<Whole>> {
    who.may(Permission::OrdersAct)?;
    let agent = who.person()?;
    let mut tx = who.begin(&app).await?;
    let found = find(&mut tx, id).await?;
    if found.shop != who.shop {
        return Err(Error::NotFound);
    }
    let there = tx.one("SELECT count(*) AS n FROM return_pictures WHERE return_id = $1", args![id]).await?.int("n")?;
    if there + i64::try_from(uploads.len())? > MOST {
        return Err(Error::invalid("uploads", format!("would be more than {MOST} pictures")));
    }
    for (place, upload) in uploads.iter().enumerate() {
        let sql = "SELECT content_type FROM attachments WHERE id = $1 AND message IS NULL AND agent = $2";
        let row = tx.opt(sql, args![*upload, agent]).await?;
        let field = format!("uploads[{place}]");
        let row = row.ok_or_else(|| Error::invalid(&field, format!("{upload} is no unused upload of yours")))?;
        if !messages::is_picture(&row.text("content_type")?) {
            return Err(Error::invalid(field, "must be a picture: PNG, JPEG, WebP or GIF"));
        }
        copy(&mut tx, id, *upload, true).await?;
        tx.run("DELETE FROM attachments WHERE id = $1 AND agent = $2", args![*upload, agent]).await?;
    }
    tx.commit().await?;
    whole(&app, id).await.map(Json)
}

async fn show(who: Who, Shared(app): Shared<App>, Ids(id, picture): Ids<i64>, headers: HeaderMap) -> Result<Response> {
    who.may(Permission::TicketsRead)?;
    if get(app.db(), ReturnId(id)).await?.shop != who.shop {
        return Err(Error::NotFound);
    }
    let sql = "SELECT blob, name, content_type FROM return_pictures WHERE id = $1 AND return_id = $2";
    let row = app.db().one(sql, args![picture, id]).await?;
    messages::serve(&app, &row.text("blob")?, &row.text("name")?, &row.text("content_type")?, &headers).await
}
