//! Test data that is shared between projects and not copied into this one.

use std::path::PathBuf;

/// `shared/data/{what}` above this crate or below `SHOPBELL_TEST_DATA`. Where it is absent one line says so.
pub fn data(what: &str) -> Option<PathBuf> {
    let named = std::env::var_os("SHOPBELL_TEST_DATA").map(PathBuf::from);
    let above = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let found = named
        .into_iter()
        .chain(above.ancestors().map(|folder| folder.join("shared/data")))
        .map(|folder| folder.join(what))
        .find(|folder| folder.exists());
    if found.is_none() {
        println!("skipped: no shared/data/{what} here; SHOPBELL_TEST_DATA may name its folder");
    }
    found
}

/// All files below a folder, sorted.
pub fn files(folder: &std::path::Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Processor time of this thread in milliseconds; the wall clock would measure the neighbours.
pub fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = stat.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0.0);
    nanoseconds / 1e6
}
