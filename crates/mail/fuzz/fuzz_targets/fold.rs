//! Folding loses no line, and splitting HTML never fails.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let folded = mail::quote::fold_text(text);
    let count = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(count(&folded.reply) + count(&folded.quoted) + count(&folded.signature), count(text));
    mail::quote::fold_html(text);
    mail::html::to_text(text);
});
