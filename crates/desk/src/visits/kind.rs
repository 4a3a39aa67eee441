//! What kind of file it is, by its content: what its sender calls it says nothing.

use base::{Error, Result};

/// A kind of file that visitors may send.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub mime: &'static str,
    /// Endings that its names may have; the first where they have another.
    endings: &'static [&'static str],
}

/// Pictures that browsers draw without running anything, and what people send of orders, letters and tables.
pub const KINDS: &[Kind] = &[
    Kind { mime: "image/png", endings: &["png"] },
    Kind { mime: "image/jpeg", endings: &["jpg", "jpeg", "jfif"] },
    Kind { mime: "image/webp", endings: &["webp"] },
    Kind { mime: "image/gif", endings: &["gif"] },
    Kind { mime: "application/pdf", endings: &["pdf"] },
    Kind { mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", endings: &["docx"] },
    Kind { mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", endings: &["xlsx"] },
    Kind { mime: "application/vnd.openxmlformats-officedocument.presentationml.presentation", endings: &["pptx"] },
    Kind { mime: "application/vnd.oasis.opendocument.text", endings: &["odt"] },
    Kind { mime: "application/vnd.oasis.opendocument.spreadsheet", endings: &["ods"] },
    Kind { mime: "application/vnd.oasis.opendocument.presentation", endings: &["odp"] },
    Kind { mime: "text/plain", endings: &["txt", "csv", "tsv", "log", "md"] },
];

const TAKEN: &str = "Send a picture (PNG, JPEG, WebP, GIF), a PDF, a plain text or an office document.";

/// What a browser could take for more than a text, wherever it stands.
const ACTIVE: &[&str] = &[
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<script",
    "<svg",
    "<?xml",
    "<?php",
    "<iframe",
    "<object",
    "<embed",
    "<math",
    "<style",
    "<img",
    "<link",
    "<meta",
    "<form",
];

/// Pixels of a picture that a browser still draws: no telephone takes more of them into as few bytes as are taken here.
const PIXELS: usize = 120_000_000;

/// A few bytes can hold a picture for which a browser needs gigabytes.
pub fn is_vast(bytes: &[u8]) -> bool {
    imagesize::blob_size(bytes).is_ok_and(|size| size.width.saturating_mul(size.height) > PIXELS)
}

fn named(mime: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.mime == mime)
}

/// An office document whose parts stand in another order than most programs write them.
fn office(bytes: &[u8]) -> Option<&'static Kind> {
    let holds = |part: &str| memchr::memmem::find(bytes, part.as_bytes()).is_some();
    if !bytes.starts_with(b"PK\x03\x04") || !holds("[Content_Types].xml") {
        return None;
    }
    let parts = [("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")];
    let (_, ending) = parts.into_iter().find(|(part, _)| holds(part))?;
    KINDS.iter().find(|kind| kind.endings == [ending])
}

impl Kind {
    /// The kind of these bytes; an error says which other kind it is, and which are taken.
    pub fn of(bytes: &[u8]) -> Result<&'static Self> {
        let refused = |what: &str| Error::Unsupported(format!("{what} cannot be sent here. {TAKEN}"));
        let found = infer::get(bytes).map(|found| found.mime_type());
        let known = found.and_then(named).or_else(|| office(bytes));
        if let Some(kind) = known {
            if is_vast(bytes) {
                return Err(refused("A picture of more than 120 megapixels"));
            }
            // In the list of parts of an archive names stand in the clear.
            if memchr::memmem::find(bytes, b"vbaProject").is_some() {
                return Err(refused("An office document with macros"));
            }
            return Ok(kind);
        }
        let control = |byte: &u8| *byte == 0x7f || (*byte < b' ' && !b"\t\n\r\x0c".contains(byte));
        if bytes.iter().any(control) {
            return Err(refused(&match found {
                Some(mime) => format!("A file of the kind {mime}"),
                None => "A file of an unknown kind".to_owned(),
            }));
        }
        let words = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        if words.starts_with("#!") {
            return Err(refused("A program"));
        }
        if ACTIVE.iter().any(|mark| words.contains(mark)) {
            return Err(refused("A page or drawing that can act by itself (HTML, SVG, XML)"));
        }
        named("text/plain").ok_or_else(|| Error::internal("texts are a kind"))
    }

    /// A name as files of this kind have it, without folders, control characters and tricks.
    pub fn name(&self, given: &str) -> String {
        let name = mail::part::safe_name(given);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending {
            Some(ending) if self.endings.contains(&ending.as_str()) => name,
            _ if name.is_empty() => format!("file.{}", self.endings[0]),
            _ => format!("{name}.{}", self.endings[0]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Option<&'static str> {
        Kind::of(bytes).ok().map(|kind| kind.mime)
    }

    #[test]
    fn content_counts_and_nothing_else() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), Some("image/jpeg"));
        assert_eq!(kind(b"RIFF\x24\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind(b"GIF89a\x01\0\x01\0"), Some("image/gif"));
        assert_eq!(kind(b"%PDF-1.7\n1 0 obj"), Some("application/pdf"));
        for text in ["Order 1001;2\n", "BMW fits too", "1 < 2 and 3 > 2", "Gr\u{fc}\u{df}e"] {
            assert_eq!(kind(text.as_bytes()), Some("text/plain"), "{text}");
        }
        assert_eq!(kind(b"Gr\xfc\xdfe, as old programs write it"), Some("text/plain"));
    }

    /// The beginning of a PNG file of this size.
    fn picture(width: u32, height: u32) -> Vec<u8> {
        let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width, &height, &[8, 2, 0, 0, 0]].concat()
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused() {
        assert_eq!(kind(&picture(12_000, 9_000)), Some("image/png"));
        for (width, height) in [(30_000, 30_000), (1, u32::MAX), (u32::MAX, u32::MAX)] {
            let Err(Error::Unsupported(why)) = Kind::of(&picture(width, height)) else { panic!("{width} {height}") };
            assert!(why.contains("120 megapixels"), "{why}");
        }
    }

    /// Parts of an archive, one after another.
    fn archive(parts: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            for number in [4_u32, 4] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend([u8::try_from(part.len()).unwrap(), 0, 0, 0]);
            bytes.extend(part.as_bytes());
            bytes.extend(b"body");
        }
        bytes
    }

    #[test]
    fn office_documents_are_known_by_their_parts() {
        for (parts, ending) in [
            (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "docx"),
            (["xl/workbook.xml", "_rels/.rels", "[Content_Types].xml"], "xlsx"),
            (["_rels/.rels", "ppt/presentation.xml", "[Content_Types].xml"], "pptx"),
        ] {
            let kind = Kind::of(&archive(&parts)).unwrap();
            assert_eq!(kind.endings, [ending], "{parts:?}");
        }
        for parts in [["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], ["a.exe", "b.js", "c"]] {
            assert!(matches!(Kind::of(&archive(&parts)), Err(Error::Unsupported(_))), "{parts:?}");
        }
        let text = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x27\0\0\0\x27\0\0\0\x08\0\0\0mimetype\
            application/vnd.oasis.opendocument.text";
        assert_eq!(Kind::of(text).unwrap().endings, ["odt"]);
    }

    #[test]
    fn what_can_act_is_refused_with_its_name() {
        let elf = [b"\x7fELF".as_slice(), &[0; 60]].concat();
        let cases: &[(&[u8], &str)] = &[
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "HTML, SVG"),
            (b"  \n<?xml version='1.0'?><svg/>", "HTML, SVG"),
            (b"<!DOCTYPE html><title>x</title>", "HTML, SVG"),
            (b"harmless <ScRiPt>alert(1)</script>", "HTML, SVG"),
            (b"#!/bin/sh\nrm -r .\n", "A program"),
            (b"MZ\x90\0\x03\0\0\0", "kind application/"),
            (&elf, "kind application/"),
            (b"PK\x03\x04\x14\0\0\0\x08\0vbaProject.bin", ""),
            (b"\0\0\0", "unknown kind"),
        ];
        for (bytes, named) in cases {
            let Err(Error::Unsupported(why)) = Kind::of(bytes) else { panic!("{named}: {:?}", kind(bytes)) };
            assert!(why.contains(named) && why.ends_with(TAKEN), "{why}");
        }
    }

    #[test]
    fn a_name_ends_as_its_kind_does() {
        let png = Kind::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
        for (given, name) in [
            ("tent.PNG", "tent.PNG"),
            ("tent.html", "tent.html.png"),
            ("../../tent.png", "tent.png"),
            ("", "file.png"),
            ("tent", "tent.png"),
        ] {
            assert_eq!(png.name(given), name, "{given}");
        }
    }
}
