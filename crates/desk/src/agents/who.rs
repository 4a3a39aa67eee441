//! Who is asking: an agent by session cookie, or a program by token. Every handler takes a [`Who`] and says
//! what it needs with [`Who::may`].

use aide::OperationInput;
use base::{Actor, App, Error, Result, Tx, web::once::Once};

use super::AgentId;
use crate::shops::ShopId;

base::words!(
    /// One thing that a role or a token's scope allows.
    Permission {
        TicketsRead = "tickets.read",
        TicketsWrite = "tickets.write",
        TicketsDelete = "tickets.delete",
        CustomersRead = "customers.read",
        CustomersWrite = "customers.write",
        InboxesManage = "inboxes.manage",
        AgentsManage = "agents.manage",
        TokensManage = "tokens.manage",
        ShopManage = "shop.manage",
        EventsRead = "events.read",
    }
);

/// The one who asks, with what they may do.
#[derive(Debug, Clone)]
pub struct Who {
    /// None for a token that belongs to no agent.
    pub agent: Option<AgentId>,
    pub name: String,
    pub shop: ShopId,
    pub permissions: Vec<Permission>,
    /// The session or token shown, for "this device" and for revoking.
    pub session: Option<i64>,
    pub token: Option<i64>,
    pub once: Option<Once>,
}

impl Who {
    pub fn can(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    pub fn may(&self, permission: Permission) -> Result<()> {
        if self.can(permission) {
            return Ok(());
        }
        Err(Error::forbidden(format!("This needs the permission {permission}. Ask an owner or admin for it.")))
    }

    /// The agent, for what only a person has: drafts, read marks, a profile.
    pub fn person(&self) -> Result<AgentId> {
        self.agent.ok_or_else(|| Error::forbidden("This belongs to a person; a token without an agent has none."))
    }

    pub fn actor(&self) -> Actor {
        self.agent.map_or(Actor::System, |agent| Actor::Agent(agent.0))
    }

    /// A transaction in their name, honouring their idempotency key.
    pub async fn begin(&self, app: &App) -> Result<Tx> {
        Ok(app.begin(self.actor()).await?.once(self.once.clone()))
    }
}

impl OperationInput for Who {}
