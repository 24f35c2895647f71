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
    -- What it came to: scheduled occurrences that failed in a row, and the
    -- last one that ended, of either kind.
    failures     INTEGER NOT NULL DEFAULT 0,
    last_state   TEXT,
    last_ended_at INTEGER,
    -- The next fire time nobody has claimed. NULL: paused, or none left.
    next_fire_at INTEGER,
    -- 1: its last occurrence is under way. Not shown any more, but needed
    -- should that one have to be planned again.
    ended        INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX jobs_due ON jobs (next_fire_at) WHERE next_fire_at IS NOT NULL;

CREATE INDEX jobs_ended ON jobs (job_id) WHERE ended = 1;

-- The ledger: what became of each fire time.
CREATE TABLE occurrences (
    row_id       INTEGER PRIMARY KEY,
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
    -- Who claimed it. NULL on a claimed row: given back, free to be adopted.
    replica      TEXT,
    -- Rises with each claim; 0 on a row given back.
    fence        INTEGER NOT NULL DEFAULT 0,
    -- How often it has become 'firing'.
    attempt      INTEGER NOT NULL DEFAULT 0,
    -- When its next attempt is due: fire_at, or the instant of a retry.
    due_at       INTEGER NOT NULL,
    settled_at   INTEGER,
    sent_at      INTEGER,
    lateness_ms  INTEGER,
    duration_ms  INTEGER,
    status       INTEGER,
    error        TEXT,
    body         TEXT,
    UNIQUE (job_id, fire_at, kind)
) STRICT;

CREATE INDEX occurrences_claimed ON occurrences (job_id, fire_at) WHERE state = 'claimed';
CREATE INDEX occurrences_firing ON occurrences (job_id) WHERE state = 'firing';
CREATE INDEX occurrences_orphaned ON occurrences (due_at) WHERE state = 'claimed' AND replica IS NULL;

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
    body         TEXT,
    PRIMARY KEY (occurrence, number)
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
