//! Finding a canned answer while its name or shortcut is being typed.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Feature, Result, Row, args,
    web::{Id, Page, Paging, Params, page::cursor},
};
use schemars::JsonSchema;
use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Answer, AnswerId, SEEN, answer, eyes};
use crate::{
    agents::{Permission, Who},
    shops::language_tag,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/canned-answers", get_with(list, |op| op.summary("Canned answers, those that fit best first")))
        .api_route("/canned-answers/{id}", get_with(one, |op| op.summary("One canned answer")));
    Feature { routes, ..Feature::default() }
}

/// The words of a text as they are compared: without case and accents, each with a blank before it.
pub(super) fn words(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let plain = plain.to_lowercase();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| [" ", word]).collect()
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The beginning of the shortcut, of the name, or of any word in name or text.
    #[serde(default)]
    q: String,
    /// Those in this language come first, then those in none.
    language: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

/// By language, then by where the words were found, then by use.
const RANKED: &str = "SELECT c.*,
    CAST(CASE WHEN $5 = '' OR c.language = $5 OR c.language LIKE $6 THEN 0 WHEN c.language IS NULL THEN 1 ELSE 2 END
        AS BIGINT) AS tongue,
    CAST(CASE WHEN $4 = '' OR {position}(c.by_shortcut, $4) = 1 THEN 0 WHEN {position}(c.by_name, $4) = 1 THEN 1
        WHEN {position}(c.by_name, $4) > 0 OR {position}(c.by_shortcut, $4) > 0 THEN 2
        WHEN {position}(c.by_text, $4) > 0 THEN 3 ELSE 4 END AS BIGINT) AS place, -c.used AS unused FROM";

async fn list(who: Who, State(app): State<App>, Params(wanted): Params<Wanted>) -> Result<Json<Page<Answer>>> {
    who.may(Permission::TicketsRead)?;
    let Wanted { q, language, limit, after } = wanted;
    let paging = Paging { limit, after };
    let (limit, after) = (paging.limit()?, paging.after(4)?.unwrap_or_else(|| vec![-1, 0, 0, 0]));
    let language = language.map(|tag| language_tag("language", &tag)).transpose()?.unwrap_or_default();
    let language = language.split('-').next().unwrap_or_default();
    let q: String = words(&q).chars().take(100).collect();
    let sql = format!(
        "SELECT * FROM ({RANKED} (SELECT * FROM canned_answers WHERE {SEEN}) c) found
        WHERE place < 4 AND (tongue, place, unused, id) > ($7, $8, $9, $10)
        ORDER BY tongue, place, unused, id LIMIT $11"
    );
    let rest = args![q, language, format!("{language}-%"), after[0], after[1], after[2], after[3], limit + 1];
    let rows = app.db().all(&sql, [eyes(&who), rest].concat()).await?;
    let shown = usize::try_from(limit).unwrap_or(0);
    let next = if rows.len() > shown { Some(cursor(&place(&rows[shown - 1])?)) } else { None };
    let data = rows.iter().take(shown).map(answer).collect::<Result<_>>()?;
    Ok(Json(Page { data, next }))
}

fn place(row: &Row) -> Result<[i64; 4]> {
    Ok([row.int("tongue")?, row.int("place")?, row.int("unused")?, row.int("id")?])
}

async fn one(who: Who, State(app): State<App>, Id(id): Id<AnswerId>) -> Result<Json<Answer>> {
    who.may(Permission::TicketsRead)?;
    let sql = format!("SELECT * FROM canned_answers WHERE {SEEN} AND id = $4");
    answer(&app.db().one(&sql, [eyes(&who), args![id]].concat()).await?).map(Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_in_any_spelling() {
        assert_eq!(words("Rück-Gabe: 30 Tage!"), " ruck gabe 30 tage");
        assert_eq!(words(" ... "), "");
        assert!(words("Where is my parcel").contains(&words("is MY par")));
        assert!(!words("My parcel").contains(&words("arcel")));
    }
}
