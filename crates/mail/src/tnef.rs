//! winmail.dat: what Outlook sends when it believes the reader is Outlook (MS-OXTNEF, MS-OXCDATA).
//!
//! Only what a support desk wants is read: the attachments and the body. Every length is checked against what is left,
//! and no more than [`MAX_FILES`] files are made. Only the rich text expands; see [`crate::rtf`] for its bounds.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use crate::{
    part::{Attachment, safe_name},
    rtf,
    text::tidy,
};

const SIGNATURE: u32 = 0x223E_9F78;
const MAX_FILES: usize = 200;
const MAX_PROPERTIES: u32 = 4_096;

const BODY: u32 = 0x0002_800C;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_BEGINS: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800F;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

#[derive(Default)]
pub(crate) struct Opened {
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
    /// It held more files than are made.
    pub(crate) cut: bool,
}

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }

    /// As [`Self::take`], with the padding to four bytes behind it.
    fn padded(&mut self, length: usize) -> Option<&'b [u8]> {
        let taken = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        self.take(padding.min(self.0.len()))?;
        Some(taken)
    }
}

/// The contents of a winmail.dat; nothing if it is none. A damaged one gives what stands before the damage.
pub(crate) fn open(bytes: &[u8]) -> Option<Opened> {
    let mut bytes = Bytes(bytes);
    if bytes.u32()? != SIGNATURE {
        return None;
    }
    bytes.u16()?;
    let mut opened = Opened::default();
    while attribute(&mut bytes, &mut opened).is_some() {}
    for (nth, attachment) in opened.attachments.iter_mut().enumerate() {
        if attachment.name.is_empty() {
            attachment.name = format!("attachment-{}.bin", nth + 1);
        }
    }
    opened.attachments.retain(|attachment| !attachment.bytes.is_empty());
    Some(opened)
}

fn attribute(bytes: &mut Bytes<'_>, opened: &mut Opened) -> Option<()> {
    bytes.take(1)?;
    let id = bytes.u32()?;
    let length = bytes.length()?;
    let data = bytes.take(length)?;
    bytes.take(2.min(bytes.0.len()))?;
    if id == ATTACHMENT_BEGINS {
        if opened.attachments.len() == MAX_FILES {
            opened.cut = true;
            return None;
        }
        opened.attachments.push(Attachment {
            name: String::new(),
            content_type: "application/octet-stream".into(),
            content_id: None,
            inline: false,
            bytes: Vec::new(),
        });
        return Some(());
    }
    match id {
        BODY => opened.text = Some(tidy(&western(data))),
        MESSAGE_PROPERTIES => properties(data, |id, value| opened.body(id, &value)),
        _ => {
            if let Some(attachment) = opened.attachments.last_mut() {
                file_attribute(id, data, attachment);
            }
        }
    }
    Some(())
}

fn file_attribute(id: u32, data: &[u8], attachment: &mut Attachment) {
    match id {
        ATTACHMENT_TITLE if attachment.name.is_empty() => attachment.name = safe_name(&western(data)),
        ATTACHMENT_DATA => attachment.bytes = data.to_vec(),
        ATTACHMENT_PROPERTIES => properties(data, |id, value| match id {
            0x3701 if attachment.bytes.is_empty() => attachment.bytes = value.object().to_vec(),
            0x3707 => {
                let name = safe_name(&value.text());
                if !name.is_empty() {
                    attachment.name = name;
                }
            }
            0x370E => {
                let kind = value.text().trim().to_ascii_lowercase();
                if kind.contains('/') && kind.len() < 128 {
                    attachment.content_type = kind;
                }
            }
            0x3712 => {
                attachment.content_id =
                    Some(value.text().trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty());
                attachment.inline = attachment.content_id.is_some();
            }
            _ => {}
        }),
        _ => {}
    }
}

impl Opened {
    /// Whichever of the three kinds there are: plain, HTML, rich text.
    fn body(&mut self, id: u16, value: &Value<'_>) {
        match id {
            0x1000 if self.text.is_none() => {
                self.text = Some(tidy(&value.text())).filter(|text| !text.trim().is_empty());
            }
            // As it was, where rich text has what it was made into.
            0x1013 => self.html = Some(tidy(&value.text())).filter(|html| !html.trim().is_empty()).or(self.html.take()),
            0x1009 if self.html.is_none() => match rtf::decompress(value.bytes).as_deref().and_then(rtf::read) {
                Some(rtf::Body::Html(html)) => self.html = Some(html),
                Some(rtf::Body::Text(text)) => self.text = self.text.take().or(Some(tidy(&text))),
                None => {}
            },
            _ => {}
        }
    }
}

struct Value<'b> {
    kind: u16,
    bytes: &'b [u8],
}

impl<'b> Value<'b> {
    fn text(&self) -> String {
        if self.kind == 0x1F {
            return UTF_16LE.decode_without_bom_handling(self.bytes).0.trim_end_matches('\0').to_owned();
        }
        western(self.bytes)
    }

    /// An object begins with the id of its interface.
    fn object(&self) -> &'b [u8] {
        if self.kind == 0x0D { self.bytes.get(16..).unwrap_or_default() } else { self.bytes }
    }
}

fn western(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    std::str::from_utf8(bytes)
        .map_or_else(|_| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

fn properties<'b>(data: &'b [u8], mut seen: impl FnMut(u16, Value<'b>)) {
    let mut bytes = Bytes(data);
    let count = bytes.u32().unwrap_or(0).min(MAX_PROPERTIES);
    for _ in 0..count {
        if property(&mut bytes, &mut seen).is_none() {
            return;
        }
    }
}

fn property<'b>(bytes: &mut Bytes<'b>, seen: &mut impl FnMut(u16, Value<'b>)) -> Option<()> {
    let kind = bytes.u16()?;
    let id = bytes.u16()?;
    if id >= 0x8000 {
        bytes.take(16)?;
        if bytes.u32()? == 0 {
            bytes.u32()?;
        } else {
            let length = bytes.length()?;
            bytes.padded(length)?;
        }
    }
    let base = kind & 0x0FFF;
    let many = kind & 0x1000 != 0;
    let variable = matches!(base, 0x1E | 0x1F | 0x102 | 0x0D);
    let values = if many || variable { bytes.u32()?.min(MAX_PROPERTIES) } else { 1 };
    for _ in 0..values {
        let value = if variable {
            let length = bytes.length()?;
            bytes.padded(length)?
        } else {
            bytes.padded(match base {
                0x02 | 0x0B => 2,
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
                0x48 => 16,
                _ => 4,
            })?
        };
        seen(id, Value { kind: base, bytes: value });
    }
    Some(())
}
