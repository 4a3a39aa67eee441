//! The file itself: its encoding, its delimiter, its lines.

use std::io::{self, Read};

use base::{Error, Result};
use csv::{ByteRecord, ReaderBuilder};

use super::{Delimiter, Encoding, MOST_COLUMNS};

/// Rows as bytes, and on which line of the file each begins.
pub struct Rows<R> {
    reader: csv::Reader<Clean<R>>,
    pub columns: Vec<String>,
    encoding: Encoding,
    pub record: ByteRecord,
    pub line: u64,
}

impl<R: Read> Rows<R> {
    pub fn open(source: R, delimiter: Delimiter, encoding: Encoding) -> Result<Self> {
        let byte = match delimiter {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        };
        let source = Clean { source, bytes: 0, after_return: false, last: b'\n', begun: false, ended: false };
        let reader = ReaderBuilder::new().delimiter(byte).flexible(true).has_headers(false).from_reader(source);
        let mut rows = Self { reader, columns: Vec::new(), encoding, record: ByteRecord::new(), line: 0 };
        if rows.advance()? {
            rows.columns = rows.names();
        }
        if rows.columns.len() > MOST_COLUMNS {
            return Err(Error::invalid("file", format!("has more than {MOST_COLUMNS} columns")));
        }
        Ok(rows)
    }

    /// Reads the next row into [`Self::record`]; false at the end. Lines without anything are no rows.
    pub fn advance(&mut self) -> Result<bool> {
        loop {
            if !self.reader.read_byte_record(&mut self.record).map_err(|error| unreadable(&error))? {
                return Ok(false);
            }
            // Each row ends with a line's end, and may have more of them within quotation marks.
            let within = self.record.as_slice().split(|byte| *byte == b'\n').count() as u64 - 1;
            // Where a quotation mark is missing, the end of the file's last line is within it as well.
            let unclosed = self.reader.get_ref().ended && self.record.as_slice().ends_with(b"\n");
            self.line = self.reader.position().line().saturating_sub(within + u64::from(!unclosed));
            if self.record.as_slice().iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(true);
            }
        }
    }

    /// Bytes of the file that were read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.get_ref().bytes
    }

    /// A cell as text; none where it holds what no text has.
    pub fn text(&self, place: usize) -> Option<String> {
        let bytes = self.record.get(place).unwrap_or_default();
        if bytes.contains(&0) {
            return None;
        }
        match self.encoding {
            Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for place in 0..self.record.len() {
            let name: String =
                self.text(place).unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
            let name = if name.trim().is_empty() { format!("[{}]", place + 1) } else { name.trim().to_owned() };
            let again = names.contains(&name);
            names.push(if again { format!("{name} [{}]", place + 1) } else { name });
        }
        names
    }
}

fn unreadable(error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::Io(error) => Error::internal(error.to_string()),
        _ => Error::invalid("file", "cannot be read as a table"),
    }
}

/// Makes every line end with one line feed, the last one too, so that lines are counted as a text editor does; and takes
/// off the mark that some programs begin a file with.
struct Clean<R> {
    source: R,
    bytes: u64,
    after_return: bool,
    last: u8,
    begun: bool,
    ended: bool,
}

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begun = true;
            return self.begin(buffer);
        }
        loop {
            let read = self.source.read(buffer)?;
            if read == 0 && self.last != b'\n' && !buffer.is_empty() {
                buffer[0] = b'\n';
                self.last = b'\n';
                return Ok(1);
            }
            let kept = self.cleaned(&mut buffer[..read]);
            self.ended |= read == 0;
            if read == 0 || kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R: Read> Clean<R> {
    fn begin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut first = Vec::new();
        (&mut self.source).take(3).read_to_end(&mut first)?;
        let marked = first == [0xEF, 0xBB, 0xBF];
        self.bytes = first.len() as u64;
        if marked || first.is_empty() || buffer.len() < first.len() {
            self.bytes = self.bytes.min(3);
            return self.read(buffer);
        }
        buffer[..first.len()].copy_from_slice(&first);
        self.bytes -= first.len() as u64;
        let kept = self.cleaned(&mut buffer[..first.len()]);
        if kept > 0 { Ok(kept) } else { self.read(buffer) }
    }

    fn cleaned(&mut self, part: &mut [u8]) -> usize {
        self.bytes += part.len() as u64;
        let mut kept = 0;
        for place in 0..part.len() {
            let byte = part[place];
            let second = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !second {
                part[kept] = if byte == b'\r' { b'\n' } else { byte };
                self.last = part[kept];
                kept += 1;
            }
        }
        kept
    }
}
