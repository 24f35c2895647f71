//! From which place on a client is told.

use super::*;

#[tokio::test]
async fn a_stream_goes_on_behind_the_last_id() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    let mut stream = Sse::open(&base, "", None).await;
    stage.put("a", json!({})).await;
    stage.put("b", json!({})).await;
    let seen = stream.until(|e| e.words() == "b: put").await;
    drop(stream);
    stage.put("c", json!({})).await;
    stage.api.act("a", "pause", json!({})).await;
    let mut again = Sse::open(&base, "", Some(&seen[0].id)).await;
    let told = again.until(|e| e.words() == "a: paused").await;
    assert_eq!(words(&told), ["b: put", "c: put", "a: paused"]);
    assert_eq!(told[0].id, seen[1].id, "an id names the same change always");
    // Behind the last one, and from the very beginning.
    let mut end = Sse::open(&base, "?follow=false", Some(&again.last_id)).await;
    assert_eq!(end.rest().await, []);
    let mut all = Sse::open(&base, "?follow=false", Some("0.0")).await;
    let all = words(&all.rest().await);
    assert_eq!(all, ["a: put", "b: put", "c: put", "a: paused"]);
}

#[tokio::test]
async fn without_an_id_a_stream_begins_now_and_has_a_place() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    stage.put("a", json!({})).await;
    let mut stream = Sse::open(&base, "?follow=false", None).await;
    let here = stream.last_id.clone();
    assert_eq!(stream.rest().await, []);
    stage.put("b", json!({})).await;
    let mut again = Sse::open(&base, "?follow=false", Some(&here)).await;
    assert_eq!(words(&again.rest().await), ["b: put"]);
}

#[tokio::test]
async fn a_place_that_is_not_kept_is_reset() {
    let stage = Stage::any().await;
    let base = stage.app.at("");
    for job in ["a", "b", "c"] {
        stage.put(job, json!({})).await;
    }
    let mut all = Sse::open(&base, "?follow=false", Some("0.0")).await;
    let all = all.rest().await;
    // As the retention does.
    let mut file = stage.app.connect().await;
    let cut = sqlx::query("DELETE FROM changes WHERE seq <= ?").bind(all[1].place().0);
    cut.execute(&mut file).await.unwrap();
    let newest = all[2].id.clone();
    for unknown in ["0.0", &all[0].id, "999999.0"] {
        let mut stream = Sse::open(&base, "", Some(unknown)).await;
        let reset = stream.next().await.unwrap();
        assert_eq!(
            (reset.name.as_str(), &reset.id),
            ("reset", &newest),
            "{unknown}"
        );
        stage.put("d", json!({"description": unknown})).await;
        let told = stream.next().await.unwrap();
        assert_eq!(
            told.data["job"]["description"], *unknown,
            "it goes on from now"
        );
        // The next one of these begins behind it.
        let mut file = stage.app.connect().await;
        let last = sqlx::query("DELETE FROM changes WHERE seq > ?").bind(place(&newest).0);
        last.execute(&mut file).await.unwrap();
    }
    let mut kept = Sse::open(&base, "?follow=false", Some(&newest)).await;
    assert_eq!(kept.rest().await, []);
}
