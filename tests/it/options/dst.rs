//! What a job does where its zone moves the clocks.

use serde_json::{Value, json};

use super::trigger::{Case, check};

/// In Berlin 02:30 is left out on 30 March 2031 and comes twice on 26 October.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_clocks_is_met_as_told() {
    let cron = |dst: Value| json!({"type": "cron", "cron": "30 2 * * *", "timezone": "Europe/Berlin", "dst": dst});
    let spring = [
        (
            "default",
            cron(json!({})),
            &["2031-03-31T00:30:00Z"][..],
            false,
        ),
        (
            "skip",
            cron(json!({"gap": "skip"})),
            &["2031-03-31T00:30:00Z"],
            false,
        ),
        (
            "shift",
            cron(json!({"gap": "shift"})),
            &["2031-03-30T01:30:00Z", "2031-03-31T00:30:00Z"],
            false,
        ),
    ];
    check("2031-03-29T12:00:00Z", &spring, &["2031-03-30T00:30:00Z"]).await;
    const FIRST: &str = "2031-10-26T00:30:00Z";
    const SECOND: &str = "2031-10-26T01:30:00Z";
    const NEXT: &str = "2031-10-27T01:30:00Z";
    let autumn: [Case; 4] = [
        ("default", cron(json!({})), &[FIRST, SECOND, NEXT], false),
        (
            "both",
            cron(json!({"fold": "both"})),
            &[FIRST, SECOND, NEXT],
            false,
        ),
        (
            "first",
            cron(json!({"fold": "first"})),
            &[FIRST, NEXT],
            false,
        ),
        (
            "second",
            cron(json!({"fold": "second"})),
            &[SECOND, NEXT],
            false,
        ),
    ];
    check("2031-10-25T12:00:00Z", &autumn, &[]).await;
}
