//! `shopbell doctor`: looks at everything an installation stands on, and says in plain words what is wrong.
//! Ends with 0 when all is well, 1 when something must be done.

use std::{os::unix::fs::PermissionsExt, path::Path, process::ExitCode, time::Duration};

use base::{App, Config, Db, Engine, Error, Result, Stamp, Wrong, args, migrate};
use connectors::Channels;
use desk::{inboxes, messages::quarantine};

use crate::{cli::say, node};

const PROBE: Duration = Duration::from_secs(45);
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;
const OLDEST_POSTGRES: i64 = 150_000;

/// How much was found to be right and wrong; it is said as it is found.
#[derive(Default)]
struct Report {
    good: usize,
    wrong: usize,
}

impl Report {
    fn good(&mut self, line: impl std::fmt::Display) -> Result<()> {
        self.good += 1;
        say(format!("ok     {line}"))
    }

    fn bad(&mut self, line: impl std::fmt::Display) -> Result<()> {
        self.wrong += 1;
        say(format!("WRONG  {line}"))
    }
}

pub async fn run(config: Result<Config>) -> Result<ExitCode> {
    let mut report = Report::default();
    match config {
        Ok(config) => {
            report.good("the settings can be read")?;
            data_folder(&mut report, &config)?;
            secret_key(&mut report, &config)?;
            installation(&mut report, config).await?;
        }
        Err(Error::Invalid(wrong)) => {
            for Wrong { field, why } in wrong {
                report.bad(format!("setting {field}: {why}"))?;
            }
        }
        Err(error) => report.bad(format!("the settings cannot be read: {error}"))?,
    }
    if report.wrong == 0 {
        say(format!("All is well: {} things looked at.", report.good))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("{} to mend.", report.wrong))?;
    Ok(ExitCode::FAILURE)
}

fn data_folder(report: &mut Report, config: &Config) -> Result<()> {
    let folder = &config.data_dir;
    let shown = folder.display();
    let written = std::fs::create_dir_all(folder).and_then(|()| tempfile::NamedTempFile::new_in(folder).map(drop));
    if let Err(error) = written {
        return report
            .bad(format!("data_dir: {shown} cannot be written: {error}. Give it to the user who runs shopbell"));
    }
    report.good(format!("the data folder {shown} can be written"))?;
    match free_space(folder) {
        Some(free) if free < LITTLE_SPACE => {
            report.bad(format!("only {} MB are free where {shown} lies. Make room before mail is refused", free >> 20))
        }
        Some(free) => report.good(format!("{} GB are free there", free >> 30)),
        None => Ok(()),
    }
}

/// `df` knows, on every system.
fn free_space(folder: &Path) -> Option<u64> {
    let asked = std::process::Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(asked.stdout).ok()?;
    let kilobytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn secret_key(report: &mut Report, config: &Config) -> Result<()> {
    if !config.secret_key.is_empty() {
        return match base::secrets::Secrets::new(&config.secret_key) {
            Ok(_) => report.good("the secret key comes from the settings"),
            Err(error) => report.bad(error),
        };
    }
    let path = config.data_dir.join("secret.key");
    let shown = path.display();
    match std::fs::metadata(&path) {
        Err(_) => report.good(format!("{shown} does not exist yet; the first start makes it")),
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            report.bad(format!("others can read {shown}. Run: chmod 600 {shown}"))
        }
        Ok(_) => report.good(format!("{shown} is private")),
    }
}

async fn installation(report: &mut Report, config: Config) -> Result<()> {
    let url = config.database_url();
    let db = match Db::open(&url).await {
        Ok(db) => db,
        Err(error) => {
            return report
                .bad(format!("the database does not answer: {error} Is database_url right, and does it run?"));
        }
    };
    if !database(report, &db).await? {
        return Ok(());
    }
    let app = node::app(db, config).build()?;
    match base::secrets::same_key(&app).await {
        Ok(()) => report.good("the secret key is this installation's")?,
        Err(error) => report.bad(error)?,
    }
    match base::blob::same_files(&app).await {
        Ok(()) => report.good("the data folder holds this installation's files")?,
        Err(error) => report.bad(error)?,
    }
    clock(report, &app).await?;
    jobs(report, &app).await?;
    let held = quarantine::list(&app).await?.len();
    match held {
        0 => report.good("nothing is in quarantine")?,
        1 => report.bad("a mail could not be read. See: shopbell quarantine list")?,
        _ => report.bad(format!("{held} mails could not be read. See: shopbell quarantine list"))?,
    }
    for inbox in inboxes::all(&app).await?.into_iter().filter(|inbox| inbox.active) {
        probe(report, &app, &inbox).await?;
    }
    app.db().close().await;
    Ok(())
}

/// Whether it is ours and in a shape that the other checks can read.
async fn database(report: &mut Report, db: &Db) -> Result<bool> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT sqlite_version() AS version, 999999 AS number",
        Engine::Postgres => {
            "SELECT current_setting('server_version') AS version,
                CAST(current_setting('server_version_num') AS BIGINT) AS number"
        }
    };
    let row = db.one(sql, args![]).await?;
    let version = row.text("version")?;
    if row.int("number")? < OLDEST_POSTGRES {
        report.bad(format!("PostgreSQL {version} is too old; Shopbell needs 15 or newer"))?;
    } else {
        report.good(format!("the database answers: {:?} {version}", db.engine()))?;
    }
    let known = desk::MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    match migrate::newest(db).await {
        Err(_) => report.bad("the database is empty. Run: shopbell migrate, or start the server once").map(|()| false),
        Ok(newest) if newest < known => {
            let line =
                format!("the database is at step {newest} of {known}. Run: shopbell migrate, or start the server");
            report.bad(line).map(|()| false)
        }
        Ok(newest) if newest > known => {
            report.bad("a newer version has changed the database. Start that version").map(|()| false)
        }
        Ok(_) => report.good("the database has this version's shape").map(|()| true),
    }
}

/// A clock that is far behind what is stored already would put new messages before old ones.
async fn clock(report: &mut Report, app: &App) -> Result<()> {
    let now = app.now();
    let row = app.db().one("SELECT CAST(COALESCE(max(at), 0) AS BIGINT) AS at FROM events", args![]).await?;
    let newest = row.int("at")?;
    if newest > now + base::MINUTE {
        return report.bad(format!(
            "the clock says {}, but something happened at {} already. Set the clock, and keep it set with NTP",
            Stamp(now),
            Stamp(newest)
        ));
    }
    let apart = node::clocks_apart(app).await?;
    if apart > node::APART {
        return report.bad(format!("this clock and the database server's are {} seconds apart", apart / 1000));
    }
    report.good("the clock is right as far as can be seen from here")
}

async fn jobs(report: &mut Report, app: &App) -> Result<()> {
    let sql = "SELECT CAST(count(*) FILTER (WHERE dead_at IS NOT NULL) AS BIGINT) AS dead,
        CAST(count(*) FILTER (WHERE dead_at IS NULL AND run_at < $1) AS BIGINT) AS late FROM jobs";
    let row = app.db().one(sql, args![app.now() - 5 * base::MINUTE]).await?;
    let (dead, late) = (row.int("dead")?, row.int("late")?);
    if dead > 0 {
        let row = app
            .db()
            .one("SELECT name, last_error FROM jobs WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT 1", args![])
            .await?;
        let (name, why) = (row.text("name")?, row.opt_text("last_error")?.unwrap_or_default());
        let were = if dead == 1 { "job was" } else { "jobs were" };
        report.bad(format!(
            "{dead} {were} given up; the last, {name}, because: {why} See them in the desk under Settings → Failed jobs"
        ))?;
    }
    if late > 0 {
        let have = if late == 1 { "job has" } else { "jobs have" };
        report.bad(format!("{late} {have} been due for over five minutes. Does a server run?"))?;
    }
    if dead == 0 && late == 0 {
        report.good("no job is stuck or given up")?;
    }
    Ok(())
}

async fn probe(report: &mut Report, app: &App, inbox: &inboxes::Inbox) -> Result<()> {
    let name = format!("inbox {} ({})", inbox.name, inbox.address);
    let channel = app.part::<Channels>()?.get(&inbox.channel)?;
    let end = match inboxes::end(app, inbox) {
        Ok(end) => end,
        Err(error) => return report.bad(format!("{name}: {error}")),
    };
    match tokio::time::timeout(PROBE, channel.probe(&end)).await {
        Err(_) => report.bad(format!("{name}: its servers did not answer within {} seconds", PROBE.as_secs())),
        Ok(Err(error)) => report.bad(format!("{name}: {error}")),
        Ok(Ok(problems)) if problems.is_empty() => report.good(format!("{name} answers")),
        Ok(Ok(problems)) => problems.iter().try_for_each(|problem| report.bad(format!("{name}: {problem}"))),
    }
}
