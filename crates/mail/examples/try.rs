fn main() {
    for file in std::env::args().skip(1) {
        let v = mail::report::try_mail(file.rsplit('/').next().unwrap(), &std::fs::read(&file).unwrap());
        let cut = |k: &str| {
            let s = v[k].as_str().unwrap_or("-").replace('\n', "⏎");
            s.chars().take(230).collect::<String>()
        };
        println!(
            "## {} from={} subj={} auto={} bounce={}",
            v["file"], v["from"], v["subject"], v["automatic"], v["bounce"]
        );
        println!("   R: {}\n   Q: {}\n   S: {}", cut("reply"), cut("quoted"), cut("signature"));
        for a in v["attachments"].as_array().into_iter().flatten() {
            println!("   A: {} {} {}", a["name"], a["content_type"], a["size"]);
        }
    }
}
