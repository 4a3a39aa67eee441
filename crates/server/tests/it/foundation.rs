//! What every part of the API has in common, whatever it is about.

story!(a_node_that_runs_says_so, |app| async move {
    let (status, body) = app.nobody().get("/healthz").await;
    assert_eq!((status, body.as_str()), (200, Some("ok\n")));
});
