//! What is stored in place of a message that cannot be taken: its header, and a sentence that says where it is.

/// A small message with the header of the original, as far as it was had.
pub fn note(header: &[u8], folder: &str, size: u32, why: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut keep = true;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\r\n" | b"\n") {
            break;
        }
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
            keep = !name.starts_with(b"content-") && name != b"mime-version";
        }
        if keep {
            out.extend_from_slice(line);
        }
    }
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
    let size = f64::from(size) / 1024.0 / 1024.0;
    let text = format!(
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         [This message of {size:.1} MB {why}. It was left untouched on the mail server, in the folder {folder}.]\r\n"
    );
    out.extend_from_slice(text.as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_who_and_what_but_not_the_structure() {
        let header = b"From: a@b.example\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\nSubject: Big\r\n one\r\nMIME-Version: 1.0\r\n\r\n";
        let note = String::from_utf8(note(header, "INBOX", 70 << 20, "is larger than the 60 MB that this inbox takes"))
            .unwrap();
        assert!(note.starts_with("From: a@b.example\r\nSubject: Big\r\n one\r\nMIME-Version: 1.0\r\n"));
        assert!(!note.contains("boundary"));
        assert!(note.contains("[This message of 70.0 MB is larger than the 60 MB that this inbox takes."));
    }
}
