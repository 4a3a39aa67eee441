//! What goes on a parcel that comes back. A provider makes it: the house itself with the shop's own address, or a carrier.

use base::Result;

use crate::{channel::Later, labels};

/// A parcel that is to come back.
#[derive(Debug, Clone, Default)]
pub struct Parcel {
    /// What the warehouse scans: letters, digits and dashes.
    pub number: String,
    /// As they stand on a label, line by line.
    pub from: Vec<String>,
    pub to: Vec<String>,
    /// Beside the sender and the receiver, in the shopper's language.
    pub from_word: String,
    pub to_word: String,
}

#[derive(Debug, Clone)]
pub struct Label {
    /// One page of A6, so that it can be printed on A4 or on a label.
    pub pdf: Vec<u8>,
    /// The carrier's number, where one carries it.
    pub tracking: Option<String>,
}

pub trait LabelProvider: Send + Sync {
    /// The word for it in the API and on screen.
    fn name(&self) -> &'static str;
    /// Makes the label of a parcel. `key` is the same for every try: a carrier must not be paid twice.
    fn label<'a>(&'a self, key: &'a str, parcel: &'a Parcel) -> Later<'a, Label>;
}

/// Those that there are.
pub struct Labels(Vec<Box<dyn LabelProvider>>);

impl Default for Labels {
    fn default() -> Self {
        Self(vec![Box::new(labels::own::Own)])
    }
}

impl Labels {
    /// The one that makes labels where the shop has chosen none.
    pub fn usual(&self) -> Result<&dyn LabelProvider> {
        let first = self.0.first().map(AsRef::as_ref);
        first.ok_or_else(|| base::Error::internal("there is no provider of labels"))
    }
}

/// The code of a text as a picture for a page (SVG), dark on light with the quiet zone around it (ISO/IEC 18004).
pub fn qr_svg(text: &str) -> Result<String> {
    labels::codes::qr_svg(text)
}
