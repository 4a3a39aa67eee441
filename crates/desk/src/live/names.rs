//! The names behind actors, remembered, because the same few people do most of what happens.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use base::{Actor, App, Result, args, events::Recorded};

use crate::{
    agents::AgentId,
    customers::{self, CustomerId},
};

/// After so many all are forgotten: agents are few, but customers are many.
const MOST: usize = 20_000;

#[derive(Default)]
pub(super) struct Names {
    agents: Mutex<HashMap<AgentId, String>>,
    customers: Mutex<HashMap<CustomerId, String>>,
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Names {
    pub fn of(&self, actor: Actor) -> Option<String> {
        match actor {
            Actor::Agent(id) => open(&self.agents).get(&AgentId(id)).cloned(),
            Actor::Customer(id) => open(&self.customers).get(&CustomerId(id)).cloned(),
            _ => None,
        }
    }

    /// Learns the names of those who are not known yet.
    pub async fn learn(&self, app: &App, actors: impl Iterator<Item = Actor>) -> Result<()> {
        let (mut agents, mut unknown) = (BTreeSet::new(), BTreeSet::new());
        for actor in actors {
            match actor {
                Actor::Agent(id) => drop(agents.insert(AgentId(id))),
                Actor::Customer(id) => drop(unknown.insert(CustomerId(id))),
                _ => {}
            }
        }
        for id in agents {
            self.agent(app, id).await?;
        }
        unknown.retain(|id| !open(&self.customers).contains_key(id));
        for some in unknown.into_iter().collect::<Vec<_>>().chunks(200) {
            let names = customers::names(app.db(), some).await?;
            let mut known = open(&self.customers);
            if known.len() > MOST {
                known.clear();
            }
            known.extend(names);
        }
        Ok(())
    }

    pub async fn agent(&self, app: &App, id: AgentId) -> Result<String> {
        if let Some(name) = open(&self.agents).get(&id) {
            return Ok(name.clone());
        }
        let row = app.db().opt("SELECT name FROM agents WHERE id = $1", args![id]).await?;
        let name = row.map(|row| row.text("name")).transpose()?.unwrap_or_default();
        open(&self.agents).insert(id, name.clone());
        Ok(name)
    }

    /// Forgets the names that these events may have changed.
    pub fn forget_changed(&self, events: &[Recorded]) {
        for event in events {
            match (event.kind.as_str(), event.customer, event.data["agent"].as_i64()) {
                ("customer.changed" | "customer.erased", Some(id), _) => {
                    drop(open(&self.customers).remove(&CustomerId(id)));
                }
                ("agent.changed", _, Some(id)) => drop(open(&self.agents).remove(&AgentId(id))),
                _ => {}
            }
        }
    }
}
