"""Web and worker under a parent that starts again what dies, and a storm that kills them."""

import os
import random
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from .dying.points import OF_WEB, arm, struck
from .scratch import Scratch

STALL = 0.15  # of the blows at a worker are stalls longer than its lease
READY_WITHIN = 60.0  # seconds
COMES_WITHIN = 120.0  # seconds: until somebody comes to a point at which a process is to die
BUSY_WITHIN = 5.0  # seconds: a blow waits so long for its victim to be in the middle of something


@dataclass
class Child:
    """One process, started again by its keeper whenever it ends."""

    name: str
    scratch: Scratch
    command: list[str]
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    process: subprocess.Popen[str] | None = None
    stalled: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        while not self.over.is_set():
            self.ready.clear()
            self.process = self.scratch.start(self.command)
            if self.name == "web":
                threading.Thread(target=self._ask_until_it_answers, args=(self.process,)).start()
            for line in self.process.stdout or ():
                self.lines.append(line)
                if '"event": "working"' in line:
                    self.ready.set()
            self.process.wait()
            self.kill_group()

    def _ask_until_it_answers(self, process: subprocess.Popen[str]) -> None:
        while process.poll() is None and not self.over.is_set():
            with suppress(OSError):
                urllib.request.urlopen(f"{self.scratch.base_url}/livez", timeout=5).read()
                self.ready.set()
                return
            time.sleep(0.1)

    def kill_group(self) -> None:
        """kill -9, with the processes it has started."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stall(self, seconds: float) -> None:
        """Stop it for longer than its lease, then let it go on: two holders of one errand."""
        process = self.process
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGSTOP)

        self.stalled.set()

        def go_on() -> None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            time.sleep(1)  # it shall try to write what it had in hand
            self.stalled.clear()

        threading.Timer(seconds, go_on).start()

    def stop(self) -> int | None:
        self.over.set()
        if self.process is None:
            return None
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill_group()
            return None


@dataclass
class Storm:
    scratch: Scratch
    workers: int
    lease: float
    random: random.Random
    busy: Callable[["Child"], bool]
    struck: Callable[["Child"], None]
    blows: Counter[str] = field(default_factory=Counter)
    children: list[Child] = field(default_factory=list)
    keepers: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self.children = [Child("web", self.scratch, self.scratch.web())]
        self.children += [
            Child("worker", self.scratch, self.scratch.manage("work", "--poll", "0.1"))
            for _ in range(self.workers)
        ]
        self.keepers = [threading.Thread(target=child.keep) for child in self.children]
        for keeper in self.keepers:
            keeper.start()
        for child in self.children:
            if not child.ready.wait(READY_WITHIN):
                raise TimeoutError(f"{child.name} did not start:\n" + "".join(child.lines[-30:]))

    def rage(self, kills: int) -> None:
        """Kill so many times, each time a process that is in the middle of something, at a random moment."""
        while self.blows["web"] + self.blows["worker"] < kills:
            child = self.random.choice(self._candidates())
            child.ready.wait(READY_WITHIN)
            self._wait_until_busy(child)
            time.sleep(self.random.uniform(0.0, 0.3))
            if child.name == "worker" and self.random.random() < STALL:
                child.stall(self.lease * 1.5)
                self.blows["stall"] += 1
                continue
            child.ready.clear()
            child.kill_group()
            self.blows[child.name] += 1
            self.struck(child)

    def strike_in_turn(self, points: Sequence[str], kills: int) -> Counter[str]:
        """Kill so many times, at one point of the work after the other: whoever comes to it next dies there. Fewer
        kills than points are spread over them.

        Return how often at each. TimeoutError where nobody came.
        """
        died: Counter[str] = Counter()
        step = max(len(points) // kills, 1)
        for number in range(kills):
            point = points[number * step % len(points)]
            name = "web" if point in OF_WEB else "worker"
            for child in self.children:
                child.ready.wait(READY_WITHIN)
            arm(self.scratch.folder, point)
            until = time.monotonic() + COMES_WITHIN
            while not struck(self.scratch.folder):
                if time.monotonic() > until:
                    raise TimeoutError(f"nobody came to “{point}”")
                time.sleep(0.01)
            self.blows[name] += 1
            died[point] += 1
        return died

    def _candidates(self) -> list[Child]:
        """While one worker is stalled the others live, and claim what it holds."""
        if any(child.stalled.is_set() for child in self.children):
            return [child for child in self.children if child.name == "web"]
        return self.children

    def _wait_until_busy(self, child: Child) -> None:
        until = time.monotonic() + BUSY_WITHIN
        while not self.busy(child) and time.monotonic() < until:
            time.sleep(0.01)

    def end(self) -> list[int | None]:
        """Stop all politely, once they are there again; returns how each ended."""
        for child in self.children:
            child.ready.wait(READY_WITHIN)
        codes = [child.stop() for child in self.children]
        for keeper in self.keepers:
            keeper.join()
        return codes

    def said(self, words: str) -> int:
        return sum(words in line for child in self.children for line in child.lines)
