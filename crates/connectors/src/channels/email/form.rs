//! The form of an email inbox: what can be set, what holds while nothing is filled in, and whom secrets are shown to.

use crate::setting::{Setting, SettingKind};

pub(super) const GOOGLE: &str = "https://oauth2.googleapis.com/token";
pub(super) const MICROSOFT: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
pub(super) const MICROSOFT_SCOPE: &str =
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";

/// The ports of a kind of server: with TLS from the start, and otherwise.
pub(super) struct Ports {
    pub tls: u16,
    pub other: u16,
}
pub(super) const IMAP_PORTS: Ports = Ports { tls: 993, other: 143 };
pub(super) const SMTP_PORTS: Ports = Ports { tls: 465, other: 587 };

// What holds while nothing is filled in. The form shows the same values.
pub(super) const FOLDER: &str = "INBOX";
pub(super) const IDLE: bool = true;
pub(super) const POLL_SECONDS: u64 = 30;
pub(super) const BACKFILL_DAYS: u64 = 1;
pub(super) const MAX_MB: u64 = 60;
pub(super) const PLUS_ADDRESSING: bool = true;

pub(super) const IMAP_PASSWORD: &[&str] = &["imap.host", "imap.port", "imap.security", "imap.ca", "imap.username"];
pub(super) const SMTP_PASSWORD: &[&str] = &["smtp.host", "smtp.port", "smtp.security", "smtp.ca", "smtp.username"];
pub(super) const CLIENT_SECRET: &[&str] = &["oauth.provider", "oauth.token_url", "oauth.client_id"];
/// The access tokens that are had for it go to the mail servers.
pub(super) const REFRESH_TOKEN: &[&str] = &[
    "oauth.provider",
    "oauth.token_url",
    "oauth.client_id",
    "imap.host",
    "imap.port",
    "imap.security",
    "imap.ca",
    "smtp.host",
    "smtp.port",
    "smtp.security",
    "smtp.ca",
];

/// The form of an email inbox, from top to bottom.
pub fn schema() -> Vec<Setting> {
    use SettingKind::{Choice, Number, Switch, Text};
    let (field, secret) = (Setting::optional, Setting::secret);
    let security = |key, label| field(key, Choice(vec!["tls", "starttls", "plain"]), label).usually("tls");
    let port = |key, label, Ports { tls, other }: Ports, security| {
        field(key, Number, label).usually(tls).usually_by(security, [("starttls", other), ("plain", other)])
    };
    let by_provider = [("google", GOOGLE), ("microsoft", MICROSOFT)];
    vec![
        field("imap.host", Text, "email-imap-host"),
        port("imap.port", "email-imap-port", IMAP_PORTS, "imap.security"),
        security("imap.security", "email-imap-security"),
        field("imap.username", Text, "email-imap-username"),
        secret("imap.password", "email-imap-password", IMAP_PASSWORD),
        field("imap.folders", Text, "email-imap-folders").usually(FOLDER),
        field("imap.idle", Switch, "email-imap-idle").usually(IDLE),
        field("imap.poll_seconds", Number, "email-imap-poll-seconds").usually(POLL_SECONDS),
        field("imap.backfill_days", Number, "email-imap-backfill-days").usually(BACKFILL_DAYS),
        field("imap.after_fetch", Text, "email-imap-after-fetch").usually("leave"),
        field("imap.max_mb", Number, "email-imap-max-mb").usually(MAX_MB),
        field("imap.allow_plain", Switch, "email-imap-allow-plain").usually(false),
        field("imap.ca", Text, "email-imap-ca"),
        field("smtp.host", Text, "email-smtp-host"),
        port("smtp.port", "email-smtp-port", SMTP_PORTS, "smtp.security"),
        security("smtp.security", "email-smtp-security"),
        field("smtp.username", Text, "email-smtp-username"),
        secret("smtp.password", "email-smtp-password", SMTP_PASSWORD),
        field("smtp.per_minute", Number, "email-smtp-per-minute"),
        field("smtp.allow_plain", Switch, "email-smtp-allow-plain").usually(false),
        field("smtp.ca", Text, "email-smtp-ca"),
        field("oauth.provider", Choice(vec!["google", "microsoft", "other"]), "email-oauth-provider"),
        field("oauth.client_id", Text, "email-oauth-client-id"),
        secret("oauth.client_secret", "email-oauth-client-secret", CLIENT_SECRET),
        secret("oauth.refresh_token", "email-oauth-refresh-token", REFRESH_TOKEN),
        field("oauth.token_url", Text, "email-oauth-token-url").usually_by("oauth.provider", by_provider),
        field("oauth.scope", Text, "email-oauth-scope").usually_by("oauth.provider", [("microsoft", MICROSOFT_SCOPE)]),
        field("plus_addressing", Switch, "email-plus-addressing").usually(PLUS_ADDRESSING),
        field("authserv_id", Text, "email-authserv-id"),
        field("trust_auth_results", Switch, "email-trust-auth-results").usually(false),
    ]
}
