//! Holds the sums that the store keeps against the ledger they are about, and the
//! ledger against what was planned.

use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use schedule_server::verify::{Wanted, verify};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use tempfile::TempDir;

/// What is counted too often or not often enough, in each kind of slices: one
/// statement, so it sees one state of the file, whoever writes meanwhile.
const DIFFERENCES: &str = "
WITH slices (slice_s) AS (VALUES (60), (3600)),
kept AS (
    SELECT slice_s, settled_at / 1000 / slice_s * slice_s AS start, state,
        COALESCE(reason, '') AS reason, SUM(count) AS runs
    FROM occurrences CROSS JOIN slices
    WHERE state NOT IN ('claimed', 'firing') GROUP BY 1, 2, 3, 4)
SELECT 'ledger ' || slice_s || ' ' || start || ' ' || state || ' ' || reason || ' ' || runs AS said
FROM (SELECT * FROM kept EXCEPT SELECT * FROM run_sums WHERE runs <> 0)
UNION ALL
SELECT 'sums ' || slice_s || ' ' || start || ' ' || state || ' ' || reason || ' ' || runs
FROM (SELECT * FROM run_sums WHERE runs <> 0 EXCEPT SELECT * FROM kept)
UNION ALL
SELECT measure || ': ' || SUM(runs) FROM time_sums GROUP BY measure
HAVING SUM(runs) > (SELECT COUNT(lateness_ms) FROM occurrences WHERE settled_at IS NOT NULL)
UNION ALL
SELECT 'settled, yet open: ' || row_id FROM occurrences
WHERE state IN ('claimed', 'firing') AND settled_at IS NOT NULL";

/// What differs in a file that has forgotten nothing.
pub async fn differences(conn: &mut SqliteConnection) -> Vec<String> {
    let rows = sqlx::query(DIFFERENCES).fetch_all(conn).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// A folder of its own for a file, which is checked at the end of the test.
pub struct CheckedDir {
    dir: TempDir,
    file: &'static str,
    checked: AtomicBool,
}

impl CheckedDir {
    /// A new folder for a file of this name.
    pub fn of(file: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            dir,
            file,
            checked: AtomicBool::new(true),
        }
    }

    /// The test writes to the ledger past the store.
    pub fn leave_unchecked(&self) {
        self.checked.store(false, Ordering::Relaxed);
    }
}

impl Deref for CheckedDir {
    type Target = TempDir;

    fn deref(&self) -> &TempDir {
        &self.dir
    }
}

impl Drop for CheckedDir {
    fn drop(&mut self) {
        if self.checked.load(Ordering::Relaxed) {
            check(&self.dir.path().join(self.file));
        }
    }
}

/// Fails the test when something differs. For the end of a test, where nothing
/// can be awaited.
fn check(file: &Path) {
    if std::thread::panicking() || !file.exists() {
        return;
    }
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let url = format!("sqlite://{}", file.display());
    let work = async move {
        let mut conn = options.connect().await.unwrap();
        let found = differences(&mut conn).await;
        conn.close().await.unwrap();
        let report = verify(&url, &Wanted::default(), None).await.unwrap();
        (found, report)
    };
    let checked = std::thread::spawn(|| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.build().unwrap().block_on(work)
    });
    let (found, report) = checked.join().unwrap();
    assert!(
        found.is_empty(),
        "the sums differ from the ledger: {found:#?}"
    );
    assert!(report.is_proven(), "{}", report.to_text());
}
