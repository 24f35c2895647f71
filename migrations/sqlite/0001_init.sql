-- Instants are integer unix milliseconds, UTC.

CREATE TABLE jobs (
    -- Order of adding; decides ties in the list.
    seq          INTEGER PRIMARY KEY,
    job_id       TEXT    NOT NULL UNIQUE,
    -- Rises with every change a client makes, and when failures pause the job.
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('running', 'paused')),
    -- Why it is paused, when it was not a client who did it.
    paused_by    TEXT    CHECK (paused_by IN ('failures')),
    description  TEXT    NOT NULL DEFAULT '',
    tags_json    TEXT    NOT NULL DEFAULT '[]',
    kind         TEXT    NOT NULL CHECK (kind IN ('date', 'interval', 'cron')),
    trigger_json TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    -- The whole request, secrets included. NULL: a GET of the inherited API.
    request_json TEXT,
    -- What differs from the inherited policies.
    policies_json TEXT   NOT NULL DEFAULT '{}',
    -- The policy of that name, for the list.
    pause_until  INTEGER,
    -- What it came to: scheduled occurrences that failed in a row, and the
    -- last one that ended, of either kind.
    failures     INTEGER NOT NULL DEFAULT 0,
    last_state   TEXT,
    last_ended_at INTEGER,
    -- The next fire time nobody has claimed. NULL: paused, or none left.
    next_fire_at INTEGER,
    -- The first fire time that this version of the job answers for: what
    -- next_fire_at was when it took over.
    first_fire_at INTEGER,
    -- 1: its last occurrence is under way. Not shown any more, but needed
    -- should that one have to be planned again.
    ended        INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- What is due, and the list by next fire time. Jobs without one are in it too:
-- they come last in the list.
CREATE INDEX jobs_due ON jobs (next_fire_at);

-- The list by last outcome.
CREATE INDEX jobs_last_ended ON jobs (last_ended_at);

-- Filters of the list, in the order of its default sort. The columns behind seq
-- are those of the condition: so their entries can be counted without the rows.
CREATE INDEX jobs_kind ON jobs (kind, next_fire_at);
CREATE INDEX jobs_failing ON jobs (next_fire_at, seq, failures, ended)
    WHERE failures > 0 AND ended = 0;
CREATE INDEX jobs_paused ON jobs (next_fire_at, seq, state, pause_until, ended)
    WHERE ended = 0 AND (state = 'paused' OR pause_until IS NOT NULL);
-- Jobs that are counted as running and do not fire before an instant.
CREATE INDEX jobs_waiting ON jobs (pause_until, kind, state, ended)
    WHERE pause_until IS NOT NULL AND state = 'running' AND ended = 0;

CREATE INDEX jobs_ended ON jobs (job_id) WHERE ended = 1;

-- An eighth of all jobs in an order that has nothing to do with them: the first
-- of it are a fair sample.
CREATE INDEX jobs_sample ON jobs (seq % 2147483648 * 2246822519 % 4294967296, ended)
    WHERE seq % 2147483648 * 2246822519 % 4294967296 < 536870912;

-- The tags of the jobs that are listed, kept by triggers.
CREATE TABLE job_tags (
    tag TEXT    NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (tag, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER jobs_tags_insert AFTER INSERT ON jobs WHEN NEW.tags_json <> '[]' BEGIN
    INSERT INTO job_tags (tag, seq)
    SELECT DISTINCT value, NEW.seq FROM json_each(NEW.tags_json) WHERE NEW.ended = 0;
END;

CREATE TRIGGER jobs_tags_update AFTER UPDATE OF seq, tags_json, ended ON jobs
WHEN (OLD.tags_json <> '[]' OR NEW.tags_json <> '[]')
    AND (OLD.seq <> NEW.seq OR OLD.tags_json <> NEW.tags_json OR OLD.ended <> NEW.ended)
BEGIN
    DELETE FROM job_tags
    WHERE seq = OLD.seq AND tag IN (SELECT value FROM json_each(OLD.tags_json));
    INSERT INTO job_tags (tag, seq)
    SELECT DISTINCT value, NEW.seq FROM json_each(NEW.tags_json) WHERE NEW.ended = 0;
END;

CREATE TRIGGER jobs_tags_delete AFTER DELETE ON jobs WHEN OLD.tags_json <> '[]' BEGIN
    DELETE FROM job_tags
    WHERE seq = OLD.seq AND tag IN (SELECT value FROM json_each(OLD.tags_json));
END;

-- How many jobs are listed, kept by triggers.
CREATE TABLE job_counts (
    state TEXT    NOT NULL,
    kind  TEXT    NOT NULL,
    jobs  INTEGER NOT NULL,
    PRIMARY KEY (state, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO job_counts (state, kind, jobs) VALUES
    ('running', 'date', 0), ('running', 'interval', 0), ('running', 'cron', 0),
    ('paused', 'date', 0), ('paused', 'interval', 0), ('paused', 'cron', 0);

CREATE TRIGGER jobs_counts_insert AFTER INSERT ON jobs WHEN NEW.ended = 0 BEGIN
    UPDATE job_counts SET jobs = jobs + 1 WHERE state = NEW.state AND kind = NEW.kind;
END;

CREATE TRIGGER jobs_counts_update AFTER UPDATE OF state, kind, ended ON jobs
WHEN OLD.state <> NEW.state OR OLD.kind <> NEW.kind OR OLD.ended <> NEW.ended
BEGIN
    UPDATE job_counts SET jobs = jobs - 1
    WHERE state = OLD.state AND kind = OLD.kind AND OLD.ended = 0;
    UPDATE job_counts SET jobs = jobs + 1
    WHERE state = NEW.state AND kind = NEW.kind AND NEW.ended = 0;
END;

CREATE TRIGGER jobs_counts_delete AFTER DELETE ON jobs WHEN OLD.ended = 0 BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE state = OLD.state AND kind = OLD.kind;
END;

-- Versions that jobs do not have any more, kept by triggers: from which fire time
-- on each was planned, and where that stopped. The one a job has is in `jobs`. So
-- what had to become of each fire time can be worked out again.
CREATE TABLE job_versions (
    row_id        INTEGER PRIMARY KEY,
    job_id        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    -- The first fire time it answers for. NULL: it plans none.
    first_fire_at INTEGER,
    -- The first one that was not planned any more. NULL: all were, to the end of
    -- the trigger.
    until_fire_at INTEGER,
    -- When it was replaced or removed, or when it had ended.
    replaced_at   INTEGER NOT NULL,
    trigger_json  TEXT    NOT NULL,
    policies_json TEXT    NOT NULL
) STRICT;

-- For the retention.
CREATE INDEX job_versions_replaced ON job_versions (replaced_at);

CREATE TRIGGER jobs_versions_update AFTER UPDATE OF version ON jobs
WHEN OLD.version <> NEW.version BEGIN
    INSERT INTO job_versions (job_id, created_at, version, first_fire_at, until_fire_at,
        replaced_at, trigger_json, policies_json)
    VALUES (OLD.job_id, OLD.created_at, OLD.version, OLD.first_fire_at, OLD.next_fire_at,
        NEW.updated_at, OLD.trigger_json, OLD.policies_json);
END;

-- A job that has ended goes when the last of it is on record.
CREATE TRIGGER jobs_versions_delete AFTER DELETE ON jobs BEGIN
    INSERT INTO job_versions (job_id, created_at, version, first_fire_at, until_fire_at,
        replaced_at, trigger_json, policies_json)
    VALUES (OLD.job_id, OLD.created_at, OLD.version, OLD.first_fire_at, OLD.next_fire_at,
        MAX(OLD.updated_at, iif(OLD.ended = 1, COALESCE((SELECT o.settled_at FROM occurrences o
            WHERE o.job_id = OLD.job_id AND o.state NOT IN ('claimed', 'firing')
            ORDER BY o.fire_at DESC LIMIT 1), 0), 0)),
        OLD.trigger_json, OLD.policies_json);
END;

-- Up to where the retention has deleted: rows of the ledger of before this fire
-- time may be gone. The job '' stands for all.
CREATE TABLE ledger_cuts (
    job_id TEXT    NOT NULL PRIMARY KEY,
    before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_cuts_before ON ledger_cuts (before);

-- The ledger: what became of each fire time.
CREATE TABLE occurrences (
    row_id       INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id       TEXT    NOT NULL,
    fire_at      INTEGER NOT NULL,
    -- 'manual': a client asked for it, beside the schedule.
    kind         TEXT    NOT NULL DEFAULT 'scheduled' CHECK (kind IN ('scheduled', 'manual')),
    state        TEXT    NOT NULL CHECK (state IN (
        'claimed', 'firing', 'succeeded', 'failed', 'unknown', 'skipped', 'missed', 'coalesced')),
    reason       TEXT,
    -- A row may stand for several consecutive fire times, missed or coalesced
    -- in one go: from fire_at to last_fire_at.
    count        INTEGER NOT NULL DEFAULT 1,
    last_fire_at INTEGER NOT NULL,
    into_fire_at INTEGER,
    -- Who claimed it. NULL on a claimed row that does not wait: given back, free
    -- to be adopted.
    replica      TEXT,
    -- When that was.
    claimed_at   INTEGER,
    -- Rises with each claim; 0 on a row given back.
    fence        INTEGER NOT NULL DEFAULT 0,
    -- Where the job queues its runs. 'waiting': for another run to end, held by
    -- nobody; 'next': its turn has come, which counts as a run that goes on.
    queue        TEXT    CHECK (queue IN ('waiting', 'next')),
    -- How often it has become 'firing'.
    attempt      INTEGER NOT NULL DEFAULT 0,
    -- 1: a client changed the job while it was firing, so that there is no further
    -- attempt.
    last_attempt INTEGER NOT NULL DEFAULT 0 CHECK (last_attempt IN (0, 1)),
    -- When its next attempt is due: fire_at, the instant of a retry, or the
    -- end of the run it waited for.
    due_at       INTEGER NOT NULL,
    settled_at   INTEGER,
    sent_at      INTEGER,
    lateness_ms  INTEGER,
    duration_ms  INTEGER,
    status       INTEGER,
    error        TEXT,
    -- Where the time of the last attempt went: microseconds for the name, the
    -- connection, the first byte, the rest, as a JSON array; null: not done.
    phases_json  TEXT,
    -- The start of the answer; behind the others, which are read without it.
    body         TEXT,
    CHECK (queue IS NULL OR state = 'claimed'),
    -- In this order a new row is written beside the last ones, whichever job fires.
    UNIQUE (fire_at, job_id, kind)
) STRICT;

CREATE INDEX occurrences_claimed ON occurrences (job_id, fire_at) WHERE state = 'claimed';
CREATE INDEX occurrences_firing ON occurrences (job_id) WHERE state = 'firing';
CREATE INDEX occurrences_orphaned ON occurrences (due_at)
    WHERE state = 'claimed' AND replica IS NULL AND queue IS NOT 'waiting';
CREATE INDEX occurrences_waiting ON occurrences (job_id, kind, fire_at) WHERE queue = 'waiting';
-- The whole ledger by fire time, newest and oldest first.
CREATE INDEX occurrences_fire_at ON occurrences (fire_at);
-- What did not simply succeed, by state and fire time: a firing that succeeds is
-- never in it. The columns behind row_id are those of further filters.
CREATE INDEX occurrences_notable ON occurrences (state, fire_at, row_id, kind, reason, status)
    WHERE state IN ('failed', 'unknown', 'skipped', 'missed', 'coalesced')
        OR (state = 'succeeded' AND status NOT BETWEEN 200 AND 299);
CREATE INDEX occurrences_manual ON occurrences (fire_at, row_id, state, reason, status)
    WHERE kind = 'manual';
-- The last runs of a job, without a look at the rows, which lie far apart.
CREATE INDEX occurrences_recent ON occurrences
    (job_id, fire_at, kind, state, reason, status, lateness_ms, duration_ms, count)
    WHERE state NOT IN ('claimed', 'firing');

-- Attempts that were followed by another one; the last attempt of an occurrence
-- stands in its own row.
CREATE TABLE attempts (
    occurrence   INTEGER NOT NULL REFERENCES occurrences (row_id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    reason       TEXT,
    sent_at      INTEGER,
    duration_ms  INTEGER,
    status       INTEGER,
    error        TEXT,
    phases_json  TEXT,
    body         TEXT,
    PRIMARY KEY (occurrence, number)
) STRICT, WITHOUT ROWID;

-- What was changed, one row for each transaction that changed a run or a job:
-- for those who follow what happens. Ids only: the row shows as it is when it is
-- read. The ids never come again (AUTOINCREMENT), also when rows were deleted.
CREATE TABLE changes (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   INTEGER NOT NULL,
    -- [[job_id, change], ...] in the order of the changes.
    jobs TEXT    NOT NULL,
    -- The row ids of the ledger, ascending.
    runs TEXT    NOT NULL
) STRICT;
-- Sums beside the ledger, kept in the transactions that change it. They outlive
-- its rows and are cut by an age of their own.

-- Fire times by the final state they came to, in slices of a minute and of an
-- hour (slice_s, in seconds) that begin at `start` (unix seconds).
CREATE TABLE run_sums (
    slice_s INTEGER NOT NULL CHECK (slice_s IN (60, 3600)),
    start   INTEGER NOT NULL,
    state   TEXT    NOT NULL,
    -- '': none.
    reason  TEXT    NOT NULL,
    runs    INTEGER NOT NULL,
    PRIMARY KEY (slice_s, start, state, reason)
) STRICT, WITHOUT ROWID;

-- How late requests left and how long they took, in milliseconds, as histograms
-- of five minutes each. A slot is a time below 32 ms, or a sixteenth of a
-- doubling; so a percentile is within 1/32 of the exact one.
CREATE TABLE time_sums (
    measure TEXT    NOT NULL CHECK (measure IN ('lateness', 'duration')),
    start   INTEGER NOT NULL,
    slot    INTEGER NOT NULL,
    runs    INTEGER NOT NULL,
    PRIMARY KEY (measure, start, slot)
) STRICT, WITHOUT ROWID;

-- One row per living server process.
CREATE TABLE replicas (
    replica     TEXT PRIMARY KEY,
    lease_until INTEGER NOT NULL
) STRICT;

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counters (name, value) VALUES ('fence', 0);
