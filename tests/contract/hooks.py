"""What the checks of the OpenAPI document need beyond the document.

Strategies for texts that a JSON schema cannot describe, and two guards: no job
made here may call anything but the discard port of this machine, and each answer
above 499 is written down for `run`.
"""

import os

import schemathesis
from hypothesis import strategies as st

DISCARD = "http://127.0.0.1:9/"

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Pacific/Apia",
)


def numbers(lowest, highest):
    """One field of a line: any, a number, a step, a range, a list."""
    one = st.integers(lowest, highest)
    two = st.tuples(one, one).map(sorted)
    return st.one_of(
        st.just("*"),
        one.map(str),
        st.integers(1, highest - lowest).map(lambda step: f"*/{step}"),
        two.map(lambda ends: f"{ends[0]}-{ends[1]}"),
        st.lists(one, min_size=2, max_size=4).map(lambda all: ",".join(map(str, all))),
    )


def days():
    """Day, month and weekday; only one of day and weekday is restricted."""
    weekday = st.sampled_from(["*", "1-5", "mon-fri", "0", "7", "sat,sun", "fri-mon"])
    by_day = numbers(1, 28).map(lambda day: (day, "*"))
    either = st.one_of(by_day, weekday.map(lambda weekday: ("*", weekday)))
    return st.tuples(either, numbers(1, 12)).map(
        lambda found: f"{found[0][0]} {found[1]} {found[0][1]}"
    )


def lines():
    """A line of five or six fields, or a word."""
    words = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly"]
    clock = st.tuples(numbers(0, 59), numbers(0, 23), days()).map(" ".join)
    with_second = st.tuples(st.integers(0, 59).map(str), clock).map(" ".join)
    return st.one_of(st.sampled_from(words), clock, with_second)


def urls():
    """Addresses at which nobody answers, in many forms."""
    path = st.text("abcxyz0189-._~/", max_size=20)
    query = st.text("abc=&%20", max_size=0) | st.just("?a=1&b=%C3%BC")
    return st.tuples(path, query).map(lambda found: DISCARD + found[0] + found[1])


schemathesis.openapi.format("cron-line", lines())
schemathesis.openapi.format("iana-zone", st.sampled_from(ZONES))
schemathesis.openapi.format("http-url", urls())


def guarded(value):
    """The same value, every address in it one at which nobody answers."""
    if isinstance(value, list):
        return [guarded(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: harmless(inner) if key == "url" else guarded(inner) for key, inner in value.items()
    }


def harmless(value):
    """Addresses of other machines become our own; what is none stays as it is."""
    if not isinstance(value, str) or value.startswith(DISCARD):
        return guarded(value)
    return DISCARD if value.strip().lower().startswith("http") else value


@schemathesis.hook
def before_call(context, case, kwargs):
    """No job may reach out."""
    case.body = guarded(case.body)
    ending(case)


def ending(case):
    """A stream of events must end: it is asked not to follow, unless the request
    says otherwise, which is then wrong input and refused at once."""
    if case.path == "/api/v1/events" and isinstance(case.query, dict):
        if case.query.get("follow", True) in (True, "true"):
            case.query["follow"] = "false"


@schemathesis.hook
def after_call(context, case, response):
    """Each fault of the server is written down."""
    if response.status_code >= 500:
        with open(os.environ["CONTRACT_FAULTS"], "a", encoding="utf-8") as faults:
            faults.write(f"{response.status_code} {case.method} {case.path}\n")
