//! Files written into the text, as programs did before MIME (POSIX uuencode): `begin 644 name`, lines, `end`.
//!
//! Ordinary text is never taken for one: every line has to have the length that its first sign says, and none of its
//! signs is a lower-case letter.

use crate::part::{Attachment, safe_name};

/// Takes the files out of a text. What only looks like one stays as it is.
pub(crate) fn extract(text: &str, most: usize) -> Option<(String, Vec<Attachment>)> {
    if !text.starts_with("begin ") && memchr::memmem::find(text.as_bytes(), b"\nbegin ").is_none() {
        return None;
    }
    let mut rest = String::with_capacity(text.len());
    let mut files = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = end_of_line(text, at);
        let line = text[at..end].trim_end_matches(['\r', '\n']);
        let found = name(line).filter(|_| files.len() < most);
        if let Some((name, (bytes, after))) = found.and_then(|name| Some((name, block(text, end)?))) {
            files.push(file(name, bytes, files.len() + 1));
            at = after;
        } else {
            rest.push_str(&text[at..end]);
            at = end;
        }
    }
    (!files.is_empty()).then_some((rest, files))
}

fn end_of_line(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)
}

/// The name in `begin 644 name`.
fn name(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    Some(name.trim()).filter(|name| is_mode && !name.is_empty())
}

/// The lines of one file and where the text goes on, if all of them are what they must be.
fn block(text: &str, from: usize) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let mut at = from;
    loop {
        let end = end_of_line(text, at);
        let line = text[at..end].trim_end_matches(['\r', '\n']);
        at = end;
        // The empty line before the end may have lost its space, or be missing.
        if line.trim_end().is_empty() || line == "`" {
            let end = end_of_line(text, at);
            let closed = text[at..end].trim_end() == "end" && !bytes.is_empty();
            return closed.then_some((bytes, end));
        }
        if line.trim_end() == "end" {
            return (!bytes.is_empty()).then_some((bytes, at));
        }
        decode(line.as_bytes(), &mut bytes)?;
    }
}

fn decode(line: &[u8], into: &mut Vec<u8>) -> Option<()> {
    let value = |sign: u8| (b' '..=b'`').contains(&sign).then(|| (sign - b' ') & 63);
    let (first, signs) = line.split_first()?;
    let count = usize::from(value(*first)?);
    let needed = count.div_ceil(3) * 4;
    // A check sign may follow. Spaces, which stand for zero, get lost on the way.
    if count == 0 || signs.len() > needed + 1 || !signs.iter().all(|sign| value(*sign).is_some()) {
        return None;
    }
    let at = |nth: usize| u32::from(signs.get(nth).and_then(|sign| value(*sign)).unwrap_or(0));
    for nth in 0..count {
        let group = nth / 3 * 4;
        let word = (at(group) << 18) | (at(group + 1) << 12) | (at(group + 2) << 6) | at(group + 3);
        into.push(word.to_be_bytes()[1 + nth % 3]);
    }
    Some(())
}

fn file(name: &str, bytes: Vec<u8>, nth: usize) -> Attachment {
    let name = safe_name(name);
    let name = if name.is_empty() { format!("attachment-{nth}.bin") } else { name };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let content_type = match ending.as_deref().unwrap_or_default() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    };
    Attachment { name, content_type: content_type.to_owned(), content_id: None, inline: false, bytes }
}

#[cfg(test)]
mod tests {
    use super::extract;

    const CAT: &str = "begin 644 cat.txt\n#0V%T\n`\nend\n";

    #[test]
    fn files_in_the_text_come_out_of_it() {
        let (text, files) = extract(&format!("Hello,\nsee this.\n\n{CAT}\nRegards\n{CAT}"), 9).unwrap();
        assert_eq!(text, "Hello,\nsee this.\n\n\nRegards\n");
        let file = &files[0];
        assert_eq!(
            (file.name.as_str(), file.content_type.as_str(), &*file.bytes),
            ("cat.txt", "text/plain", &b"Cat"[..])
        );
        assert_eq!(files.len(), 2);
        let long = "begin 0644 ../a b.png\r\nM5&AE('%U:6-K(&)R;W=N(&9O>\"!J=6UP<R!O=F5R('1H92!L87IY(&1O9RX@\r\n#+BXN\r\n \r\nend\r\n";
        let (text, files) = extract(long, 9).unwrap();
        assert_eq!((text.as_str(), files[0].name.as_str()), ("", "a b.png"));
        assert_eq!(files[0].bytes, b"The quick brown fox jumps over the lazy dog. ...");
        // Zeros at the end, whose spaces got lost, and no empty line.
        let (_, files) = extract("begin 644 z\n&86(\nend", 9).unwrap();
        assert_eq!(files[0].bytes, b"ab\0\0\0\0");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in [
            "begin 644 words\nwe are words\nend\n",
            "begin 644 cat.txt\n#0V%T\n",
            "begin 644 cat.txt\n#0V%T\nand so on\n`\nend\n",
            "begin 644 cat.txt\n`\nend\n",
            "begin 644 cat.txt\nend\n",
            "begin 999 cat.txt\n#0V%T\n`\nend\n",
            "begin with the\n#0V%T\n`\nend\n",
            "begin 644\n#0V%T\n`\nend\n",
            "begin 644 x\n#0V%TOO LONG FOR THAT\n`\nend\n",
            "> begin 644 cat.txt\n> #0V%T\n> `\n> end\n",
            "We begin 644 cat.txt\n#0V%T\n`\nend\n",
            "begin 644 cat.txt\n\nHello\nend\n",
        ] {
            assert_eq!(extract(text, 9), None, "{text}");
        }
        let (text, files) = extract(&CAT.repeat(5), 2).unwrap();
        assert_eq!((files.len(), text), (2, CAT.repeat(3)));
    }
}
