//! What must not be readable in a stolen database: encrypted with AES-256-GCM under the installation's key.
//! Also signatures (HMAC-SHA-256), hashes and random tokens, so that no feature touches cryptography itself.

use std::path::{Path, PathBuf};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};

use crate::{App, Error, Result, args};

const VERSION: &str = "v1.";

pub struct Secrets {
    cipher: LessSafeKey,
    signer: hmac::Key,
    random: SystemRandom,
    /// The key file, where it was made just now.
    made: Option<PathBuf>,
}

impl Secrets {
    /// `key` is 32 bytes in base64.
    pub fn new(key: &str) -> Result<Self> {
        let why = "must be 32 bytes in base64, such as `openssl rand -base64 32` prints";
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(key.trim())
            .or_else(|_| B64.decode(key.trim()))
            .map_err(|_| Error::invalid("secret_key", why))?;
        if bytes.len() != 32 {
            return Err(Error::invalid("secret_key", why));
        }
        let unbound = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Error::invalid("secret_key", why))?;
        // Its own key for signing, so that the two uses never meet.
        let signer = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes), b"shopbell signing key");
        Ok(Self {
            cipher: LessSafeKey::new(unbound),
            signer: hmac::Key::new(hmac::HMAC_SHA256, signer.as_ref()),
            random: SystemRandom::new(),
            made: None,
        })
    }

    /// Reads the key file, or makes it, readable by its owner only.
    pub fn from_file(path: &Path) -> Result<Self> {
        if let Ok(key) = std::fs::read_to_string(path) {
            warn_of_readers(path);
            return Self::new(&key);
        }
        let mut key = [0_u8; 32];
        SystemRandom::new().fill(&mut key).map_err(|_| Error::internal("no randomness"))?;
        let text = base64::engine::general_purpose::STANDARD.encode(key);
        write_private(path, text.as_bytes())?;
        // Another process may have been quicker: what stands in the file counts.
        Ok(Self { made: Some(path.to_owned()), ..Self::new(&std::fs::read_to_string(path)?)? })
    }

    pub fn seal(&self, plain: &str) -> Result<String> {
        let mut nonce = [0_u8; 12];
        self.fill(&mut nonce)?;
        let mut bytes = plain.as_bytes().to_vec();
        self.cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes)
            .map_err(|_| Error::internal("cannot encrypt"))?;
        Ok(format!("{VERSION}{}", B64.encode([&nonce[..], &bytes].concat())))
    }

    pub fn open(&self, sealed: &str) -> Result<String> {
        let wrong = || Error::internal("a stored secret cannot be decrypted: is the secret key still the same?");
        let bytes = B64.decode(sealed.strip_prefix(VERSION).ok_or_else(wrong)?).map_err(|_| wrong())?;
        let (nonce, body) = bytes.split_at_checked(12).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut body = body.to_vec();
        let plain = self.cipher.open_in_place(nonce, Aad::empty(), &mut body).map_err(|_| wrong())?;
        String::from_utf8(plain.to_vec()).map_err(|_| wrong())
    }

    /// A signature of `data` for one purpose, 20 characters that survive in an address in any case.
    pub fn sign(&self, purpose: &str, data: &str) -> String {
        let tag = hmac::sign(&self.signer, format!("{purpose}\n{data}").as_bytes());
        hex(&tag.as_ref()[..10])
    }

    pub fn is_signed(&self, purpose: &str, data: &str, signature: &str) -> bool {
        let expected = self.sign(purpose, data);
        is_same(&expected, signature)
    }

    /// A new secret that nobody can guess: 43 characters.
    pub fn token(&self) -> Result<String> {
        let mut bytes = [0_u8; 32];
        self.fill(&mut bytes)?;
        Ok(B64.encode(bytes))
    }

    pub fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        self.random.fill(bytes).map_err(|_| Error::internal("no randomness"))
    }
}

/// A key that came with a mounted volume may have to stay as it is; whoever put it there by hand should know.
fn warn_of_readers(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        let path = path.display();
        tracing::warn!(
            "others on this machine can read {path}, which opens all stored passwords. Run: chmod 600 {path}"
        );
    }
}

/// Sealed by the first node that starts; whoever cannot open it has another key.
const PROOF: &str = "This is the key.";

/// Refuses a key that is not the one this installation was made with: with another, mailboxes could not be opened, and
/// answers to threads begun under the old one would be strangers.
pub async fn same_key(app: &App) -> Result<()> {
    let find = "SELECT value FROM installation WHERE name = 'key'";
    let row = if let Some(row) = app.db().opt(find, args![]).await? {
        row
    } else {
        let sql = "INSERT INTO installation (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING";
        app.db().run(sql, args![app.secrets().seal(PROOF)?]).await?;
        app.db().one(find, args![]).await?
    };
    match app.secrets().open(&row.text("value")?) {
        Ok(proof) if proof == PROOF => return Ok(()),
        _ => {}
    }
    // A new one in the old one's place would only be in the way of whoever puts that back.
    if let Some(made) = &app.secrets().made {
        let _ = std::fs::remove_file(made);
    }
    Err(Error::invalid(
        "secret_key",
        "is not the one this installation was made with. Put back the old one, in the settings or as secret.key in \
         the data folder. If it is lost for good, run `shopbell accept-key` and enter the mail passwords again",
    ))
}

/// Goes on with a new key after the old one was lost.
pub async fn accept_key(app: &App) -> Result<()> {
    app.db().run("DELETE FROM installation WHERE name = 'key'", args![]).await?;
    same_key(app).await
}

/// Compares without telling by the time it takes how much of the two is the same.
pub fn is_same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    sha256_of(&[bytes])
}

/// Of the parts as if they were one, without joining them: they may be large.
pub fn sha256_of(parts: &[&[u8]]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    hex(context.finish().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes a new file with mode 0600; leaves one that exists alone.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::{
        io::Write,
        os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    };
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(bytes)?;
            file.sync_all()?;
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets::new(&base64::engine::general_purpose::STANDARD.encode([7; 32])).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key_and_unchanged() {
        let sealed = secrets().seal("hunter2").unwrap();
        assert!(!sealed.contains("hunter2"));
        assert_eq!(secrets().open(&sealed).unwrap(), "hunter2");
        let other = Secrets::new(&base64::engine::general_purpose::STANDARD.encode([8; 32])).unwrap();
        assert!(other.open(&sealed).is_err());
        let mut bent = sealed.into_bytes();
        let last = bent.len() - 2;
        bent[last] = if bent[last] == b'A' { b'B' } else { b'A' };
        assert!(secrets().open(&String::from_utf8(bent).unwrap()).is_err());
    }

    #[test]
    fn a_signature_holds_for_one_purpose_and_one_text() {
        let s = secrets();
        let signature = s.sign("thread", "17");
        assert!(s.is_signed("thread", "17", &signature));
        assert!(!s.is_signed("thread", "18", &signature));
        assert!(!s.is_signed("reset", "17", &signature));
        assert_eq!(signature.len(), 20);
    }

    #[test]
    fn the_key_file_is_made_once_and_is_private() {
        let folder = std::env::temp_dir().join(format!("shopbell-key-{}", std::process::id()));
        let path = folder.join("secret.key");
        let sealed = Secrets::from_file(&path).unwrap().seal("x").unwrap();
        assert_eq!(Secrets::from_file(&path).unwrap().open(&sealed).unwrap(), "x");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
