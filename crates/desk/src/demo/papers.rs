//! The files in the demo's mails: small photos and invoices, drawn here so that no binary lies in the source; and the
//! mails themselves as they came over the wire.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jiff::{Timestamp, tz::TimeZone};

use super::chance::Chance;

const WIDTH: u8 = 240;
const HEIGHT: u8 = 160;

/// A snapshot of tent and mountains as PNG (ISO/IEC 15948), 8-bit palette.
pub fn photo(seed: u64) -> Vec<u8> {
    let mut chance = Chance::of(seed);
    let mut level = [0_usize; WIDTH as usize];
    let mut height = 70 + chance.index(30);
    for column in &mut level {
        height = (height + chance.index(5)).saturating_sub(2).clamp(35, 120);
        *column = height;
    }
    let tent = 40 + chance.index(120);
    let mut rows = Vec::with_capacity((usize::from(WIDTH) + 1) * usize::from(HEIGHT));
    for y in 0..usize::from(HEIGHT) {
        rows.push(0);
        for (x, ridge) in level.iter().enumerate() {
            let slope = y.saturating_sub(85) / 2 * 3;
            let in_tent = y > 85 && y < 140 && x.abs_diff(tent + 30) < slope / 2;
            rows.push(match () {
                () if in_tent && x.abs_diff(tent + 30) < 3 => 4,
                () if in_tent => 3,
                () if y > 130 => 2,
                () if y > *ridge => 1,
                () => 0,
            });
        }
    }
    png(&rows, &palette(&mut chance))
}

fn palette(chance: &mut Chance) -> Vec<u8> {
    let sky = *chance.pick(&[[0xbc, 0xd6, 0xe8], [0xf2, 0xd6, 0xb8], [0x8f, 0xa9, 0xc4]]);
    let cloth = *chance.pick(&[[0xd9, 0x5f, 0x2b], [0x2f, 0x7d, 0x5b], [0xe0, 0xb0, 0x2e]]);
    [sky, [0x5c, 0x6b, 0x73], [0x4f, 0x6f, 0x45], cloth, [0x22, 0x26, 0x2b]].concat()
}

fn png(rows: &[u8], palette: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(u32::from(WIDTH).to_be_bytes());
    header.extend(u32::from(HEIGHT).to_be_bytes());
    header.extend([8, 3, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"PLTE", palette);
    chunk(&mut png, *b"IDAT", &stored(rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let sum = crc(&png[start..]);
    png.extend(sum.to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A zlib stream (RFC 1950) that stores without compressing.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let len = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

/// A one-page PDF with some lines of plain ASCII.
pub fn invoice(lines: &[String]) -> Vec<u8> {
    let mut page = String::from("BT /F1 12 Tf 16 TL 60 780 Td\n");
    for line in lines {
        let safe: String = line.chars().filter(|c| c.is_ascii() && !"()\\".contains(*c)).collect();
        let _ = writeln!(page, "({safe}) Tj T*");
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (nth, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", nth + 1);
    }
    let start = pdf.len();
    pdf.push_str("xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        let _ = writeln!(pdf, "{offset:010} 00000 n ");
    }
    let _ = write!(pdf, "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    pdf.into_bytes()
}

/// What one mail says, for [`raw`].
pub struct Envelope<'e> {
    pub from: (&'e str, &'e str),
    pub to: &'e str,
    pub cc: Option<&'e str>,
    pub subject: &'e str,
    pub id: &'e str,
    pub in_reply_to: Option<&'e str>,
    pub at: base::Time,
    /// Further header lines, each with its line end.
    pub extra: &'e str,
    /// `plain` or `html`.
    pub kind: &'e str,
    pub body: &'e str,
    pub photo: Option<&'e [u8]>,
}

/// The mail's bytes (RFC 5322, MIME).
pub fn raw(mail: &Envelope<'_>) -> Vec<u8> {
    let day = Timestamp::from_millisecond(mail.at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    let mut head = format!(
        "From: {} <{}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\n",
        word(mail.from.0),
        mail.from.1,
        mail.to,
        word(mail.subject),
        day.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        mail.id
    );
    if let Some(cc) = mail.cc {
        let _ = write!(head, "Cc: {cc}\r\n");
    }
    if let Some(id) = mail.in_reply_to {
        let _ = write!(head, "In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
    }
    head.push_str(mail.extra);
    head.push_str("MIME-Version: 1.0\r\n");
    let part = format!(
        "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        mail.kind,
        folded(mail.body.as_bytes())
    );
    let Some(photo) = mail.photo else { return (head + &part).into_bytes() };
    let photo = folded(photo);
    format!(
        "{head}Content-Type: multipart/mixed; boundary=\"fjell\"\r\n\r\n--fjell\r\n{part}--fjell\r\nContent-Type: \
         image/png; name=\"photo.png\"\r\nContent-Disposition: attachment; filename=\"photo.png\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{photo}--fjell--\r\n"
    )
    .into_bytes()
}

/// A header's text, encoded (RFC 2047) where it is not ASCII.
fn word(text: &str) -> String {
    if text.is_ascii() && !text.contains([',', '<', '>', '"']) {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut piece = String::new();
    for c in text.chars() {
        // An encoded word is 75 bytes at most.
        if piece.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    words.push(piece);
    let encoded: Vec<String> = words.iter().map(|piece| format!("=?utf-8?B?{}?=", B64.encode(piece))).collect();
    encoded.join("\r\n ")
}

fn folded(bytes: &[u8]) -> String {
    let encoded = B64.encode(bytes);
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / 38);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(76));
        lines.push_str(line);
        lines.push_str("\r\n");
        rest = more;
    }
    lines
}
