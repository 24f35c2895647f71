use super::*;

#[tokio::test]
async fn a_replica_without_a_lease_claims_nothing() {
    let bench = Bench::new().await;
    bench.put("job", date(1)).await;
    assert!(
        bench
            .claim_for("stranger", 0.0, 2.0)
            .await
            .claims
            .is_empty()
    );
    assert!(
        bench.claim(3.5, 4.0).await.claims.is_empty(),
        "its lease has ended"
    );
    bench.renew("a", 3.6).await;
    assert_eq!(bench.claim(3.7, 4.0).await.claims.len(), 1);
}

#[tokio::test]
async fn a_dead_replicas_claim_is_adopted_and_the_zombie_refused() {
    let bench = Bench::new().await;
    bench.put("job", date(2)).await;
    let old = bench.claim(1.0, 3.0).await.claims;
    bench.renew("b", 3.5).await;
    let settled = bench.store.settle_dead(after(3.5)).await.unwrap();
    assert_eq!(
        (settled.replicas, settled.given_back, settled.unknown),
        (1, 1, 0)
    );
    assert!(
        bench.start_firing(&old, 3.6).await.is_empty(),
        "between the two"
    );
    let new = bench.claim_for("b", 3.6, 5.0).await.claims;
    assert_eq!(new[0].occurrence, old[0].occurrence);
    assert!(new[0].fence > old[0].fence && new[0].ends_job);
    assert!(bench.start_firing(&old, 3.7).await.is_empty(), "the zombie");
    assert_eq!(bench.start_firing(&new, 3.7).await.len(), 1);
    assert!(!bench.exists("job").await);
}

#[tokio::test]
async fn an_orphan_is_listed_as_due() {
    let bench = Bench::new().await;
    bench.put("job", date(2)).await;
    let due = async |now| {
        bench
            .store
            .due_seconds(after(now), after(now + 3.0))
            .await
            .unwrap()
    };
    assert_eq!(due(1.0).await, [after(2.0).timestamp()]);
    let claims = bench.claim(1.0, 3.0).await.claims;
    assert!(due(1.0).await.is_empty());
    bench.give_back(claims).await;
    assert_eq!(due(1.0).await, [after(2.0).timestamp()]);
    assert_eq!(due(7.0).await, [after(7.0).timestamp()], "overdue: now");
}

#[tokio::test]
async fn an_orphan_beyond_its_grace_is_missed() {
    let bench = Bench::new().await;
    bench.put("late", date(2)).await;
    bench.claim(1.0, 3.0).await;
    bench.store.settle_dead(after(100.0)).await.unwrap();
    bench.renew("b", 100.0).await;
    assert!(bench.claim_for("b", 100.0, 101.0).await.claims.is_empty());
    assert_eq!(bench.row("late").await, ("missed", Some("grace")));
    assert!(!bench.exists("late").await);
}

#[tokio::test]
async fn what_a_dead_replica_was_firing_is_unknown() {
    let bench = Bench::new().await;
    bench.put("job", date(2)).await;
    let claims = bench.claim(1.0, 3.0).await.claims;
    let started = bench.start_firing(&claims, 1.9).await;
    let settled = bench.store.settle_dead(after(10.0)).await.unwrap();
    assert_eq!((settled.given_back, settled.unknown), (0, 1));
    assert_eq!(bench.row("job").await, ("unknown", Some("replica_died")));
    // It was only slow: what it knows is better than not knowing.
    let known = started.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(known.into()).await.unwrap();
    assert_eq!(bench.row("job").await, ("succeeded", None));
}

#[tokio::test]
async fn a_released_lease_leaves_nothing_open() {
    let bench = Bench::new().await;
    bench.put("sent", date(1)).await;
    bench.put("not-sent", date(2)).await;
    let claims = bench.claim(0.0, 3.0).await.claims;
    bench.start_firing(&claims[..1], 0.9).await;
    let left = bench.store.release_lease("a", after(1.0)).await.unwrap();
    assert_eq!((left.given_back, left.unknown), (1, 1));
    assert_eq!(bench.row("sent").await, ("unknown", Some("shutdown")));
    assert_eq!(bench.row("not-sent").await, ("claimed", None));
}

#[tokio::test]
async fn a_firing_known_as_not_sent_can_be_given_back() {
    let bench = Bench::new().await;
    bench.put("tick", every(2)).await;
    bench.put("once", date(2)).await;
    let claims = bench.claim(1.5, 3.0).await.claims;
    let started = bench.start_firing(&claims, 1.9).await;
    assert!(!bench.exists("once").await);
    bench.give_back(started).await;
    assert!(bench.exists("once").await, "it has not fired after all");
    let again = bench.claim(1.95, 3.0).await.claims;
    assert_eq!(bench.start_firing(&again, 1.99).await.len(), 2);
}

#[tokio::test]
async fn an_ended_job_is_gone_for_clients_and_can_be_added_again() {
    let bench = Bench::new().await;
    bench.put("once", date(2)).await;
    let claims = bench.claim(1.5, 3.0).await.claims;
    let started = bench.start_firing(&claims, 1.9).await;
    assert_eq!(bench.pause("once", 2.0).await, Change::NoSuchJob);
    assert_eq!(bench.remove("once", 2.0).await, Change::NoSuchJob);
    assert_eq!(bench.resume("once", 2.0).await, Change::NoSuchJob);
    assert!(bench.store.jobs("").await.unwrap().is_empty());
    bench.put("once", date(40)).await;
    let ended = started.into_iter().map(succeeded).collect::<Vec<_>>();
    bench.store.record(ended.into()).await.unwrap();
    assert!(bench.exists("once").await, "the new one stays");
}

#[tokio::test]
async fn nothing_is_kept_of_a_job_that_ended_with_a_dead_replica() {
    let bench = Bench::new().await;
    bench.put("once", date(2)).await;
    let claims = bench.claim(1.5, 3.0).await.claims;
    bench.start_firing(&claims, 1.9).await;
    bench.store.settle_dead(after(10.0)).await.unwrap();
    let file = bench.dir.path().join("schedule.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

/// One that was taken before the clock was set back lies far ahead: it does not keep
/// the replica alive for as long after its end.
#[tokio::test]
async fn a_lease_of_before_the_clock_was_set_back_is_not_kept() {
    let bench = Bench::new().await;
    bench.renew("a", 3_600.0).await;
    bench.renew("a", 0.0).await;
    let settled = bench.store.settle_dead(after(60.0)).await.unwrap();
    assert_eq!(settled.replicas, 1);
}
