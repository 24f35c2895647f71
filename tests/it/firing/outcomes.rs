//! Targets of every temper: what they receive, what is recorded, and that
//! none of them delays the others.

use tokio::net::TcpListener;

use crate::support::app::App;
use crate::support::target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_can_recognise_the_occurrence() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_now("任务 1", &target.at("/ok?id=1")).await;
    target.wait_for(1).await;
    let arrival = &target.arrivals()[0];
    assert_eq!(arrival.path, "/ok?id=1");
    assert_eq!(arrival.job_id(), "%E4%BB%BB%E5%8A%A1%201");
    assert_eq!(arrival.header("x-schedule-attempt"), "1");
    assert!(arrival.header("user-agent").starts_with("schedule-server/"));
    let entry = app.final_entry("任务 1").await;
    assert_eq!(arrival.fire_id(), entry.occurrence.fire_id().to_string());
    assert_eq!(arrival.fire_at(), entry.occurrence.fire_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_goes_to_the_ledger() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_now("good", &target.at("/ok")).await;
    app.fire_now("bad", &target.at("/status/500")).await;
    app.fire_now("moved", &target.at("/status/307")).await;
    assert_eq!(app.outcome("good").await, ("succeeded", None));
    assert_eq!(app.outcome("bad").await, ("failed", Some("status")));
    assert_eq!(app.outcome("moved").await, ("failed", Some("status")));
    let entry = app.final_entry("bad").await;
    assert_eq!(
        (entry.status, entry.body.as_deref()),
        (Some(500), Some("as asked"))
    );
    assert!(entry.error.unwrap().contains("500"));
    assert!(entry.lateness_ms.unwrap() >= 0 && entry.duration_ms.unwrap() >= 0);
    let good = app.final_entry("good").await;
    assert_eq!((good.status, good.body.as_deref()), (Some(200), Some("ok")));
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_recorded_by_its_kind() {
    let app = App::start(&["--send-timeout=1s"]).await;
    let target = Target::start().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}/x", closed.local_addr().unwrap());
    drop(closed);
    let cases = [
        ("refused", refused, "connect"),
        ("hangs", target.at("/hang"), "timeout"),
        ("cut", target.at("/close"), "broken"),
        ("no-url", "not a url".to_owned(), "invalid_url"),
        ("empty", String::new(), "invalid_url"),
        ("scheme", "ftp://target.example/x".to_owned(), "invalid_url"),
    ];
    for (job, url, _) in &cases {
        app.fire_now(job, url).await;
    }
    for (job, _, reason) in &cases {
        assert_eq!(app.outcome(job).await, ("failed", Some(*reason)), "{job}");
        assert!(app.final_entry(job).await.error.is_some(), "{job}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_is_cut_off() {
    let (app, target) = (App::start(&[]).await, Target::start().await);
    app.fire_now("endless", &target.at("/endless")).await;
    assert_eq!(app.outcome("endless").await, ("succeeded", None));
    let body = app.final_entry("endless").await.body.unwrap();
    assert_eq!(body.len(), 4096);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hung_host_delays_nobody_else() {
    let limits = [
        "--send-concurrency=20",
        "--send-concurrency-per-host=10",
        "--drain-timeout=1s",
    ];
    let app = App::start(&limits).await;
    let (hung, healthy) = (Target::start().await, Target::start().await);
    for n in 0..40 {
        app.fire_now(&format!("hung-{n}"), &hung.at("/hang")).await;
    }
    hung.wait_for(10).await;
    for n in 0..40 {
        app.fire_now(&format!("healthy-{n}"), &healthy.at("/ok"))
            .await;
    }
    healthy.wait_for(40).await;
    assert_eq!(hung.arrivals().len(), 10, "the limit per host holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_too_long_for_a_slot_is_recorded() {
    let limits = ["--send-concurrency-per-host=1", "--send-wait=500ms"];
    let app = App::start(&limits).await;
    let target = Target::start().await;
    app.fire_now("first", &target.at("/hang")).await;
    target.wait_for(1).await;
    app.fire_now("second", &target.at("/ok")).await;
    assert_eq!(app.outcome("second").await, ("failed", Some("send_limit")));
    assert_eq!(target.arrivals().len(), 1, "it was not sent");
}
