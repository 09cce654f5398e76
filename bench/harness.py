"""Ratios: what one request costs beside a floor, in one process and one run.

Both go through the whole WSGI handler, with the same middleware, compression too, session and user. What is counted is
CPU time of this process, in blocks of requests that alternate between the two, forward and backward;
the figure is the median of the ratios of neighbouring blocks, so a slow moment of the machine hits both.
"""

import gzip
import io
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from people.models import User

from .signed_in import TOKEN

BLOCK = 8  # requests
ROUNDS = 30  # pairs of blocks
TASK_TIMES = 9
WARMING = 3  # blocks of each before anything is counted
BACKEND = "accounts.backends.GrantBackend"

type Call = Callable[[], bytes]


@dataclass(frozen=True)
class Row:
    """A line of the table. `ours` and `floor` in milliseconds of CPU a request; `ratio` their quotient;
    `queries` how often each asks the database.
    """

    ours: float
    floor: float
    ratio: float
    aim: float
    queries: int
    floor_queries: int

    @property
    def holds(self) -> bool:
        return self.ratio <= self.aim


@dataclass(frozen=True)
class Pair:
    """A measurement of one module of bench/: one request of ours, and its floor."""

    ours: Call
    floor: Call
    aim: float


@dataclass(frozen=True)
class Task:
    """A measurement of one module of bench/ that has no floor: at most so many seconds of CPU for `work`, or at least
    so many of the `times` that it does something.
    """

    work: Call
    times: int = 1
    most_seconds: float = 0.0
    least_a_second: float = 0.0


@dataclass(frozen=True)
class TaskRow:
    """A line of the second table. `seconds` of CPU for the work; `a_second`: how often what it does."""

    seconds: float
    a_second: float
    most_seconds: float
    least_a_second: float
    queries: int

    @property
    def holds(self) -> bool:
        within = not self.most_seconds or self.seconds <= self.most_seconds
        return within and self.a_second >= self.least_a_second


class Browser:
    """A person signed in, or nobody: makes requests straight to the WSGI handler."""

    def __init__(self, person: User | None = None) -> None:
        self.handler = WSGIHandler()
        self.cookies = f"csrftoken={TOKEN}"
        if person is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(person.pk)
            session[BACKEND_SESSION_KEY] = BACKEND
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session.save()
            self.cookies += f"; sessionid={session.session_key}"

    def get(self, address: str, expect: int = 200) -> Call:
        """A request to make again and again; each answer must have the expected status."""
        return self._request("GET", address, b"", "", expect)

    def post(self, address: str, data: Any, expect: int = 200) -> Call:
        """JSON, with the form token in its header. `data`: a value, or a function that makes one."""
        if callable(data):
            return lambda: self._request("POST", address, _json(data()), "application/json", expect)()
        return self._request("POST", address, _json(data), "application/json", expect)

    def form(self, address: str, data: bytes, expect: int = 200) -> Call:
        """An encoded form, with the form token in its header."""
        return self._request("POST", address, data, "application/x-www-form-urlencoded", expect)

    def _request(self, method: str, address: str, body: bytes, kind: str, expect: int) -> Call:
        parts = urlsplit(address)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_LANGUAGE": "az",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_X_CSRFTOKEN": TOKEN,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
        }

        def call() -> bytes:
            status: list[str] = []
            answer = self.handler(
                {**environ, "wsgi.input": io.BytesIO(body)},
                lambda line, headers, error=None: status.append(line),
            )
            content = b"".join(answer)
            answer.close()
            if status[0][:3] != str(expect):
                raise RuntimeError(f"{method} {address}: {status[0]}, not {expect}: {content[:400]!r}")
            return content

        return call


def page_of(call: Call) -> str:
    """The page as a browser unpacks it."""
    return gzip.decompress(call()).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def measure(pair: Pair, *, rounds: int = ROUNDS, block: int = BLOCK) -> Row:
    for call in (pair.ours, pair.floor):
        _block(call, WARMING * block)
    ours, floors, ratios = [], [], []
    for number in range(rounds):
        # a b, b a, a b …: neither always runs on what the other left behind
        order = [(pair.ours, ours), (pair.floor, floors)]
        for call, times in order if number % 2 else reversed(order):
            times.append(_block(call, block))
        ratios.append(ours[-1] / floors[-1])
    return Row(
        ours=round(statistics.median(ours) * 1000, 3),
        floor=round(statistics.median(floors) * 1000, 3),
        ratio=round(statistics.median(ratios), 2),
        aim=pair.aim,
        queries=_queries(pair.ours),
        floor_queries=_queries(pair.floor),
    )


def measure_task(task: Task, *, times: int = TASK_TIMES) -> TaskRow:
    """The median of so many times."""
    task.work()
    seconds = statistics.median(_block(task.work, 1) for _again in range(times))
    return TaskRow(
        seconds=round(seconds, 3), a_second=round(task.times / seconds), most_seconds=task.most_seconds,
        least_a_second=task.least_a_second, queries=_queries(task.work),
    )  # fmt: skip


def _queries(call: Call) -> int:
    count = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        call()
    return count


def _block(call: Call, times: int) -> float:
    """Seconds of CPU of one call, over a block of them."""
    began = time.process_time()
    for _again in range(times):
        call()
    return (time.process_time() - began) / times
