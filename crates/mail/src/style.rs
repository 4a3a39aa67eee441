//! `style` attributes reduced to what cannot load, move or cover anything.

/// Sorted.
const PROPERTIES: [&str; 63] = [
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "caption-side",
    "clear",
    "color",
    "direction",
    "display",
    "empty-cells",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "vertical-align",
    "white-space",
    "width",
];

/// Keeps the declarations that only colour, size and space what is there.
pub(crate) fn style(source: &str) -> String {
    let mut kept = String::new();
    for declaration in source.split(';').take(100) {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        let value = value.trim();
        if PROPERTIES.binary_search(&property.as_str()).is_ok() && is_plain_value(&property, value) {
            if !kept.is_empty() {
                kept.push(';');
            }
            kept.push_str(&property);
            kept.push(':');
            kept.push_str(value);
        }
    }
    kept
}

/// No functions but colours, no escapes, nothing that ends elsewhere, no pulling out of place.
fn is_plain_value(property: &str, value: &str) -> bool {
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '#' | '%' | '.' | ',' | '-' | '!' | '\'' | '"' | '(' | ')' | '/' | '_' | '+')
    };
    if value.is_empty() || value.len() > 300 || !value.chars().all(plain) {
        return false;
    }
    let even = |quote: char| value.matches(quote).count().is_multiple_of(2);
    if !even('"') || !even('\'') {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(open) = rest.find('(') {
        let name = rest[..open].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !matches!(name, "rgb" | "rgba" | "hsl" | "hsla") {
            return false;
        }
        rest = &rest[open + 1..];
    }
    let negative = property.starts_with("margin") && lower.split_whitespace().any(|length| length.starts_with('-'));
    let hidden_text = property == "text-indent" && lower.starts_with('-');
    let shown = property != "display"
        || matches!(
            lower.trim_end_matches("!important").trim(),
            "none"
                | "block"
                | "inline"
                | "inline-block"
                | "table"
                | "table-cell"
                | "table-row"
                | "list-item"
                | "inline-table"
        );
    shown && !negative && !hidden_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(PROPERTIES.is_sorted());
        assert_eq!(
            style("COLOR: red; position: fixed; background: url(x); width: 10px !important"),
            "color:red;width:10px !important"
        );
    }
}
