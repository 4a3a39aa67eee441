//! The widget's files: for pages of any site, kept by browsers as long as they may be, and small.

use std::{fs, path::Path};

use reqwest::{Method, Response, header};

use crate::harness::TestApp;

async fn get(app: &TestApp, path: &str, known: Option<&str>) -> Response {
    let nobody = app.nobody();
    let request = nobody.request(Method::GET, path).header(header::ORIGIN, "https://any.example");
    nobody.send(request.header(header::IF_NONE_MATCH, known.unwrap_or("\"none\""))).await
}

fn head<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

story!(the_widget_loads_on_pages_of_any_site, |app| async move {
    let loader = get(&app, "/widget.js", None).await;
    assert_eq!(loader.status(), 200, "run scripts/web.sh");
    assert_eq!(head(&loader, "access-control-allow-origin"), "*");
    assert_eq!(head(&loader, "cross-origin-resource-policy"), "cross-origin");
    assert!(head(&loader, "content-type").starts_with("text/javascript"));
    assert_eq!(head(&loader, "cache-control"), "public, max-age=300", "an upgrade is seen soon");
    let tag = head(&loader, "etag").to_owned();
    let code = loader.text().await.unwrap();
    assert_eq!(get(&app, "/widget.js", Some(&tag)).await.status(), 304);
    // It names the panel by its content; an older loader finds it without.
    let panel = code.split("widget/panel-").nth(1).and_then(|rest| rest.split(".js").next()).unwrap();
    let path = format!("/widget/panel-{panel}.js");
    let now = get(&app, &path, None).await;
    assert_eq!(now.status(), 200, "{path}");
    assert_eq!(head(&now, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(head(&now, "access-control-allow-origin"), "*");
    let alias = get(&app, "/widget/panel.js", None).await;
    assert_eq!(head(&alias, "cache-control"), "no-cache");
    assert!(alias.text().await.unwrap().contains(panel), "the alias leads to the same");
});

story!(nothing_else_comes_from_there, |app| async move {
    for path in
        ["/widget/panel-old.js", "/widget/", "/widget/../widget.js/x", "/widget/index.html", "/widget/%2e%2e/secret"]
    {
        let response = get(&app, path, None).await;
        assert!(!response.text().await.unwrap().contains("shopbell("), "{path}");
    }
    assert_eq!(get(&app, "/widget/panel-old.js", None).await.status(), 404);
    // Only the widget's files say that any site may load them.
    let desk = get(&app, "/", None).await;
    assert_eq!(head(&desk, "access-control-allow-origin"), "");
});

/// What a strict policy forbids is not in what is shipped.
#[test]
fn the_widget_needs_nothing_that_a_strict_policy_forbids() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/widget/dist");
    let mut files: Vec<_> = fs::read_dir(dist.join("widget")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(dist.join("widget.js"));
    assert!(files.len() > 8, "run scripts/web.sh");
    for file in files {
        let code = fs::read_to_string(&file).unwrap();
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", ".cookie"]
        {
            assert!(!code.contains(word), "{}: {word}", file.display());
        }
    }
}
