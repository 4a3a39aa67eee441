//! `/healthz`: the process runs. `/readyz`: it can do its work. `/metrics`: how much it does, for Prometheus.

use std::{fmt::Write, net::SocketAddr, sync::OnceLock, time::Duration};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{App, Error, Result, args, migrate};
use desk::agents::{Permission, Who};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

pub async fn alive() -> &'static str {
    "ok\n"
}

/// 503 with the reason while the database is away, behind, or the node is about to stop.
pub async fn ready(State(app): State<App>) -> Response {
    let checked = tokio::time::timeout(Duration::from_secs(3), check(&app)).await;
    match checked.unwrap_or(Err(Error::Unavailable)) {
        Ok(None) => "ready\n".into_response(),
        Ok(Some(why)) => (StatusCode::SERVICE_UNAVAILABLE, why).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn check(app: &App) -> Result<Option<&'static str>> {
    if app.is_stopping() {
        return Ok(Some("stopping\n"));
    }
    let known = desk::MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    let newest = migrate::newest(app.db()).await?;
    Ok((newest < known).then_some("the database is not migrated\n"))
}

/// Open to programs on the same machine and to admins; the numbers say how busy a shop is.
pub async fn metrics(State(app): State<App>, request: Request) -> Result<Response> {
    let forwarded =
        ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| request.headers().contains_key(*name));
    let near = request.extensions().get::<ConnectInfo<SocketAddr>>().is_some_and(|info| info.0.ip().is_loopback());
    if forwarded || !near {
        let mut parts = request.into_parts().0;
        Who::from_request_parts(&mut parts, &app).await?.may(Permission::ShopManage)?;
    }
    let handle = recorder().ok_or_else(|| Error::internal("another metrics recorder is installed"))?;
    handle.run_upkeep();
    let text = format!("{}{}", handle.render(), queue(&app).await?);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// What waits, read at the moment it is asked for.
async fn queue(app: &App) -> Result<String> {
    let sql = "SELECT CAST(count(*) FILTER (WHERE dead_at IS NULL AND run_at <= $1) AS BIGINT) AS due,
        CAST(count(*) FILTER (WHERE dead_at IS NOT NULL) AS BIGINT) AS dead FROM jobs";
    let row = app.db().one(sql, args![app.now()]).await?;
    let newest = base::events::newest(app).await?;
    let mut text = String::new();
    let _ = write!(
        text,
        "# TYPE shopbell_jobs_due gauge\nshopbell_jobs_due {}\n# TYPE shopbell_jobs_dead gauge\nshopbell_jobs_dead {}\n\
         # TYPE shopbell_listener_lag gauge\n",
        row.int("due")?,
        row.int("dead")?
    );
    for row in app.db().all("SELECT listener, seq FROM cursors ORDER BY listener", args![]).await? {
        let (name, lag) = (row.text("listener")?, newest - row.int("seq")?);
        let _ = writeln!(text, "shopbell_listener_lag{{listener=\"{name}\"}} {lag}");
    }
    Ok(text)
}

/// One per process, whoever asks first.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let seconds = Matcher::Suffix("_seconds".into());
        PrometheusBuilder::new().set_buckets_for_metric(seconds, SECONDS).ok()?.install_recorder().ok()
    };
    RECORDER.get_or_init(install).as_ref()
}
