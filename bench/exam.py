"""An exam of thousands: `make bench-exam`.

    python -m bench.exam --people 3000 --minutes 10

Two web processes as in production, PostgreSQL and Redis, and the load on the same cores: each person saves an answer
every 10 seconds and opens a page every 60. Beside it some bare inserts over the same server. Aims: no error, no
acknowledged answer lost, 95 of 100 answers saved within a second. Ends with 1 where one is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from . import places
from .scratch import ROOT, Scratch, scratch

AIM = 1.0  # seconds, for 95 of 100 answers
WORKERS = 2
READY_WITHIN = 120.0  # seconds


def measure(place: Scratch, chosen: argparse.Namespace) -> dict[str, Any]:
    _run(place, "bench.exam_world", "make", "--people", str(chosen.people), "--seed", str(chosen.seed))
    with _served(place) as web:
        before = _cpu(web, place.database)
        arguments = {
            "--port": place.port, "--seconds": chosen.minutes * 60, "--seed": chosen.seed,
            "--save-every": chosen.save_every, "--open-every": chosen.open_every,
        }  # fmt: skip
        _run(place, "bench.exam_load", *[str(part) for pair in arguments.items() for part in pair])
        after = _cpu(web, place.database)
        kept = json.loads(_run(place, "bench.exam_world", "check"))
    load = json.loads((place.folder / "load.json").read_text())
    requests = sum(kind["count"] for kind in load["kinds"].values())
    cpu = {name: round(after[name] - before[name], 1) for name in after} | {
        "generator": load["generator_cpu"]
    }
    outcome = {
        "date": time.strftime("%Y-%m-%d"), "people": chosen.people, "minutes": chosen.minutes,
        "seed": chosen.seed, "requests": requests, "a_second": round(requests / load["seconds"]), **kept,
        "cpu": cpu, "cpu_ms": {name: round(1000 * used / max(requests, 1), 2) for name, used in cpu.items()},
        "load": round(os.getloadavg()[1], 1),
    }  # fmt: skip
    outcome |= {key: load[key] for key in ("kinds", "errors")}
    outcome["ratio"] = _ratio(load["kinds"])
    late = load["kinds"].get("answer", {}).get("p95", 0.0)
    outcome["holds"] = not load["errors"] and not kept["lost"] and 0 < late < AIM
    return outcome


def _ratio(kinds: dict[str, Any]) -> dict[str, float]:
    """A saved answer beside a bare insert, as the browser waits for both."""
    ours, floor = kinds.get("answer"), kinds.get("bare insert")
    if not ours or not floor:
        return {}
    return {name: round(ours[f"{name}_took"] / floor[f"{name}_took"], 2) for name in ("p50", "p95")}


def _run(place: Scratch, module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments, "--folder", str(place.folder)]
    done = subprocess.run(command, cwd=ROOT, env=place.environ, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().rpartition("\n")[2]


@contextmanager
def _served(place: Scratch) -> Iterator["subprocess.Popen[str]"]:
    """gunicorn as docs/guides/operators.md names it, on the loopback."""
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "--workers", str(WORKERS), "--bind", f"127.0.0.1:{place.port}",
        "--log-level", "warning", "elearning.wsgi",
    ]  # fmt: skip
    with (place.folder / "web.log").open("w") as log:
        web = place.start(command, output=log.fileno())
    try:
        end = time.monotonic() + READY_WITHIN
        while not _answers(place.port):
            if web.poll() is not None or time.monotonic() > end:
                raise RuntimeError((place.folder / "web.log").read_text() or "the web server did not start")
            time.sleep(0.2)
        yield web
    finally:
        web.terminate()
        web.wait(60)


def _answers(port: int) -> bool:
    with suppress(OSError):
        urllib.request.urlopen(f"http://localhost:{port}/livez", timeout=5).read()
        return True
    return False


def _cpu(web: "subprocess.Popen[str]", database: str) -> dict[str, float]:
    """Seconds of CPU so far: of the web processes, and of PostgreSQL's for them where it runs here."""
    children = [pid for pid in _processes() if _parent(pid) == web.pid]
    served = [pid for pid in _processes() if _serves(pid, database)]
    return {"web": sum(map(_seconds, children)), "postgresql": sum(map(_seconds, served))}


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _stat(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def _parent(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[1]) if stat else 0


def _serves(pid: int, database: str) -> bool:
    """Return whether a process of PostgreSQL works for this database: it writes so into its title."""
    with suppress(OSError):
        title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        return title.startswith("postgres:") and f" {database} " in title
    return False


def _seconds(pid: int) -> float:
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK") if stat else 0.0


def report(outcome: dict[str, Any]) -> str:
    lines = [
        f"{outcome['people']} people, {outcome['minutes']:g} minutes: {outcome['requests']} requests, "
        f"{outcome['a_second']} a second; errors: {outcome['errors'] or 0}; "
        f"acknowledged and not kept: {outcome['lost']} of {outcome['questions']} answers",
        f"{'seconds':<14}{'count':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'slowest':>9}",
    ]
    for kind, told in sorted(outcome["kinds"].items()):
        row = "".join(f"{told[name]:>9.3f}" for name in ("p50", "p95", "p99", "slowest"))
        lines.append(f"{kind:<14}{told['count']:>8}{row}")
    if ratio := outcome["ratio"]:
        lines.append(
            f"a saved answer beside a bare insert over the same server: {ratio['p50']:.2f}× (half of them), "
            f"{ratio['p95']:.2f}× (95 of 100)"
        )
    used = ", ".join(f"{name} {spent} ms" for name, spent in outcome["cpu_ms"].items())
    lines.append(f"CPU a request: {used}; load of the machine {outcome['load']}")
    lines.append("held" if outcome["holds"] else "DID NOT HOLD")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.exam", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--save-every", type=float, default=10.0)
    parser.add_argument("--open-every", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--embedded", action="store_true", help="on SQLite, to try it")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    where = places.EMBEDDED if chosen.embedded else places.production()
    if where is None:
        print(places.missing())
        return 1
    with scratch("bench.measured", course=True, beside=where.database, REDIS_URL=where.redis) as place:
        # the floors' tables: they have no migrations
        place.run("migrate", "--run-syncdb", "--verbosity", "0")
        outcome = measure(place, chosen)
    print(report(outcome))
    if chosen.json:
        chosen.json.write_text(json.dumps(outcome))
    return 0 if outcome["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
