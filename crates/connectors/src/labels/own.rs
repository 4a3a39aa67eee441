//! The shop's own address label: whoever sends it pays the carrier, or the shop has an agreement that reads the address.
//! The font knows Latin, Greek, Cyrillic, Hebrew and Arabic letters.

use base::{Error, Result};
use krilla::{
    Document,
    geom::{PathBuilder, Point, Rect},
    page::PageSettings,
    surface::Surface,
    text::{Font, TextDirection},
};

use super::codes::{bars, qr};
use crate::{
    channel::Later,
    label::{Label, LabelProvider, Parcel},
};

static FONT: &[u8] = include_bytes!("DejaVuSans.ttf");

/// A6 upright, in points of 1/72 inch.
const WIDTH: f32 = 297.64;
const HEIGHT: f32 = 419.53;
const MARGIN: f32 = 20.0;
/// Letters of a line; a longer one is cut rather than printed beyond the edge.
const LINE: usize = 42;
const LINES: usize = 8;

pub struct Own;

impl LabelProvider for Own {
    fn name(&self) -> &'static str {
        "own_address"
    }

    fn label<'a>(&'a self, _: &'a str, parcel: &'a Parcel) -> Later<'a, Label> {
        Box::pin(async move { Ok(Label { pdf: draw(parcel)?, tracking: None }) })
    }
}

fn draw(parcel: &Parcel) -> Result<Vec<u8>> {
    let font = Font::new(FONT.into(), 0).ok_or_else(|| Error::internal("the label's font cannot be read"))?;
    let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::internal("the label has no size"))?;
    let mut document = Document::new();
    let mut page = document.start_page_with(size);
    let mut surface = page.surface();
    let mut y = MARGIN + 8.0;
    let write = |surface: &mut Surface<'_>, y: f32, size: f32, text: &str| {
        let text: String = text.chars().filter(|letter| !letter.is_control()).take(LINE).collect();
        surface.draw_text(Point::from_xy(MARGIN, y), font.clone(), size, &text, false, TextDirection::Auto);
    };
    write(&mut surface, y, 7.0, &parcel.from_word);
    for line in parcel.from.iter().take(LINES) {
        y += 10.0;
        write(&mut surface, y, 8.0, line);
    }
    y += 12.0;
    rectangles(&mut surface, &[(MARGIN, y, WIDTH - 2.0 * MARGIN, 0.8)]);
    y += 14.0;
    write(&mut surface, y, 7.0, &parcel.to_word);
    for line in parcel.to.iter().take(LINES) {
        y += 15.0;
        write(&mut surface, y, 12.0, line);
    }
    let code = 74.0;
    square(&mut surface, &parcel.number, WIDTH - MARGIN - code, HEIGHT - MARGIN - 96.0 - code, code)?;
    stripes(&mut surface, &parcel.number, HEIGHT - MARGIN - 82.0)?;
    write(&mut surface, HEIGHT - MARGIN, 16.0, &parcel.number);
    surface.finish();
    page.finish();
    document.finish().map_err(|error| Error::internal(format!("the label cannot be drawn: {error:?}")))
}

/// A bar code as wide as the label, with its quiet zone of ten modules on each side.
fn stripes(surface: &mut Surface<'_>, text: &str, y: f32) -> Result<()> {
    let (bars, width) = bars(text)?;
    let module = (WIDTH - 2.0 * MARGIN) / points(width + 20);
    let stripe =
        |(begin, width): &(usize, usize)| (MARGIN + (points(*begin) + 10.0) * module, y, points(*width) * module, 58.0);
    rectangles(surface, &bars.iter().map(stripe).collect::<Vec<_>>());
    Ok(())
}

fn square(surface: &mut Surface<'_>, text: &str, x: f32, y: f32, size: f32) -> Result<()> {
    let (dark, width) = qr(text)?;
    let module = size / points(width);
    let dot =
        |(column, row): &(usize, usize)| (x + points(*column) * module, y + points(*row) * module, module, module);
    rectangles(surface, &dark.iter().map(dot).collect::<Vec<_>>());
    Ok(())
}

fn rectangles(surface: &mut Surface<'_>, all: &[(f32, f32, f32, f32)]) {
    let mut path = PathBuilder::new();
    for (x, y, width, height) in all {
        if let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) {
            path.push_rect(rectangle);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

#[expect(clippy::cast_precision_loss, reason = "modules of a code: some hundreds at most")]
fn points(modules: usize) -> f32 {
    modules as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_small_page_whatever_stands_on_it() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let parcel = Parcel {
            number: "R-7K2M9QX".into(),
            from: lines(&["Zoë Łukasiewicz", "Ђорђе", "محمد", "漢字 and \u{0} \u{202e} odd ones", &"x".repeat(5000)]),
            to: lines(&["Fjellvik AS", "Bryggen 1", "5003 Bergen", "Norway"]),
            from_word: "From".into(),
            to_word: "To".into(),
        };
        let pdf = draw(&parcel).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 60_000, "{}", pdf.len());
        let text = String::from_utf8_lossy(&pdf);
        assert_eq!(text.matches("/Type/Page/").count() + text.matches("/Type /Page\n").count(), 1, "{text}");
        if let Ok(place) = std::env::var("LABEL_TO") {
            std::fs::write(place, pdf).unwrap();
        }
    }
}
