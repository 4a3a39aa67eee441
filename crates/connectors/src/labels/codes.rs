//! Codes that scanners and telephones read.

use std::fmt::Write;

use barcoders::sym::code128::Code128;
use base::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// Modules around a QR code that stay empty.
const QUIET: usize = 4;

/// The bars of a Code 128 (ISO/IEC 15417), each with where it begins and how wide it is, in modules; and the whole width.
pub fn bars(text: &str) -> Result<(Vec<(usize, usize)>, usize)> {
    // The letter says that what follows is of set B: letters, digits and signs.
    let code = Code128::new(format!("\u{0181}{text}"));
    let modules = code.map_err(|_| Error::internal(format!("{text} cannot be a bar code")))?.encode();
    let mut bars: Vec<(usize, usize)> = Vec::new();
    for (place, dark) in modules.iter().enumerate() {
        match bars.last_mut() {
            Some((begin, width)) if *dark == 1 && *begin + *width == place => *width += 1,
            _ if *dark == 1 => bars.push((place, 1)),
            _ => {}
        }
    }
    Ok((bars, modules.len()))
}

/// The dark modules of a QR code, as (column, row), and how many there are in a row.
pub fn qr(text: &str) -> Result<(Vec<(usize, usize)>, usize)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Error::internal(format!("{text} cannot be a QR code")))?;
    let width = code.width();
    let colours = code.into_colors();
    let dark = colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark);
    Ok((dark.map(|(place, _)| (place % width, place / width)).collect(), width))
}

pub fn qr_svg(text: &str) -> Result<String> {
    let (dark, width) = qr(text)?;
    let whole = width + 2 * QUIET;
    let mut path = String::new();
    for (column, row) in dark {
        write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET)?;
    }
    Ok(format!(
        "<svg class=\"code\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\" role=\"img\">\
         <rect width=\"{whole}\" height=\"{whole}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_code_begins_and_ends_as_the_standard_says() {
        let (bars, width) = bars("R-7K2M9QX").unwrap();
        // Start B is 211214, the stop 2331112; each sign between takes eleven modules, the check sign as well.
        assert_eq!(width, 11 * (1 + 9 + 1) + 13);
        assert_eq!(&bars[..3], [(0, 2), (3, 1), (6, 1)]);
        assert_eq!(bars[bars.len() - 4..].iter().map(|(_, width)| *width).collect::<Vec<_>>(), [2, 3, 1, 2]);
        assert_eq!(bars.len(), 3 * 11 + 4);
    }

    #[test]
    fn a_qr_code_has_its_three_corners() {
        let (dark, width) = qr("R-7K2M9QX").unwrap();
        for corner in [(0, 0), (width - 1, 0), (0, width - 1)] {
            assert!(dark.contains(&corner), "{corner:?}");
        }
        assert!(!dark.contains(&(7, 7)) && qr_svg("R-7K2M9QX").unwrap().contains("M4 4h1v1h-1z"));
    }
}
