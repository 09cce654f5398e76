"""People in an exam, as a server sees them: each saves an answer and opens a page at fixed intervals.

Asks the loopback alone, at the intervals that it was told and no faster: who has to wait for an answer is late for
the next, and the lateness counts. No Django here, and as little else as possible: it runs on the server's cores.
"""

import argparse
import asyncio
import gzip
import json
import re
import resource
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from .signed_in import TOKEN

PATIENCE = 30.0  # seconds for one answer
BARE = 50  # of so many saved answers one is also inserted bare, beside
OVERVIEWS = 4  # of so many pages one is the attempt's own, the others are the stage
SESSION = re.compile(rb'data-session="(\d+)"')


class Reply(asyncio.Protocol):
    """One request on a connection of its own, as a server without keep-alive takes it."""

    def __init__(self, request: bytes, done: "asyncio.Future[tuple[int, bytes]]") -> None:
        self.request, self.done = request, done
        self.data, self.needed = bytearray(), -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.data += data
        if self.needed < 0 and (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end].lower()
            _name, _colon, value = head.partition(b"\r\ncontent-length:")
            self.needed = end + 4 + int(value.partition(b"\r\n")[0]) if value else -2
            self.body_at = end + 4
        if 0 <= self.needed <= len(self.data):
            self._finish()

    def connection_lost(self, error: Exception | None) -> None:
        if self.needed == -2:  # its end is the connection's
            self._finish()
        elif not self.done.done():
            self.done.set_exception(error or ConnectionError("closed before the answer was whole"))

    def _finish(self) -> None:
        if not self.done.done():
            status = int(self.data[9:12])
            self.done.set_result((status, bytes(self.data[self.body_at :])))
        self.transport.close()


@dataclass
class Told:
    """Measurements: seconds by kind, lateness included, and without it; failures by kind and how."""

    late: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Server:
    def __init__(self, port: int, told: Told) -> None:
        self.port, self.told = port, told

    async def ask(self, kind: str, head: str, body: bytes, due: float) -> bytes | None:
        """The body of a 200, else None and an error is noted."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[tuple[int, bytes]] = loop.create_future()
        began = loop.time()
        try:
            async with asyncio.timeout(PATIENCE):
                request = head.encode() + body
                await loop.create_connection(lambda: Reply(request, done), "127.0.0.1", self.port)
                status, answer = await done
        except (OSError, TimeoutError) as error:
            self.told.errors[f"{kind}: {type(error).__name__}"] += 1
            return None
        if status != 200:
            self.told.errors[f"{kind}: {status}"] += 1
            return None
        now = loop.time()
        self.told.late[kind].append(now - due)
        self.told.took[kind].append(now - began)
        return answer


class Person:
    def __init__(self, plan: dict[str, Any], server: Server, host: str, random: Random) -> None:
        self.plan, self.server, self.random = plan, server, random
        self.common = (
            f"Host: {host}\r\nCookie: {plan['cookie']}\r\nAccept-Encoding: gzip, deflate, br\r\n"
            "Accept-Language: az\r\nConnection: close\r\n"
        )
        self.session, self.sequence, self.opened = 1, 0, random.randrange(OVERVIEWS)
        self.acknowledged: dict[str, tuple[int, int]] = {}

    async def sit(self, begin: float, end: float, save_every: float, open_every: float) -> None:
        save = begin + self.random.random() * save_every
        page = begin + self.random.random() * open_every
        while (due := min(save, page)) < end:
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            if due == save:
                await self.save(due)
                save += save_every
            else:
                await self.open(due)
                page += open_every

    async def open(self, due: float) -> None:
        self.opened += 1
        stage = self.opened % OVERVIEWS != 0
        address = self.plan["stage" if stage else "overview"]
        kind = "stage" if stage else "overview"
        page = await self.server.ask(kind, f"GET {address} HTTP/1.1\r\n{self.common}\r\n", b"", due)
        if page is None or not stage:
            return
        found = SESSION.search(gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page)
        if found is None:
            self.server.told.errors["stage: a page without a number"] += 1
        else:
            self.session, self.sequence = int(found[1]), 0

    async def save(self, due: float) -> None:
        code, values = self.random.choice(self.plan["answers"])
        self.sequence += 1
        place = (self.session, self.sequence)
        answer = {"question": code, "sequence": self.sequence, "fields": self.random.choice(values)}
        sent = {"content": self.plan["content"], "session": self.session, "answers": [answer]}
        body = json.dumps(sent).encode()
        if await self.server.ask("answer", self._post(self.plan["save"], body), body, due) is not None:
            self.acknowledged[code] = max(place, self.acknowledged.get(code, place))
        if self.random.randrange(BARE) == 0:
            now = asyncio.get_running_loop().time()
            await self.server.ask("bare insert", self._post("/floor/said/", body), body, now)

    def _post(self, address: str, body: bytes) -> str:
        return (
            f"POST {address} HTTP/1.1\r\n{self.common}X-CSRFToken: {TOKEN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )


async def exam(plans: list[dict[str, Any]], chosen: argparse.Namespace) -> tuple[Told, list[Person]]:
    told = Told()
    server = Server(chosen.port, told)
    host, random = f"localhost:{chosen.port}", Random(chosen.seed)
    people = [Person(plan, server, host, Random(random.random())) for plan in plans]
    for person in people[:40]:  # each process has read the cases and its templates
        now = asyncio.get_running_loop().time()
        await person.open(now)
        await person.save(now)
    told.late.clear()
    told.took.clear()
    begin = asyncio.get_running_loop().time() + 0.5
    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(person.sit(begin, begin + chosen.seconds, chosen.save_every, chosen.open_every))
    return told, people


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


def described(told: Told, seconds: float) -> dict[str, Any]:
    kinds = {
        kind: {
            "count": len(values),
            "p50": round(percentile(values, 0.5), 4),
            "p95": round(percentile(values, 0.95), 4),
            "p99": round(percentile(values, 0.99), 4),
            "slowest": round(max(values), 4),
            "p50_took": round(percentile(told.took[kind], 0.5), 4),
            "p95_took": round(percentile(told.took[kind], 0.95), 4),
        }
        for kind, values in told.late.items()
    }
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "kinds": kinds,
        "errors": dict(told.errors),
        "seconds": round(seconds, 1),
        "generator_cpu": round(used.ru_utime + used.ru_stime, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exam_load", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--save-every", type=float, required=True)
    parser.add_argument("--open-every", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    chosen = parser.parse_args()
    with (chosen.folder / "plan.jsonl").open() as lines:
        plans = [json.loads(line) for line in lines]
    began = time.monotonic()
    told, people = asyncio.run(exam(plans, chosen))
    kept = [
        [person.plan["attempt"], code, *place]
        for person in people
        for code, place in person.acknowledged.items()
    ]
    (chosen.folder / "acknowledged.json").write_text(json.dumps(kept))
    (chosen.folder / "load.json").write_text(json.dumps(described(told, time.monotonic() - began)))


if __name__ == "__main__":
    main()
