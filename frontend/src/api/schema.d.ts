// Written by `npm run api` from the OpenAPI document. Do not edit.

export interface paths {
    "/api/v1/echo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answer with what came
         * @description A target to try jobs on: any method is answered with the request as it arrived.
         *     `status` and `delay_ms` make failures and slow answers; other parameters are
         *     only answered. Values of headers that may be secrets are starred out. Off with
         *     `ECHO=off`: then there is nothing here.
         */
        get: operations["echo"];
        put?: never;
        /**
         * Answer with what came, body included
         * @description As the GET; the first 64 KiB of the body are answered as text.
         */
        post: operations["echo_body"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description A stream of server-sent events: `hello` first, then one event for each change
         *     of a job (`job`) or of a run (`run`), of all replicas, in the order of their
         *     commits. An event says: this was changed, and here it is as it is now. States in
         *     between may be passed over; the last one never is.
         *
         *     Every event has an `id`. Come again with the last one as `Last-Event-ID`
         *     (browsers do so by themselves), to any replica: the stream goes on behind it.
         *     What is older than an hour, or than the last 100,000 transactions, is not kept:
         *     then the first event is `reset`, which says to load everything anew. A stream
         *     without events sends a comment and its place each 15 s. Who reads slowly gets
         *     everything later, and holds nobody back.
         */
        get: operations["follow_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export jobs
         * @description All jobs that the filters let through as JSON Lines: first a line that says who
         *     wrote it and in which format, then one line for each job in the order of adding,
         *     with its definition as a put takes it. Secrets are shown as `{"secret": true}`. It
         *     is read while it is sent, step by step: a job that is changed meanwhile stands in
         *     it as it is before or after the change, one that is added meanwhile does not. An
         *     answer that breaks off is not complete.
         */
        get: operations["export_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/firings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what fires when
         * @description The jobs that have a fire time within a span to come, by their schedules alone,
         *     each with the first such fire time. One page; go on with `cursor` until
         *     `next_cursor` is null. Each page looks at a bounded number of jobs, so it may be
         *     short, even empty, and still not be the last one.
         */
        get: operations["list_firings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import jobs
         * @description Takes what the export gives: one job a line, `{"job_id", "definition", "state"}`;
         *     a header, blank lines and `created_at` may be there and are not looked at. Each
         *     definition is judged as a put judges it. If any line is faulty, nothing is
         *     imported and the faults of all lines are told. Then all lines are put in batches.
         *     A job that is there already and as described is unchanged; else `existing`
         *     decides. A `{"secret": true}` keeps the secret of the job that is there. The
         *     bound of the whole body is a setting (`IMPORT_MAX_MIB`); `schedule-server import`
         *     has none.
         */
        post: operations["import_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description One page; go on with `cursor` until `next_cursor` is null. Each page looks at
         *     a bounded number of jobs, so with a filter it may be short, even empty, and
         *     still not be the last one. Jobs without a value of the sort come last in both
         *     orders. A job that is changed between two pages may be seen twice or not at all.
         */
        get: operations["list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a job
         * @description The definition as its client made it, with defaults left out, and under
         *     `status` how it fares. Secret values are shown as `{"secret": true}`. The
         *     `ETag` names the revision of the definition; `status` changes without it.
         */
        get: operations["get_job"];
        /**
         * Create or replace a job
         * @description Puts the whole definition. The same definition again changes nothing: the
         *     phase of an interval, a pause and the `ETag` stay. A changed one replaces the
         *     old one at once; what was claimed of it and not yet sent is skipped as
         *     `changed`. A paused job stays paused. Send `If-None-Match: *` to create only,
         *     `If-Match` with the `ETag` you have seen to replace only what you know.
         *     Secrets sent as `{"secret": true}` stay as they are, as long as the host does.
         */
        put: operations["put_job"];
        post?: never;
        /**
         * Remove a job
         * @description What was claimed of it and not yet sent is skipped as `removed`; a request
         *     under way goes on. Its history stays.
         */
        delete: operations["delete_job"];
        options?: never;
        head?: never;
        /**
         * Change parts of a job
         * @description Merges the body into the definition (RFC 7396): what is null goes back to its
         *     default, lists are replaced whole. A trigger of another `type` replaces the
         *     old one, as does a line of `cron` text its fields.
         */
        patch: operations["patch_job"];
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why did a job (not) fire?
         * @description Answers for one instant: with the run that stands for it, or with why there is
         *     none (`moment`: `to_come`, `paused`, `before_added`, `before_changed`,
         *     `not_planned`, `no_fire_time`, `job_gone`), and with the runs beside it.
         */
        get: operations["explain_instant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of a job
         * @description As `GET /api/v1/runs`, of one job, which may have been removed: 404 means that
         *     there is neither a job nor a run of that id.
         */
        get: operations["list_runs_of_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/upcoming": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look ahead on a job
         * @description The next occurrences of its schedule as the server will send them: those on
         *     record and not sent yet, with the retries that are due, then those to be
         *     planned. Pauses, the window, jitter and the policies are honoured. A paused job
         *     has none; `if_resumed` says what would come.
         */
        get: operations["upcoming_of_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}:copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a job
         * @description Adds a job with the same definition, secrets included, under another id. It
         *     is paused, so that nothing is sent twice before it has been changed, unless
         *     `paused` is false.
         */
        post: operations["copy_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}:pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a job
         * @description It does not fire until it is resumed, or, with `until`, before that instant.
         *     What is claimed and not yet sent is skipped as `paused`. With `until` the job
         *     goes on by itself, and each fire time before it is on record as skipped
         *     (`pause_until`). Pausing a paused job is no fault.
         */
        post: operations["pause_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}:resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a job
         * @description It fires again from its next fire time on; an interval keeps its phase. An
         *     end of a pause (`pause_until`) is forgotten, and failures are counted anew.
         *     Resuming a running job is no fault.
         */
        post: operations["resume_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}:run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire a job now
         * @description Adds an occurrence of its own kind, `manual`, which is sent at once by one of
         *     the replicas, also when the job is paused. The schedule is not touched: its
         *     next fire time stays, and the two kinds do not wait for each other.
         */
        post: operations["run_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs:bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do the same to many jobs
         * @description Pauses, resumes, deletes or fires now the jobs of these ids, or all that a
         *     filter lets through; `{"filter": {}}` means all. Each job is treated as by its own
         *     action. Works in batches: each is durable by itself, and what is done stays done.
         *     The answer comes at the end; a client that goes away ends it after the batch
         *     under way, and sending it again goes on. `dry_run` changes nothing and tells what
         *     would be done.
         */
        post: operations["bulk_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description The ledger of all jobs, the youngest fire time first: what was sent and what
         *     came of it, and what was not sent, with the reason. Go on with `cursor` until
         *     `next_cursor` is null. Each page looks at a bounded number of rows, so with a
         *     filter it may be short, even empty, and still not be the last one. What is
         *     rare (each state but `succeeded`, `kind=manual`, a status outside 200-299) is
         *     found at once. A row may stand for several fire times in a row (`count`); it
         *     is listed at the first of them. Runs of jobs that were
         *     removed stay until they are older than what is kept.
         */
        get: operations["list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a run
         * @description With all its attempts, where their time went, and the answer of the target as
         *     far as the job keeps it.
         */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}:rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire a run again
         * @description Fires its job now, as `POST /api/v1/jobs/{job_id}:run` does: with the job's
         *     present definition, beside its schedule.
         */
        post: operations["rerun_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules:preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a trigger
         * @description The next fire times of a trigger, in words and with what is easily overlooked
         *     of it. Nothing is stored. It is read and planned by the same code as a job: what
         *     it says is what fires. A trigger that a put would refuse as wrong is refused
         *     here in the same way, or, with `faults=tell`, answered with its faults; one that
         *     never fires is answered with a warning.
         */
        post: operations["preview_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics
         * @description How many jobs there are, what came of them, and what lies ahead. Cheap however
         *     many jobs and runs there are: the past is told from sums that are kept, as of
         *     at most a second ago; the future from the schedules, as of at most ten seconds
         *     ago. Buckets begin at multiples of their length since 1970 (UTC); the
         *     first one behind is whole, the one of this moment is not. At most 400 of them
         *     on either side.
         */
        get: operations["stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The server
         * @description Which version this server is, what it runs with, how its parts do, and which
         *     replicas share its store. Passwords are starred out.
         */
        get: operations["system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Answers as long as the process can answer at all. Restart it when not.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics of this process
         * @description In Prometheus' text format. Each replica tells its own; docs/OPERATIONS.md
         *     says what they mean.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the server ready?
         * @description Tells each part, its state and since when. Send a server that is not ready
         *     no requests; it recovers by itself.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/cron/add_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a cron job
         * @description Adds a job that sends a GET request to `url` whenever the clock (UTC)
         *     matches all fields, or replaces the job of that id, of whatever type, and
         *     un-pauses it. Weekdays count from 0 = Monday; `day` and `day_of_week` must
         *     both match.
         */
        post: operations["scheduler_cron_add_job_scheduler_cron_add_job_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/date/add_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a date job
         * @description Adds a job that sends one GET request to `url` at a moment given in UTC, or
         *     replaces the job of that id, of whatever type, and un-pauses it. A moment
         *     at most 60 s in the past fires at once; an earlier one is accepted and
         *     recorded as missed.
         */
        post: operations["scheduler_date_add_job_scheduler_date_add_job_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/get_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a job
         * @description The job of that id. The Python service crashed on an unknown id; here the
         *     envelope comes with status 404.
         */
        get: operations["scheduler_resume_job_scheduler_get_job_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/get_jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description All jobs whose id contains `job_id`: case matters, there are no wildcards,
         *     an empty text matches all. By next run, ties in the order of adding, those
         *     without a next run last.
         */
        get: operations["scheduler_resume_job_scheduler_get_jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/interval/add_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an interval job
         * @description Adds a job that sends a GET request to `url` again and again, first one
         *     interval from now, or replaces the job of that id, of whatever type, and
         *     un-pauses it.
         */
        post: operations["scheduler_interval_add_job_scheduler_interval_add_job_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/pause_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Pause a job
         * @description Pauses a job until it is resumed or added again. Pausing twice is no fault.
         *     An unknown id is answered with status 200 too: look at `success`.
         */
        put: operations["scheduler_pause_job_scheduler_pause_job_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/remove_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a job
         * @description Removes a job; what it had pending is not sent any more. An unknown id is
         *     answered with status 200 too: look at `success`.
         */
        delete: operations["scheduler_remove_job_scheduler_remove_job_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduler/resume_job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Resume a job
         * @description Lets a paused job run again; an interval keeps its phase. Resuming a
         *     running job is no fault. An unknown id is answered with status 200 too:
         *     look at `success`.
         */
        put: operations["scheduler_resume_job_scheduler_resume_job_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The id of the job that was added. */
        Added: {
            /**
             * @description The id sent, or the one made up.
             * @example cron_job_333
             */
            job_id: string;
        };
        /** @description What an interval job is answered with: its id, or nothing in a refusal. */
        AddedOrNot: components["schemas"]["Envelope_Added"] | components["schemas"]["Envelope_Empty"];
        /** @description That the process answers. */
        Alive: {
            /**
             * @description Always `ok`.
             * @example ok
             */
            status: string;
        };
        Attempt: {
            body: string | null;
            duration_ms: number | null;
            /**
             * Format: date-time
             * @description When its answer ended.
             */
            ended_at: string | null;
            error: string | null;
            /** @description Counts from 1. */
            number: number;
            phases: null | components["schemas"]["Phases"];
            /**
             * @description Why it was no success.
             * @enum {string|null}
             */
            reason: "status" | "timeout" | "connect" | "broken" | "success_rule" | "too_many_redirects" | "invalid_url" | "send_limit" | "lease_lost" | "lock_unavailable" | "lock_held" | "replica_died" | "shutdown" | "internal" | "cancelled" | "overlap" | "queue_full" | "pause_until" | "ended" | "paused" | "removed" | "changed" | "grace" | "no_catch_up" | null;
            /** Format: date-time */
            sent_at: string | null;
            /**
             * @description `unknown`: it may have been sent, and nobody knows what came of it.
             * @enum {string}
             */
            state: "under_way" | "succeeded" | "failed" | "unknown";
            status: number | null;
        };
        /** @description What is done, and to which jobs. */
        Bulk: components["schemas"]["BulkByIds"] | components["schemas"]["BulkByFilter"];
        BulkByFilter: {
            /** @enum {string} */
            action: "pause" | "resume" | "delete" | "run";
            /**
             * @description Change nothing; tell what would be done.
             * @default false
             */
            dry_run?: boolean;
            filter: components["schemas"]["JobFilter"];
            /**
             * @description How many of the changed jobs the answer names.
             * @default 20
             */
            sample?: number | null;
            /**
             * Format: date-time
             * @description When the jobs go on by themselves; null: when they are resumed. For a pause alone.
             */
            until?: string | null;
        };
        BulkByIds: {
            /** @enum {string} */
            action: "pause" | "resume" | "delete" | "run";
            /**
             * @description Change nothing; tell what would be done.
             * @default false
             */
            dry_run?: boolean;
            /** @description The jobs, at most 10,000; each counts once. */
            job_ids: string[];
            /**
             * @description How many of the changed jobs the answer names.
             * @default 20
             */
            sample?: number | null;
            /**
             * Format: date-time
             * @description When the jobs go on by themselves; null: when they are resumed. For a pause alone.
             */
            until?: string | null;
        };
        BulkResult: {
            /** @enum {string} */
            action: "pause" | "resume" | "delete" | "run";
            /** @description Jobs to which it was done, or would be. */
            changed: number;
            /** @description False: the store went away in the middle. Send it again for the rest. */
            complete: boolean;
            dry_run: boolean;
            failed: {
                count: number;
                /** @description The first of them. */
                jobs: {
                    job_id: string;
                    reason: string;
                }[];
            };
            /** @description Jobs that were looked at: changed, unchanged and failed ones. */
            matched: number;
            /** @description Ids without a job, or whose job went meanwhile. */
            not_found: {
                count: number;
                /** @description The first of them. */
                job_ids: string[];
            };
            /** @description The first ids of those changed, as many as `sample` asks for. */
            sample: string[];
            /** @description Jobs that were so already. */
            unchanged: number;
        };
        Copy: {
            /** @description The id of the copy. */
            job_id: string;
            /** @default true */
            paused?: boolean;
        };
        /** @description In canonical form; `year` and `week` are always `*`. */
        CronData: {
            /** @description 1 to 31, `last`, or a position and a weekday. */
            day: string;
            /** @description 0 (Monday) to 6 or mon to sun. */
            day_of_week: string;
            /** @description 0 to 23. */
            hour: string;
            /** @description 0 to 59. */
            minute: string;
            /** @description 1 to 12 or jan to dec. */
            month: string;
            /** @description 0 to 59. */
            second: string;
            /** @description Always `*`. */
            week: string;
            /** @description Always `*`. */
            year: string;
        };
        /** @description *, *\/n, a, a-b, a/n, a-b/n, lists with commas; names of months and weekdays; for `day` also last and positions such as 2nd tue. */
        CronField: string | number | null;
        /** @description A job that fires whenever the clock (UTC) matches all fields. */
        CronJob: {
            /**
             * @description 1 to 31, `last`, or a position and a weekday such as `2nd tue`.
             * @default *
             * @example *
             */
            day?: string;
            /**
             * @description 0 (Monday) to 6 (Sunday) or mon to sun. Must match as well as `day`.
             * @default *
             * @example *
             */
            day_of_week?: string;
            /**
             * @description 0 to 23.
             * @default *
             * @example *
             */
            hour?: string;
            /**
             * @description The name of the job, at most 16 KiB; empty: the server makes one up.
             * @example cron_job_333
             */
            job_id: string;
            /**
             * @description 0 to 59.
             * @default *
             * @example *\/3
             */
            minute?: string;
            /**
             * @description 1 to 12 or jan to dec.
             * @default *
             * @example *
             */
            month?: string;
            /**
             * @description 0 to 59: `*\/n`, `a`, `a-b`, `a-b/n`, `a/n`, and lists of these. A lone
             *     `*` means 0; write `*\/1` for every second.
             * @default 0
             * @example 0
             */
            second?: string;
            /**
             * @description The address that gets a GET request. Not checked.
             * @example http://127.0.0.1:8000/healthz?id=333
             */
            url: string;
        };
        /** @description Fires whenever the wall clock of the zone matches. Either one line in `cron`, with the classic meaning (0 and 7 are Sunday), or single fields with the meaning of APScheduler (0 is Monday; `day` and `day_of_week` must both match; what is finer than the finest field given is at its least). The line is normalised and shown back as fields. */
        CronTrigger: {
            /**
             * Format: cron-line
             * @description 5 fields (minute hour day month weekday), 6 fields (second first), or @hourly, @daily, @weekly, @monthly, @yearly.
             */
            cron?: string | null;
            day?: components["schemas"]["CronField"];
            day_of_week?: components["schemas"]["CronField"];
            dst?: components["schemas"]["DstRule"] | null;
            end?: components["schemas"]["End"];
            hour?: components["schemas"]["CronField"];
            jitter_ms?: components["schemas"]["JitterMs"];
            minute?: components["schemas"]["CronField"];
            month?: components["schemas"]["CronField"];
            second?: components["schemas"]["CronField"];
            start?: components["schemas"]["Start"];
            /**
             * Format: iana-zone
             * @description An IANA name.
             * @default UTC
             */
            timezone?: string | null;
            /** @enum {string} */
            type: "cron";
            week?: components["schemas"]["CronField"];
            year?: components["schemas"]["CronField"];
        };
        /** @description In UTC. */
        DateData: {
            /**
             * Format: int64
             * @description 1 to 31.
             */
            day: number;
            /**
             * Format: int64
             * @description 0 to 23.
             */
            hour: number;
            /**
             * Format: int64
             * @description 0 to 59.
             */
            minute: number;
            /**
             * Format: int64
             * @description 1 to 12.
             */
            month: number;
            /**
             * Format: int64
             * @description 0 to 59.
             */
            second: number;
            /**
             * Format: int64
             * @description 1 to 9999.
             */
            year: number;
        };
        /** @description A job that fires once, at a moment given in UTC. */
        DateJob: {
            /**
             * Format: int64
             * @description The day, 1 to the length of the month.
             * @example 31
             */
            day: number;
            /**
             * Format: int64
             * @description The hour, 0 to 23.
             * @example 23
             */
            hour: number;
            /**
             * @description The name of the job, at most 16 KiB; empty: the server makes one up.
             * @example date_job_111
             */
            job_id: string;
            /**
             * Format: int64
             * @description The minute, 0 to 59.
             * @example 59
             */
            minute: number;
            /**
             * Format: int64
             * @description The month, 1 to 12.
             * @example 12
             */
            month: number;
            /**
             * Format: int64
             * @description The second, 0 to 59.
             * @example 59
             */
            second: number;
            /**
             * @description The address that gets a GET request. Not checked.
             * @example http://127.0.0.1:8000/healthz?id=111
             */
            url: string;
            /**
             * Format: int64
             * @description The year, 1 to 9999.
             * @example 2099
             */
            year: number;
        };
        /** @description Fires once. An instant that has passed by more than the grace is refused. */
        DateTrigger: {
            /**
             * Format: date-time
             * @description With its offset; milliseconds count.
             */
            at: string;
            jitter_ms?: components["schemas"]["JitterMs"];
            /** @enum {string} */
            type: "date";
        };
        DelayMs: number;
        /** @description The body of every refusal that is neither an envelope nor a list of faults. */
        Detail: {
            /**
             * @description What is the matter.
             * @example Not Found
             */
            detail: string;
        };
        /** @description Where the zone moves its clocks. */
        DstRule: {
            /**
             * @description Which of the two instants of a repeated wall clock fire.
             * @default both
             * @enum {string}
             */
            fold?: "both" | "first" | "second";
            /**
             * @description A wall clock that is left out does not fire, or fires as far after the change.
             * @default skip
             * @enum {string}
             */
            gap?: "skip" | "shift";
        };
        /** @description A request, as it arrived. */
        Echo: {
            /** @description The first 64 KiB; what is no UTF-8 becomes U+FFFD. */
            body: string;
            /** @description The length of the whole body. */
            body_bytes: number;
            /** @description In the order of arrival. */
            headers: components["schemas"]["EchoHeader"][];
            method: string;
            path: string;
            /** @description As it was sent; empty: none. */
            query: string;
        };
        EchoHeader: {
            /** @description In lower case. */
            name: string;
            /** @description `***` where it may be a secret. */
            value: string;
        };
        /** @description Nothing: `{}`. */
        Empty: Record<string, never>;
        /**
         * Format: date-time
         * @description The last instant that can be a fire time.
         */
        End: string | null;
        /** @description Why a request was refused. */
        EnvelopeError: {
            /**
             * @description A number as text: 10010 to 10013 unknown id, 30001 no interval given.
             * @example
             */
            code: string;
            /**
             * @description The same for people.
             * @example
             */
            message: string;
        };
        /** @description What every inherited endpoint answers with, also when it refuses. */
        Envelope_Added: {
            /** @description The id of the job that was added. */
            data: {
                /**
                 * @description The id sent, or the one made up.
                 * @example cron_job_333
                 */
                job_id: string;
            };
            /** @description Why not; empty texts on success. */
            error: components["schemas"]["EnvelopeError"];
            /** @description Whether the request did what it asked for. */
            success: boolean;
        };
        /** @description What every inherited endpoint answers with, also when it refuses. */
        Envelope_Empty: {
            /** @description Nothing: `{}`. */
            data: Record<string, never>;
            /** @description Why not; empty texts on success. */
            error: components["schemas"]["EnvelopeError"];
            /** @description Whether the request did what it asked for. */
            success: boolean;
        };
        /** @description What every inherited endpoint answers with, also when it refuses. */
        Envelope_JobObject: {
            /** @description A job. */
            data: {
                /** @description When it fires. */
                data: components["schemas"]["TriggerData"];
                /**
                 * @description Its name.
                 * @example cron_job_333
                 */
                job_id: string;
                /**
                 * @description Always `requests_url`.
                 * @example requests_url
                 */
                name: string;
                /**
                 * @description The next run (UTC); null for a job that is paused or never fires.
                 * @example 2099-12-31T23:59:59+00:00
                 */
                next_run_time: string | null;
                /**
                 * @description The address that gets a GET request.
                 * @example http://127.0.0.1:8000/healthz?id=333
                 */
                request_url: string;
                /**
                 * @description `running` or `paused`.
                 * @example running
                 */
                status: string;
                /**
                 * @description `cron`, `date` or `interval`.
                 * @example cron
                 */
                type: string;
            };
            /** @description Why not; empty texts on success. */
            error: components["schemas"]["EnvelopeError"];
            /** @description Whether the request did what it asked for. */
            success: boolean;
        };
        /** @description What every inherited endpoint answers with, also when it refuses. */
        Envelope_TaskList: {
            /** @description The jobs found, and how many. */
            data: {
                /** @description By next run, ties in the order of adding, those without one last. */
                task_list: components["schemas"]["JobObject"][];
                /**
                 * @description How many.
                 * @example 1
                 */
                total: number;
            };
            /** @description Why not; empty texts on success. */
            error: components["schemas"]["EnvelopeError"];
            /** @description Whether the request did what it asked for. */
            success: boolean;
        };
        /** @description One of the server-sent events of the stream. */
        EventStream: {
            /** @description JSON: of `hello` a HelloEvent, of `job` a JobEvent, of `run` a RunEvent, of `reset` a ResetEvent. */
            data?: string;
            /** @enum {string} */
            event?: "hello" | "job" | "run" | "reset";
            /** @description The place in the stream, for `Last-Event-ID`; the same at every replica. */
            id?: string;
            /** @description After how many milliseconds to come again. */
            retry?: number;
        };
        Explained: {
            explanation: components["schemas"]["Words"];
            /**
             * @description Why there is no run; null: there is one.
             * @enum {string|null}
             */
            moment: "to_come" | "paused" | "before_added" | "before_changed" | "not_planned" | "no_fire_time" | "job_gone" | null;
            /** @description The scheduled run of the fire time after. */
            next: null | components["schemas"]["Run"];
            /**
             * Format: date-time
             * @description The fire time after, on record or by the schedule of the job as it is now.
             */
            next_fire_at: string | null;
            /** @description The scheduled run of the fire time before. */
            previous: null | components["schemas"]["Run"];
            /**
             * Format: date-time
             * @description The fire time before, on record or by the schedule of the job as it is now.
             */
            previous_fire_at: string | null;
            /** @description The run that stands for the instant. */
            run: null | components["schemas"]["RunDetail"];
        };
        /** @description One thing wrong with one field. */
        Fault: {
            /**
             * @description The way to the field in the body (`request.headers[2].name`), or the name
             *     of the parameter or header.
             * @example trigger.timezone
             */
            field: string;
            /**
             * Format: int64
             * @description The line of an import, from 1. Absent where the body has no lines.
             */
            line?: number;
            /**
             * @description The rule it breaks, and what is allowed.
             * @example unknown time zone "Europe/Berln"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin
             */
            rule: string;
            /**
             * @description The value as it was given, shortened; secrets are masked. Null when
             *     there was none.
             */
            value: unknown;
        };
        /** @description What the decoder said of broken JSON. */
        FaultContext: {
            /**
             * @description The decoder's words.
             * @example Expecting value
             */
            error: string;
        };
        FireTime: {
            /**
             * Format: date-time
             * @description The fire time, UTC.
             */
            fire_at: string;
            /**
             * Format: date-time
             * @description The same by the wall clock of the trigger's zone.
             */
            local: string;
            /**
             * Format: date-time
             * @description When it is sent, where that is later by a jitter and the id of the job is known.
             */
            send_at?: string;
        };
        /** @description A job that fires within a span. */
        Firing: {
            /**
             * Format: date-time
             * @description Its first fire time within the span.
             */
            fire_at: string;
            job_id: string;
            trigger: components["schemas"]["Trigger"];
        };
        FiringPage: {
            items: components["schemas"]["Firing"][];
            /** @description For the next page; null: this is the last one. */
            next_cursor: string | null;
        };
        /** @description The body of a 422 answer. */
        HTTPValidationError: {
            /** @description Every fault, in the order of the fields. */
            detail: components["schemas"]["ValidationError"][];
        };
        /** @description The stream has begun; its `id` is the place behind which it tells. */
        HelloEvent: {
            /** Format: date-time */
            at: string;
            /** @description Whether it goes on behind a `Last-Event-ID`. */
            resumed: boolean;
        };
        ImportResult: {
            /** @description New jobs. */
            created: number;
            dry_run: boolean;
            /** @description Lines that were judged well and could not be put, since something changed meanwhile. */
            failed: {
                count: number;
                /** @description The first of them. */
                jobs: {
                    job_id: string;
                    line: number;
                    reason: string;
                }[];
            };
            /** @description Lines with a job. */
            jobs: number;
            /** @description Jobs that are not as described and stay as they are. */
            kept: number;
            /** @description Jobs with another definition or state than before. */
            replaced: number;
            /** @description Jobs that were as described already. */
            unchanged: number;
        };
        /** @description The distance between two runs. */
        IntervalData: {
            /**
             * Format: int64
             * @description 0 or more; may exceed 23.
             */
            hour: number;
            /**
             * Format: int64
             * @description 0 to 59.
             */
            minute: number;
            /**
             * Format: int64
             * @description 0 to 59.
             */
            second: number;
        };
        /**
         * @description A job that fires again and again at equal distances. At least one part is
         *     needed; a part left out counts as 0, a total of 0 as one second.
         */
        IntervalJob: {
            /**
             * Format: int64
             * @description Hours; may exceed 23.
             * @example 0
             */
            hours?: number;
            /**
             * @description The name of the job, at most 16 KiB; empty: the server makes one up.
             * @example interval_job_222
             */
            job_id: string;
            /**
             * Format: int64
             * @description Minutes; may exceed 59.
             * @example 0
             */
            minutes?: number;
            /**
             * Format: int64
             * @description Seconds; may exceed 59.
             * @example 10
             */
            seconds?: number;
            /**
             * @description The address that gets a GET request. Not checked.
             * @example http://127.0.0.1:8000/healthz?id=222
             */
            url: string;
        };
        /** @description Fires at equal distances of real time, one second at least: first one interval after it is added, or at `start`. Putting the same interval again keeps its phase. */
        IntervalTrigger: {
            days?: number | null;
            end?: components["schemas"]["End"];
            hours?: number | null;
            jitter_ms?: components["schemas"]["JitterMs"];
            minutes?: number | null;
            seconds?: number | null;
            start?: components["schemas"]["Start"];
            /** @enum {string} */
            type: "interval";
            weeks?: number | null;
        };
        /** @description Each occurrence is sent 0 to so many milliseconds later, the same on all replicas. */
        JitterMs: number | null;
        /** @description A job: what its client decided, and under `status` how it fares. */
        Job: {
            description: string;
            job_id: string;
            policies: components["schemas"]["Policies"];
            request: components["schemas"]["Request"];
            retry: components["schemas"]["Retry"] | null;
            status: components["schemas"]["JobStatus"];
            tags: string[];
            trigger: components["schemas"]["Trigger"];
        };
        /** @description How many jobs there are. `waiting`: running, and not fired before an instant to come, which the list shows as paused; `failing`: their last scheduled occurrence failed. */
        JobCounts: {
            by_type: {
                cron: number;
                date: number;
                interval: number;
            };
            failing: components["schemas"]["StatsCount"];
            /** @description Those that a client or their failures have paused. */
            paused: number;
            /** @description Those in the state running, `waiting` among them. */
            running: number;
            /** @description Jobs that are listed. */
            total: number;
            waiting: components["schemas"]["StatsCount"];
        };
        /** @description What a client decides of a job. What is left out has its default. `job_id` (of the path) and `status` may be there, so that an answer can be sent back; they are not looked at. */
        JobDefinition: {
            /**
             * @description What it is for; at most 4096 bytes of UTF-8.
             * @default
             */
            description?: string;
            /** @description If it is there, the id of the path. */
            readonly job_id?: string | null;
            policies?: components["schemas"]["Policies"] | null;
            request: components["schemas"]["Request"];
            /** @description Whether failed attempts are made again. Null: no. */
            retry?: components["schemas"]["Retry"] | null;
            /** @description Not looked at. */
            readonly status?: string | number | boolean | Record<string, never> | unknown[] | null;
            /**
             * @description By which it can be found. Each has 1 to 128 bytes, no control characters, and no blanks at its ends.
             * @default []
             */
            tags?: string[];
            trigger: components["schemas"]["Trigger"];
        };
        /** @description A job was changed. */
        JobEvent: {
            /**
             * Format: date-time
             * @description When that was committed.
             */
            at: string;
            /**
             * @description `put`: added, or its definition changed. `ended`: its schedule is over, it is not listed any more.
             * @enum {string}
             */
            change: "put" | "paused" | "resumed" | "removed" | "ended";
            /** @description As it is now, as in the list; null after `removed` and `ended`. */
            job: components["schemas"]["Job"] | null;
            job_id: string;
        };
        /** @description As in the list of jobs. Empty: all jobs. */
        JobFilter: {
            /** @description True: only jobs whose last scheduled occurrence failed. */
            failing?: boolean | null;
            /** @enum {string|null} */
            state?: "running" | "paused" | null;
            /** @description One of its tags, exactly. */
            tag?: string | null;
            /** @description Part of its id or URL; ASCII letters match in either case. */
            text?: string | null;
            /** @enum {string|null} */
            type?: "date" | "interval" | "cron" | null;
        };
        /** @description A job. */
        JobObject: {
            /** @description When it fires. */
            data: components["schemas"]["TriggerData"];
            /**
             * @description Its name.
             * @example cron_job_333
             */
            job_id: string;
            /**
             * @description Always `requests_url`.
             * @example requests_url
             */
            name: string;
            /**
             * @description The next run (UTC); null for a job that is paused or never fires.
             * @example 2099-12-31T23:59:59+00:00
             */
            next_run_time: string | null;
            /**
             * @description The address that gets a GET request.
             * @example http://127.0.0.1:8000/healthz?id=333
             */
            request_url: string;
            /**
             * @description `running` or `paused`.
             * @example running
             */
            status: string;
            /**
             * @description `cron`, `date` or `interval`.
             * @example cron
             */
            type: string;
        };
        JobPage: {
            items: components["schemas"]["Job"][];
            /** @description For the next page; null: this is the last one. */
            next_cursor: string | null;
            total: {
                /** @description How many jobs the filter lets through. */
                count: number;
                /** @description False: at least so many; counting them all would take too long. */
                exact: boolean;
            };
        };
        /** @description Parts of a definition, merged into it as RFC 7396 says. */
        JobPatch: {
            description?: string | null;
            /** @description If it is there, the id of the path. */
            readonly job_id?: string | null;
            /** @description Parts of the policies. */
            policies?: {
                [key: string]: unknown;
            } | null;
            /** @description Parts of a request. */
            request?: {
                [key: string]: unknown;
            };
            /** @description Parts of a retry rule. */
            retry?: {
                [key: string]: unknown;
            } | null;
            /** @description Not looked at. */
            readonly status?: string | number | boolean | Record<string, never> | unknown[] | null;
            tags?: string[] | null;
            /** @description Parts of a trigger; one of another `type` replaces the old one. */
            trigger?: {
                [key: string]: unknown;
            };
        };
        JobStatus: {
            /** @description Scheduled occurrences that failed in a row, up to the last one. */
            consecutive_failures: number;
            /** Format: date-time */
            created_at: string | null;
            /** @description Of the last request that was answered. */
            last_duration_ms: number | null;
            /** Format: date-time */
            last_ended_at: string | null;
            /** @enum {string|null} */
            last_state: "succeeded" | "failed" | "unknown" | "skipped" | "missed" | "coalesced" | null;
            /**
             * Format: date-time
             * @description When the next scheduled request is sent.
             */
            next_fire_at: string | null;
            /**
             * @description What holds it.
             * @enum {string|null}
             */
            paused_by: "client" | "failures" | "pause_until" | null;
            /** @description The last occurrences by fire time, newest first. */
            recent: components["schemas"]["RecentRun"][];
            /** @enum {string} */
            state: "running" | "paused";
            /** Format: date-time */
            updated_at: string;
        };
        /** @description JSON Lines: one JSON object a line. A header `{"schedule_server", "format": 1}` may stand before the jobs `{"job_id", "state", "definition", "phase", "inherited", "created_at"}`, of which `job_id` and `definition` are required. */
        JsonLines: string;
        ManualRun: {
            /** Format: date-time */
            fire_at: string;
            /**
             * Format: uuid
             * @description The same with every attempt; the target receives it as `X-Schedule-Fire-Id`.
             */
            fire_id: string;
            job_id: string;
            /** @enum {string} */
            kind: "manual";
            run_id: number;
        };
        /** @description A text; or a secret, which is stored and sent and never shown again. `{"secret": true}` is shown in its place, and keeps the stored one when it is sent. */
        MaybeSecret: string | {
            secret: string | true;
        };
        NamedHeader: {
            name: string;
            value: components["schemas"]["MaybeSecret"];
        };
        NamedValue: {
            name: string;
            value: components["schemas"]["MaybeSecret"];
        };
        /** @description For how long a job is paused. */
        Pause: {
            /**
             * Format: date-time
             * @description When it goes on by itself; null: when it is resumed.
             */
            until?: string | null;
        };
        /** @description Where the time of an attempt went, in microseconds, as far as the client can tell; of several requests (redirects) the sums. */
        Phases: {
            /** @description Making the connection, with the TLS handshake of an https target; null: it was used again. */
            connect_us: number | null;
            /** @description Finding the addresses of the host's name; null: it was an address, or the connection was used again. */
            dns_us: number | null;
            /** @description From there to the head of the answer. */
            first_byte_us: number | null;
            /** @description From there to the end of the answer. */
            read_us: number | null;
        };
        /** @description One step on the way to a fault. */
        Place: string | number;
        /** @description The answer is JSON, and at the pointer (RFC 6901) it holds this value. */
        PointerRule: {
            equals: string | number | boolean | Record<string, never> | unknown[] | null;
            pointer: string;
        };
        Policies: {
            /**
             * @description Which of several overdue fire times are sent; the others are on record as coalesced or missed.
             * @default latest
             */
            catch_up?: ("none" | "latest") | {
                all: number;
            };
            /**
             * @description Whether a request that may have been sent, by a replica that died, is sent again with the same fire id.
             * @default at_most_once
             * @enum {string}
             */
            delivery?: "at_most_once" | "at_least_once";
            /** @description How late an occurrence may be sent. Null: 60 s for date and cron, no limit for an interval. */
            misfire_grace?: "unlimited" | {
                ms: number;
            } | null;
            /**
             * @description What happens while another run of the job goes on: the new one is skipped; goes on beside it, up to so many; waits, up to so many; or the other one is given up.
             * @default skip
             */
            overlap?: ("skip" | "cancel_previous") | {
                allow: number;
            } | {
                queue: number;
            };
            /** @description The job is paused when so many scheduled occurrences in a row have failed. */
            pause_after_failures?: number | null;
            /**
             * Format: date-time
             * @description What falls due before it is not fired, but recorded as skipped.
             */
            pause_until?: string | null;
            /**
             * @description Who is sent first when requests wait for a send slot; higher is earlier.
             * @default 0
             */
            priority?: number;
        };
        /** @description What a trigger does. */
        Preview: {
            /** @description A cron trigger as one line of 5 fields, or 6 with the second first; null where no line can say it. */
            cron: string | null;
            /** @description Only with `faults=tell`: what is wrong with the trigger. If anything is, nothing is foretold. */
            faults?: components["schemas"]["Fault"][];
            /** @description The next ones, ascending. Empty: it never fires; a warning says why. */
            fire_times: components["schemas"]["FireTime"][];
            /** @description Whether there are further ones. */
            more: boolean;
            /** @description The trigger as it is kept. Null only with faults that are told. */
            normalised: components["schemas"]["Trigger"] | null;
            /** @description What it does, in words. Null only with faults that are told. */
            text: components["schemas"]["Words"] | null;
            warnings: components["schemas"]["Warning"][];
        };
        PreviewRequest: {
            /**
             * Format: date-time
             * @description As if the job were added at this instant; null: now.
             */
            from?: string | null;
            /** @description Whose trigger it is: jitter depends on the id, and an interval that such a job has already keeps its phase. The job need not exist. */
            job_id?: string | null;
            /**
             * @description How many fire times at most.
             * @default 10
             */
            n?: number | null;
            /** @description `pause_until` and `misfire_grace` matter. */
            policies?: components["schemas"]["Policies"] | null;
            trigger: components["schemas"]["Trigger"];
        };
        /** @description The body of every refusal. */
        Problem: {
            /**
             * @description What is the matter this time.
             * @example 1 fault: trigger.timezone
             */
            detail: string;
            /** @description Every fault of the input; empty where it is none of the input. */
            errors: components["schemas"]["Fault"][];
            /**
             * Format: int32
             * @description The status of the answer.
             * @example 422
             */
            status: number;
            /**
             * @description The same for people.
             * @example The input breaks rules
             */
            title: string;
            /**
             * @description Which problem; stable, for programs.
             * @example urn:schedule-server:problem:invalid
             */
            type: string;
        };
        /** @description Whether this server does its work. */
        Ready: {
            /** @description The parts it stands on. */
            parts: components["schemas"]["ReadyPart"][];
            /** @description Every required part works. */
            ready: boolean;
        };
        /** @description One part, as last seen. */
        ReadyPart: {
            /**
             * @description What is the matter, or what is in use.
             * @example answers
             */
            detail: string;
            /** @description Whether it works. */
            ok: boolean;
            /**
             * @description Which.
             * @example store
             */
            part: string;
            /** @description Whether the server is of no use without it. */
            required: boolean;
            /**
             * @description When it came into this state (UTC).
             * @example 2026-11-22T15:48:00.123Z
             */
            since: string;
        };
        RecentRun: {
            /** @description How many consecutive fire times it stands for. */
            count: number;
            /** @description From the send to the end of the answer. */
            duration_ms: number | null;
            /** Format: date-time */
            fire_at: string;
            /** @enum {string} */
            kind: "scheduled" | "manual";
            /** @description Actual minus planned instant of the send. */
            lateness_ms: number | null;
            /** @description Why, when the state alone does not say. */
            reason: string | null;
            run_id: number;
            /** @enum {string} */
            state: "claimed" | "firing" | "succeeded" | "failed" | "unknown" | "skipped" | "missed" | "coalesced";
            /** @description The target's status code. */
            status: number | null;
        };
        /** @description The HTTP request to send. `{{job_id}}`, `{{fire_at}}`, `{{fire_at_ms}}`, `{{fire_id}}` and `{{attempt}}` are filled in, in path and query of the URL, in headers and in the body. */
        Request: {
            body?: components["schemas"]["RequestBody"] | null;
            /**
             * @description How much of the answer is kept.
             * @default 4096
             */
            capture_bytes?: number;
            headers?: components["schemas"]["NamedHeader"][];
            /**
             * @default GET
             * @enum {string}
             */
            method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
            /** @description Added to the query of the URL. */
            query?: components["schemas"]["NamedValue"][];
            /**
             * @description How many are followed.
             * @default 0
             */
            redirects?: number;
            success?: components["schemas"]["SuccessRule"];
            /** @description From the send to the end of the answer; null: the server's SEND_TIMEOUT. */
            timeout_ms?: number | null;
            tls?: components["schemas"]["Tls"];
            /**
             * Format: http-url
             * @description http or https.
             */
            url: string;
        };
        /** @description Not for GET and HEAD. */
        RequestBody: {
            /** @description Any JSON; placeholders in its texts are filled in. */
            json: string | number | boolean | Record<string, never> | unknown[] | null;
        } | {
            text: string;
        } | {
            base64: string;
        };
        /** @description What came behind the `Last-Event-ID` is not kept any more, or was never there: load everything anew. The stream goes on from now. */
        ResetEvent: {
            /** Format: date-time */
            at: string;
        };
        /** @description A further attempt carries the same fire id. */
        Retry: {
            /**
             * @description In all, the first one included.
             * @default 1
             */
            attempts?: number;
            /** @description No attempt starts later than so many milliseconds after the fire time. */
            deadline_ms?: number | null;
            delay?: components["schemas"]["RetryDelay"];
            /**
             * @description A Retry-After of the target makes the delay longer.
             * @default true
             */
            obey_retry_after?: boolean;
            on?: components["schemas"]["RetryOn"];
        };
        RetryDelay: {
            fixed_ms: components["schemas"]["DelayMs"];
        } | {
            exponential: {
                first_ms: components["schemas"]["DelayMs"];
                /**
                 * @description Shortened by up to so much.
                 * @default 0
                 */
                jitter_percent?: number;
                max_ms: components["schemas"]["DelayMs"];
            };
        } | {
            /** @description One after the other; the last one repeats. */
            table_ms: components["schemas"]["DelayMs"][];
        };
        /** @description Which outcomes are tried again. */
        RetryOn: {
            /** @default true */
            broken?: boolean;
            /** @default true */
            connect?: boolean;
            /** @description As in a success rule; by default 408, 425, 429 and 500-599. */
            statuses?: (number | string)[];
            /** @default true */
            timeout?: boolean;
        };
        Run: {
            /** @description How many attempts were begun. */
            attempt: number;
            /**
             * Format: date-time
             * @description When a replica claimed it last.
             */
            claimed_at: string | null;
            /** @description How many consecutive fire times it stands for. */
            count: number;
            /**
             * Format: date-time
             * @description When its last, or next, attempt is due.
             */
            due_at: string;
            /** @description From the send to the end of the answer. */
            duration_ms: number | null;
            /** @description What went wrong, in words. */
            error: string | null;
            explanation: components["schemas"]["Words"];
            /**
             * Format: date-time
             * @description The planned instant; the first one, when the row stands for several.
             */
            fire_at: string;
            /**
             * Format: uuid
             * @description What the target saw in X-Schedule-Fire-Id, the same at every attempt.
             */
            fire_id: string;
            /**
             * Format: date-time
             * @description The fire time that stands for a coalesced one.
             */
            into_fire_at: string | null;
            job_id: string;
            /** @enum {string} */
            kind: "scheduled" | "manual";
            /**
             * Format: date-time
             * @description The last one it stands for.
             */
            last_fire_at: string;
            /** @description Actual minus planned instant of the send. */
            lateness_ms: number | null;
            phases: null | components["schemas"]["Phases"];
            /**
             * @description Why, when the state alone does not say.
             * @enum {string|null}
             */
            reason: "status" | "timeout" | "connect" | "broken" | "success_rule" | "too_many_redirects" | "invalid_url" | "send_limit" | "lease_lost" | "lock_unavailable" | "lock_held" | "replica_died" | "shutdown" | "internal" | "cancelled" | "overlap" | "queue_full" | "pause_until" | "ended" | "paused" | "removed" | "changed" | "grace" | "no_catch_up" | null;
            /** @description The server process that claimed it. */
            replica: string | null;
            /** @description The ledger row. */
            run_id: number;
            /**
             * Format: date-time
             * @description When the request left; null: nothing was sent.
             */
            sent_at: string | null;
            /**
             * Format: date-time
             * @description When it came to its final state.
             */
            settled_at: string | null;
            /** @enum {string} */
            state: "claimed" | "firing" | "succeeded" | "failed" | "unknown" | "skipped" | "missed" | "coalesced";
            /** @description The target's status code. */
            status: number | null;
        };
        RunDetail: {
            /** @description How many attempts were begun. */
            attempt: number;
            /** @description Every attempt, the last one too. */
            attempts: components["schemas"]["Attempt"][];
            /** @description The first bytes of the answer, as text. */
            body: string | null;
            /**
             * Format: date-time
             * @description When a replica claimed it last.
             */
            claimed_at: string | null;
            /** @description How many consecutive fire times it stands for. */
            count: number;
            /**
             * Format: date-time
             * @description When its last, or next, attempt is due.
             */
            due_at: string;
            /** @description From the send to the end of the answer. */
            duration_ms: number | null;
            /** @description What went wrong, in words. */
            error: string | null;
            explanation: components["schemas"]["Words"];
            /**
             * Format: date-time
             * @description The planned instant; the first one, when the row stands for several.
             */
            fire_at: string;
            /**
             * Format: uuid
             * @description What the target saw in X-Schedule-Fire-Id, the same at every attempt.
             */
            fire_id: string;
            /**
             * Format: date-time
             * @description The fire time that stands for a coalesced one.
             */
            into_fire_at: string | null;
            job_id: string;
            /** @enum {string} */
            kind: "scheduled" | "manual";
            /**
             * Format: date-time
             * @description The last one it stands for.
             */
            last_fire_at: string;
            /** @description Actual minus planned instant of the send. */
            lateness_ms: number | null;
            phases: null | components["schemas"]["Phases"];
            /**
             * @description Why, when the state alone does not say.
             * @enum {string|null}
             */
            reason: "status" | "timeout" | "connect" | "broken" | "success_rule" | "too_many_redirects" | "invalid_url" | "send_limit" | "lease_lost" | "lock_unavailable" | "lock_held" | "replica_died" | "shutdown" | "internal" | "cancelled" | "overlap" | "queue_full" | "pause_until" | "ended" | "paused" | "removed" | "changed" | "grace" | "no_catch_up" | null;
            /** @description The server process that claimed it. */
            replica: string | null;
            /** @description The ledger row. */
            run_id: number;
            /**
             * Format: date-time
             * @description When the request left; null: nothing was sent.
             */
            sent_at: string | null;
            /**
             * Format: date-time
             * @description When it came to its final state.
             */
            settled_at: string | null;
            /** @enum {string} */
            state: "claimed" | "firing" | "succeeded" | "failed" | "unknown" | "skipped" | "missed" | "coalesced";
            /** @description The target's status code. */
            status: number | null;
        };
        /** @description A run began, went on or ended; or a fire time got its row in the ledger without one. */
        RunEvent: {
            /**
             * Format: date-time
             * @description When that was committed.
             */
            at: string;
            job_id: string;
            run: components["schemas"]["RecentRun"];
        };
        RunPage: {
            items: components["schemas"]["Run"][];
            /** @description Where the next page begins; null: this was the last one. */
            next_cursor: string | null;
        };
        /**
         * Format: date-time
         * @description The earliest instant that can be a fire time.
         */
        Start: string | null;
        /** @description What all jobs together came to and will do. */
        Stats: {
            ahead: components["schemas"]["StatsAhead"];
            /**
             * Format: date-time
             * @description The instant of all but `ahead`.
             */
            as_of: string;
            /** @description Oldest first, without gaps. */
            behind: components["schemas"]["StatsBehind"][];
            /**
             * @description The length of a bucket.
             * @enum {string}
             */
            bucket: "1m" | "5m" | "15m" | "1h" | "6h" | "1d";
            jobs: components["schemas"]["JobCounts"];
            last_day: components["schemas"]["StatsWindow"];
            last_hour: components["schemas"]["StatsWindow"];
        };
        /** @description Fire times to come that no replica has claimed yet, by the schedules alone: jobs that are paused do not fire, those paused until an instant do from then on; what will be skipped or retried is not known. */
        StatsAhead: {
            /**
             * Format: date-time
             * @description The instant of the forecast, at most ten seconds ago.
             */
            as_of: string;
            /** @description The next one first: it counts from `as_of` on. */
            buckets: {
                firings: number;
                /**
                 * Format: date-time
                 * @description A multiple of the bucket since 1970 (UTC).
                 */
                from: string;
            }[];
            /** @description Likewise, of the next 24 hours, as far as `ahead` reaches. */
            busiest_day: components["schemas"]["StatsBurst"][];
            /** @description The seconds of the next hour at which most jobs fire together, most first. Jobs that fire more often than once a minute and those with a jitter of a second or more are left out. */
            busiest_hour: components["schemas"]["StatsBurst"][];
            /** @description Whether every fire time was counted. False: told from a sample, or some crons fire so often that they are taken to go on as they begin. */
            exact: boolean;
            /** @description The sum of the buckets. */
            firings: number;
            /** @description Null: all jobs were looked at. */
            sample: components["schemas"]["StatsSample"] | null;
        };
        /** @description Fire times by the final state to which they came within a bucket. */
        StatsBehind: {
            coalesced: number;
            failed: number;
            /**
             * Format: date-time
             * @description A multiple of the bucket since 1970 (UTC).
             */
            from: string;
            missed: number;
            skipped: number;
            succeeded: number;
            unknown: number;
        };
        StatsBurst: {
            /**
             * Format: date-time
             * @description The second.
             */
            at: string;
            /** @description How many jobs fire in it; an estimate when there is a sample. */
            jobs: number;
        };
        /** @description A number that is counted up to a bound. */
        StatsCount: {
            count: number;
            /** @description False: at least so many. */
            exact: boolean;
        };
        StatsOutcome: {
            /** @enum {string|null} */
            reason: "status" | "timeout" | "connect" | "broken" | "success_rule" | "too_many_redirects" | "invalid_url" | "send_limit" | "lease_lost" | "lock_unavailable" | "lock_held" | "replica_died" | "shutdown" | "internal" | "cancelled" | "overlap" | "queue_full" | "pause_until" | "ended" | "paused" | "removed" | "changed" | "grace" | "no_catch_up" | null;
            runs: number;
            /** @enum {string} */
            state: "succeeded" | "failed" | "unknown" | "skipped" | "missed" | "coalesced";
        };
        StatsSample: {
            /** @description Jobs that were looked at; the same ones each time. */
            jobs: number;
            /** @description Jobs they stand for. */
            of: number;
        };
        /** @description Percentiles in milliseconds. */
        StatsTimes: {
            /** @description So many percent took no longer. Within 1/32 (3.1 %) of the exact value, exact below 32 ms; null when none was measured. */
            p50: number | null;
            /** @description Likewise. */
            p95: number | null;
            /** @description Likewise. */
            p99: number | null;
            /** @description How many were measured: those that were sent, each by its last attempt. */
            runs: number;
        };
        /** @description What came to its end within some time, and how late and how long the requests were that ended. Times are counted in slices of five minutes: from up to five minutes earlier on. */
        StatsWindow: {
            duration_ms: components["schemas"]["StatsTimes"];
            /**
             * Format: date-time
             * @description Where it begins: a whole minute, so it is up to a minute longer than its name.
             */
            from: string;
            lateness_ms: components["schemas"]["StatsTimes"];
            outcomes: components["schemas"]["StatsOutcome"][];
            /** @description Fire times that came to a final state: the sum of `outcomes`. One that was missed counts as one, although many missed in a row are one row of the ledger. */
            runs: number;
        };
        /** @description Statuses (204) and ranges ("200-299"). */
        Statuses: (number | string)[];
        /** @description What counts as success: all that is said must hold. */
        SuccessRule: {
            /** @description The answer holds this text. */
            body_contains?: string | null;
            json_pointer?: components["schemas"]["PointerRule"] | null;
            statuses?: components["schemas"]["Statuses"];
        };
        /** @description A server, its parts and its settings. */
        System: {
            /** @description The commit it was built from, if that was told at the build (SCHEDULE_SERVER_COMMIT). */
            commit: string | null;
            jobs: components["schemas"]["JobCounts"];
            limits: components["schemas"]["SystemLimits"];
            lock: components["schemas"]["SystemLock"];
            /**
             * Format: date-time
             * @description The clock of this server.
             */
            now: string;
            /** @description What /readyz tells. */
            parts: components["schemas"]["SystemPart"][];
            /** @description The name of this process among those that share the store; new at each start. */
            replica: string;
            /** @description Those that share the store, at most 1000. */
            replicas: components["schemas"]["SystemReplica"][];
            /** @description What it runs with. */
            settings: components["schemas"]["SystemSetting"][];
            /**
             * Format: date-time
             * @description When it was started.
             */
            started_at: string;
            store: components["schemas"]["SystemStore"];
            /** @description The version of its time zone data (IANA), such as 2025b. */
            time_zones: string;
            /** @description For how long it has run, whatever the clock did. */
            uptime_s: number;
            /** @description The version of this server. */
            version: string;
        };
        /** @description The most that is accepted. */
        SystemLimits: {
            /** @description Bytes of a body. */
            body_bytes: number;
            /** @description Seconds a body may take to arrive. */
            body_wait_s: number;
            description_bytes: number;
            job_id_bytes: number;
            /** @description Jobs on a page. */
            page_jobs: number;
            /** @description Buckets of one side. */
            stats_buckets: number;
            /** @description Hours behind or ahead. */
            stats_hours: number;
            tag_bytes: number;
            /** @description Tags of a job. */
            tags: number;
        };
        /** @description The fire lock. */
        SystemLock: {
            /**
             * @description redis: a Redis is set up for the fire lock; store: the store's own.
             * @enum {string}
             */
            kind: "redis" | "store";
            /** @description Whether it was last seen working; null: not looked at yet. */
            ok: boolean | null;
            /**
             * @description What happens while Redis is away.
             * @enum {string}
             */
            on_unavailable: "fire" | "hold" | "";
            /**
             * Format: date-time
             * @description Since when.
             */
            since: string | null;
        };
        SystemPart: {
            /** @description What is the matter, or what is in use. */
            detail: string;
            ok: boolean;
            /** @description Which. */
            part: string;
            /** @description Whether the server is of no use without it. */
            required: boolean;
            /**
             * Format: date-time
             * @description When it came into this state.
             */
            since: string;
        };
        SystemReplica: {
            /** @description Whether its lease lasts. */
            alive: boolean;
            /**
             * Format: date-time
             * @description It counts as alive until then; renewed each second.
             */
            lease_until: string;
            /** @description Its name. */
            replica: string;
            /** @description Whether it is the one that answers. */
            self: boolean;
        };
        SystemSetting: {
            /** @description The value when nothing is said. */
            default: string;
            /** @description What it is for. */
            help: string;
            /** @description The environment variable; the flag is the same in lower case. */
            name: string;
            /** @enum {string} */
            origin: "default" | "env" | "flag";
            /** @description Without passwords. Empty: unset. */
            value: string;
        };
        SystemStore: {
            /** @description Its size. */
            bytes: number;
            /** @description The kind of database: sqlite. */
            kind: string;
            /** @description Writes of this process that wait for their turn. */
            queued_writes: number;
            /** @description The newest change of the tables. */
            schema_version: number;
            /** @description What is written and not yet merged into it. */
            wal_bytes: number;
        };
        /** @description The jobs found, and how many. */
        TaskList: {
            /** @description By next run, ties in the order of adding, those without one last. */
            task_list: components["schemas"]["JobObject"][];
            /**
             * @description How many.
             * @example 1
             */
            total: number;
        };
        Tls: {
            /** @description Certificates to trust in the place of the system's, as PEM. */
            ca_pem?: string | null;
            /**
             * @description Any certificate will do: whoever answers gets the request.
             * @default false
             */
            skip_verification?: boolean;
        };
        Trigger: components["schemas"]["DateTrigger"] | components["schemas"]["IntervalTrigger"] | components["schemas"]["CronTrigger"];
        /** @description The parts of a trigger, by type of job. */
        TriggerData: components["schemas"]["CronData"] | components["schemas"]["DateData"] | components["schemas"]["IntervalData"];
        /** @description What a job will do. */
        Upcoming: {
            /** @description The next ones by fire time, those on record and not yet sent included. */
            fire_times: components["schemas"]["UpcomingFire"][];
            /** @description Of a paused job: what would come if it were resumed now. */
            if_resumed: components["schemas"]["FireTime"][] | null;
            job_id: string;
            /** @description Whether there are further ones. */
            more: boolean;
            /** @description Whether the job is paused, for now or until it is resumed. */
            paused: boolean;
            text: components["schemas"]["Words"];
            warnings: components["schemas"]["Warning"][];
        };
        UpcomingFire: {
            /** @description Which attempt it will be. */
            attempt: number;
            /**
             * Format: date-time
             * @description The fire time, UTC.
             */
            fire_at: string;
            /**
             * Format: date-time
             * @description The same by the wall clock of the trigger's zone.
             */
            local: string;
            /**
             * Format: date-time
             * @description When it is sent: later than the fire time by a jitter, or the instant of a retry. Null: when the run it waits for has ended.
             */
            send_at: string | null;
            /**
             * @description Planned: not on record yet. Claimed: on record, not sent. Retry: an attempt has failed, another one follows. Waiting: for another run of the job to end.
             * @enum {string}
             */
            state: "planned" | "claimed" | "retry" | "waiting";
        };
        /** @description One thing wrong with a request. */
        ValidationError: {
            /** @description More about the fault, for some kinds. */
            ctx?: components["schemas"]["FaultContext"];
            /** @description The value as sent. */
            input: unknown;
            /**
             * @description Where: `body` or `query`, then the name of the field; for broken JSON
             *     the offset in characters.
             */
            loc: components["schemas"]["Place"][];
            /**
             * @description The rule that was broken.
             * @example Field required
             */
            msg: string;
            /**
             * @description The kind of fault, a word for programs.
             * @example missing
             */
            type: string;
        };
        /** @description Something to know of a trigger; it is no fault. */
        Warning: {
            /**
             * @description Which; stable, for programs.
             * @enum {string}
             */
            code: "never_fires" | "in_the_past" | "skipped_by_gap" | "moved_by_gap" | "twice_in_fold" | "silent_in_fold" | "rare_day" | "very_often" | "ends" | "day_and_weekday" | "long_gap" | "week_53";
            text: components["schemas"]["Words"];
        };
        /** @description A text for people, in both languages of the page. */
        Words: {
            en: string;
            zh: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    echo: {
        parameters: {
            query?: {
                /**
                 * @description The status of the answer, 200 to 599.
                 * @example 200
                 */
                status?: number;
                /**
                 * @description How long to wait before the answer, at most 60000.
                 * @example 0
                 */
                delay_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "method": "GET",
                     *       "path": "/api/v1/echo",
                     *       "query": "status=200&delay_ms=0",
                     *       "headers": [
                     *         {
                     *           "name": "host",
                     *           "value": "127.0.0.1:8000"
                     *         },
                     *         {
                     *           "name": "authorization",
                     *           "value": "***"
                     *         }
                     *       ],
                     *       "body": "",
                     *       "body_bytes": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Echo"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is turned off (`ECHO`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-path",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 404,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    echo_body: {
        parameters: {
            query?: {
                /**
                 * @description The status of the answer, 200 to 599.
                 * @example 200
                 */
                status?: number;
                /**
                 * @description How long to wait before the answer, at most 60000.
                 * @example 0
                 */
                delay_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Anything, of any media type. */
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description What came. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "method": "POST",
                     *       "path": "/api/v1/echo",
                     *       "query": "status=200&delay_ms=0",
                     *       "headers": [
                     *         {
                     *           "name": "host",
                     *           "value": "127.0.0.1:8000"
                     *         },
                     *         {
                     *           "name": "authorization",
                     *           "value": "***"
                     *         }
                     *       ],
                     *       "body": "hello",
                     *       "body_bytes": 5
                     *     }
                     */
                    "application/json": components["schemas"]["Echo"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is turned off (`ECHO`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-path",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 404,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_events: {
        parameters: {
            query?: {
                /**
                 * @description Only what happens to the job of this id.
                 * @example daily-report
                 */
                job_id?: string;
                /**
                 * @description `job`, `run`, or `job,run` (the default).
                 * @example job,run
                 */
                types?: string;
                /**
                 * @description `false`: tell what is there behind `Last-Event-ID`, and end. By default the stream stays open.
                 * @example false
                 */
                follow?: boolean;
            };
            header?: {
                /**
                 * @description The last `id` that was seen. Absent: begin now.
                 * @example 1024.0
                 */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 1000
                     *     id: 1024.0
                     *     event: hello
                     *     data: {"at":"2030-01-01T01:00:00.000Z","resumed":true}
                     *
                     *     id: 1025.0
                     *     event: run
                     *     data: {"at":"2030-01-01T01:00:00.120Z","job_id":"daily-report","run":{"run_id":41,"kind":"scheduled","fire_at":"2030-01-01T01:00:00.000Z","state":"succeeded","reason":null,"status":200,"lateness_ms":2,"duration_ms":118,"count":1}}
                     */
                    "text/event-stream": components["schemas"]["EventStream"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description So many streams are open already (`EVENTS_CLIENTS`), or (`unavailable`) the store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:too-many-streams",
                     *       "title": "Too many streams are open",
                     *       "status": 503,
                     *       "detail": "this server serves 1000 at once",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_jobs: {
        parameters: {
            query?: {
                /**
                 * @description `running` or `paused`.
                 * @example running
                 */
                state?: string;
                /**
                 * @description `date`, `interval` or `cron`.
                 * @example cron
                 */
                type?: string;
                /**
                 * @description One of its tags, exactly.
                 * @example reports
                 */
                tag?: string;
                /**
                 * @description Part of its id or URL; ASCII letters match in either case.
                 * @example report
                 */
                text?: string;
                /**
                 * @description `true`: only jobs whose last scheduled occurrence failed.
                 * @example false
                 */
                failing?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs, one JSON object a line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {"schedule_server":"1.0.0","format":1,"exported_at":"2030-01-01T00:00:00.000Z"}
                     *     {"job_id":"daily-report","state":"running","definition":{"description":"Sends the sales report to the team","tags":["reports","sales"],"trigger":{"type":"cron","year":"*","month":"*","day":"*","week":"*","day_of_week":"mon-fri","hour":"9","minute":"0","second":"0","timezone":"Asia/Shanghai"},"request":{"url":"http://127.0.0.1:9/reports/sales?run={{fire_id}}","method":"POST","headers":[{"name":"Authorization","value":{"secret":true}}],"body":{"json":{"day":"{{fire_at}}"}},"timeout_ms":10000},"retry":{"attempts":5,"delay":{"exponential":{"first_ms":1000,"max_ms":60000,"jitter_percent":20}},"on":{"statuses":[408,425,429,"500-599"],"timeout":true,"connect":true,"broken":true},"obey_retry_after":true},"policies":{"misfire_grace":{"ms":300000},"catch_up":"latest","overlap":"skip","delivery":"at_most_once","pause_until":null,"pause_after_failures":10,"priority":0}},"created_at":"2030-01-01T00:00:00.000Z"}
                     */
                    "application/jsonl": components["schemas"]["JsonLines"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_firings: {
        parameters: {
            query: {
                /**
                 * @description The first instant that counts, RFC 3339; by default now.
                 * @example 2030-01-01T00:00:00Z
                 */
                from?: string;
                /**
                 * @description The first instant that does not count, RFC 3339.
                 * @example 2030-01-01T00:15:00Z
                 */
                to: string;
                /**
                 * @description Jobs on the page at most; by default 50.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, with the same span.
                 * @example MTg5MzQ1NjAwMDAwMC43
                 */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "job_id": "daily-report",
                     *           "fire_at": "2030-01-01T00:00:00.000Z",
                     *           "trigger": {
                     *             "type": "interval",
                     *             "minutes": 5,
                     *             "jitter_ms": 2000
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["FiringPage"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_jobs: {
        parameters: {
            query?: {
                /**
                 * @description `true`: only tell what would be done.
                 * @example false
                 */
                dry_run?: boolean;
                /**
                 * @description What becomes of another job of the same id: `refuse` the import (the default), `keep` that job, or `replace` it.
                 * @example replace
                 */
                existing?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/jsonl": components["schemas"]["JsonLines"];
            };
        };
        responses: {
            /** @description What became of the lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dry_run": false,
                     *       "jobs": 1,
                     *       "created": 1,
                     *       "replaced": 0,
                     *       "unchanged": 0,
                     *       "kept": 0,
                     *       "failed": {
                     *         "count": 0,
                     *         "jobs": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /**
                 * @description Jobs on the page at most; by default 50.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, with the same filters and order.
                 * @example eyJzIjoibmV4dF9maXJlIiwiZCI6ZmFsc2UsImsiOjAsInEiOjB9
                 */
                cursor?: string;
                /**
                 * @description Passes over so many jobs, to jump into a long list; not with a cursor or a filter. Costs more the farther it goes: go on with `cursor` where you can.
                 * @example 0
                 */
                offset?: number;
                /**
                 * @description `running` or `paused`.
                 * @example running
                 */
                state?: string;
                /**
                 * @description `date`, `interval` or `cron`.
                 * @example cron
                 */
                type?: string;
                /**
                 * @description One of its tags, exactly.
                 * @example reports
                 */
                tag?: string;
                /**
                 * @description Part of its id or URL; ASCII letters match in either case.
                 * @example report
                 */
                text?: string;
                /**
                 * @description `true`: only jobs whose last scheduled occurrence failed.
                 * @example false
                 */
                failing?: boolean;
                /**
                 * @description `next_fire` (the default), `job_id`, `last_outcome` (by the instant of the last end) or `created`.
                 * @example next_fire
                 */
                sort?: string;
                /**
                 * @description `asc` (the default) or `desc`.
                 * @example asc
                 */
                order?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "job_id": "daily-report",
                     *           "description": "Sends the sales report to the team",
                     *           "tags": [
                     *             "reports",
                     *             "sales"
                     *           ],
                     *           "trigger": {
                     *             "type": "cron",
                     *             "year": "*",
                     *             "month": "*",
                     *             "day": "*",
                     *             "week": "*",
                     *             "day_of_week": "mon-fri",
                     *             "hour": "9",
                     *             "minute": "0",
                     *             "second": "0",
                     *             "timezone": "Asia/Shanghai"
                     *           },
                     *           "request": {
                     *             "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *             "method": "POST",
                     *             "headers": [
                     *               {
                     *                 "name": "Authorization",
                     *                 "value": {
                     *                   "secret": true
                     *                 }
                     *               }
                     *             ],
                     *             "body": {
                     *               "json": {
                     *                 "day": "{{fire_at}}"
                     *               }
                     *             },
                     *             "timeout_ms": 10000
                     *           },
                     *           "retry": {
                     *             "attempts": 5,
                     *             "delay": {
                     *               "exponential": {
                     *                 "first_ms": 1000,
                     *                 "max_ms": 60000,
                     *                 "jitter_percent": 20
                     *               }
                     *             },
                     *             "on": {
                     *               "statuses": [
                     *                 408,
                     *                 425,
                     *                 429,
                     *                 "500-599"
                     *               ],
                     *               "timeout": true,
                     *               "connect": true,
                     *               "broken": true
                     *             },
                     *             "obey_retry_after": true
                     *           },
                     *           "policies": {
                     *             "misfire_grace": {
                     *               "ms": 300000
                     *             },
                     *             "catch_up": "latest",
                     *             "overlap": "skip",
                     *             "delivery": "at_most_once",
                     *             "pause_until": null,
                     *             "pause_after_failures": 10,
                     *             "priority": 0
                     *           },
                     *           "status": {
                     *             "state": "running",
                     *             "paused_by": null,
                     *             "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *             "created_at": "2030-01-01T00:00:00.000Z",
                     *             "updated_at": "2030-01-01T00:00:00.000Z",
                     *             "consecutive_failures": 0,
                     *             "last_state": "succeeded",
                     *             "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *             "last_duration_ms": 118,
                     *             "recent": [
                     *               {
                     *                 "run_id": 41,
                     *                 "kind": "scheduled",
                     *                 "fire_at": "2030-01-01T01:00:00.000Z",
                     *                 "state": "succeeded",
                     *                 "reason": null,
                     *                 "status": 200,
                     *                 "lateness_ms": 2,
                     *                 "duration_ms": 118,
                     *                 "count": 1
                     *               }
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": {
                     *         "count": 1,
                     *         "exact": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_job: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the job has one of these `ETag`s, or, with `*`, if there is one.
                 * @example *
                 */
                "If-Match"?: string | null;
                /**
                 * @description Only if the job has none of these `ETag`s, or, with `*`, if there is none.
                 * @example "0-0"
                 */
                "If-None-Match"?: string | null;
            };
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JobDefinition"];
            };
        };
        responses: {
            /** @description The job is replaced, or was that already. */
            200: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job is created. */
            201: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job is not as expected. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:precondition-failed",
                     *       "title": "The job is not as expected",
                     *       "status": 412,
                     *       "detail": "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_job: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the job has one of these `ETag`s, or, with `*`, if there is one.
                 * @example *
                 */
                "If-Match"?: string | null;
                /**
                 * @description Only if the job has none of these `ETag`s, or, with `*`, if there is none.
                 * @example "0-0"
                 */
                "If-None-Match"?: string | null;
            };
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job is not as expected. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:precondition-failed",
                     *       "title": "The job is not as expected",
                     *       "status": 412,
                     *       "detail": "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_job: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the job has one of these `ETag`s, or, with `*`, if there is one.
                 * @example *
                 */
                "If-Match"?: string | null;
                /**
                 * @description Only if the job has none of these `ETag`s, or, with `*`, if there is none.
                 * @example "0-0"
                 */
                "If-None-Match"?: string | null;
            };
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JobPatch"];
                "application/merge-patch+json": components["schemas"]["JobPatch"];
            };
        };
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job is not as expected. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:precondition-failed",
                     *       "title": "The job is not as expected",
                     *       "status": 412,
                     *       "detail": "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_instant: {
        parameters: {
            query: {
                /**
                 * @description The instant, RFC 3339; milliseconds count.
                 * @example 2030-01-01T09:00:00Z
                 */
                at: string;
            };
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "explanation": {
                     *         "en": "To come: it is a fire time of the job.",
                     *         "zh": "尚未到来：这是该任务的触发时间。"
                     *       },
                     *       "moment": "to_come",
                     *       "run": null,
                     *       "previous": null,
                     *       "next": null,
                     *       "previous_fire_at": null,
                     *       "next_fire_at": "2030-01-02T01:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Explained"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs_of_job: {
        parameters: {
            query?: {
                /**
                 * @description Runs on the page at most; by default 50.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, with the same filters and order.
                 * @example ZDE4OTM0NTk2MDAwMDAuNDE
                 */
                cursor?: string;
                /**
                 * @description By fire time: `desc` (the default), the youngest first, or `asc`.
                 * @example desc
                 */
                order?: string;
                /**
                 * @description One or more states, with commas: claimed, firing, succeeded, failed,
                 *     unknown, skipped, missed, coalesced.
                 * @example failed,missed
                 */
                state?: string;
                /**
                 * @description Of runs that have ended: one or more reasons, with commas, such as `timeout,connect`.
                 * @example timeout
                 */
                reason?: string;
                /**
                 * @description `scheduled` or `manual`.
                 * @example scheduled
                 */
                kind?: string;
                /**
                 * @description Of runs that have ended: the target's status code, or a range of them.
                 * @example 500-599
                 */
                status?: string;
                /**
                 * @description Fire times from this instant on.
                 * @example 2020-01-01T00:00:00Z
                 */
                from?: string;
                /**
                 * @description Fire times before this instant, which itself is left out.
                 * @example 2090-01-01T00:00:00Z
                 */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "run_id": 1,
                     *           "job_id": "daily-report",
                     *           "kind": "scheduled",
                     *           "fire_at": "2030-01-01T01:00:00.000Z",
                     *           "last_fire_at": "2030-01-01T01:00:00.000Z",
                     *           "count": 1,
                     *           "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1",
                     *           "state": "succeeded",
                     *           "reason": null,
                     *           "explanation": {
                     *             "en": "Sent 2 times; the target answered 503 in the first attempt, then 200.",
                     *             "zh": "共发送 2 次；第 1 次目标返回 503，随后返回 200。"
                     *           },
                     *           "attempt": 2,
                     *           "status": 200,
                     *           "sent_at": "2030-01-01T01:00:01.002Z",
                     *           "settled_at": "2030-01-01T01:00:01.037Z",
                     *           "lateness_ms": 2,
                     *           "duration_ms": 35,
                     *           "due_at": "2030-01-01T01:00:01.000Z",
                     *           "into_fire_at": null,
                     *           "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *           "claimed_at": "2030-01-01T00:59:59.010Z",
                     *           "error": null,
                     *           "phases": {
                     *             "dns_us": null,
                     *             "connect_us": null,
                     *             "first_byte_us": 34400,
                     *             "read_us": 210
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upcoming_of_job: {
        parameters: {
            query?: {
                /**
                 * @description How many at most; by default 10.
                 * @example 10
                 */
                n?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it will do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "paused": false,
                     *       "fire_times": [
                     *         {
                     *           "fire_at": "2030-01-02T01:00:00.000Z",
                     *           "local": "2030-01-02T09:00:00.000+08:00",
                     *           "send_at": "2030-01-02T01:00:00.000Z",
                     *           "state": "planned",
                     *           "attempt": 1
                     *         }
                     *       ],
                     *       "more": true,
                     *       "if_resumed": null,
                     *       "text": {
                     *         "en": "At 09:00, Monday to Friday, Asia/Shanghai",
                     *         "zh": "周一至周五 09:00（Asia/Shanghai）"
                     *       },
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["Upcoming"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    copy_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Copy"];
            };
        };
        responses: {
            /** @description The copy. */
            201: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    /** @description The path of the copy. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is a job of that id already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:exists",
                     *       "title": "There is a job of that id already",
                     *       "status": 409,
                     *       "detail": "the id \"daily-report\" is taken; choose another one",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause_job: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the job has one of these `ETag`s, or, with `*`, if there is one.
                 * @example *
                 */
                "If-Match"?: string | null;
                /**
                 * @description Only if the job has none of these `ETag`s, or, with `*`, if there is none.
                 * @example "0-0"
                 */
                "If-None-Match"?: string | null;
            };
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Pause"] | null;
            };
        };
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job is not as expected. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:precondition-failed",
                     *       "title": "The job is not as expected",
                     *       "status": 412,
                     *       "detail": "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_job: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the job has one of these `ETag`s, or, with `*`, if there is one.
                 * @example *
                 */
                "If-Match"?: string | null;
                /**
                 * @description Only if the job has none of these `ETag`s, or, with `*`, if there is none.
                 * @example "0-0"
                 */
                "If-None-Match"?: string | null;
            };
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    /** @description The revision of the definition. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "daily-report",
                     *       "description": "Sends the sales report to the team",
                     *       "tags": [
                     *         "reports",
                     *         "sales"
                     *       ],
                     *       "trigger": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "mon-fri",
                     *         "hour": "9",
                     *         "minute": "0",
                     *         "second": "0",
                     *         "timezone": "Asia/Shanghai"
                     *       },
                     *       "request": {
                     *         "url": "http://127.0.0.1:9/reports/sales?run={{fire_id}}",
                     *         "method": "POST",
                     *         "headers": [
                     *           {
                     *             "name": "Authorization",
                     *             "value": {
                     *               "secret": true
                     *             }
                     *           }
                     *         ],
                     *         "body": {
                     *           "json": {
                     *             "day": "{{fire_at}}"
                     *           }
                     *         },
                     *         "timeout_ms": 10000
                     *       },
                     *       "retry": {
                     *         "attempts": 5,
                     *         "delay": {
                     *           "exponential": {
                     *             "first_ms": 1000,
                     *             "max_ms": 60000,
                     *             "jitter_percent": 20
                     *           }
                     *         },
                     *         "on": {
                     *           "statuses": [
                     *             408,
                     *             425,
                     *             429,
                     *             "500-599"
                     *           ],
                     *           "timeout": true,
                     *           "connect": true,
                     *           "broken": true
                     *         },
                     *         "obey_retry_after": true
                     *       },
                     *       "policies": {
                     *         "misfire_grace": {
                     *           "ms": 300000
                     *         },
                     *         "catch_up": "latest",
                     *         "overlap": "skip",
                     *         "delivery": "at_most_once",
                     *         "pause_until": null,
                     *         "pause_after_failures": 10,
                     *         "priority": 0
                     *       },
                     *       "status": {
                     *         "state": "running",
                     *         "paused_by": null,
                     *         "next_fire_at": "2030-01-02T01:00:00.000Z",
                     *         "created_at": "2030-01-01T00:00:00.000Z",
                     *         "updated_at": "2030-01-01T00:00:00.000Z",
                     *         "consecutive_failures": 0,
                     *         "last_state": "succeeded",
                     *         "last_ended_at": "2030-01-01T01:00:00.120Z",
                     *         "last_duration_ms": 118,
                     *         "recent": [
                     *           {
                     *             "run_id": 41,
                     *             "kind": "scheduled",
                     *             "fire_at": "2030-01-01T01:00:00.000Z",
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "status": 200,
                     *             "lateness_ms": 2,
                     *             "duration_ms": 118,
                     *             "count": 1
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job is not as expected. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:precondition-failed",
                     *       "title": "The job is not as expected",
                     *       "status": 412,
                     *       "detail": "If-Match or If-None-Match does not hold: look at the job as it is now, then decide anew",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    run_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the job: any text of 1 to 16384 bytes, percent-encoded.
                 * @example daily-report
                 */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The occurrence is on record and will be sent. */
            202: {
                headers: {
                    /** @description The path of the run. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": 42,
                     *       "job_id": "daily-report",
                     *       "kind": "manual",
                     *       "fire_at": "2030-01-01T09:00:00.123Z",
                     *       "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1"
                     *     }
                     */
                    "application/json": components["schemas"]["ManualRun"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such job. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-job",
                     *       "title": "There is no such job",
                     *       "status": 404,
                     *       "detail": "no job has the id \"daily-report\"",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulk_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Bulk"];
            };
        };
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "run",
                     *       "dry_run": false,
                     *       "matched": 1,
                     *       "changed": 1,
                     *       "unchanged": 0,
                     *       "not_found": {
                     *         "count": 1,
                     *         "job_ids": [
                     *           "weekly-report"
                     *         ]
                     *       },
                     *       "failed": {
                     *         "count": 0,
                     *         "jobs": []
                     *       },
                     *       "sample": [
                     *         "daily-report"
                     *       ],
                     *       "complete": true
                     *     }
                     */
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: {
                /**
                 * @description Runs on the page at most; by default 50.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, with the same filters and order.
                 * @example ZDE4OTM0NTk2MDAwMDAuNDE
                 */
                cursor?: string;
                /**
                 * @description By fire time: `desc` (the default), the youngest first, or `asc`.
                 * @example desc
                 */
                order?: string;
                /**
                 * @description One or more states, with commas: claimed, firing, succeeded, failed,
                 *     unknown, skipped, missed, coalesced.
                 * @example failed,missed
                 */
                state?: string;
                /**
                 * @description Of runs that have ended: one or more reasons, with commas, such as `timeout,connect`.
                 * @example timeout
                 */
                reason?: string;
                /**
                 * @description `scheduled` or `manual`.
                 * @example scheduled
                 */
                kind?: string;
                /**
                 * @description Of runs that have ended: the target's status code, or a range of them.
                 * @example 500-599
                 */
                status?: string;
                /**
                 * @description Fire times from this instant on.
                 * @example 2020-01-01T00:00:00Z
                 */
                from?: string;
                /**
                 * @description Fire times before this instant, which itself is left out.
                 * @example 2090-01-01T00:00:00Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "run_id": 1,
                     *           "job_id": "daily-report",
                     *           "kind": "scheduled",
                     *           "fire_at": "2030-01-01T01:00:00.000Z",
                     *           "last_fire_at": "2030-01-01T01:00:00.000Z",
                     *           "count": 1,
                     *           "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1",
                     *           "state": "succeeded",
                     *           "reason": null,
                     *           "explanation": {
                     *             "en": "Sent 2 times; the target answered 503 in the first attempt, then 200.",
                     *             "zh": "共发送 2 次；第 1 次目标返回 503，随后返回 200。"
                     *           },
                     *           "attempt": 2,
                     *           "status": 200,
                     *           "sent_at": "2030-01-01T01:00:01.002Z",
                     *           "settled_at": "2030-01-01T01:00:01.037Z",
                     *           "lateness_ms": 2,
                     *           "duration_ms": 35,
                     *           "due_at": "2030-01-01T01:00:01.000Z",
                     *           "into_fire_at": null,
                     *           "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *           "claimed_at": "2030-01-01T00:59:59.010Z",
                     *           "error": null,
                     *           "phases": {
                     *             "dns_us": null,
                     *             "connect_us": null,
                     *             "first_byte_us": 34400,
                     *             "read_us": 210
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The ledger row.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": 1,
                     *       "job_id": "daily-report",
                     *       "kind": "scheduled",
                     *       "fire_at": "2030-01-01T01:00:00.000Z",
                     *       "last_fire_at": "2030-01-01T01:00:00.000Z",
                     *       "count": 1,
                     *       "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1",
                     *       "state": "succeeded",
                     *       "reason": null,
                     *       "explanation": {
                     *         "en": "Sent 2 times; the target answered 503 in the first attempt, then 200.",
                     *         "zh": "共发送 2 次；第 1 次目标返回 503，随后返回 200。"
                     *       },
                     *       "attempt": 2,
                     *       "status": 200,
                     *       "sent_at": "2030-01-01T01:00:01.002Z",
                     *       "settled_at": "2030-01-01T01:00:01.037Z",
                     *       "lateness_ms": 2,
                     *       "duration_ms": 35,
                     *       "due_at": "2030-01-01T01:00:01.000Z",
                     *       "into_fire_at": null,
                     *       "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "claimed_at": "2030-01-01T00:59:59.010Z",
                     *       "error": null,
                     *       "phases": {
                     *         "dns_us": null,
                     *         "connect_us": null,
                     *         "first_byte_us": 34400,
                     *         "read_us": 210
                     *       },
                     *       "body": "{\"sent\":12}",
                     *       "attempts": [
                     *         {
                     *           "number": 1,
                     *           "state": "failed",
                     *           "reason": "status",
                     *           "sent_at": "2030-01-01T01:00:00.001Z",
                     *           "ended_at": "2030-01-01T01:00:00.013Z",
                     *           "duration_ms": 12,
                     *           "status": 503,
                     *           "error": "the target answered 503 Service Unavailable",
                     *           "body": "busy",
                     *           "phases": {
                     *             "dns_us": null,
                     *             "connect_us": 800,
                     *             "first_byte_us": 10900,
                     *             "read_us": 210
                     *           }
                     *         },
                     *         {
                     *           "number": 2,
                     *           "state": "succeeded",
                     *           "reason": null,
                     *           "sent_at": "2030-01-01T01:00:01.002Z",
                     *           "ended_at": "2030-01-01T01:00:01.037Z",
                     *           "duration_ms": 35,
                     *           "status": 200,
                     *           "error": null,
                     *           "body": "{\"sent\":12}",
                     *           "phases": {
                     *             "dns_us": null,
                     *             "connect_us": null,
                     *             "first_byte_us": 34400,
                     *             "read_us": 210
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-run",
                     *       "title": "There is no such run",
                     *       "status": 404,
                     *       "detail": "no run has the id 42; it may be older than what is kept",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rerun_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The ledger row.
                 * @example 1
                 */
                run_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new run is on record and will be sent. */
            202: {
                headers: {
                    /** @description The path of the new run. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": 42,
                     *       "job_id": "daily-report",
                     *       "kind": "manual",
                     *       "fire_at": "2030-01-01T09:00:00.123Z",
                     *       "fire_id": "5c9e5d64-2f2f-5c60-8f0c-5ad2a4a3a4c1"
                     *     }
                     */
                    "application/json": components["schemas"]["ManualRun"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:no-such-run",
                     *       "title": "There is no such run",
                     *       "status": 404,
                     *       "detail": "no run has the id 42; it may be older than what is kept",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job of the run has been removed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:job-gone",
                     *       "title": "The job of this run has been removed",
                     *       "status": 409,
                     *       "detail": "no job has the id \"daily-report\" any more",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_schedule: {
        parameters: {
            query?: {
                /**
                 * @description What becomes of a trigger that breaks rules: `refuse` it with a 422 (the default), or `tell` its faults in the answer, for a form that is still being filled in.
                 * @example refuse
                 */
                faults?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What it does, or with `faults=tell` what is wrong with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "normalised": {
                     *         "type": "cron",
                     *         "year": "*",
                     *         "month": "*",
                     *         "day": "*",
                     *         "week": "*",
                     *         "day_of_week": "*",
                     *         "hour": "2",
                     *         "minute": "30",
                     *         "second": "0",
                     *         "timezone": "Europe/Berlin"
                     *       },
                     *       "cron": "30 2 * * *",
                     *       "fire_times": [
                     *         {
                     *           "fire_at": "2031-10-26T00:30:00.000Z",
                     *           "local": "2031-10-26T02:30:00.000+02:00"
                     *         },
                     *         {
                     *           "fire_at": "2031-10-26T01:30:00.000Z",
                     *           "local": "2031-10-26T02:30:00.000+01:00"
                     *         },
                     *         {
                     *           "fire_at": "2031-10-27T01:30:00.000Z",
                     *           "local": "2031-10-27T02:30:00.000+01:00"
                     *         }
                     *       ],
                     *       "more": true,
                     *       "text": {
                     *         "en": "At 02:30 every day, Europe/Berlin",
                     *         "zh": "每天 02:30（Europe/Berlin）"
                     *       },
                     *       "warnings": [
                     *         {
                     *           "code": "twice_in_fold",
                     *           "text": {
                     *             "en": "On 2031-10-26 02:30 comes twice in Europe/Berlin, since the clocks go back: it fires both times. With dst.fold \"first\" or \"second\" it fires once.",
                     *             "zh": "2031-10-26 Europe/Berlin 的时钟拨慢，02:30 出现两次：两次都触发。若 dst.fold 为 \"first\" 或 \"second\"，则只触发一次。"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:malformed",
                     *       "title": "The request cannot be read",
                     *       "status": 400,
                     *       "detail": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *       "errors": [
                     *         {
                     *           "field": "",
                     *           "rule": "the body is no JSON: EOF while parsing an object at line 1 column 12",
                     *           "value": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-slow",
                     *       "title": "The body did not arrive in time",
                     *       "status": 408,
                     *       "detail": "it may take 30 s",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:body-too-large",
                     *       "title": "The body is too large",
                     *       "status": 413,
                     *       "detail": "it may have 1048576 bytes",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of another media type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:media-type",
                     *       "title": "The body is of another media type",
                     *       "status": 415,
                     *       "detail": "send Content-Type: application/json",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stats: {
        parameters: {
            query?: {
                /**
                 * @description Whole hours behind that are divided into buckets; by default 24.
                 * @example 24
                 */
                behind?: number;
                /**
                 * @description Whole hours ahead, likewise; by default 24.
                 * @example 24
                 */
                ahead?: number;
                /**
                 * @description The length of a bucket: `1m`, `5m`, `15m`, `1h` (the default), `6h` or `1d`.
                 * @example 1h
                 */
                bucket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statistics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": "2030-01-02T09:30:00.000Z",
                     *       "jobs": {
                     *         "total": 3,
                     *         "running": 2,
                     *         "paused": 1,
                     *         "by_type": {
                     *           "date": 1,
                     *           "interval": 1,
                     *           "cron": 1
                     *         },
                     *         "waiting": {
                     *           "count": 0,
                     *           "exact": true
                     *         },
                     *         "failing": {
                     *           "count": 0,
                     *           "exact": true
                     *         }
                     *       },
                     *       "last_hour": {
                     *         "from": "2030-01-02T08:30:00.000Z",
                     *         "runs": 41,
                     *         "outcomes": [
                     *           {
                     *             "state": "failed",
                     *             "reason": "timeout",
                     *             "runs": 1
                     *           },
                     *           {
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "runs": 40
                     *           }
                     *         ],
                     *         "lateness_ms": {
                     *           "runs": 41,
                     *           "p50": 2,
                     *           "p95": 4,
                     *           "p99": 9
                     *         },
                     *         "duration_ms": {
                     *           "runs": 41,
                     *           "p50": 105,
                     *           "p95": 247,
                     *           "p99": 30207
                     *         }
                     *       },
                     *       "last_day": {
                     *         "from": "2030-01-01T09:30:00.000Z",
                     *         "runs": 41,
                     *         "outcomes": [
                     *           {
                     *             "state": "failed",
                     *             "reason": "timeout",
                     *             "runs": 1
                     *           },
                     *           {
                     *             "state": "succeeded",
                     *             "reason": null,
                     *             "runs": 40
                     *           }
                     *         ],
                     *         "lateness_ms": {
                     *           "runs": 41,
                     *           "p50": 2,
                     *           "p95": 4,
                     *           "p99": 9
                     *         },
                     *         "duration_ms": {
                     *           "runs": 41,
                     *           "p50": 105,
                     *           "p95": 247,
                     *           "p99": 30207
                     *         }
                     *       },
                     *       "bucket": "1h",
                     *       "behind": [
                     *         {
                     *           "from": "2030-01-02T09:00:00.000Z",
                     *           "succeeded": 40,
                     *           "failed": 1,
                     *           "unknown": 0,
                     *           "skipped": 0,
                     *           "missed": 0,
                     *           "coalesced": 0
                     *         }
                     *       ],
                     *       "ahead": {
                     *         "as_of": "2030-01-02T09:30:00.000Z",
                     *         "exact": true,
                     *         "sample": null,
                     *         "firings": 12,
                     *         "buckets": [
                     *           {
                     *             "from": "2030-01-02T09:00:00.000Z",
                     *             "firings": 12
                     *           }
                     *         ],
                     *         "busiest_hour": [
                     *           {
                     *             "at": "2030-01-02T10:00:00.000Z",
                     *             "jobs": 2
                     *           }
                     *         ],
                     *         "busiest_day": [
                     *           {
                     *             "at": "2030-01-02T10:00:00.000Z",
                     *             "jobs": 2
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "0.1.0",
                     *       "commit": null,
                     *       "now": "2030-01-02T09:30:00.000Z",
                     *       "started_at": "2030-01-02T09:00:00.000Z",
                     *       "uptime_s": 1800,
                     *       "time_zones": "2025b",
                     *       "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "replicas": [
                     *         {
                     *           "replica": "019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *           "lease_until": "2030-01-02T09:30:02.400Z",
                     *           "alive": true,
                     *           "self": true
                     *         }
                     *       ],
                     *       "store": {
                     *         "kind": "sqlite",
                     *         "bytes": 4096000,
                     *         "wal_bytes": 65536,
                     *         "schema_version": 1,
                     *         "queued_writes": 0
                     *       },
                     *       "lock": {
                     *         "kind": "store",
                     *         "on_unavailable": "fire",
                     *         "ok": true,
                     *         "since": "2030-01-02T09:00:00.100Z"
                     *       },
                     *       "parts": [
                     *         {
                     *           "part": "store",
                     *           "ok": true,
                     *           "required": true,
                     *           "since": "2030-01-02T09:00:00.050Z",
                     *           "detail": "answers"
                     *         }
                     *       ],
                     *       "jobs": {
                     *         "total": 3,
                     *         "running": 2,
                     *         "paused": 1,
                     *         "by_type": {
                     *           "date": 1,
                     *           "interval": 1,
                     *           "cron": 1
                     *         },
                     *         "waiting": {
                     *           "count": 0,
                     *           "exact": true
                     *         },
                     *         "failing": {
                     *           "count": 0,
                     *           "exact": true
                     *         }
                     *       },
                     *       "settings": [
                     *         {
                     *           "name": "REDIS_URL",
                     *           "value": "redis://***@redis:6379/0",
                     *           "origin": "env",
                     *           "default": "",
                     *           "help": "redis://[user:password@]host[:port][/db] for the fire lock"
                     *         }
                     *       ],
                     *       "limits": {
                     *         "page_jobs": 200,
                     *         "body_bytes": 1048576,
                     *         "body_wait_s": 30,
                     *         "job_id_bytes": 16384,
                     *         "description_bytes": 4096,
                     *         "tags": 32,
                     *         "tag_bytes": 128,
                     *         "stats_hours": 168,
                     *         "stats_buckets": 400
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description The input breaks rules; every fault is told. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:invalid",
                     *       "title": "The input breaks rules",
                     *       "status": 422,
                     *       "detail": "1 fault: trigger.timezone",
                     *       "errors": [
                     *         {
                     *           "field": "trigger.timezone",
                     *           "rule": "unknown time zone \"Europe/Berln\"; near: Europe/Berlin; allowed: IANA names such as UTC or Europe/Berlin",
                     *           "value": "Europe/Berln"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:schedule-server:problem:unavailable",
                     *       "title": "The server cannot do this at the moment",
                     *       "status": 503,
                     *       "detail": "the log has more under the request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11",
                     *       "errors": []
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Alive"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP schedule_retries_total Failed attempts that will be made again.
                     *     # TYPE schedule_retries_total counter
                     *     schedule_retries_total 2
                     */
                    "text/plain": string;
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every required part works. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true,
                     *       "parts": [
                     *         {
                     *           "part": "store",
                     *           "ok": true,
                     *           "required": true,
                     *           "since": "2026-11-22T15:48:00.123Z",
                     *           "detail": "answers"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description A required part does not work, or the server is starting or stopping. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": false,
                     *       "parts": [
                     *         {
                     *           "part": "store",
                     *           "ok": false,
                     *           "required": true,
                     *           "since": "2026-11-22T15:48:00.123Z",
                     *           "detail": "disk full"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
        };
    };
    scheduler_cron_add_job_scheduler_cron_add_job_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CronJob"];
            };
        };
        responses: {
            /** @description The job is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "error": {
                     *         "code": "",
                     *         "message": ""
                     *       },
                     *       "data": {
                     *         "job_id": "cron_job_333"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Envelope_Added"];
                };
            };
            /** @description The body is not UTF-8, is nested too deeply, or broke off. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "There was an error parsing the body"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body did not arrive within 30 s"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body has more than the 1048576 bytes allowed"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body breaks a rule; every fault is told. A job of that id stays as it is. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_date_add_job_scheduler_date_add_job_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DateJob"];
            };
        };
        responses: {
            /** @description The job is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "error": {
                     *         "code": "",
                     *         "message": ""
                     *       },
                     *       "data": {
                     *         "job_id": "date_job_111"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Envelope_Added"];
                };
            };
            /** @description The body is not UTF-8, is nested too deeply, or broke off. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "There was an error parsing the body"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body did not arrive within 30 s"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body has more than the 1048576 bytes allowed"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body breaks a rule; every fault is told. A job of that id stays as it is. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_resume_job_scheduler_get_job_get: {
        parameters: {
            query: {
                /**
                 * @description The id of the job, whole.
                 * @example cron_job_333
                 */
                job_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "error": {
                     *         "code": "",
                     *         "message": ""
                     *       },
                     *       "data": {
                     *         "job_id": "cron_job_333",
                     *         "name": "requests_url",
                     *         "type": "cron",
                     *         "data": {
                     *           "year": "*",
                     *           "month": "*",
                     *           "day": "*",
                     *           "week": "*",
                     *           "day_of_week": "*",
                     *           "hour": "*",
                     *           "minute": "*\/3",
                     *           "second": "0"
                     *         },
                     *         "request_url": "http://127.0.0.1:8000/healthz?id=333",
                     *         "next_run_time": "2026-11-22T15:48:00+00:00",
                     *         "status": "running"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Envelope_JobObject"];
                };
            };
            /** @description There is no job of that id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": false,
                     *       "error": {
                     *         "code": "10013",
                     *         "message": "查询Job ID不存在"
                     *       },
                     *       "data": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Envelope_Empty"];
                };
            };
            /** @description The parameter is missing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": [
                     *         {
                     *           "type": "missing",
                     *           "loc": [
                     *             "query",
                     *             "job_id"
                     *           ],
                     *           "msg": "Field required",
                     *           "input": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_resume_job_scheduler_get_jobs_get: {
        parameters: {
            query?: {
                /**
                 * @description A part of the ids.
                 * @example job
                 */
                job_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "error": {
                     *         "code": "",
                     *         "message": ""
                     *       },
                     *       "data": {
                     *         "task_list": [
                     *           {
                     *             "job_id": "cron_job_333",
                     *             "name": "requests_url",
                     *             "type": "cron",
                     *             "data": {
                     *               "year": "*",
                     *               "month": "*",
                     *               "day": "*",
                     *               "week": "*",
                     *               "day_of_week": "*",
                     *               "hour": "*",
                     *               "minute": "*\/3",
                     *               "second": "0"
                     *             },
                     *             "request_url": "http://127.0.0.1:8000/healthz?id=333",
                     *             "next_run_time": "2026-11-22T15:48:00+00:00",
                     *             "status": "running"
                     *           }
                     *         ],
                     *         "total": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Envelope_TaskList"];
                };
            };
            /** @description The store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_interval_add_job_scheduler_interval_add_job_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IntervalJob"];
            };
        };
        responses: {
            /** @description The job is stored; or, with `success` false, no part of the interval was given. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedOrNot"];
                };
            };
            /** @description The body is not UTF-8, is nested too deeply, or broke off. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "There was an error parsing the body"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body did not arrive within 30 s"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The body has more than the 1048576 bytes allowed"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body breaks a rule; every fault is told. A job of that id stays as it is. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away; nothing was changed. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_pause_job_scheduler_pause_job_put: {
        parameters: {
            query: {
                /**
                 * @description The id of the job, whole.
                 * @example cron_job_333
                 */
                job_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is paused; or, with `success` false, there is none of that id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Envelope_Empty"];
                };
            };
            /** @description The parameter is missing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": [
                     *         {
                     *           "type": "missing",
                     *           "loc": [
                     *             "query",
                     *             "job_id"
                     *           ],
                     *           "msg": "Field required",
                     *           "input": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_remove_job_scheduler_remove_job_delete: {
        parameters: {
            query: {
                /**
                 * @description The id of the job, whole.
                 * @example cron_job_333
                 */
                job_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is removed; or, with `success` false, there is none of that id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Envelope_Empty"];
                };
            };
            /** @description The parameter is missing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": [
                     *         {
                     *           "type": "missing",
                     *           "loc": [
                     *             "query",
                     *             "job_id"
                     *           ],
                     *           "msg": "Field required",
                     *           "input": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    scheduler_resume_job_scheduler_resume_job_put: {
        parameters: {
            query: {
                /**
                 * @description The id of the job, whole.
                 * @example cron_job_333
                 */
                job_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job runs; or, with `success` false, there is none of that id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Envelope_Empty"];
                };
            };
            /** @description The parameter is missing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": [
                     *         {
                     *           "type": "missing",
                     *           "loc": [
                     *             "query",
                     *             "job_id"
                     *           ],
                     *           "msg": "Field required",
                     *           "input": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description The store is away. Try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "The service cannot do this at the moment, try again later (request id 019ab0a5-7c14-7d3e-9a5e-0b8f6f3c2d11)"
                     *     }
                     */
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
}
