//! What the retention deletes, and what it never does.

use schedule_server::store::{ChangeId, Cut, CutSlice};

use super::*;

/// Rows of a job, one for each of these seconds after noon, past the store.
async fn fill(bench: &Bench, job: &str, seconds: &[i64], state: &str) {
    bench.dir.leave_unchecked();
    let mut file = bench.connect().await;
    for second in seconds {
        let at = noon().timestamp_millis() + second * 1000;
        let row = sqlx::query(
            "INSERT INTO occurrences (job_id, fire_at, last_fire_at, due_at, state) \
             VALUES (?1, ?2, ?2, ?2, ?3)",
        );
        let row = row.bind(job).bind(at).bind(state);
        row.execute(&mut file).await.unwrap();
    }
    let attempts =
        "INSERT OR IGNORE INTO attempts (occurrence, number) SELECT row_id, 1 FROM occurrences";
    sqlx::query(attempts).execute(&mut file).await.unwrap();
}

/// The seconds of the rows of a job that are left, and how many attempts are.
async fn left(bench: &Bench, job: &str) -> Vec<i64> {
    let mut file = bench.connect().await;
    let attempts = "SELECT COUNT(*) FROM attempts";
    let attempts: i64 = sqlx::query_scalar(attempts)
        .fetch_one(&mut file)
        .await
        .unwrap();
    let rows = "SELECT COUNT(*) FROM occurrences";
    let rows: i64 = sqlx::query_scalar(rows).fetch_one(&mut file).await.unwrap();
    assert_eq!(attempts, rows, "attempts go with their row");
    let of = "SELECT (fire_at - ?2) / 1000 FROM occurrences WHERE job_id = ?1 ORDER BY fire_at";
    let of = sqlx::query_scalar(of)
        .bind(job)
        .bind(noon().timestamp_millis());
    of.fetch_all(&mut file).await.unwrap()
}

async fn cut_all(bench: &Bench, cut: impl Fn(i64) -> Cut) -> u64 {
    cut_slices(bench, |done| cut(done.after)).await
}

async fn cut_aged(bench: &Bench, before: DateTime<Utc>) -> u64 {
    let cut = |done: &CutSlice| Cut::Aged {
        before,
        after: done.place,
        limit: 2,
    };
    cut_slices(bench, cut).await
}

async fn cut_slices(bench: &Bench, cut: impl Fn(&CutSlice) -> Cut) -> u64 {
    let mut done = CutSlice::default();
    let mut deleted = 0;
    loop {
        done = bench.store.cut(cut(&done)).await.unwrap();
        deleted += done.deleted;
        if !done.more {
            return deleted;
        }
    }
}

#[tokio::test]
async fn old_rows_go_when_they_are_final() {
    let bench = Bench::new().await;
    fill(&bench, "a", &[-30, -20, -10, 0, 10], "succeeded").await;
    fill(&bench, "b", &[-30, -20], "claimed").await;
    fill(&bench, "c", &[-30], "firing").await;
    assert_eq!(cut_aged(&bench, noon()).await, 3);
    assert_eq!(left(&bench, "a").await, [0, 10]);
    assert_eq!(left(&bench, "b").await, [-30, -20]);
    assert_eq!(left(&bench, "c").await, [-30]);
}

/// Found by the import of a job that was overdue by years: its row was gone a
/// minute after it had been recorded as missed.
#[tokio::test]
async fn what_was_recorded_lately_stays_however_old_its_fire_time() {
    let bench = Bench::new().await;
    fill(&bench, "a", &[-30, -20], "missed").await;
    let mut file = bench.connect().await;
    for (second, settled) in [(-30, 0), (-20, -1)] {
        let of = |second: i64| noon().timestamp_millis() + second * 1000;
        let settle = "UPDATE occurrences SET settled_at = ?1 WHERE fire_at = ?2";
        let settle = sqlx::query(settle).bind(of(settled)).bind(of(second));
        settle.execute(&mut file).await.unwrap();
    }
    assert_eq!(cut_aged(&bench, noon()).await, 1);
    assert_eq!(left(&bench, "a").await, [-30]);
}

#[tokio::test]
async fn each_job_keeps_its_newest_rows() {
    let bench = Bench::new().await;
    let many: Vec<i64> = (-50..0).collect();
    fill(&bench, "many", &many, "failed").await;
    fill(&bench, "few", &[-400, -300], "succeeded").await;
    fill(&bench, "open", &[-9, -8, -7, -6, -5, -4, -3], "claimed").await;
    let excess = |limit, before| {
        move |after| Cut::Excess {
            keep: 3,
            after,
            every: 1,
            before,
            limit,
        }
    };
    // Nothing of the time that a clock may be set back by.
    let deleted = cut_all(&bench, excess(4, after(-45.0))).await;
    assert_eq!((deleted, left(&bench, "many").await.len()), (5, 45));
    let deleted = cut_all(&bench, excess(4, noon())).await;
    assert_eq!(deleted, 42);
    assert_eq!(left(&bench, "many").await, [-3, -2, -1]);
    assert_eq!(left(&bench, "few").await.len(), 2);
    assert_eq!(left(&bench, "open").await.len(), 7);
}

/// Two jobs whose rows take turns: one in some rows is looked at, of both.
#[tokio::test]
async fn jobs_that_take_turns_are_both_looked_at() {
    let bench = Bench::new().await;
    for second in -200..0_i64 {
        let job = ["even", "odd"][(second & 1) as usize];
        fill(&bench, job, &[second], "succeeded").await;
    }
    let excess = |after| Cut::Excess {
        keep: 3,
        after,
        every: 2,
        before: noon(),
        limit: 1000,
    };
    cut_all(&bench, excess).await;
    for job in ["even", "odd"] {
        assert_eq!(left(&bench, job).await.len(), 3, "{job}");
    }
}

#[tokio::test]
async fn the_newest_change_stays() {
    let bench = Bench::new().await;
    for job in ["a", "b", "c"] {
        bench.put(job, each_minute()).await;
    }
    let newest = bench.store.newest_change().await.unwrap();
    let all = bench.store.changes(ChangeId::default(), 100).await.unwrap();
    assert_eq!(all.unwrap().changes.len(), 3);
    let cut = |before, keep| Cut::Changes {
        before,
        keep,
        limit: 100,
    };
    // The store's own clock says when a change was made: now.
    let long_ago = DateTime::UNIX_EPOCH;
    assert_eq!(bench.store.cut(cut(long_ago, 2)).await.unwrap().deleted, 1);
    let lost = bench.store.changes(ChangeId::default(), 100).await.unwrap();
    assert_eq!(lost, None);
    let far = DateTime::from_timestamp(32_503_680_000, 0).unwrap();
    assert_eq!(bench.store.cut(cut(far, 100)).await.unwrap().deleted, 1);
    assert_eq!(bench.store.newest_change().await.unwrap(), newest);
    let kept = bench.store.changes(newest, 100).await.unwrap().unwrap();
    assert_eq!((kept.changes, kept.more), (vec![], false));
}

/// What comes to nothing is no change, and what is written beside is one.
#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    let bench = Bench::new().await;
    bench.put("a", each_minute()).await;
    let newest = bench.store.newest_change().await.unwrap();
    bench.renew("a", 0.0).await;
    let lost = bench
        .store
        .put_job(draft("a", each_minute()), Expected::NoJob, noon());
    assert_eq!(lost.await.unwrap(), None);
    bench.store.settle_dead(noon()).await.unwrap();
    assert_eq!(bench.store.newest_change().await.unwrap(), newest);
    bench.pause("a", 1.0).await;
    let paused = bench.store.newest_change().await.unwrap();
    assert_eq!(paused.seq, newest.seq + 1);
    bench.pause("a", 2.0).await;
    assert_eq!(bench.store.newest_change().await.unwrap(), paused);
}
