//! Who is asking: an agent by session cookie, or a program by token. Every handler takes a [`Who`] and says
//! what it needs with [`Who::may`].

use aide::OperationInput;
use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use base::{
    Actor, App, Error, Result, Tx,
    web::{
        caller::{bearer, cookie},
        once::Once,
    },
};

use super::{AgentId, Role, sessions, tokens};
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
        StoresManage = "stores.manage",
        OrdersAct = "orders.act",
        ActionsApprove = "actions.approve",
        ShipmentsWrite = "shipments.write",
        EventsRead = "events.read",
    }
);

/// The one who asks, with what they may do.
#[derive(Debug, Clone)]
pub struct Who {
    /// None for a token that belongs to no agent.
    pub agent: Option<AgentId>,
    pub name: String,
    /// The agent's role; none without an agent.
    pub role: Option<Role>,
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

    /// Whether a token that is only for orders or for parcels may write there.
    fn writes_at(&self, path: &str) -> bool {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let resource = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let permission = match resource {
            "orders" | "actions" | "returns" => Permission::OrdersAct,
            "shipments" | "carrier-news" => Permission::ShipmentsWrite,
            _ => return false,
        };
        self.can(permission)
    }

    /// The agent, for what only a person has: drafts, read marks, a profile.
    pub fn person(&self) -> Result<AgentId> {
        self.agent.ok_or_else(|| Error::forbidden("This belongs to a person; a token without an agent has none."))
    }

    /// The agent and their session, for what nobody does through a token: a password, other devices.
    pub fn signed_in(&self) -> Result<(AgentId, i64)> {
        let both = self.agent.zip(self.session);
        both.ok_or_else(|| Error::forbidden("Only a person who signed in may do this, not a token."))
    }

    pub fn actor(&self) -> Actor {
        self.agent.map_or(Actor::System, |agent| Actor::Agent(agent.0))
    }

    /// A transaction in their name, honouring their idempotency key.
    pub async fn begin(&self, app: &App) -> Result<Tx> {
        Ok(app.begin(self.actor()).await?.once(self.once.clone()))
    }

    /// Asks again, for connections that live longer than a request: a session may have been revoked, an agent
    /// deactivated or given another role. An error says that they are nobody any more.
    pub async fn refreshed(&self, app: &App) -> Result<Self> {
        let mut who = match (self.session, self.token) {
            (Some(session), _) => sessions::who_holds(app, session).await?,
            (None, Some(token)) => tokens::who_holds(app, token).await?,
            (None, None) => return Err(unknown()),
        };
        who.once.clone_from(&self.once);
        Ok(who)
    }
}

/// Costs one indexed read; a write of a session's or token's last use follows at most once a minute.
impl FromRequestParts<App> for Who {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let mut who = if let Some(token) = bearer(&parts.headers) {
            let who = tokens::who_shows(app, token).await?;
            let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
            // Not left to the handlers: what needs no permission of a person would be open to every token.
            if !reads && !who.can(Permission::TicketsWrite) && !who.writes_at(parts.uri.path()) {
                return Err(Error::forbidden("This token may only read."));
            }
            who
        } else if let Some(cookie) = cookie(&parts.headers) {
            sessions::who_shows(app, cookie, parts.extensions.get()).await?
        } else {
            return Err(unknown());
        };
        who.once = parts.extensions.get::<Once>().cloned();
        Ok(who)
    }
}

pub(super) fn unknown() -> Error {
    Error::Unauthorized("Sign in, or send a token that is still valid.".into())
}

impl OperationInput for Who {}
