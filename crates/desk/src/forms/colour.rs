//! A shop's colour on a button: what is written on it, and the button itself, can be seen by everybody (WCAG 2.2, 1.4.3
//! and 1.4.11).

use serde::Serialize;

/// What the form stands on in the dark.
const DARK: Rgb = [0x1d, 0x23, 0x26];
const LIGHT: Rgb = [0xff; 3];
const INK: Rgb = [0x14, 0x1a, 0x1c];

type Rgb = [u8; 3];

#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Button {
    back: String,
    ink: &'static str,
}

/// On light and on dark.
pub fn buttons(colour: &str) -> (Button, Button) {
    let own = read(colour).unwrap_or([0x1f, 0x4d, 0x3a]);
    (button(own, LIGHT, INK), button(own, DARK, LIGHT))
}

/// The colour, moved towards the far end until it stands out from what it is on and something can be read on it.
fn button(own: Rgb, on: Rgb, towards: Rgb) -> Button {
    let moved = |step: u16| -> Rgb {
        std::array::from_fn(|i| {
            let (from, to) = (u16::from(own[i]), u16::from(towards[i]));
            u8::try_from((from * (20 - step) + to * step) / 20).unwrap_or(u8::MAX)
        })
    };
    let is_read = |back: Rgb| contrast(back, LIGHT) >= 4.5 || contrast(back, INK) >= 4.5;
    let back = (0..=20).map(moved).find(|back| contrast(*back, on) >= 3.0 && is_read(*back)).unwrap_or(towards);
    let ink = if contrast(back, LIGHT) >= 4.5 { "#ffffff" } else { "#141a1c" };
    let [red, green, blue] = back;
    Button { back: format!("#{red:02x}{green:02x}{blue:02x}"), ink }
}

fn read(colour: &str) -> Option<Rgb> {
    let number = u32::from_str_radix(colour.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_seen_and_read() {
        for colour in ["#1f4d3a", "#ffffff", "#000000", "#ffe45c", "#7f8a8d", "#d9743f", "#ff0000", "#0000ff"] {
            let (light, dark) = buttons(colour);
            for (button, on) in [(light, LIGHT), (dark, DARK)] {
                let (back, ink) = (read(&button.back).unwrap(), read(button.ink).unwrap());
                assert!(contrast(back, on) >= 3.0, "{colour} {button:?} is seen");
                assert!(contrast(back, ink) >= 4.5, "{colour} {button:?} is read: {}", contrast(back, ink));
            }
        }
        assert_eq!(buttons("#1f4d3a").0, Button { back: "#1f4d3a".into(), ink: "#ffffff" });
    }
}
