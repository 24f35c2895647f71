"""APScheduler 3.11 at its best: jobs in memory, a large thread pool, kept connections.

    rival_apscheduler.py URL JOBS UNIX_MS

Adds so many jobs that are due at that instant, says "ready", fires them, and stays.
"""

import logging
import sys
import threading
from datetime import datetime, timezone

import urllib3
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

THREADS = 200

url, jobs, at_ms = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
at = datetime.fromtimestamp(at_ms / 1000, timezone.utc)
logging.disable(logging.CRITICAL)
pool = urllib3.PoolManager(maxsize=THREADS)


def fire():
    pool.request("GET", url)


scheduler = BackgroundScheduler(
    executors={"default": ThreadPoolExecutor(THREADS)},
    job_defaults={"misfire_grace_time": None},
    timezone=timezone.utc,
)
for n in range(jobs):
    scheduler.add_job(fire, "date", run_date=at, id=f"job-{n}")
scheduler.start()
print("ready", flush=True)
threading.Event().wait()
