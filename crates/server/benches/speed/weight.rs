//! What is shipped, and what it weighs.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

use super::table::Line;

pub fn lines(binary: &Path) -> Vec<Line> {
    #[expect(clippy::cast_precision_loss, reason = "sizes of files")]
    let megabytes = fs::metadata(binary).unwrap().len() as f64 / 1_048_576.0;
    let mut lines = vec![Line::new("the binary").note(format!("{megabytes:.1} MB"))];
    let desk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk/dist");
    if let Ok(page) = fs::read_to_string(desk.join("index.html")) {
        let all = scripts(&desk, &page);
        let bytes: usize = all.iter().map(|script| packed(&fs::read(script).unwrap())).sum();
        let note = format!("{} KB in {} files, gzip", bytes / 1000, all.len());
        lines.push(Line::new("the desk's first load, JavaScript").note(note).within("≤ 300 KB", bytes <= 300_000));
    }
    let widget = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/widget/dist");
    if let Ok(loader) = fs::read(widget.join("widget.js")) {
        let files = fs::read_dir(widget.join("widget")).unwrap().flatten();
        let panel: usize = files.map(|file| packed(&fs::read(file.path()).unwrap())).sum();
        let (loader, kb) =
            (packed(&loader), |bytes: usize| format!("{}.{} KB, gzip", bytes / 1024, bytes % 1024 * 10 / 1024));
        lines.push(Line::new("the widget until it is opened").note(kb(loader)).within("≤ 6 KB", loader <= 6 << 10));
        let all = loader + panel;
        let what = "the whole widget, six languages with it";
        lines.push(Line::new(what).note(kb(all)).within("≤ 45 KB", all <= 45 << 10));
    }
    lines
}

/// The scripts that the page names, and those that they import at once; what they import later does not count.
fn scripts(desk: &Path, page: &str) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    let mut next: Vec<PathBuf> =
        quoted(page).filter_map(|path| script(&desk.join(path.trim_start_matches('/')))).collect();
    while let Some(found) = next.pop() {
        let text = fs::read_to_string(&found).unwrap();
        let folder = found.parent().unwrap().to_owned();
        // `import … from"./x.js"` and `import"./x.js"`; `import("./x.js")` is for later.
        let at_once = text
            .match_indices("\"./")
            .filter(|(at, _)| text[..*at].ends_with("from") || text[..*at].ends_with("import"));
        next.extend(at_once.filter_map(|(at, _)| script(&folder.join(text[at + 3..].split('"').next()?))));
        if !all.insert(found) {
            continue;
        }
        next.retain(|path| !all.contains(path));
    }
    all
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn script(path: &Path) -> Option<PathBuf> {
    (path.extension().is_some_and(|end| end == "js") && path.exists()).then(|| path.to_owned())
}

fn packed(bytes: &[u8]) -> usize {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap().len()
}
