//! A wrong setting stops the start with its name and how to mend it.

use std::path::{Path, PathBuf};

use base::{Config, Error, Wrong};
use server::settings::load;
use tempfile::TempDir;

fn with(file: Option<&Path>, variables: &[(&str, &str)]) -> Result<Config, Vec<Wrong>> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load(file, variables.collect::<Vec<_>>().into_iter()).map_err(|error| match error {
        Error::Invalid(wrong) => wrong,
        other => panic!("{other}"),
    })
}

fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shopbell.toml");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

fn refused(file: Option<&str>, variables: &[(&str, &str)], field: &str, why: &str) {
    let written = file.map(written);
    let wrong = with(written.as_ref().map(|(_, path)| path.as_path()), variables).unwrap_err();
    let found = wrong.iter().find(|wrong| wrong.field.starts_with(field));
    let found = found.unwrap_or_else(|| panic!("nothing about {field} in {wrong:?}"));
    assert!(found.why.contains(why), "{found:?} should say {why:?}");
}

#[test]
fn variables_override_the_file_and_the_file_the_defaults() {
    let (_folder, file) = written("listen = \"127.0.0.1:1\"\nmax_body_mb = 3\n");
    let config = with(Some(&file), &[("SHOPBELL_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")]).unwrap();
    assert_eq!((config.listen.as_str(), config.max_body_mb, config.drain_seconds), ("127.0.0.1:2", 3, 25));
    let config = with(None, &[("SHOPBELL_CONFIG", file.to_str().unwrap())]).unwrap();
    assert_eq!(config.listen, "127.0.0.1:1");
    let (folder, _file) = written("max_body_mb = 4\n");
    let config = with(None, &[("SHOPBELL_DATA_DIR", folder.path().to_str().unwrap())]).unwrap();
    assert_eq!(config.max_body_mb, 4, "found in the data folder");
}

#[test]
fn text_variables_become_what_the_setting_is() {
    let variables = [
        ("SHOPBELL_TRUSTED_PROXIES", "10.0.0.1, ::1"),
        ("SHOPBELL_DATA_DIR", "12345"),
        ("SHOPBELL_MAX_BODY_MB", "7"),
        ("SHOPBELL_SECRET_KEY", "0000000000000000000000000000000000000000000="),
    ];
    let config = with(None, &variables).unwrap();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.data_dir, Path::new("12345"));
    assert_eq!(config.max_body_mb, 7);
}

#[test]
fn a_wrong_setting_is_named_with_the_way_to_mend_it() {
    refused(None, &[("SHOPBELL_LISTNE", "x")], "SHOPBELL_LISTNE", "use one of:");
    refused(None, &[("SHOPBELL_LISTEN", "localhost")], "SHOPBELL_LISTEN", "such as 127.0.0.1:7070");
    refused(None, &[("SHOPBELL_MAX_BODY_MB", "ten")], "SHOPBELL_MAX_BODY_MB", "whole number");
    refused(None, &[("SHOPBELL_DATABASE_URL", "mysql://x")], "SHOPBELL_DATABASE_URL", "sqlite: or postgres://");
    refused(None, &[("SHOPBELL_TRUSTED_PROXIES", "10.0.0.x")], "SHOPBELL_TRUSTED_PROXIES", "such as 127.0.0.1");
    refused(None, &[("SHOPBELL_DRAIN_SECONDS", "-1")], "SHOPBELL_DRAIN_SECONDS", "0 or more");
    refused(Some("drain_seconds = -1"), &[], "drain_seconds (in ", "0 or more");
    refused(Some("drain_seconds = 999999"), &[], "drain_seconds (in ", "between 0 and 3600");
    refused(Some("colour = 1"), &[], "colour (in ", "is not a setting");
    refused(Some("listen = 7070"), &[], "listen (in ", "must be");
    refused(Some("max_body_mb = \"ten\""), &[], "max_body_mb (in ", "must be");
    refused(Some("max_body_mb = 100000"), &[], "max_body_mb (in ", "between 1 and 1024");
    refused(Some("listen = "), &[], "settings (in ", "line 1");
    refused(None, &[("SHOPBELL_CONFIG", "/nowhere/shopbell.toml")], "/nowhere/shopbell.toml", "cannot be read");
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_named_and_never_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "no database").unwrap();
    let open = async |config: Config| match server::node::open(config).await {
        Err(Error::Invalid(wrong)) => wrong,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was opened"),
    };
    let data = Config { data_dir: file.clone(), ..Config::default() };
    let garbage = Config { database_url: format!("sqlite:{}", file.display()), ..Config::default() };
    for (config, field) in [(data, "database_url"), (garbage, "database_url")] {
        let wrong = open(config).await;
        assert_eq!(wrong[0].field, field, "{wrong:?}");
        assert!(wrong[0].why.contains("a-file"), "{wrong:?}");
    }
    let elsewhere = crate::postgres::database().await;
    let missing = elsewhere.rsplit_once('/').unwrap().0.replace("postgres://postgres@", "postgres://postgres:hunter2@");
    let wrong = open(Config {
        database_url: format!("{missing}/nowhere"),
        data_dir: folder.path().join("d"),
        ..Config::default()
    })
    .await;
    assert_eq!(wrong[0].field, "database_url", "{wrong:?}");
    assert!(wrong[0].why.contains("nowhere") && !wrong[0].why.contains("hunter2"), "{wrong:?}");
    let key = folder.path().join("secret.key");
    std::fs::write(&key, "not a key").unwrap();
    let wrong = open(Config { data_dir: folder.path().to_owned(), ..Config::default() }).await;
    assert!(wrong[0].field == "secret_key" && wrong[0].why.contains("secret.key"), "{wrong:?}");
}

#[tokio::test]
async fn nobody_else_on_the_machine_reads_along() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("made");
    let app = server::node::open(Config { data_dir: data_dir.clone(), ..Config::default() }).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data_dir), 0o700);
    for file in ["shopbell.db", "shopbell.db-wal", "secret.key"] {
        assert_eq!(mode(&data_dir.join(file)), 0o600, "{file}");
    }
    app.db().close().await;
}

#[test]
fn a_data_folder_that_cannot_be_one_is_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    for place in [file.clone(), file.join("below")] {
        let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_shopbell"));
        server.arg("serve").env("SHOPBELL_DATA_DIR", &place).env("SHOPBELL_LISTEN", "127.0.0.1:0");
        let output = server.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("data_dir"), "{said}");
        assert!(said.contains("a-file") && said.contains("Name a folder"), "{said}");
        let mut look = std::process::Command::new(env!("CARGO_BIN_EXE_shopbell"));
        let output = look.args(["quarantine", "list"]).env("SHOPBELL_DATA_DIR", folder.path().join("none")).output();
        let said = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
        assert!(said.contains("there is no installation at"), "{said}");
        assert!(!folder.path().join("none").exists(), "a look makes nothing");
    }
}
