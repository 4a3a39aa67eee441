//! Who wrote a message from outside: a shopper, or somebody of the shop from their own mail program.

use base::{App, Result, Tx, args};
use connectors::channel::{Inbound, Party};

use super::{
    Author, AuthorKind,
    thread::{self, Place},
};
use crate::{
    agents,
    customers::{self, Customer, Proof, Sight},
    inboxes::Inbox,
    tickets::Ticket,
};

pub(super) enum Sender {
    Customer(Party),
    /// Somebody of the shop, from their own mail program.
    Ours(Author),
    /// The same, by their own word only: recorded as ours, but in nobody's name, and it settles nothing.
    Claimed(Author),
}

/// By the address, unless it is a shopper's in the ticket that the message belongs to.
pub(super) async fn of(app: &App, tx: &mut Tx, inbox: &Inbox, inbound: &Inbound) -> Result<Sender> {
    let sender = by_address(tx, inbox, inbound).await?;
    if !matches!(sender, Sender::Customer(_))
        && let Place::Join(ticket, _) = thread::place_ours(app, tx, inbox, inbound).await?
        && is_shopper(tx, &ticket, inbound).await?
    {
        return Ok(Sender::Customer(inbound.from.clone()));
    }
    Ok(sender)
}

/// An agent's address, the inbox's and our own domain speak for the shop, unless the receiving server found otherwise.
/// A site's form that mails from our domain names the shopper in `Reply-To`.
async fn by_address(tx: &mut Tx, inbox: &Inbox, inbound: &Inbound) -> Result<Sender> {
    let from = &inbound.from.value;
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    // Where anybody can have an address, the domain says nothing.
    let own_domain = domain(&inbox.address).filter(|domain| !mail::public::is_provider(domain));
    let ours = |address: &str| {
        address.eq_ignore_ascii_case(&inbox.address) || (own_domain.is_some() && domain(address) == own_domain)
    };
    let agent = agents::by_email(tx, from).await?.filter(|agent| agent.active);
    // Nobody of the shop answers where no answers leave.
    if !inbox.answers || (!ours(from) && agent.is_none()) || !inbound.verified && speaks_against(&inbound.checks) {
        return Ok(Sender::Customer(inbound.from.clone()));
    }
    if let Some(party) = inbound.reply_to.as_ref().filter(|party| !ours(&party.value)) {
        return Ok(Sender::Customer(party.clone()));
    }
    let name = inbound.from.name.clone().unwrap_or_else(|| from.clone());
    let nameless = |name| Author { kind: AuthorKind::System, id: None, name };
    Ok(match agent {
        _ if !inbound.verified => Sender::Claimed(nameless(name)),
        Some(agent) => Sender::Ours(Author { kind: AuthorKind::Agent, id: Some(agent.id.0), name: agent.name }),
        None => Sender::Ours(nameless(name)),
    })
}

/// The customer that a shopper is, made if there is none.
pub(super) async fn customer(tx: &mut Tx, inbox: &Inbox, inbound: &Inbound, party: &Party) -> Result<Customer> {
    let kind = inbound.identity_kind;
    let verified = inbound.verified && party.value == inbound.from.value;
    let language = inbound.language.as_deref();
    let source = inbox.channel.as_str();
    let proof = verified.then(|| proof(&inbound.checks));
    let (value, name) = (party.value.as_str(), party.name.as_deref());
    customers::meet(tx, Sight { kind, value, name, language, proof, source, seen: true }).await
}

/// Whether somebody has blocked a shopper who writes.
pub(super) async fn is_blocked(
    tx: &mut Tx,
    inbound: &Inbound,
    sender: &Sender,
    customer: Option<&Customer>,
) -> Result<bool> {
    let (Sender::Customer(party), Some(customer)) = (sender, customer) else { return Ok(false) };
    let proven = inbound.verified && party.value == inbound.from.value;
    customers::is_blocked(tx, customer.id, inbound.identity_kind, &party.value, proven).await
}

/// By what the channel, or the receiving server, knows the sender.
fn proof(checks: &serde_json::Value) -> Proof {
    let passed = |check: &str| checks[check].as_str() == Some("pass");
    match () {
        () if passed("dmarc") => Proof::Dmarc,
        () if passed("dkim") => Proof::Dkim,
        () if passed("spf") => Proof::Spf,
        () => Proof::Channel,
    }
}

/// Whose ticket it is, or who wrote in it as a shopper before, stays a shopper there, whatever the address looks like.
async fn is_shopper(tx: &mut Tx, ticket: &Ticket, inbound: &Inbound) -> Result<bool> {
    let known = customers::by_identity(tx, inbound.identity_kind, &inbound.from.value).await?;
    let Some(customer) = known else { return Ok(false) };
    let sql = "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'in' AND author_kind = 'customer'
        AND author = $2 LIMIT 1";
    Ok(customer.id == ticket.customer || tx.opt(sql, args![ticket.id, customer.id]).await?.is_some())
}

/// The receiving server looked, and found something else than what the mail claims, be it only that another domain sent
/// it. Where it found nothing at all, the domain gives nothing to look for.
fn speaks_against(checks: &serde_json::Value) -> bool {
    ["spf", "dkim", "dmarc"].iter().any(|check| checks[*check].as_str().is_some_and(|found| found != "none"))
}

/// The receiving server says that the sender is not who the mail claims.
pub(super) fn is_forged(checks: &serde_json::Value) -> bool {
    let says = |check: &str, word: &str| checks[check].as_str() == Some(word);
    says("dmarc", "fail") || (says("spf", "fail") && !says("dkim", "pass"))
}
