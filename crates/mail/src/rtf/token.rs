//! Rich text in pieces: groups, control words, text.

pub(super) enum Token<'r> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'r [u8], Option<i32>),
    /// A control sign: `\~`, `\*`.
    Sign(u8),
    Byte(u8),
    Text(&'r [u8]),
}

pub(super) struct Tokens<'r>(pub(super) &'r [u8]);

impl<'r> Tokens<'r> {
    fn take(&mut self, length: usize) -> &'r [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn control(&mut self) -> Token<'r> {
        let letters = self.0.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            let sign = self.take(1).first().copied().unwrap_or(b' ');
            let digits = self.0.get(..2).filter(|_| sign == b'\'').and_then(|digits| std::str::from_utf8(digits).ok());
            let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
                return Token::Sign(sign);
            };
            self.take(2);
            return Token::Byte(byte);
        }
        let word = self.take(letters);
        let minus = usize::from(self.0.first() == Some(&b'-'));
        let digits = self.0.iter().skip(minus).take(10).take_while(|b| b.is_ascii_digit()).count();
        let number = if digits == 0 { &[] } else { self.take(minus + digits) };
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        if self.0.first() == Some(&b' ') {
            self.take(1);
        }
        if word == b"bin" {
            // Bytes that mean nothing here, whatever they look like.
            self.take(number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0));
        }
        Token::Word(word, number)
    }
}

impl<'r> Iterator for Tokens<'r> {
    type Item = Token<'r>;

    fn next(&mut self) -> Option<Token<'r>> {
        loop {
            return Some(match self.0.first()? {
                b'{' => {
                    self.take(1);
                    Token::Open
                }
                b'}' => {
                    self.take(1);
                    Token::Close
                }
                b'\\' => {
                    self.take(1);
                    self.control()
                }
                // Line ends in the source are none in the text.
                b'\r' | b'\n' | 0 => {
                    self.take(1);
                    continue;
                }
                _ => {
                    let special = |b: &u8| matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    let end = self.0.iter().position(special).unwrap_or(self.0.len());
                    Token::Text(self.take(end))
                }
            });
        }
    }
}
