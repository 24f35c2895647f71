#!/usr/bin/env python3
"""Makes the job stores and the expectations of this folder with the real library.

    python3 -m venv venv
    venv/bin/pip install apscheduler==3.11.0 sqlalchemy==2.0.36 tzlocal pytz tzdata
    venv/bin/python tests/data/apscheduler/make.py

jobs.sqlite      jobs that can be imported, as the library wrote them
refused.sqlite   jobs that cannot: foreign functions, other triggers, hostile pickles
expected.json    for each job of jobs.sqlite what the library says of it: its next
                 20 fire times, its fields, its options
protocols/       the state of one cron job in the protocols 2 to 5

The tests need only what is committed here, no Python.
"""

import json
import os
import pickle
import pathlib
import sqlite3
import sys
import types
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytz
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import AndTrigger, OrTrigger
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

HERE = pathlib.Path(__file__).parent
# Far ahead, so that nothing falls due while the tests run.
NOW = datetime(2039, 1, 1, tzinfo=timezone.utc)
BERLIN = ZoneInfo("Europe/Berlin")
FIRE_TIMES = 20


def module(name, **functions):
    """A module whose functions can be referred to by name."""
    made = types.ModuleType(name)
    for called, function in functions.items():
        function.__module__, function.__name__, function.__qualname__ = name, called, called
        setattr(made, called, function)
    sys.modules[name] = made
    return made


def requests_url(url):
    pass


def send_report(url):
    pass


def many(url, other=None):
    pass


task = module("task", requests_url=requests_url)
reports = module("reports", send_report=send_report, many=many)


def url_of(job_id):
    return f"http://127.0.0.1:9/{job_id}?q=1"


def cron(**fields):
    return CronTrigger(**{"timezone": timezone.utc, **fields})


def good_jobs():
    """(id, trigger, options)"""
    utc = pytz.utc
    yield "date-utc", DateTrigger(datetime(2040, 2, 29, 12, 30, 5), utc), {}
    yield "date-berlin", DateTrigger(datetime(2040, 7, 1, 12), BERLIN), {}
    yield "date-micro", DateTrigger(datetime(2040, 7, 1, 12, 0, 0, 123456), BERLIN), {}
    yield "date-fixed", DateTrigger(datetime(2040, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=45)))), {}
    yield "date-fold-0", DateTrigger(datetime(2036, 10, 26, 2, 30, tzinfo=BERLIN)), {}
    yield "date-fold-1", DateTrigger(datetime(2036, 10, 26, 2, 30, fold=1, tzinfo=BERLIN)), {}
    yield "date-gap-0", DateTrigger(datetime(2036, 3, 30, 2, 30, tzinfo=BERLIN)), {}
    yield "date-gap-1", DateTrigger(datetime(2036, 3, 30, 2, 30, fold=1, tzinfo=BERLIN)), {}
    yield "date-pytz", DateTrigger(pytz.timezone("Asia/Kathmandu").localize(datetime(2040, 1, 1))), {}
    yield "date-pytz-dst", DateTrigger(pytz.timezone("America/New_York").localize(datetime(2036, 7, 4, 8))), {}
    yield "date-pytz-fixed", DateTrigger(datetime(2040, 1, 1, tzinfo=pytz.FixedOffset(-210))), {}
    yield "date-overdue", DateTrigger(datetime(2022, 11, 18, 7), utc), {"misfire_grace_time": 60}

    start = datetime(2039, 1, 1, 0, 0, 7, 250000, tzinfo=timezone.utc)
    yield "interval-10s", IntervalTrigger(seconds=10, start_date=start, timezone=utc), {}
    yield "interval-parts", IntervalTrigger(weeks=1, days=2, hours=3, minutes=4, seconds=5, start_date=start, timezone=utc), {}
    yield "interval-micro", IntervalTrigger(minutes=7, start_date=start.replace(microsecond=654321), timezone=BERLIN), {}
    yield "interval-past", IntervalTrigger(minutes=11, start_date=datetime(2020, 2, 2, 2, 2, 2, 2000), timezone=BERLIN), {}
    yield "interval-end", IntervalTrigger(hours=5, start_date=start, end_date=start + timedelta(hours=21), timezone=utc), {}
    yield "interval-fixed", IntervalTrigger(hours=1, start_date=start, timezone=timezone(timedelta(minutes=90))), {}
    yield "interval-moved", IntervalTrigger(minutes=10, start_date=start, timezone=utc), {"next_run_time": datetime(2039, 1, 1, 0, 3, 33, tzinfo=timezone.utc)}
    yield "interval-jitter", IntervalTrigger(minutes=10, start_date=start, timezone=utc, jitter=30), {}

    expressions = {
        "all": {"second": "0"},
        "every-second": {"second": "*/1"},
        "step": {"minute": "*/7", "second": "0"},
        "value": {"hour": "9", "minute": "05"},
        "range": {"hour": "8-18", "minute": "0"},
        "range-step": {"minute": "5-50/15"},
        "from-step": {"minute": "10/20"},
        "zero-step": {"hour": "0-0/5"},
        "list": {"minute": "1, 5 ,9-11,30/10"},
        "last-day": {"day": "last", "hour": "23"},
        "second-tuesday": {"day": "2nd tue", "hour": "6"},
        "last-friday": {"day": "last fri", "hour": "17"},
        "fifth-monday": {"day": "5th  MON"},
        "day-list": {"day": "1,15,last,1st sun"},
        "weekdays": {"day_of_week": "mon-fri", "hour": "7"},
        "weekday-number": {"day_of_week": "0,6", "hour": "7"},
        "weekday-mixed": {"day_of_week": "sat,0", "hour": "7"},
        "weekday-lenient": {"day_of_week": "mon-fri/2", "hour": "7"},
        "months": {"month": "jan-mar,Oct,12", "day": "3"},
        "month-step": {"month": "*/5"},
        "friday-13": {"day": "13", "day_of_week": "fri"},
        "leap": {"month": "2", "day": "29"},
        "week": {"week": "53", "day_of_week": "thu"},
        "week-step": {"week": "10-20/5", "day_of_week": "0"},
        "year": {"year": "2040-2060/10"},
        "years": {"year": "2041,2043", "month": "6"},
    }
    for name, fields in expressions.items():
        yield f"cron-{name}", cron(**fields), {}
    yield "cron-crontab", CronTrigger.from_crontab("*/15 0-6 * * sun", timezone=utc), {}
    zones = {
        "berlin": BERLIN,
        "shanghai": "Asia/Shanghai",
        "pytz": pytz.timezone("America/Sao_Paulo"),
        "pytz-utc": utc,
        "utc-name": "UTC",
        "etc-utc": ZoneInfo("Etc/UTC"),
        "fixed": timezone(timedelta(hours=-7)),
        "fixed-named": timezone(timedelta(hours=3), "MSK"),
        "kathmandu": ZoneInfo("Asia/Kathmandu"),
    }
    for name, zone in zones.items():
        yield f"cron-zone-{name}", CronTrigger(hour=12, minute=34, timezone=zone), {}
    yield "cron-start", cron(hour=1, start_date="2040-05-05 02:00:00", timezone=BERLIN), {}
    yield "cron-start-micro", cron(minute="*/5", start_date=datetime(2040, 1, 1, 0, 0, 0, 1)), {}
    yield "cron-start-end", cron(hour="*/6", start_date="2039-03-01", end_date="2039-03-03 12:00:00"), {}
    yield "cron-jitter", cron(hour="*/6", jitter=120), {}
    yield "cron-jitter-float", cron(hour="*/6", jitter=0.25), {}

    yield "paused-cron", cron(minute="*/3"), {"next_run_time": None}
    yield "paused-interval", IntervalTrigger(minutes=13, start_date=start, timezone=utc), {"next_run_time": None}
    yield "paused-date", DateTrigger(datetime(2040, 1, 1), utc), {"next_run_time": None}
    yield "never", cron(month=2, day=30), {}

    every = {"seconds": 3600, "start_date": start, "timezone": utc}
    yield "misfire-none", cron(hour=3), {"misfire_grace_time": None}
    yield "misfire-60", cron(hour=3), {"misfire_grace_time": 60}
    yield "misfire-interval", IntervalTrigger(**every), {"misfire_grace_time": 5}
    yield "misfire-long", cron(hour=3), {"misfire_grace_time": 10**9}
    yield "coalesce-off", IntervalTrigger(**every), {"coalesce": False}
    yield "instances-3", IntervalTrigger(**every), {"max_instances": 3}
    yield "instances-many", IntervalTrigger(**every), {"max_instances": 5000}

    yield "作业 №1 – ünïcode 🕰", cron(hour=4), {"args": ["http://127.0.0.1:9/作业?x=ü🕰"]}
    yield "kwargs", cron(hour=4), {"args": [], "kwargs": {"url": "http://127.0.0.1:9/kw"}}
    yield "tuple", cron(hour=4), {"args": ("http://127.0.0.1:9/tuple",)}
    yield "long-url", cron(hour=4), {"args": ["http://127.0.0.1:9/" + "x" * 3000]}
    yield "no-url", cron(hour=4), {"args": ["not a url"]}
    yield "named", cron(hour=4), {"name": "Nightly report"}
    yield "docs", cron(second="0", minute="*/3", hour="*", day="*", month="*", day_of_week="*"), {}


def fire_times(trigger, first):
    """As the scheduler asks; the first is the next run of the job."""
    times, at = [], first
    while at is not None and len(times) < FIRE_TIMES:
        times.append(at.astimezone(timezone.utc).isoformat())
        at = trigger.get_next_fire_time(at, at)
    return times


def expectation(job, trigger):
    next_run = job.next_run_time
    jitter = getattr(trigger, "jitter", None)
    trigger_data = {"type": type(trigger).__name__.removesuffix("Trigger").lower()}
    if isinstance(trigger, CronTrigger):
        trigger_data["fields"] = {field.name: str(field) for field in trigger.fields}
    if isinstance(trigger, IntervalTrigger):
        trigger_data["seconds"] = int(trigger.interval_length)
    # A paused job goes on with the first fire time from now on.
    first = next_run or trigger.get_next_fire_time(None, NOW)
    return {
        "id": job.id,
        "url": (list(job.args) + list(job.kwargs.values()))[0],
        "name": job.name,
        "paused": next_run is None,
        "next_run_time": next_run and next_run.astimezone(timezone.utc).isoformat(),
        "fire_times": [] if jitter else fire_times(trigger, first),
        "jitter": jitter,
        "misfire_grace_time": job.misfire_grace_time,
        "coalesce": job.coalesce,
        "max_instances": job.max_instances,
        **trigger_data,
    }


def add(scheduler, job_id, trigger, options, function=None):
    options = {"args": [url_of(job_id)], "misfire_grace_time": 60, "coalesce": True, **options}
    if "next_run_time" not in options:
        # As the scheduler would at NOW.
        first = trigger.get_next_fire_time(None, NOW)
        options["next_run_time"] = first
    return scheduler.add_job(function or task.requests_url, trigger, id=job_id, **options)


def store(name):
    path = HERE / name
    path.unlink(missing_ok=True)
    scheduler = BackgroundScheduler(timezone=timezone.utc)
    scheduler.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{path}"))
    # Never shut down: that would run what is due.
    scheduler.start(paused=True)
    return path, scheduler


def make_good():
    path, scheduler = store("jobs.sqlite")
    expected = []
    for job_id, trigger, options in good_jobs():
        job = add(scheduler, job_id, trigger, options)
        expected.append(expectation(job, trigger))
    vacuum(path)
    document = {"now": NOW.isoformat(), "jobs": expected}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


def make_protocols():
    folder = HERE / "protocols"
    folder.mkdir(exist_ok=True)
    _, scheduler = store("protocols/unused.sqlite")
    zone = pytz.timezone("Europe/Berlin")
    trigger = cron(month="jan-mar", day="2nd tue,last", day_of_week="mon-fri", hour="1-9/2",
                   timezone=zone, start_date=zone.localize(datetime(2039, 5, 5, 5, 5, 5)))
    job = add(scheduler, "protocol", trigger, {"args": ["http://127.0.0.1:9/ü"]})
    for protocol in range(2, 6):
        state = pickle.dumps(job.__getstate__(), protocol)
        (folder / f"{protocol}.pickle").write_bytes(state)
    (folder / "unused.sqlite").unlink()


class Calls:
    """Pickles as a call of this function."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def state_of(job, **changes):
    return {**job.__getstate__(), **changes}


def hostile(job):
    """(id, pickle)"""
    sound = pickle.dumps(job.__getstate__())

    def evil(job_id, protocol=5, **changes):
        return job_id, pickle.dumps(state_of(job, **{"id": job_id, **changes}), protocol)

    touch = "touch /tmp/schedule-server-was-here"
    yield evil("evil-system", name=Calls(os.system, touch))
    yield "evil-system-root", pickle.dumps(Calls(os.system, touch))
    yield evil("evil-eval", args=[Calls(eval, "1+1")])
    yield evil("evil-exec-protocol-2", 2, args=[Calls(exec, "1")])
    yield evil("evil-getattr", args=[Calls(getattr, datetime, "now")])
    yield "evil-inst", b"\x80\x02(S'" + touch.encode() + b"'\nios\nsystem\n."
    yield "evil-persistent", b"\x80\x02Ppersistent\n."
    yield "evil-extension", b"\x80\x02\x82\x01."
    yield "evil-import", b"\x80\x02cos\nsystem\nq\x00)R."
    yield "deep", b"\x80\x04" + b"(" * 1_000 + b"."
    yield "deep-lists", b"\x80\x04" + b"]" * 5_000 + b"a" * 4_999 + b"."
    yield "many-values", b"\x80\x04(" + b"N" * 20_100 + b"t."
    yield "memo-bomb", b"\x80\x04]\x94" + b"".join(
        b"h" + bytes([n]) + b"\x86\x94" for n in range(200)) + b"."
    yield "memo-huge", b"\x80\x04Nr\xff\xff\xff\xff" + b"j\xff\xff\xff\xff0."
    yield "memo-many", b"\x80\x04N" + b"\x94" * 20_100 + b"."
    yield "claims-4-gib", b"\x80\x04B\xff\xff\xff\xffabc."
    yield "claims-all", b"\x80\x04\x8d" + b"\xff" * 8 + b"abc."
    yield "frame-too-long", b"\x80\x04\x95" + b"\xff" * 8 + b"N."
    yield "long-int", b"\x80\x04\x8b\xff\xff\xff\x7f."
    yield "truncated", sound[: len(sound) // 2]
    yield "truncated-protocol-2", pickle.dumps(job.__getstate__(), 2)[:700]
    yield "no-stop", sound[:-1]
    yield "more-after-stop", sound + b"N."
    yield "empty", b""
    yield "protocol-0", pickle.dumps({"version": 1}, 0)
    yield "not-a-dict", pickle.dumps([1, 2, 3])
    yield "no-keys", pickle.dumps({})
    yield evil("version-2", version=2)
    yield evil("unknown-key", extra=1)
    yield evil("other-id", id="template")
    yield evil("set", args=[{1, 2}])
    yield "bad-utf8", sound.replace(b"http", b"\xff\xfe\xfd\xfc")


def make_refused():
    path, scheduler = store("refused.sqlite")
    hourly = lambda **more: cron(minute=0, **more)
    add(scheduler, "good", hourly(), {})
    add(scheduler, "foreign-function", hourly(), {}, reports.send_report)
    add(scheduler, "foreign-two-arguments", hourly(), {"args": ["http://127.0.0.1:9/", "x"]}, reports.many)
    add(scheduler, "two-arguments", hourly(), {"args": [], "kwargs": {"url": "http://127.0.0.1:9/", "other": 1}},
        module("other", requests_url=lambda url, other=None: None).requests_url)
    add(scheduler, "url-is-a-number", hourly(), {"args": [5]})
    add(scheduler, "trigger-and", AndTrigger([hourly(), cron(hour=3)]), {})
    add(scheduler, "trigger-or", OrTrigger([hourly(), cron(hour=3, minute=30)]), {})
    add(scheduler, "trigger-calendar", CalendarIntervalTrigger(months=1, timezone=timezone.utc), {})
    add(scheduler, "interval-half", IntervalTrigger(seconds=1.5, start_date=NOW, timezone=pytz.utc), {})
    add(scheduler, "interval-negative", IntervalTrigger(seconds=-5, start_date=NOW + timedelta(days=1), timezone=pytz.utc), {})
    add(scheduler, "jitter-fine", hourly(jitter=0.0005), {})
    add(scheduler, "jitter-long", hourly(jitter=7200), {})
    add(scheduler, "zone-odd", CronTrigger(hour=1, timezone=timezone(timedelta(hours=5, minutes=45))), {})
    template = add(scheduler, "template", hourly(), {})
    rows = list(hostile(template))
    column = template.next_run_time.timestamp()
    scheduler.remove_job("template")
    with sqlite3.connect(path) as db:
        insert = "INSERT INTO apscheduler_jobs VALUES (?, ?, ?)"
        db.executemany(insert, [(job_id, column, state) for job_id, state in rows])
        state = pickle.dumps(state_of(template, id="column-differs"))
        db.execute(insert, ("column-differs", column + 60, state))
        db.execute(insert, ("state-is-text", column, "text"))
    db.close()
    vacuum(path)


def vacuum(path):
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    db.close()


if __name__ == "__main__":
    make_good()
    make_protocols()
    make_refused()
    assert not os.path.exists("/tmp/schedule-server-was-here")
