//! A door that takes every call and keeps it, as a desk would.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use super::{Result, lock};

/// One call: its headers, names in lower case, and its body.
pub type Heard = (Vec<(String, String)>, Vec<u8>);

pub struct Ears {
    pub address: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Ears {
    pub fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = format!("http://{}/hooks", listener.local_addr().map_err(|error| error.to_string())?);
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let kept = heard.clone();
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(call) = take(stream) {
                    lock(&kept).push(call);
                }
            }
        });
        Ok(Self { address, heard })
    }

    pub fn all(&self) -> Vec<Heard> {
        lock(&self.heard).clone()
    }

    /// Waits for a call whose body holds this text.
    pub fn await_call(&self, text: &str) -> Result<Heard> {
        for _ in 0..200 {
            let found = self.all().into_iter().find(|(_, body)| String::from_utf8_lossy(body).contains(text));
            if let Some(found) = found {
                return Ok(found);
            }
            thread::sleep(Duration::from_millis(50));
        }
        let all: Vec<_> = self.all().iter().map(|(_, body)| String::from_utf8_lossy(body).into_owned()).collect();
        Err(format!("nothing came with {text}, only {all:#?}"))
    }
}

fn take(mut stream: TcpStream) -> Option<Heard> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let named = |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: Vec<_> = head.lines().skip(1).filter_map(named).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()?;
    Some((headers, body))
}
