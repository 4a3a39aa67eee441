//! The contact form in a real browser: framed on a page of the shop, and by itself with scripts switched off. What the
//! browser does is told in `web/desk/e2e/form.mjs`.

use std::{net::TcpListener, path::Path, process::Command};

use base::Engine;
use serde_json::json;

use crate::process::{Installation, Server};

#[test]
fn a_form_in_a_browser() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let installation = Installation::new(Engine::Sqlite).await;
        let server = installation.serve().await;
        let site = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let inbox = inbox(&installation, &server, &format!("http://{site}")).await;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk/e2e/form.mjs");
        let told = Command::new("node")
            .arg(script)
            .env("BASE_URL", format!("http://{}", server.address))
            .env("INBOX", inbox.to_string())
            .env("SITE_PORT", site.port().to_string())
            .env("OUT", Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e-shots").join("form"))
            .output()
            .expect("Node.js is needed to drive the browser");
        let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
        assert!(told.status.success(), "{out}{err}{}", server.said());
    });
}

async fn inbox(installation: &Installation, server: &Server, site: &str) -> i64 {
    let client = installation.client(server);
    assert_eq!(client.patch("/api/v1/shop", json!({ "name": "Fjellvik" })).await.0, 200);
    let body = json!({ "channel": "form", "name": "Contact", "address": "contact", "settings": { "origins": site } });
    let (status, inbox) = client.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}
