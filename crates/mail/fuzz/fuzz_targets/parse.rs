//! Any bytes are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    if let Ok(mail) = mail::parse::parse(raw) {
        mail.fold();
        assert!(!mail.subject.contains(['\r', '\n']));
        assert!(mail.attachments.iter().all(|one| !one.name.is_empty() && !one.name.contains(['/', '\\'])));
    }
});
