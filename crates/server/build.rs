//! A fresh clone has no built web parts yet: the server then embeds a page that says how to build them, and no widget.

use std::{fs, path::Path};

const PAGE: &str = "<!doctype html><meta charset=utf-8><title>Shopbell</title>
<p>The desk is not built into this binary. Run <code>make build</code> or <code>make demo</code>.</p>
";

fn main() -> std::io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk/dist");
    if !dist.join("index.html").exists() {
        fs::create_dir_all(&dist)?;
        fs::write(dist.join("index.html"), PAGE)?;
    }
    let widget = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/widget/dist");
    fs::create_dir_all(&widget)?;
    for built in [dist, widget] {
        println!("cargo::rerun-if-changed={}", built.display());
    }
    Ok(())
}
