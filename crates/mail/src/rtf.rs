//! Rich text of Outlook: its compression (MS-OXRTFCP) undone, and the HTML or plain text taken out that Outlook put into
//! it (MS-OXRTFEX). Of rich text that holds neither, the words.
//!
//! One pass over the bytes, no recursion; what comes out is bounded by [`MAX_HTML`].

mod letters;
mod token;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use self::{
    letters::{char_set, code_page},
    token::{Token, Tokens},
};
use crate::parse::MAX_HTML;

/// It expands to nine times as much at most.
const MAX_COMPRESSED: usize = 4 << 20;
/// Deeper groups are read, but what they set is set for those around them as well.
const MAX_DEPTH: usize = 1_000;
const MAX_FONTS: usize = 1_000;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Html(String),
    Text(String),
}

/// The body in compressed rich text; none where it is damaged.
pub(crate) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let sized = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    // What stands behind is padding.
    let mut bytes = bytes.get(..usize::try_from(sized).ok()?.checked_add(4)?)?.to_vec();
    let body = bytes.len().checked_sub(16).filter(|body| *body <= MAX_COMPRESSED)?;
    let raw = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let stored = bytes.get(8..12)? == b"MELA";
    // The library believes this number.
    let most = if stored { body } else { body * 9 };
    bytes[4..8].copy_from_slice(&raw.min(u32::try_from(most).ok()?).to_le_bytes());
    let rtf = compressed_rtf::decompress_rtf(&bytes).ok()?;
    // Every byte became the letter of its number.
    Some(rtf.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect())
}

/// What holds within a group.
#[derive(Clone, Copy)]
struct Group {
    /// Fonts, pictures and the like: not for readers.
    ignored: bool,
    /// A piece of the HTML as it was.
    markup: bool,
    /// Stands for readers of rich text only; the HTML has its own.
    doubled: bool,
    hidden: bool,
    fonts: bool,
    encoding: &'static Encoding,
    /// How many signs stand behind `\u` for those who do not know it.
    substitutes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Text,
    /// Says neither: only its words are of use.
    Rich,
}

struct Reader {
    kind: Kind,
    out: String,
    group: Group,
    around: Vec<Group>,
    too_deep: usize,
    usual: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    /// Bytes that may make one letter together.
    bytes: Vec<u8>,
    surrogate: Option<u16>,
    skip: usize,
    starred: bool,
}

/// What rich text holds: the HTML it was made from, or a text.
pub(crate) fn read(rtf: &[u8]) -> Option<Body> {
    if !rtf.trim_ascii_start().starts_with(b"{\\rtf") {
        return None;
    }
    let mut reader = Reader {
        kind: kind(rtf),
        out: String::new(),
        group: Group {
            ignored: false,
            markup: false,
            doubled: false,
            hidden: false,
            fonts: false,
            encoding: WINDOWS_1252,
            substitutes: 1,
        },
        around: Vec::new(),
        too_deep: 0,
        usual: WINDOWS_1252,
        fonts: HashMap::new(),
        font: 0,
        bytes: Vec::new(),
        surrogate: None,
        skip: 0,
        starred: false,
    };
    for token in Tokens(rtf) {
        reader.token(&token);
        if reader.out.len() > MAX_HTML {
            break;
        }
    }
    reader.flush();
    let Reader { kind, out, .. } = reader;
    let out = out.trim().to_owned();
    (!out.is_empty()).then_some(if kind == Kind::Html { Body::Html(out) } else { Body::Text(out) })
}

/// It stands among the first words (MS-OXRTFEX, 2.1.3.1).
fn kind(rtf: &[u8]) -> Kind {
    let found = Tokens(rtf).take(40).find_map(|token| match token {
        Token::Word(b"fromhtml", _) => Some(Kind::Html),
        Token::Word(b"fromtext", _) => Some(Kind::Text),
        _ => None,
    });
    found.unwrap_or(Kind::Rich)
}

impl Reader {
    fn token(&mut self, token: &Token<'_>) {
        if self.skip > 0 && !matches!(token, Token::Open | Token::Close) {
            self.skip_one(token);
            return;
        }
        if !matches!(token, Token::Byte(_) | Token::Text(_)) {
            self.flush();
        }
        let starred = std::mem::take(&mut self.starred);
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Byte(byte) => self.byte(*byte),
            Token::Text(text) => self.text(text),
            Token::Sign(b'*') => self.starred = true,
            Token::Sign(sign) => self.sign(*sign),
            Token::Word(word, number) => self.word(word, *number, starred),
        }
    }

    /// What stands behind `\u` for programs that do not know it.
    fn skip_one(&mut self, token: &Token<'_>) {
        if let Token::Text(text) = token {
            let skipped = self.skip.min(text.len());
            self.skip -= skipped;
            self.text(&text[skipped..]);
        } else {
            self.skip -= 1;
        }
    }

    fn open(&mut self) {
        if self.around.len() < MAX_DEPTH {
            self.around.push(self.group);
        } else {
            self.too_deep += 1;
        }
    }

    fn close(&mut self) {
        self.skip = 0;
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(group) = self.around.pop() {
            self.group = group;
        }
    }

    fn is_silent(&self) -> bool {
        let Group { ignored, markup, doubled, hidden, .. } = self.group;
        ignored || doubled && !markup || hidden
    }

    fn byte(&mut self, byte: u8) {
        if !self.is_silent() {
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, text: &[u8]) {
        if self.is_silent() {
            return;
        }
        if self.group.markup || self.kind != Kind::Html {
            self.bytes.extend_from_slice(text);
            return;
        }
        for byte in text {
            self.escaped(*byte);
        }
    }

    /// Text between the tags; what would be one is none.
    fn escaped(&mut self, byte: u8) {
        let entity: &[u8] = match byte {
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'&' => b"&amp;",
            byte => return self.bytes.push(byte),
        };
        self.bytes.extend_from_slice(entity);
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.out.push_str(&self.group.encoding.decode_without_bom_handling(&bytes).0);
    }

    fn put(&mut self, text: &str) {
        if !self.is_silent() {
            self.out.push_str(text);
        }
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'\\' | b'{' | b'}' => self.put(match sign {
                b'\\' => "\\",
                b'{' => "{",
                _ => "}",
            }),
            b'~' => self.put(if self.kind == Kind::Html { "&nbsp;" } else { "\u{a0}" }),
            b'_' => self.put("-"),
            b'\r' | b'\n' => self.put("\n"),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i32>, starred: bool) {
        let on = number != Some(0);
        match word {
            b"htmltag" if starred && self.kind == Kind::Html => self.group.markup = true,
            _ if starred => self.group.ignored = true,
            b"fonttbl" => (self.group.ignored, self.group.fonts) = (true, true),
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer" | b"pntext"
            | b"listtext" | b"fldinst" => self.group.ignored = true,
            b"htmlrtf" if self.kind == Kind::Html => self.group.doubled = on,
            b"v" => self.group.hidden = on,
            b"plain" => self.group.hidden = false,
            b"uc" => self.group.substitutes = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(10),
            b"u" => self.letter(number.unwrap_or(0)),
            b"ansicpg" => {
                self.usual = code_page(number.unwrap_or(0)).unwrap_or(WINDOWS_1252);
                self.group.encoding = self.usual;
            }
            b"f" | b"deff" => self.choose_font(number.unwrap_or(0)),
            b"fcharset" if self.group.fonts && self.fonts.len() < MAX_FONTS => {
                let encoding = char_set(number.unwrap_or(0)).and_then(code_page).unwrap_or(self.usual);
                self.fonts.insert(self.font, encoding);
            }
            _ => self.spoken(word),
        }
    }

    /// Control words that stand for a sign of the text.
    fn spoken(&mut self, word: &[u8]) {
        let html = self.kind == Kind::Html;
        let text = match word {
            b"par" | b"line" | b"sect" | b"page" | b"row" => "\n",
            b"tab" | b"cell" => "\t",
            b"lquote" => "‘",
            b"rquote" => "’",
            b"ldblquote" => "“",
            b"rdblquote" => "”",
            b"bullet" => "•",
            b"endash" => "–",
            b"emdash" => "—",
            b"emspace" | b"enspace" if !html => " ",
            _ => return,
        };
        self.put(text);
    }

    fn choose_font(&mut self, font: i32) {
        self.font = font;
        if !self.group.fonts {
            self.group.encoding = self.fonts.get(&font).copied().unwrap_or(self.usual);
        }
    }

    /// One UTF-16 unit, as a signed number.
    fn letter(&mut self, number: i32) {
        self.skip = self.group.substitutes;
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or_default();
        let units = [self.surrogate.take().unwrap_or_default(), unit];
        let units = if units[0] == 0 { &units[1..] } else { &units[..] };
        match char::decode_utf16(units.iter().copied()).next() {
            Some(Ok(c @ ('<' | '>' | '&'))) if self.kind == Kind::Html && !self.group.markup => {
                self.put(if c == '<' {
                    "&lt;"
                } else if c == '>' {
                    "&gt;"
                } else {
                    "&amp;"
                });
            }
            Some(Ok(c)) if !c.is_control() => self.put(c.encode_utf8(&mut [0; 4])),
            Some(Err(_)) if (0xD800..0xDC00).contains(&unit) => self.surrogate = Some(unit),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, MAX_COMPRESSED, decompress, read};

    #[test]
    fn the_html_that_outlook_wrapped_comes_out_as_it_was() {
        let rtf = br"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0
{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial Cyr;}}
{\colortbl\red0\green0\blue0;}
{\*\generator Microsoft Exchange;}
\uc1\pard\plain\deftab360 \f0\fs24
{\*\htmltag19 <html>}{\*\htmltag64}\htmlrtf {\htmlrtf0
{\*\htmltag148 <p class=\{x\}>}\htmlrtf \b \htmlrtf0 Gr\'fc\'dfe \f1 \'cf\'f0\'e8 \f0\u8364?5 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 a<b
{\*\htmltag156 </p>}\htmlrtf\par\htmlrtf0\par
{\*\mhtmltag240 <img src=cid:old>}{\*\htmltag240 <img src=\'22cid:new\'22>}\htmlrtf }\htmlrtf0
\u-10179?\u-8704?\~x{\*\htmltag27 </html>}}";
        let html = "<html><p class={x}>Gr\u{fc}\u{df}e \u{41f}\u{440}\u{438} \u{20ac}5 &lt;a&lt;b</p>\n<img src=\"cid:new\">\u{1f600}&nbsp;x</html>";
        assert_eq!(read(rtf), Some(Body::Html(html.to_owned())));
    }

    #[test]
    fn plain_and_rich_text_give_their_words() {
        let plain = br"{\rtf1\ansi\ansicpg1251\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}}\pard Hello,\par \'cf\'f0\'e8\par\tab {a\}}";
        assert_eq!(read(plain), Some(Body::Text("Hello,\n\u{41f}\u{440}\u{438}\n\ta}".to_owned())));
        let rich = br#"{\rtf1\ansi{\info{\author X}}{\pict\bin5 }}}}}}\b Bold\b0  {\field{\*\fldinst HYPERLINK "http://a"}{\fldrslt link}}{\v no}\line end}"#;
        assert_eq!(read(rich), Some(Body::Text("Bold link\nend".to_owned())));
        for none in [&b""[..], b"{\\rtf1}", b"hello", b"{\\rtf1{\\fonttbl x"] {
            assert_eq!(read(none), None);
        }
    }

    #[test]
    fn compression_is_undone_and_bounded() {
        let rtf = "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag <p>}Hello hello hello{\\*\\htmltag </p>}}";
        for mut packed in [compressed_rtf::compress_rtf(rtf).unwrap(), compressed_rtf::encode_rtf(rtf).unwrap()] {
            assert_eq!(decompress(&packed).as_deref(), Some(rtf.as_bytes()));
            packed[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
            assert_eq!(decompress(&packed).as_deref(), Some(rtf.as_bytes()), "a size that is not believed");
            packed.extend([0; 3]);
            assert_eq!(decompress(&packed).as_deref(), Some(rtf.as_bytes()), "padding");
            for end in 0..packed.len() - 3 {
                assert_eq!(decompress(&packed[..end]), None);
            }
        }
        let mut huge = compressed_rtf::encode_rtf("{\\rtf1}").unwrap();
        huge.resize(MAX_COMPRESSED + 17, b'x');
        let size = u32::try_from(huge.len() - 4).unwrap();
        huge[..4].copy_from_slice(&size.to_le_bytes());
        assert_eq!(decompress(&huge), None);
    }

    #[test]
    fn any_damage_is_survived() {
        let rtf = br"{\rtf1\fromhtml1{\*\htmltag <p>}\u8364?\'e4\bin3 abc{\fonttbl{\f1\fcharset128 x;}}\f1 \'82\'a0\uc2\u1 \htmlrtf x}";
        for end in 0..rtf.len() {
            read(&rtf[..end]);
        }
        for odd in [
            &b"{\\rtf1\\u"[..],
            b"{\\rtf1\\'",
            b"{\\rtf1\\'z",
            b"{\\rtf1\\bin-5 x",
            b"{\\rtf1\\u99999999999 x",
            b"{\\rtf1\\uc-1\\u5x",
        ] {
            read(odd);
        }
        let deep = [&b"{\\rtf1 "[..], &b"{".repeat(200_000), b"x", &b"}".repeat(200_000), b"y"].concat();
        assert_eq!(read(&deep), Some(Body::Text("xy".to_owned())));
    }
}
