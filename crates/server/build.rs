//! A fresh clone has no built desk yet: the server then embeds a page that says how to build it.

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
    println!("cargo::rerun-if-changed={}", dist.display());
    Ok(())
}
