//! Spans as a collector gets them, held against what the target got.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use schedule_server::domain::policy::Policies;
use schedule_server::domain::retry::{Delay, Retry};
use schedule_server::domain::target::Request;
use schedule_server::sender::{Call, Sender};
use schedule_server::telemetry::metrics::{LockKind, Metrics};
use schedule_server::telemetry::traces::{OccurrenceSpan, Span as Sent, TraceSettings, Tracer};
use serde_json::json;
use tokio::net::TcpListener;

use super::exposition::Exposition;
use super::metrics::scrape_until;
use crate::firing::sending::{attempt, request, sender};
use crate::support::app::App;
use crate::support::target::{Arrival, Target};

/// All spans that came, decoded by the protocol's own types.
fn spans(collector: &Target) -> Vec<Span> {
    let mut spans = Vec::new();
    for arrival in collector.arrivals() {
        assert_eq!(arrival.path, "/v1/traces");
        assert_eq!(arrival.header("content-type"), "application/json");
        let request: ExportTraceServiceRequest = serde_json::from_str(&arrival.body).unwrap();
        for resource in request.resource_spans {
            let about = texts(&resource.resource.unwrap().attributes);
            assert_eq!(about["service.name"], "schedule-server");
            spans.extend(
                resource
                    .scope_spans
                    .into_iter()
                    .flat_map(|scope| scope.spans),
            );
        }
    }
    spans
}

fn texts(
    attributes: &[opentelemetry_proto::tonic::common::v1::KeyValue],
) -> BTreeMap<String, String> {
    let text = |value: &Any| match value {
        Any::StringValue(text) => text.clone(),
        Any::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let value = |value: &Option<opentelemetry_proto::tonic::common::v1::AnyValue>| {
        text(value.as_ref().unwrap().value.as_ref().unwrap())
    };
    attributes
        .iter()
        .map(|a| (a.key.clone(), value(&a.value)))
        .collect()
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn traceparent(span: &Span) -> String {
    format!("00-{}-{}-01", hex(&span.trace_id), hex(&span.span_id))
}

fn trace_of(arrival: &Arrival) -> String {
    arrival.fire_id().replace('-', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_gets_a_trace_of_each_occurrence() {
    let (target, collector) = (Target::start().await, Target::start().await);
    let endpoint = format!("--otlp-endpoint={}/", collector.url);
    let token = "--otlp-headers=authorization=Bearer%20t";
    let app = App::start(&[&endpoint, token]).await;
    let retry = Policies {
        retry: Some(Retry {
            attempts: 2,
            delay: Delay::FixedMs(10),
            ..Retry::default()
        }),
        ..Policies::default()
    };
    let secret = target
        .at("/ok?token=geheim")
        .replace("http://", "http://user:pass@");
    app.fire_request("good", Request::get(secret), Policies::default())
        .await;
    app.fire_with("bad", &target.at("/status/503"), retry).await;
    app.final_entry("good").await;
    app.final_entry("bad").await;
    app.server.stop().await;

    assert!(
        collector
            .arrivals()
            .iter()
            .all(|a| a.header("authorization") == "Bearer t")
    );
    let all = spans(&collector);
    let (attempts, occurrences): (Vec<_>, Vec<_>) = all.iter().partition(|s| s.name == "fire");
    assert_eq!((attempts.len(), occurrences.len()), (3, 2));
    let mut sent: Vec<String> = attempts.iter().map(|span| traceparent(span)).collect();
    let arrivals = target.arrivals();
    let mut received: Vec<String> = arrivals
        .iter()
        .map(|a| a.header("traceparent").to_owned())
        .collect();
    sent.sort();
    received.sort();
    assert_eq!(sent, received, "what the target got is what was exported");

    for arrival in &arrivals {
        let parent = arrival.header("traceparent");
        let span = attempts
            .iter()
            .find(|span| traceparent(span) == parent)
            .unwrap();
        assert_eq!(
            hex(&span.trace_id),
            trace_of(arrival),
            "the trace is the fire id"
        );
        let occurrence = occurrences
            .iter()
            .find(|o| o.span_id == span.parent_span_id)
            .unwrap();
        assert_eq!(occurrence.trace_id, span.trace_id);
        assert_eq!(span.kind(), SpanKind::Client);
        assert!(occurrence.start_time_unix_nano <= span.start_time_unix_nano);
        let about = texts(&span.attributes);
        assert_eq!(about["schedule.job.id"], arrival.job_id());
        assert_eq!(
            about["schedule.attempt"],
            arrival.header("x-schedule-attempt")
        );
        assert_eq!(
            about["schedule.fire_at"],
            arrival.header("x-schedule-fire-at")
        );
        assert_eq!(about["http.request.method"], "GET");
        assert!(about["schedule.lateness_ms"].parse::<i64>().unwrap() >= 0);
        assert!(about.contains_key("schedule.phase.first_byte_us"));
        let names: Vec<&str> = occurrence.events.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["claimed", "checked", "locked", "sent"]);
        let good = arrival.job_id() == "good";
        for span in [span, occurrence] {
            let code = span.status.as_ref().unwrap().code();
            assert_eq!(code == StatusCode::Error, !good, "{span:?}");
            let about = texts(&span.attributes);
            let outcome = if good { "succeeded" } else { "failed" };
            assert_eq!(about["schedule.outcome"], outcome);
            assert_eq!(
                about.get("schedule.reason").map(String::as_str),
                (!good).then_some("status")
            );
        }
        let (path, status) = if good {
            ("/ok", "200")
        } else {
            ("/status/503", "503")
        };
        assert_eq!(
            about["url.full"],
            target.at(path),
            "no query, no credentials"
        );
        assert_eq!(about["http.response.status_code"], status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_collector_holds_nothing_back() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("--otlp-endpoint=http://{}", closed.local_addr().unwrap());
    drop(closed);
    let (app, target) = (App::start(&[&endpoint]).await, Target::start().await);
    app.fire_now("job", &target.at("/ok")).await;
    assert_eq!(app.outcome("job").await, ("succeeded", None));
    let failed = "schedule_spans_total{result=\"failed\"}";
    scrape_until(&app, failed, 2.0).await;
}

#[tokio::test]
async fn a_full_queue_drops_and_counts() {
    let collector = Target::start().await;
    let metrics = Metrics::new(LockKind::Store).unwrap();
    let settings = TraceSettings {
        endpoint: collector.at("/hang"),
        headers: Vec::new(),
        replica: "r".to_owned(),
    };
    let tracer = Tracer::start(settings, metrics.clone()).unwrap();
    let claim = attempt(request(&json!({"url": "http://h/"}))).claim;
    for _ in 0..10_000 {
        let span = OccurrenceSpan {
            occurrence: claim.occurrence.clone(),
            attempts: 1,
            steps: None,
            sent_at: None,
            ended_at: claim.due_at,
            state: schedule_server::domain::occurrence::OccurrenceState::Succeeded,
            reason: None,
            error: None,
        };
        tracer.push(|| Sent::Occurrence(Box::new(span)));
    }
    let seen = Exposition::read(&metrics.exposition());
    assert_eq!(
        seen.get("schedule_spans_total{result=\"dropped\"}"),
        10_000.0 - 8_192.0
    );
}

#[tokio::test]
async fn without_a_collector_the_fire_id_is_still_the_trace() {
    let target = Target::start().await;
    let headers = json!([
        {"name": "traceparent", "value": "00-11111111111111111111111111111111-2222222222222222-01"},
        {"name": "tracestate", "value": "vendor=1"},
    ]);
    let asked = request(&json!({"url": target.at("/ok"), "headers": headers}));
    let sender = sender();
    for _ in 0..2 {
        sender
            .send(Call::of(&attempt(asked.clone())).unwrap())
            .await;
    }
    let arrivals = target.arrivals();
    for arrival in &arrivals {
        let parent = arrival.header("traceparent");
        assert!(
            parent.starts_with(&format!("00-{}-", trace_of(arrival))),
            "{parent}"
        );
        assert!(parent.ends_with("-00"), "nobody keeps its span: {parent}");
        assert_eq!(arrival.header("tracestate"), "");
    }
    assert_ne!(
        arrivals[0].header("traceparent"),
        arrivals[1].header("traceparent")
    );
}
