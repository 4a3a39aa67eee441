//! Where the made databases are kept, by a hash of everything that goes into them; and the copies that are worked on.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use base::{Db, Engine, Result, args, secrets::sha256};

use super::{
    made::{self, Plan},
    postgres::{self, Cluster},
    process::Place,
};

/// The database that is worked on and thrown away.
const COPY: &str = "work";

pub struct Store {
    binary: PathBuf,
    engine: Engine,
    folder: PathBuf,
    cluster: Option<Cluster>,
}

impl Store {
    pub fn open(binary: &Path, engine: Engine) -> Self {
        let migrations: String = desk::MIGRATIONS.iter().map(|(_, _, sql)| *sql).collect();
        let recipe =
            [include_str!("made.rs"), include_str!("crowd.rs"), include_str!("words.rs"), &migrations].concat();
        let key = &sha256(recipe.as_bytes())[..12];
        // Beside the profile's folder, as `cargo clean` would have it.
        let target = binary.parent().and_then(Path::parent).unwrap().to_owned();
        let folder = target.join("bench").join(key);
        fs::create_dir_all(&folder).unwrap();
        forget_others(&folder);
        let cluster = (engine == Engine::Postgres).then(|| {
            let own = postgres::folder(&folder, key);
            fs::create_dir_all(&own).unwrap();
            if !own.starts_with(&folder) {
                forget_others(&own);
            }
            Cluster::start(own)
        });
        Self { binary: binary.to_owned(), engine, folder, cluster }
    }

    pub fn name(&self) -> &'static str {
        if self.engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" }
    }

    /// PostgreSQL's first process.
    pub fn postgres(&self) -> Option<u32> {
        self.cluster.as_ref().map(Cluster::pid)
    }

    fn place(&self, name: &str) -> Place {
        let folder = self.folder.join(format!("{}-{name}", self.name().to_lowercase()));
        fs::create_dir_all(&folder).unwrap();
        let database = match &self.cluster {
            Some(cluster) => cluster.address(name),
            None => format!("sqlite:{}", folder.join("shopbell.db").display()),
        };
        Place { binary: self.binary.clone(), folder, database }
    }

    /// A made database under a name of its own, to be written to at will.
    pub async fn working_copy(&self, plan: Plan) -> Result<Place> {
        let name = format!("made_{}", plan.tickets);
        let made = self.place(&name);
        let done = made.folder.join("done");
        if !done.exists() || !self.there(&name).await? {
            self.make(&name, plan).await?;
            fs::write(&done, "").unwrap();
        }
        self.forget_copy().await?;
        let copy = self.place(COPY);
        fs::create_dir_all(copy.folder.join("files")).unwrap();
        for file in ["secret.key", "files/installation"] {
            fs::copy(made.folder.join(file), copy.folder.join(file)).unwrap();
        }
        match &self.cluster {
            Some(cluster) => cluster.copy(&name, COPY).await?,
            None => drop(fs::copy(made.folder.join("shopbell.db"), copy.folder.join("shopbell.db")).unwrap()),
        }
        Ok(copy)
    }

    async fn there(&self, name: &str) -> Result<bool> {
        match &self.cluster {
            Some(cluster) => cluster.has(name).await,
            None => Ok(true),
        }
    }

    pub async fn forget_copy(&self) -> Result<()> {
        let _ = fs::remove_dir_all(self.place(COPY).folder);
        match &self.cluster {
            Some(cluster) => cluster.drop(COPY).await,
            None => Ok(()),
        }
    }

    async fn make(&self, name: &str, plan: Plan) -> Result<()> {
        let (tickets, messages) = (plan.tickets, plan.tickets * plan.messages_each);
        eprintln!("making a database of {tickets} tickets and {messages} messages on {}, once …", self.name());
        let started = Instant::now();
        let _ = fs::remove_dir_all(self.place(name).folder);
        let place = self.place(name);
        if let Some(cluster) = &self.cluster {
            cluster.create(name).await?;
        }
        place.set_up();
        let db = Db::open(&place.database).await?;
        made::fill(&db, plan).await?;
        db.close().await;
        eprintln!("  rows: {:.0} s", started.elapsed().as_secs_f64());
        let said = place.run(&["reindex"], "");
        let db = Db::open(&place.database).await?;
        match self.engine {
            // Nothing is analysed on SQLite, because no installation does it.
            Engine::Sqlite => drop(db.run("PRAGMA wal_checkpoint(TRUNCATE)", args![]).await?),
            Engine::Postgres => drop(db.run("VACUUM ANALYZE", args![]).await?),
        }
        db.close().await;
        eprintln!("  {said} All in {:.0} s.", started.elapsed().as_secs_f64());
        Ok(())
    }

    /// Megabytes of the database.
    pub async fn size(&self, place: &Place) -> Result<u64> {
        if self.cluster.is_none() {
            return Ok(place.bytes() / 1_000_000);
        }
        let db = Db::open(&place.database).await?;
        let bytes = db.one("SELECT pg_database_size(current_database()) AS size", args![]).await?.int("size")?;
        db.close().await;
        Ok(u64::try_from(bytes).unwrap() / 1_000_000)
    }
}

/// What an older recipe made is not wanted any more, and takes gigabytes.
fn forget_others(folder: &Path) {
    for other in fs::read_dir(folder.parent().unwrap()).unwrap().flatten() {
        if other.path() != folder {
            let _ = fs::remove_dir_all(other.path());
        }
    }
}
