//! Whom an https target must prove to be.

use schedule_server::domain::target::Request;
use schedule_server::sender::{Call, Sender};
use serde_json::json;

use super::sending::{attempt, reason, request, send, sender};
use crate::support::target::Target;

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let (target, pem) = Target::start_tls().await;
    let (_, other) = Target::start_tls().await;
    let url = target.at("/ok");
    for (tls, expected) in [
        (json!({}), "connect"),
        (json!({"ca_pem": other}), "connect"),
        (json!({"ca_pem": pem}), ""),
        (json!({"ca_pem": format!("{other}{pem}")}), ""),
        (json!({"skip_verification": true}), ""),
    ] {
        let outcome = send(json!({"url": url, "tls": tls})).await;
        assert_eq!(reason(&outcome), expected, "{tls}: {outcome:?}");
    }
    assert_eq!(target.arrivals().len(), 3);
}

#[tokio::test]
async fn the_options_of_one_job_are_not_those_of_another() {
    let (target, _) = Target::start_tls().await;
    let sender = sender();
    let skip = json!({"url": target.at("/ok"), "tls": {"skip_verification": true}});
    let (skip, default) = (request(&skip), Request::get(target.at("/ok")));
    for (request, expected) in [(&skip, ""), (&default, "connect"), (&skip, "")] {
        let attempt = attempt(request.clone());
        let outcome = sender.send(Call::of(&attempt).unwrap()).await;
        assert_eq!(reason(&outcome), expected, "{outcome:?}");
    }
}
