//! What of a mail is shown as HTML, and which of its pictures stand in there.
//!
//! Senders mark files as inline that their HTML never names (PDFs, logos, Apple Mail between two pieces of HTML), and
//! name pictures that no browser draws. So only what the cleaned HTML really shows counts as inline; everything else
//! is a file below the message.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use mail::{
    clean::{CleanOptions, Remote, clean},
    parse::Mail,
    part::Attachment,
    quote::fold_html,
};

use crate::channel::{File, PICTURES, cid};

pub struct Shown {
    /// What is said.
    pub html: Option<String>,
    /// What is folded away: signature and quotes.
    pub html_quoted: Option<String>,
    /// How many pictures wait for a click.
    pub remote_images: i64,
    pub attachments: Vec<File>,
}

/// Takes the files out of the mail.
pub fn shown(mail: &mut Mail) -> Shown {
    let mut attachments: Vec<File> = std::mem::take(&mut mail.attachments).into_iter().map(file).collect();
    let Some(html) = &mail.html else { return Shown { html: None, html_quoted: None, remote_images: 0, attachments } };
    let pictures = pictures(&attachments);
    let within = RefCell::new(BTreeSet::new());
    let address = |id: &str| {
        let picture = pictures.get(id)?;
        within.borrow_mut().insert(*picture);
        Some(format!("cid:{}", cid(id)))
    };
    let options = CleanOptions { cid: &address, remote: Remote::Hold };
    let folded = fold_html(html);
    let reply = clean(&folded.reply, &options);
    let rest = clean(&format!("{}{}", folded.signature, folded.quoted), &options);
    for (nth, kind) in within.into_inner() {
        attachments[nth].inline = true;
        kind.clone_into(&mut attachments[nth].content_type);
    }
    let full = |html: String| Some(html).filter(|html| !html.trim().is_empty());
    Shown {
        html: full(reply.html),
        html_quoted: full(rest.html),
        remote_images: i64::try_from(reply.remote_images + rest.remote_images).unwrap_or(i64::MAX),
        attachments,
    }
}

/// By Content-ID: where it stands, and its kind, which is what its bytes say. Some programs call every picture
/// `application/octet-stream`. Of two with one id the first is meant.
fn pictures(files: &[File]) -> HashMap<String, (usize, &'static str)> {
    let mut pictures = HashMap::new();
    for (nth, file) in files.iter().enumerate() {
        let kind = file.content_id.as_ref().and_then(|_| infer::get(&file.bytes));
        let kind = kind.and_then(|kind| PICTURES.iter().find(|known| **known == kind.mime_type()));
        if let (Some(id), Some(kind)) = (&file.content_id, kind) {
            pictures.entry(id.clone()).or_insert((nth, *kind));
        }
    }
    pictures
}

fn file(attachment: Attachment) -> File {
    File {
        name: attachment.name,
        content_type: attachment.content_type,
        content_id: attachment.content_id,
        inline: false,
        bytes: attachment.bytes,
    }
}
