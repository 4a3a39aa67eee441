//! The index on SQLite: FTS5 without content of its own, a table per kind, whose rowid is the thing's id. The newest
//! hits are read backwards from the end, which costs the same however many there are.
//!
//! FTS5's own ranking is not used: to weigh a word it counts all rows that hold it, 20 to 80 ms for common words among
//! a million messages, and twice that among two.

use base::{App, Result, Tx, args};

use super::{Expr, Kind, words::Word};

pub(super) async fn make(tx: &mut Tx) -> Result<()> {
    for kind in Kind::ALL {
        let sql = format!(
            "CREATE VIRTUAL TABLE {} USING fts5
            (words, content = '', contentless_delete = 1, tokenize = 'ascii')",
            kind.table()
        );
        tx.run(&sql, args![]).await?;
    }
    let sql = "CREATE TABLE search_words (n INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)";
    tx.run(sql, args![]).await?;
    let sql = "CREATE TABLE search_spellings (form TEXT NOT NULL, word TEXT NOT NULL,
        PRIMARY KEY (form, word)) WITHOUT ROWID";
    tx.run(sql, args![]).await
}

pub(super) async fn exists(tx: &mut Tx) -> Result<bool> {
    let sql = "SELECT name FROM sqlite_master WHERE name = 'search_spellings'";
    Ok(tx.opt(sql, args![]).await?.is_some())
}

/// Ids of the newest things that match, newest first, none below `floor`.
pub(super) async fn hits(app: &App, kind: Kind, expr: &Expr, floor: i64, most: i64) -> Result<Vec<i64>> {
    let table = kind.table();
    let sql =
        format!("SELECT rowid AS id FROM {table} WHERE {table} MATCH $1 AND rowid >= $2 ORDER BY rowid DESC LIMIT $3");
    let rows = app.db().all(&sql, args![spelt(expr), floor, most]).await?;
    rows.iter().map(|row| row.int("id")).collect()
}

/// Words are letters and digits only, so nothing in them can be taken for a sign of the query language.
fn spelt(expr: &Expr) -> String {
    let phrase = |words: &Vec<String>| format!("\"{}\"", words.join(" "));
    let any = |phrases: &Vec<Vec<String>>| phrases.iter().map(phrase).collect::<Vec<_>>().join(" OR ");
    expr.iter().map(|phrases| format!("({})", any(phrases))).collect::<Vec<_>>().join(" AND ")
}

pub(super) async fn put(tx: &mut Tx, kind: Kind, id: i64, words: &[Word]) -> Result<()> {
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let sql = format!("INSERT OR REPLACE INTO {} (rowid, words) VALUES ($1, $2)", kind.table());
    tx.run(&sql, args![id, text.join(" ")]).await
}

pub(super) async fn remove(tx: &mut Tx, kind: Kind, id: i64) -> Result<()> {
    tx.run(&format!("DELETE FROM {} WHERE rowid = $1", kind.table()), args![id]).await
}

/// Adds words; returns those that were new.
pub(super) async fn learn(tx: &mut Tx, words: &[&str]) -> Result<Vec<String>> {
    let sql = "INSERT INTO search_words (word) SELECT value FROM json_each($1) WHERE TRUE
        ON CONFLICT (word) DO NOTHING RETURNING word";
    let rows = tx.all(sql, args![serde_json::json!(words)]).await?;
    rows.iter().map(|row| row.text("word")).collect()
}

/// Adds pairs of a form and the word it stands for.
pub(super) async fn learn_forms(tx: &mut Tx, pairs: &[(String, &str)]) -> Result<()> {
    let sql = "INSERT INTO search_spellings (form, word) SELECT value ->> 0, value ->> 1 FROM json_each($1) WHERE TRUE
        ON CONFLICT DO NOTHING";
    tx.run(sql, args![serde_json::json!(pairs)]).await
}

pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    for kind in Kind::ALL {
        let table = kind.table();
        tx.run(&format!("INSERT INTO {table} ({table}) VALUES ('delete-all')"), args![]).await?;
    }
    tx.run("DELETE FROM search_words", args![]).await?;
    tx.run("DELETE FROM search_spellings", args![]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_words_in_quotes_and_nothing_else() {
        let word = |word: &str| vec![word.to_owned()];
        let expr: Expr = vec![vec![word("near")], vec![word("par"), vec!["gift".into(), "card".into()]]];
        assert_eq!(spelt(&expr), "(\"near\") AND (\"par\" OR \"gift card\")");
    }
}
