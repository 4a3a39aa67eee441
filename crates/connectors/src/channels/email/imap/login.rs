//! From a host name to a signed-in IMAP session.

use async_imap::{
    Authenticator, Client, Session,
    error::Error as ImapError,
    imap_proto::{Response, Status},
};
use tokio::time::timeout;

use super::{
    super::{
        net::{self, Security, Server, Trouble, Wire, clean},
        oauth,
    },
    mailbox::ANSWER,
};

/// How we sign in.
#[derive(Debug, Clone)]
pub enum Login {
    Password { user: String, password: String },
    Bearer { user: String, access: String },
}

pub async fn connect(server: &Server) -> Result<Client<Box<dyn Wire>>, Trouble> {
    let tcp = net::dial(server).await?;
    if server.security == Security::StartTls {
        let mut client = Client::new(tcp);
        greeting(server, &mut client).await?;
        let agreed = timeout(ANSWER, client.run_command_and_check_ok("STARTTLS", None)).await;
        if !matches!(agreed, Ok(Ok(()))) {
            return Err(Trouble::new(format!("{}: the server does not offer STARTTLS", server.host)));
        }
        // Dropping the client's buffer drops what someone may have slipped in before TLS.
        return Ok(Client::new(net::secure(server, client.into_inner()).await?));
    }
    let wire: Box<dyn Wire> =
        if server.security == Security::Tls { net::secure(server, tcp).await? } else { Box::new(tcp) };
    let mut client = Client::new(wire);
    greeting(server, &mut client).await?;
    Ok(client)
}

async fn greeting<T: Wire>(server: &Server, client: &mut Client<T>) -> Result<(), Trouble> {
    let Server { host, port, .. } = server;
    let data = match timeout(net::PATIENCE, client.read_response()).await {
        Ok(Ok(Some(data))) => data,
        Ok(_) => return Err(Trouble::new(format!("{host}: port {port} does not speak IMAP"))),
        Err(_) => return Err(Trouble::new(format!("{host}: port {port} says nothing; does it want TLS?"))),
    };
    match data.parsed() {
        Response::Data { status: Status::Bye, outcome } => {
            let said = clean(outcome.information.as_deref().unwrap_or_default());
            Err(Trouble::new(format!("{host}: the server turned us away: {said}")))
        }
        _ => Ok(()),
    }
}

pub async fn sign_in(
    server: &Server,
    client: Client<Box<dyn Wire>>,
    login: &Login,
) -> Result<Session<Box<dyn Wire>>, Trouble> {
    let host = &server.host;
    let attempt = async {
        match login {
            Login::Bearer { user, access } => {
                client.authenticate("XOAUTH2", Once(Some(oauth::xoauth2(user, access)))).await
            }
            // LOGIN carries ASCII only; SASL PLAIN (RFC 4616) is UTF-8.
            Login::Password { user, password } if !(user.is_ascii() && password.is_ascii()) => {
                client.authenticate("PLAIN", Once(Some(format!("\0{user}\0{password}")))).await
            }
            Login::Password { user, password } => match client.login(user, password).await {
                // Some servers have LOGIN switched off.
                Err((ImapError::Bad(_), client)) => {
                    client.authenticate("PLAIN", Once(Some(format!("\0{user}\0{password}")))).await
                }
                other => other,
            },
        }
    };
    match timeout(ANSWER, attempt).await {
        Ok(Ok(session)) => Ok(session),
        Ok(Err((ImapError::No(said) | ImapError::Bad(said), _))) => {
            let said = information(&said);
            let busy = ["UNAVAILABLE", "INUSE", "LIMIT", "emporar"].iter().any(|word| said.contains(word));
            if busy {
                return Err(Trouble::new(format!("{host}: signing in failed for now: {said}")));
            }
            let what = match login {
                Login::Password { .. } => "the user name or password",
                Login::Bearer { .. } => "the OAuth token",
            };
            Err(Trouble::login(format!("{host}: {what} was not accepted (the server says: {said})")))
        }
        Ok(Err((error, _))) => {
            Err(Trouble::new(format!("{host}: signing in broke off: {}", clean(&error.to_string()))))
        }
        Err(_) => Err(Trouble::new(format!("{host}: the server did not answer when signing in"))),
    }
}

/// The library gives the server's words inside `code: …, info: Some("…")`.
fn information(said: &str) -> String {
    let words =
        said.split_once("info: Some(\"").map_or(said, |(_, rest)| rest.trim_end_matches(')').trim_end_matches('"'));
    clean(words)
}

/// Answers the first challenge, and the error report that may follow with nothing, as XOAUTH2 wants.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_words_are_kept() {
        assert_eq!(
            information("code: None, info: Some(\"[AUTHENTICATIONFAILED] Authentication failed.\")"),
            "[AUTHENTICATIONFAILED] Authentication failed."
        );
    }
}
