//! Agents: the people who work in the desk, what they may do, and how they sign in.

pub mod who;

use base::Feature;

pub use who::{Permission, Who};

base::id!(
    /// An agent.
    AgentId,
    /// A group of agents.
    TeamId,
);

base::words!(
    /// A set of permissions by name.
    Role {
        Owner = "owner",
        Admin = "admin",
        Lead = "lead",
        Agent = "agent",
        Viewer = "viewer",
    }
);

pub fn feature() -> Feature {
    Feature::default()
}
