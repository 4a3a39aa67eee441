//! `App`: the running application, everything a handler, job or listener may reach; and `Feature`,
//! a piece of the product as a value.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use aide::axum::ApiRouter;
use axum::Router;
use tokio::sync::watch;

use crate::{Actor, Config, Db, Error, JobSpec, Listener, Result, Time, Tx, blob::Blobs, secrets::Secrets};

/// Where time comes from, so that a test can own it.
pub trait Clock: Send + Sync {
    fn now(&self) -> Time;
}

/// The machine's clock. Small steps back, as NTP makes them, are not followed, so that new messages do not come before
/// old ones. A large one puts right what was wrong before: holding that back would stop time, and with it all jobs.
#[derive(Default)]
pub struct SystemClock {
    last: AtomicI64,
}

/// How far back the machine's clock may go without our following it, in milliseconds.
const SMALL_STEP: Time = 2000;

impl SystemClock {
    fn after(&self, machine: Time) -> Time {
        let last = self.last.load(Ordering::Relaxed);
        if machine >= last - SMALL_STEP {
            return machine.max(self.last.fetch_max(machine, Ordering::Relaxed));
        }
        tracing::warn!(milliseconds = last - machine, "the machine's clock was put back, and ours with it");
        self.last.store(machine, Ordering::Relaxed);
        machine
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine's clock is read")]
    fn now(&self) -> Time {
        self.after(jiff::Timestamp::now().as_millisecond())
    }
}

#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    config: Config,
    secrets: Secrets,
    blobs: Blobs,
    http: reqwest::Client,
    parts: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    stop: watch::Sender<bool>,
}

/// Collects what an [`App`] is made of.
pub struct AppBuilder {
    db: Db,
    clock: Arc<dyn Clock>,
    config: Config,
    parts: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    makers: Vec<Maker>,
}

type Maker = Box<dyn FnOnce(&Arc<dyn Clock>, &reqwest::Client) -> (TypeId, Box<dyn Any + Send + Sync>)>;

impl AppBuilder {
    /// Adds a part that `base` does not know, to be had back by its type with [`App::part`].
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, part: T) -> Self {
        self.parts.insert(TypeId::of::<T>(), Box::new(part));
        self
    }

    /// Adds a part that needs the clock and the HTTP client, made when both are known.
    #[must_use]
    pub fn with_made<T: Send + Sync + 'static>(
        mut self,
        make: impl FnOnce(Arc<dyn Clock>, reqwest::Client) -> T + 'static,
    ) -> Self {
        self.makers.push(Box::new(move |clock, http| (TypeId::of::<T>(), Box::new(make(clock.clone(), http.clone())))));
        self
    }

    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    pub fn build(self) -> Result<App> {
        let Self { db, clock, config, mut parts, makers } = self;
        let secrets = if config.secret_key.is_empty() {
            Secrets::from_file(&config.data_dir.join("secret.key")).map_err(|error| in_folder(&config, error))?
        } else {
            Secrets::new(&config.secret_key)?
        };
        let blobs = Blobs::new(config.data_dir.join("files"));
        let http = reqwest::Client::builder()
            .user_agent("Shopbell")
            .connect_timeout(std::time::Duration::from_secs(10))
            .timeout(std::time::Duration::from_mins(1))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        parts.extend(makers.into_iter().map(|make| make(&clock, &http)));
        let stop = watch::Sender::new(false);
        Ok(App(Arc::new(Inner { db, clock, config, secrets, blobs, http, parts, stop })))
    }
}

/// Says which setting names the folder that cannot be used.
fn in_folder(config: &Config, error: Error) -> Error {
    let folder = config.data_dir.display();
    match error {
        Error::Internal(why) => Error::invalid(
            "data_dir",
            format!("{folder} cannot be used: {why}. Name a folder of the user who runs shopbell"),
        ),
        Error::Invalid(wrong) => Error::Invalid(
            wrong
                .into_iter()
                .map(|one| crate::Wrong { why: format!("in {folder}/secret.key {}", one.why), ..one })
                .collect(),
        ),
        other => other,
    }
}

impl App {
    pub fn builder(db: Db, config: Config) -> AppBuilder {
        AppBuilder { db, clock: Arc::new(SystemClock::default()), config, parts: HashMap::new(), makers: Vec::new() }
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Follows no redirects, so that an address that was checked stays checked.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub fn part<T: 'static>(&self) -> Result<&T> {
        let part = self.0.parts.get(&TypeId::of::<T>()).and_then(|part| part.downcast_ref());
        part.ok_or_else(|| Error::internal(format!("the app was built without {}", std::any::type_name::<T>())))
    }

    pub async fn begin(&self, actor: Actor) -> Result<Tx> {
        self.db().begin(actor, self.now()).await
    }

    /// A transaction that is done again if the power fails; see [`Db::begin_lightly`].
    pub async fn begin_lightly(&self, actor: Actor) -> Result<Tx> {
        self.db().begin_lightly(actor, self.now()).await
    }

    /// A transaction that only reads; see [`Db::look`].
    pub async fn look(&self) -> Result<Tx> {
        self.db().look(self.now()).await
    }

    /// Asks everything that runs to come to an end.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    pub fn is_stopping(&self) -> bool {
        *self.0.stop.borrow()
    }

    /// Ends when the app is asked to stop.
    pub async fn stopping(&self) {
        let mut stop = self.0.stop.subscribe();
        // An error means that the app is gone altogether, which is as good.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}

/// Long-lived work of a feature, started once per node; ends when the app stops.
pub type Service = fn(App) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// A feature of the product, as data. `desk::features` lists them all.
pub struct Feature {
    /// Under `/api/v1`.
    pub routes: ApiRouter<App>,
    /// Under `/api/v1` too, for pages of other sites: no cookie counts here, and each says itself who may come in.
    pub doors: ApiRouter<App>,
    /// Under `/api/v1` as well, for other people's servers that sign what they send: no cookie counts, and whose signature is
    /// right may come as often as they like.
    pub hooks: ApiRouter<App>,
    /// Pages for strangers, rendered here, at addresses of their own.
    pub pages: Router<App>,
    pub jobs: Vec<JobSpec>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub services: Vec<Service>,
}

impl Default for Feature {
    fn default() -> Self {
        Self {
            routes: ApiRouter::new(),
            doors: ApiRouter::new(),
            hooks: ApiRouter::new(),
            pages: Router::new(),
            jobs: Vec::new(),
            listeners: Vec::new(),
            services: Vec::new(),
        }
    }
}

impl Feature {
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.jobs.extend(other.jobs);
        self.listeners.extend(other.listeners);
        self.services.extend(other.services);
        let (routes, doors) = (self.routes.merge(other.routes), self.doors.merge(other.doors));
        let hooks = self.hooks.merge(other.hooks);
        Self { routes, doors, hooks, pages: self.pages.merge(other.pages), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::SystemClock;
    use crate::HOUR;

    #[test]
    fn small_steps_back_are_held_and_large_ones_followed() {
        let clock = SystemClock::default();
        let noon = 1_772_449_200_000;
        assert_eq!(clock.after(noon), noon);
        assert_eq!(clock.after(noon - 1500), noon, "held");
        assert_eq!(clock.after(noon + 1), noon + 1);
        assert_eq!(clock.after(noon + HOUR), noon + HOUR, "wrong, but who could know");
        assert_eq!(clock.after(noon + 20), noon + 20, "put right");
        assert_eq!(clock.after(noon + 10), noon + 20);
    }
}
