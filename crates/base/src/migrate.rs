//! Brings a database to this version's shape. One file serves both engines; the words in braces are spelled
//! as in every other query.

use crate::{Actor, Db, Error, Result, Time, args, db::spell};

/// (number, name, SQL)
pub type Migration = (i64, &'static str, &'static str);

/// Applies what is missing, each migration in its own transaction; returns how many were applied.
/// Refuses a database that a newer version has changed.
pub async fn migrate(db: &Db, migrations: &[Migration], now: Time) -> Result<usize> {
    let table = "CREATE TABLE IF NOT EXISTS migrations (
        number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    // Several nodes may start at once, and on PostgreSQL even IF NOT EXISTS fails for the one that comes second.
    let mut tx = db.begin(Actor::System, now).await?;
    tx.lock("migrations").await?;
    tx.run(table, args![]).await?;
    // What this installation is, and no backup carries elsewhere.
    tx.run("CREATE TABLE IF NOT EXISTS installation (name TEXT PRIMARY KEY, value TEXT NOT NULL)", args![]).await?;
    tx.commit().await?;
    let mut applied = 0;
    for (number, name, sql) in migrations {
        let mut tx = db.begin(Actor::System, now).await?;
        tx.lock("migrations").await?;
        if tx.opt("SELECT number FROM migrations WHERE number = $1", args![*number]).await?.is_some() {
            continue;
        }
        for statement in statements(&spell(sql, db.engine())) {
            tx.run(&statement, args![]).await?;
        }
        let sql = "INSERT INTO migrations (number, name, applied_at) VALUES ($1, $2, $3)";
        tx.run(sql, args![*number, *name, now]).await?;
        tx.commit().await?;
        applied += 1;
    }
    let known = migrations.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    let newest = newest(db).await?;
    if newest > known {
        return Err(Error::refused(format!(
            "The database was changed by a newer version (migration {newest}, this version knows {known}). \
             Start that version, or restore a backup."
        )));
    }
    Ok(applied)
}

pub async fn newest(db: &Db) -> Result<i64> {
    db.one("SELECT CAST(COALESCE(max(number), 0) AS BIGINT) AS number FROM migrations", args![]).await?.int("number")
}

/// Statements end with a semicolon at the end of a line; lines that begin with `--` are comments.
fn statements(sql: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut statement = String::new();
    for line in sql.lines().filter(|line| !line.trim_start().starts_with("--") && !line.trim().is_empty()) {
        statement.push_str(line);
        statement.push('\n');
        if line.trim_end().ends_with(';') {
            all.push(std::mem::take(&mut statement));
        }
    }
    all
}
