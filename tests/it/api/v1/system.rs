//! `GET /api/v1/system`: what the server tells of itself.

use schedule_server::clock::SystemClock;
use schedule_server::config::Config;

use super::*;
use crate::support::redis::Redis;

#[tokio::test]
async fn a_server_tells_what_it_is() {
    let (api, clock) = Api::at("2031-05-01T12:00:00Z").await;
    api.create("a", &hourly()).await;
    clock.advance(chrono::TimeDelta::seconds(2));
    let told = ok(&api.0.get("/api/v1/system").await, 200);
    assert_eq!(told["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(told["started_at"], json!("2031-05-01T12:00:00.000Z"));
    assert_eq!(told["now"], json!("2031-05-01T12:00:02.000Z"));
    assert_eq!(told["uptime_s"], json!(2));
    assert_eq!(told["time_zones"], json!(chrono_tz_version()));
    assert_eq!(
        told["jobs"]["by_type"],
        json!({"date": 0, "interval": 1, "cron": 0})
    );
    let store = &told["store"];
    assert_eq!(store["kind"], json!("sqlite"));
    assert_eq!(store["schema_version"], json!(1));
    assert!(store["wal_bytes"].as_u64().unwrap() > 0, "{store}");
    let replicas = told["replicas"].as_array().unwrap();
    assert_eq!(replicas.len(), 1);
    assert_eq!(replicas[0]["replica"], told["replica"]);
    assert_eq!(replicas[0]["self"], json!(true));
    assert_eq!(replicas[0]["alive"], json!(true));
    assert_eq!(told["lock"]["kind"], json!("store"));
    let settings = told["settings"].as_array().unwrap();
    let config = Config::from_args([]).unwrap();
    assert_eq!(settings.len(), config.shown.len());
    for (setting, known) in settings.iter().zip(&config.shown) {
        assert_eq!(setting["name"], json!(known.name));
        assert_eq!(setting["default"], json!(known.default));
        assert!(!setting["help"].as_str().unwrap().is_empty(), "{setting}");
    }
    let bind = settings.iter().find(|s| s["name"] == "BIND").unwrap();
    assert_eq!(
        (&bind["value"], &bind["origin"]),
        (&json!("127.0.0.1:0"), &json!("flag"))
    );
}

/// As the server's own data say it; the test has no other source.
fn chrono_tz_version() -> &'static str {
    schedule_server::domain::zone::DATABASE_VERSION
}

#[tokio::test]
async fn no_password_is_told() {
    let redis = Redis::start().await;
    let url = redis.url().replace("redis://", "redis://:hunter2@");
    let flags = [format!("--redis-url={url}")];
    let flags = [flags[0].as_str()];
    let clock = Arc::new(SystemClock::new());
    let server = TestServer::with_file("u:hunter3@s.db", &flags, clock).await;
    let reply = server.get("/api/v1/system").await;
    let told = ok(&reply, 200);
    assert_eq!(told["lock"]["kind"], json!("redis"));
    for secret in ["hunter2", "hunter3"] {
        assert!(!reply.text().contains(secret), "{}", reply.text());
    }
    let shown = told["settings"].as_array().unwrap().iter();
    let shown: Vec<_> = shown
        .filter(|s| s["value"].as_str().unwrap().contains("://***@"))
        .collect();
    assert_eq!(shown.len(), 2);
}
