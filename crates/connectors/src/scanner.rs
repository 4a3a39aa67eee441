//! The virus scanner of an installation, where it has one: clamd, or a program that reads a file and says whether it is
//! harmless.

use std::{process::Stdio, time::Duration};

use base::{Error, Result};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    process::Command,
    time::timeout,
};

/// Longer than this nobody waits for it.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bytes of a piece, as clamd takes them.
const PIECE: usize = 64 * 1024;
/// Bytes of an answer that are read.
const ANSWER: u64 = 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// Every file is taken as it is.
    None,
    /// By the path of its socket, or by host and port.
    Clamd(String),
    /// Path and arguments: it reads the file from its standard input and ends with 0 when it is harmless, with 1 when not.
    Program(Vec<String>),
}

/// What a scanner found out, if it came to an end.
enum Verdict {
    Harmless,
    /// In its own words.
    Harmful(String),
}

impl Scanner {
    /// As the settings of the installation say.
    pub fn new(setting: &str) -> Self {
        match setting.strip_prefix("clamd:") {
            Some(place) => Self::Clamd(place.to_owned()),
            None if setting.trim().is_empty() => Self::None,
            None => Self::Program(setting.split_whitespace().map(str::to_owned).collect()),
        }
    }

    /// Refuses a harmful file; and any file while the scanner does not answer, because nobody could say.
    pub async fn look(&self, bytes: &[u8]) -> Result<()> {
        let asked = async {
            match self {
                Self::None => Ok(Verdict::Harmless),
                Self::Clamd(place) if place.starts_with('/') => {
                    judged(&ask(UnixStream::connect(place).await?, bytes).await?)
                }
                Self::Clamd(place) => judged(&ask(TcpStream::connect(place).await?, bytes).await?),
                Self::Program(words) => run(words, bytes).await,
            }
        };
        match timeout(PATIENCE, asked).await {
            Ok(Ok(Verdict::Harmless)) => Ok(()),
            Ok(Ok(Verdict::Harmful(what))) => {
                tracing::warn!(what, "the virus scanner refused a file");
                Err(Error::invalid("file", "is harmful, as the shop's virus scanner says. It was not kept"))
            }
            Ok(Err(error)) => Err(away(&error.to_string())),
            Err(_) => Err(away("it did not answer in time")),
        }
    }
}

fn away(why: &str) -> Error {
    tracing::error!(why, "the virus scanner is away, and no file is taken without it");
    Error::Away("Files cannot be looked at just now. Nothing was kept; try again shortly.".into())
}

/// One file over clamd's own protocol (`INSTREAM`): pieces with their length before them, and an empty one at the end.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> std::io::Result<String> {
    let mut answer = String::new();
    let sent = async {
        stream.write_all(b"zINSTREAM\0").await?;
        for piece in bytes.chunks(PIECE) {
            stream.write_u32(u32::try_from(piece.len()).unwrap_or(u32::MAX)).await?;
            stream.write_all(piece).await?;
        }
        stream.write_u32(0).await?;
        stream.flush().await
    };
    // It hangs up in the middle of what is too large for it, and says so before.
    let sent: std::io::Result<()> = sent.await;
    stream.take(ANSWER).read_to_string(&mut answer).await.and(sent)?;
    Ok(answer)
}

/// `stream: OK`, `stream: Win.Test.EICAR_HDB-1 FOUND`, or an error.
fn judged(answer: &str) -> std::io::Result<Verdict> {
    let answer = answer.trim_end_matches(['\0', '\n', '\r']);
    if answer.ends_with(" OK") {
        Ok(Verdict::Harmless)
    } else if let Some(what) = answer.strip_suffix(" FOUND") {
        Ok(Verdict::Harmful(what.to_owned()))
    } else {
        Err(std::io::Error::other(format!("it answered {answer:?}")))
    }
}

async fn run(words: &[String], bytes: &[u8]) -> std::io::Result<Verdict> {
    let [program, arguments @ ..] = words else { return Err(std::io::Error::other("no program is named")) };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // It may know after the first bytes, and read no further.
        let _ = input.write_all(bytes).await;
    }
    match child.wait().await?.code() {
        Some(0) => Ok(Verdict::Harmless),
        Some(1) => Ok(Verdict::Harmful(format!("{program} ended with 1"))),
        code => Err(std::io::Error::other(format!("{program} ended with {code:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_says_who_looks() {
        assert_eq!(Scanner::new(""), Scanner::None);
        assert_eq!(Scanner::new("clamd:/run/clamd.ctl"), Scanner::Clamd("/run/clamd.ctl".into()));
        let program = Scanner::Program(vec!["/usr/bin/clamdscan".into(), "-".into()]);
        assert_eq!(Scanner::new("/usr/bin/clamdscan -"), program);
    }

    #[tokio::test]
    async fn a_program_says_by_its_end_what_it_thinks() {
        let look = async |setting: &str| Scanner::new(setting).look(&vec![7; 100_000]).await;
        assert!(look("/bin/true").await.is_ok());
        assert!(matches!(look("/bin/false").await, Err(Error::Invalid(_))));
        for away in ["/bin/ls /no/such/place", "/no/such/program", "clamd:/no/such/socket", "clamd:127.0.0.1:1"] {
            assert!(matches!(look(away).await, Err(Error::Away(_))), "{away}");
        }
    }

    #[tokio::test]
    async fn clamd_is_asked_piece_by_piece() {
        for (answer, expected) in
            [("stream: OK\0", Some(true)), ("stream: Eicar FOUND\0", Some(false)), ("x ERROR\0", None)]
        {
            let clamd = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let scanner = Scanner::Clamd(clamd.local_addr().unwrap().to_string());
            let served = tokio::spawn(async move {
                let (mut stream, _) = clamd.accept().await.unwrap();
                let mut head = [0; 10];
                stream.read_exact(&mut head).await.unwrap();
                assert_eq!(&head, b"zINSTREAM\0");
                let mut got = 0;
                while let Ok(length @ 1..) = stream.read_u32().await {
                    let mut piece = vec![0; length as usize];
                    stream.read_exact(&mut piece).await.unwrap();
                    got += piece.len();
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                got
            });
            let found = match scanner.look(&vec![7; 100_000]).await {
                Ok(()) => Some(true),
                Err(Error::Invalid(_)) => Some(false),
                Err(Error::Away(_)) => None,
                other => panic!("{other:?}"),
            };
            assert_eq!((found, served.await.unwrap()), (expected, 100_000), "{answer}");
        }
    }
}
