//! The SQLite half of the database. Statements run on the thread that asks: most take microseconds, and the way to a
//! thread of SQLite's own and back took longer than the statement. They are never in the middle of one when a request
//! goes away.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, Statement, ToSql, ffi,
    types::{Null, Value as Cell},
};
use tokio::{
    sync::{Mutex as Queue, OwnedMutexGuard},
    task::coop,
    time::{Instant, sleep, timeout},
};

use crate::{Error, Result, db::DANGLING, sql::Value};

/// How long a write waits for its turn, and for another process that writes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Readers that are kept when nobody reads.
const SPARE_READERS: usize = 4;
/// A commit is on the disk when it returns; or it is with the next that is.
const DURABLE: &str = "PRAGMA synchronous = FULL";
const LIGHT: &str = "PRAGMA synchronous = NORMAL";
/// Prepared statements that each connection keeps.
const STATEMENTS: usize = 256;

#[derive(Clone)]
pub(crate) struct Lite {
    path: PathBuf,
    /// One writer: waiting in our own queue is fair and never fails, waiting for SQLite's lock is neither.
    writer: Arc<Queue<Option<Connection>>>,
    /// Those that nobody uses; None when the database was closed.
    readers: Arc<Mutex<Option<Vec<Connection>>>>,
}

/// The writer with an open transaction, which ends when this is dropped.
pub(crate) struct Writing {
    writer: OwnedMutexGuard<Option<Connection>>,
    light: bool,
}

/// A reader with an open transaction: everything it reads is of one moment.
pub(crate) struct Reading {
    reader: Option<Connection>,
    lite: Lite,
}

impl Lite {
    /// Opens the file, or makes it.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let writer = Arc::new(Queue::new(Some(writer(path)?)));
        Ok(Self { path: path.to_owned(), writer, readers: Arc::new(Mutex::new(Some(Vec::new()))) })
    }

    /// Reads what has been committed.
    pub async fn all(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        let reader = self.reader()?;
        let rows = execute(&reader, sql, args).map_err(failed);
        self.give_back(reader);
        coop::consume_budget().await;
        rows
    }

    fn reader(&self) -> Result<Connection> {
        let spare = self.spare().as_mut().map(Vec::pop).ok_or(Error::Unavailable)?;
        spare.map_or_else(|| reader(&self.path), Ok).map_err(failed)
    }

    fn give_back(&self, reader: Connection) {
        if let Some(spare) = self.spare().as_mut().filter(|spare| spare.len() < SPARE_READERS) {
            spare.push(reader);
        }
    }

    /// Begins to read, beside whoever writes.
    pub fn look(&self) -> Result<Reading> {
        let reader = self.reader()?;
        reader.execute_batch("BEGIN").map_err(failed)?;
        Ok(Reading { reader: Some(reader), lite: self.clone() })
    }

    fn spare(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The only writing transaction, when it is our turn.
    pub async fn begin(&self) -> Result<Writing> {
        let begun = Instant::now();
        let mut writing = self.turn().await?;
        writing.patiently(begun, "BEGIN IMMEDIATE", &[]).await?;
        Ok(writing)
    }

    /// The same, whose commit is on the disk only with the next usual one.
    pub async fn begin_lightly(&self) -> Result<Writing> {
        let begun = Instant::now();
        let mut writing = self.turn().await?;
        if let Some(writer) = writing.writer.as_ref() {
            writer.execute_batch(LIGHT).map_err(failed)?;
        }
        writing.light = true;
        writing.patiently(begun, "BEGIN IMMEDIATE", &[]).await?;
        Ok(writing)
    }

    /// One statement that is a transaction of its own, or none at all, as some of the house's own work wants.
    pub async fn run(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        let begun = Instant::now();
        self.turn().await?.patiently(begun, sql, args).await
    }

    async fn turn(&self) -> Result<Writing> {
        let held = timeout(PATIENCE, self.writer.clone().lock_owned()).await;
        let writer = held.map_err(|_| unavailable("others write for too long"))?;
        let mut writing = Writing { writer, light: false };
        if self.spare().is_none() {
            return Err(Error::Unavailable);
        }
        if writing.writer.is_none() {
            *writing.writer = Some(self::writer(&self.path).map_err(failed)?);
        }
        Ok(writing)
    }

    /// Copies the database to a new file, consistent as of one moment.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let held = Writing { writer: self.writer.clone().lock_owned().await, light: false };
        let file = Value::Text(Some(file.to_string_lossy().into_owned()));
        let copy = move || held.execute("VACUUM INTO $1", &[file]).map(drop);
        tokio::task::spawn_blocking(copy).await?.map_err(failed)
    }

    /// Waits for the transaction that is open; everything afterwards is refused.
    pub async fn close(&self) {
        drop(self.spare().take());
        drop(self.writer.lock().await.take());
    }
}

impl Writing {
    pub async fn all(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        let rows = self.execute(sql, args).map_err(failed)?;
        coop::consume_budget().await;
        Ok(rows)
    }

    /// Another process may be writing; SQLite has no queue for them.
    async fn patiently(&mut self, begun: Instant, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        loop {
            match self.execute(sql, args) {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    if begun.elapsed() > PATIENCE {
                        return Err(unavailable("another process writes for too long"));
                    }
                    sleep(Duration::from_millis(5)).await;
                }
                other => return other.map_err(failed),
            }
        }
    }

    pub fn commit(self) -> Result<()> {
        self.execute("COMMIT", &[]).map(drop).map_err(failed)
    }

    fn execute(&self, sql: &str, args: &[Value]) -> rusqlite::Result<Vec<Row>> {
        execute(self.writer.as_ref().ok_or(rusqlite::Error::InvalidQuery)?, sql, args)
    }
}

impl Reading {
    pub async fn all(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        let reader = self.reader.as_ref().ok_or(Error::Unavailable)?;
        let rows = execute(reader, sql, args).map_err(failed)?;
        coop::consume_budget().await;
        Ok(rows)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // A connection that cannot end its transaction is no good to the next.
        if let Some(reader) = self.reader.take().filter(|reader| reader.execute_batch("ROLLBACK").is_ok()) {
            self.lite.give_back(reader);
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // When the disk is full SQLite has ended the transaction by itself. A connection that cannot end it is no good.
        let stuck = |writer: &mut Connection| !writer.is_autocommit() && writer.execute_batch("ROLLBACK").is_err();
        self.writer.take_if(stuck);
        if self.light {
            // One that cannot be told to wait for the disk again is no good either.
            self.writer.take_if(|writer| writer.execute_batch(DURABLE).is_err());
        }
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let writer = connect(path)?;
    // Whoever waits for longer lets others work meanwhile.
    writer.busy_timeout(Duration::from_millis(20))?;
    writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")?;
    keep_small(&writer, 8192)?;
    Ok(writer)
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let reader = connect(path)?;
    reader.busy_timeout(Duration::from_secs(5))?;
    reader.execute_batch("PRAGMA query_only = ON")?;
    keep_small(&reader, 4096)?;
    Ok(reader)
}

/// A cache of so many KiB, because it is memory of ours for good; what it misses, the kernel still has, a microsecond away.
///
/// And no map of the file. Whenever somebody else has written, SQLite gives a map back and makes it anew: for readers, who
/// see every commit, that costs more than it saves. For the writer it saves nothing that can be measured, and the kernel
/// counts whole large pages of it as ours.
fn keep_small(connection: &Connection, kib: u32) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("PRAGMA mmap_size = 0; PRAGMA cache_size = -{kib}"))
}

fn execute(on: &Connection, sql: &str, args: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = on.prepare_cached(sql)?;
    bind(&mut statement, args)?;
    let mut cursor = statement.raw_query();
    let mut rows = Vec::new();
    let mut names: Option<Arc<[String]>> = None;
    while let Some(row) = cursor.next()? {
        let names = names.get_or_insert_with(|| row.as_ref().column_names().into_iter().map(str::to_owned).collect());
        let cells = (0..names.len()).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?;
        rows.push(Row { names: names.clone(), cells });
    }
    Ok(rows)
}

/// To SQLite `$2` is a name like any other, and the first one that it meets is its number one.
fn bind(statement: &mut Statement<'_>, args: &[Value]) -> rusqlite::Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let arg = number.and_then(|number| args.get(number.checked_sub(1)?));
        let arg = arg.ok_or(rusqlite::Error::InvalidParameterCount(args.len(), statement.parameter_count()))?;
        let json;
        let value: &dyn ToSql = match arg {
            Value::Int(value) => value,
            Value::Text(value) => value,
            Value::Bool(value) => value,
            Value::Bytes(value) => value,
            Value::Json(None) => &Null,
            Value::Json(Some(value)) => {
                json = value.to_string();
                &json
            }
        };
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

fn unavailable(why: &str) -> Error {
    tracing::warn!(why, "the database does not answer");
    Error::Unavailable
}

/// Says what an error of SQLite means to the caller.
fn failed(error: rusqlite::Error) -> Error {
    let Some(code) = error.sqlite_error() else { return error.into() };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Error::conflict("That exists already.")
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::invalid(DANGLING.0, DANGLING.1),
        // Also what a full disk looks like while the log is written.
        ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_FSYNC => Error::Full,
        ffi::SQLITE_BUSY | ffi::SQLITE_BUSY_SNAPSHOT => Error::conflict("Somebody changed this just now. Try again."),
        _ => error.into(),
    }
}

/// A row that was read.
pub struct Row {
    names: Arc<[String]>,
    cells: Vec<Cell>,
}

impl Row {
    fn cell(&self, column: &str) -> Result<&Cell> {
        let at = self.names.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).ok_or_else(|| Error::internal(format!("no column {column} was read")))
    }

    pub(crate) fn get<T: FromCell>(&self, column: &str) -> Result<T> {
        let cell = self.cell(column)?;
        T::from(cell).ok_or_else(|| Error::internal(format!("the column {column} holds {:?}", cell.data_type())))
    }

    pub(crate) fn str(&self, column: &str) -> Result<Option<&str>> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            other => Err(Error::internal(format!("the column {column} holds {:?}", other.data_type()))),
        }
    }
}

pub(crate) trait FromCell: Sized {
    fn from(cell: &Cell) -> Option<Self>;
}

impl FromCell for i64 {
    fn from(cell: &Cell) -> Option<Self> {
        if let Cell::Integer(value) = cell { Some(*value) } else { None }
    }
}

impl FromCell for bool {
    fn from(cell: &Cell) -> Option<Self> {
        if let Cell::Integer(value) = cell { Some(*value != 0) } else { None }
    }
}

impl FromCell for String {
    fn from(cell: &Cell) -> Option<Self> {
        if let Cell::Text(value) = cell { Some(value.clone()) } else { None }
    }
}

impl FromCell for Vec<u8> {
    fn from(cell: &Cell) -> Option<Self> {
        if let Cell::Blob(value) = cell { Some(value.clone()) } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from(cell: &Cell) -> Option<Self> {
        if let Cell::Null = cell { Some(None) } else { T::from(cell).map(Some) }
    }
}
