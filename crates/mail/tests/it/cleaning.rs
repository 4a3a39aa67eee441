//! Hostile HTML: what may never come out, and what must.

use mail::clean::{CleanOptions, Remote, clean};

fn safe(html: &str) -> String {
    clean(html, &CleanOptions::default()).html
}

#[test]
fn nothing_runs_loads_or_covers() {
    let hostile = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"jAvAsCrIpT:alert(1)\">x</a>",
        "<a href=\" &#14; javascript:alert(1)\">x</a>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<a href=\"vbscript:x\">x</a>",
        "<a href=\"//evil.example\">x</a>",
        "<iframe src=https://evil.example></iframe>",
        "<object data=x></object>",
        "<embed src=x>",
        "<form action=https://evil.example><input name=password><button>go</button></form>",
        "<meta http-equiv=refresh content=0;url=//evil>",
        "<base href=//evil.example>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<style>@import url(//evil.example)</style>",
        "<div style=\"background:url(https://evil.example/x.png)\">x</div>",
        "<div style=\"background-image:url(x)\">x</div>",
        "<div style=\"position:fixed;top:0;left:0;width:100%;height:100%\">x</div>",
        "<div style=\"width:expression(alert(1))\">x</div>",
        "<div style=\"color:red;background:u\\72l(//evil)\">x</div>",
        "<div style=\"behavior:url(x)\">x</div>",
        "<div style=\"-moz-binding:url(x)\">x</div>",
        "<div style='font-family:\"a;position:fixed;\"'>x</div>",
        "<table background=//evil.example/x.png><tr><td background=x>y</table>",
        "<img srcset=\"https://evil.example/x 1x\">",
        "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
        "<img src=\"data:text/html;base64,PHN2Zz4=\">",
        "<video src=x onerror=alert(1)>",
        "<audio src=https://evil.example>",
        "<template><script>alert(1)</script></template>",
        "<textarea><script>alert(1)</script></textarea>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<plaintext><img onerror=alert(1)>",
        "<p id=x name=cookie class=x onclick=alert(1)>x</p>",
        "<a href=https://x.example onmouseover=alert(1) target=_self>x</a>",
        "<img src=\"https://evil.example/x.png\" style=\"position:absolute\">",
        "<select><option><script>alert(1)</script></select>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<div style=\"margin-left:-9999px;text-indent:-9999px\">x</div>",
        "<input type=image src=//evil.example/x>",
        "<marquee onstart=alert(1)>x</marquee>",
        "<isindex action=javascript:alert(1)>",
        "<a ping=https://evil.example href=https://x.example>x</a>",
        "<img src=x:alert(1) alt='\"><script>alert(1)</script>'>",
        "<div style='color:red;}</style><script>alert(1)</script>'>x",
    ];
    for html in hostile {
        let out = safe(html);
        let lower = out.to_lowercase();
        // What is left as text or inside a quoted attribute is escaped; tags and attributes are looked at.
        let lower: String = lower
            .split(" alt=\"")
            .enumerate()
            .map(|(nth, rest)| if nth == 0 { rest } else { rest.split_once('"').map_or("", |(_, rest)| rest) })
            .collect();
        let lower: String = lower
            .split(" title=\"")
            .enumerate()
            .map(|(nth, rest)| if nth == 0 { rest } else { rest.split_once('"').map_or("", |(_, rest)| rest) })
            .collect();
        let tags: String = lower
            .split('<')
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("|");
        for never in [
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "button",
            "svg",
            "math",
            "style>",
            "meta",
            "link",
            "base ",
            " on",
            "javascript:",
            "vbscript:",
            "data:text",
            "svg+xml",
            "url(",
            "expression",
            "position",
            "behavior",
            "binding",
            "srcset",
            "background=",
            " id=",
            " class=",
            "-9999",
            "ping=",
            "\\",
        ] {
            assert!(!tags.contains(never), "{never:?} of {html:?} survives as {out:?}");
        }
        assert!(!lower.contains(" src=\"http"), "{out}");
        assert_eq!(safe(&out).matches('<').count(), out.matches('<').count(), "cleaning twice differs: {out}");
    }
}

#[test]
fn links_open_elsewhere_and_tell_nothing() {
    let out = safe(
        "<a href=\"https://shop.example/x?a=1&b=2\">x</a> <a href=\"mailto:a@b.example\">m</a> <a href=\"tel:+47\">t</a>",
    );
    assert_eq!(out.matches("rel=\"noopener noreferrer nofollow\"").count(), 3, "{out}");
    assert_eq!(out.matches("target=\"_blank\"").count(), 3, "{out}");
    assert!(out.contains("href=\"https://shop.example/x?a=1&amp;b=2\""), "{out}");
}

#[test]
fn pictures_wait_or_come_from_the_mail() {
    let html = "<p style=\"COLOR: red; position: fixed\">x</p><img src=\"https://track.example/p.gif?a=1&amp;b=2\" width=1 alt=\"a&quot;b\"><img src=\"cid:logo@x\"><img src=\"CID:logo%40x\"><img src=\"cid:gone\"><img src=\"data:image/png;base64,AAAA\">";
    let cid = |id: &str| (id == "logo@x").then(|| "/files/7?sig=\"x".to_owned());
    let held = clean(html, &CleanOptions { cid: &cid, remote: Remote::Hold });
    assert_eq!(held.remote_images, 1);
    assert!(held.html.contains("data-remote-src=\"https://track.example/p.gif?a=1&amp;b=2\""), "{}", held.html);
    assert!(!held.html.contains(" src=\"http"), "{}", held.html);
    assert_eq!(held.html.matches("src=\"/files/7?sig=&quot;x\"").count(), 2, "{}", held.html);
    assert!(
        held.html.contains("src=\"data:image/png;base64,AAAA\"") && held.html.contains("alt=\"a&quot;b\""),
        "{}",
        held.html
    );
    assert!(held.html.contains("style=\"color:red\""), "{}", held.html);
    let kept = clean(html, &CleanOptions { cid: &cid, remote: Remote::Keep });
    assert!(
        kept.html.contains("src=\"https://track.example/p.gif?a=1&amp;b=2\"") && kept.remote_images == 1,
        "{}",
        kept.html
    );
}

#[test]
fn addresses_without_a_scheme_are_secure_ones_and_those_without_a_host_are_none() {
    let html = "<img src=\" //shop.example/a.png\"><img src=\"a.png\"><img src=\"/a.png\"><a href=\"//shop.example/b\">b</a><a href=\"b\">c</a><img src=\"\\\\shop.example/a.png\">";
    let out = clean(html, &CleanOptions::default());
    assert_eq!(out.remote_images, 1, "{}", out.html);
    assert!(out.html.contains("data-remote-src=\"https://shop.example/a.png\""), "{}", out.html);
    assert_eq!(out.html.matches("href=").count(), 1, "{}", out.html);
    assert!(out.html.contains("href=\"https://shop.example/b\""), "{}", out.html);
}

#[test]
fn newsletters_keep_their_looks() {
    let html = "<center><table width=\"600\" cellpadding=\"0\" bgcolor=\"#fff\" style=\"border-collapse:collapse;background:#fafafa;mso-line-height-rule:exactly\"><tr><td align=\"center\" style=\"padding:10px 20px;font:bold 16px/1.5 'Helvetica Neue',Arial;color:rgb(1, 2, 3)\">Sale</td></tr></table></center>";
    let out = safe(html);
    for kept in [
        "width=\"600\"",
        "bgcolor=\"#fff\"",
        "border-collapse:collapse",
        "background:#fafafa",
        "padding:10px 20px",
        "'Helvetica Neue'",
        "rgb(1, 2, 3)",
    ] {
        assert!(out.contains(kept), "{kept}: {out}");
    }
    assert!(!out.contains("mso-"));
}

#[test]
fn text_and_html_turn_into_each_other() {
    use mail::html::{from_text, to_text};
    assert_eq!(
        from_text("a < b & \"c\"\nhttps://x.example/?a=1&b=2.\n\nnext"),
        "<p>a &lt; b &amp; &quot;c&quot;<br>\n<a href=\"https://x.example/?a=1&amp;b=2\">https://x.example/?a=1&amp;b=2</a>.</p>\n<p>next</p>\n"
    );
    assert_eq!(
        to_text(
            "<p>Hello &amp; welcome,</p><p>see <a href=\"https://x.example/a\">here</a></p><ul><li>one</li><li>two</li></ul><script>no</script><style>no</style>"
        ),
        "Hello & welcome,\n\nsee here <https://x.example/a>\n\n- one\n- two"
    );
    assert_eq!(to_text("a<br>b<br><br>c<blockquote>quoted</blockquote>"), "a\nb\n\nc\n\n> quoted");
}
