//! Roles and scopes: names for sets of permissions. A person has a role, a token has scopes.

use super::Permission::{
    self, ActionsApprove, CustomersRead, CustomersWrite, EventsRead, OrdersAct, ShipmentsWrite, TicketsDelete,
    TicketsRead, TicketsWrite,
};

base::words!(
    /// A set of permissions by name. What only an owner may do is not a permission but a rule: see [`super::change`].
    Role {
        Owner = "owner",
        Admin = "admin",
        Lead = "lead",
        Agent = "agent",
        Viewer = "viewer",
    }
);

base::words!(
    /// What a token is for.
    Scope {
        Read = "read",
        Write = "write",
        /// What moves money or goods: actions on orders, receipts of returns. No part of `write`.
        Orders = "orders",
        /// News of parcels and nothing else.
        Carriers = "carriers",
        Admin = "admin",
    }
);

impl Role {
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Owner | Self::Admin => Permission::ALL,
            Self::Lead => &[
                TicketsRead,
                TicketsWrite,
                TicketsDelete,
                CustomersRead,
                CustomersWrite,
                EventsRead,
                ShipmentsWrite,
                OrdersAct,
                ActionsApprove,
            ],
            Self::Agent => {
                &[TicketsRead, TicketsWrite, CustomersRead, CustomersWrite, EventsRead, ShipmentsWrite, OrdersAct]
            }
            Self::Viewer => &[TicketsRead, CustomersRead, EventsRead],
        }
    }
}

impl Scope {
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Admin => Permission::ALL,
            Self::Write => &[TicketsRead, TicketsWrite, CustomersRead, CustomersWrite, EventsRead, ShipmentsWrite],
            Self::Orders => &[TicketsRead, CustomersRead, EventsRead, OrdersAct],
            Self::Carriers => &[ShipmentsWrite],
            Self::Read => Role::Viewer.permissions(),
        }
    }
}

/// What a token may do. One that belongs to an agent never more than that agent.
pub fn of_token(scopes: &[Scope], role: Option<Role>) -> Vec<Permission> {
    let within_role = |permission: &Permission| role.is_none_or(|role| role.permissions().contains(permission));
    let within_scope = |permission: &Permission| scopes.iter().any(|scope| scope.permissions().contains(permission));
    Permission::ALL.iter().copied().filter(|one| within_role(one) && within_scope(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_what_the_one_below_it_may() {
        for pair in Role::ALL.windows(2) {
            let (above, below) = (pair[0].permissions(), pair[1].permissions());
            assert!(below.iter().all(|permission| above.contains(permission)), "{} and {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_token_never_outgrows_its_agent() {
        assert_eq!(of_token(&[Scope::Admin], Some(Role::Viewer)), Role::Viewer.permissions());
        assert_eq!(of_token(&[Scope::Read], None), Role::Viewer.permissions());
        assert!(of_token(&[], None).is_empty());
        let writes = of_token(&[Scope::Write], Some(Role::Owner));
        assert!(writes.contains(&TicketsWrite) && !writes.contains(&OrdersAct), "money needs a scope of its own");
        assert_eq!(of_token(&[Scope::Carriers], Some(Role::Owner)), [ShipmentsWrite]);
    }
}
