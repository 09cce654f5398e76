"""One small parent of web and worker: what dies is started again; Ctrl-C stops all."""

import contextlib
import os
import signal
import subprocess
import threading
import time

DEATHS_A_MINUTE = 5
PATIENCE = 10.0  # seconds between the polite and the final signal


def serve(children: dict[str, list[str]]) -> int:
    """Returns when it was told to stop (0), or when a child could not be kept alive (1)."""
    stop, failed = threading.Event(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup: it is to live on when its terminal closes
        signal.signal(number, lambda *_: stop.set())
    running: dict[str, subprocess.Popen[str]] = {}
    keepers = [
        threading.Thread(target=_keep, args=(name, command, running, stop, failed))
        for name, command in children.items()
    ]
    for keeper in keepers:
        keeper.start()
    stop.wait()
    for child in list(running.values()):
        child.terminate()
    for child in list(running.values()):
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    for keeper in keepers:
        keeper.join()
    return int(failed.is_set())


def _keep(
    name: str,
    command: list[str],
    running: dict[str, subprocess.Popen[str]],
    stop: threading.Event,
    failed: threading.Event,
) -> None:
    deaths: list[float] = []
    while not stop.is_set():
        child = running[name] = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        if stop.is_set():  # between the question above and this start: nobody else ends it
            child.terminate()
        speaker = threading.Thread(target=_speak, args=(name, child))
        speaker.start()
        code = child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # an orphan of a web server would keep its port and our pipe
        speaker.join()
        if stop.is_set():
            return
        deaths = [death for death in deaths if death > time.time() - 60] + [time.time()]
        if len(deaths) >= DEATHS_A_MINUTE:
            print(f"{name:4} | ended with {code}, too often: stopping everything", flush=True)
            failed.set()
            stop.set()
        else:
            print(f"{name:4} | ended with {code}, starting it again", flush=True)
            stop.wait(1)


def _speak(name: str, child: subprocess.Popen[str]) -> None:
    for line in child.stdout or ():
        print(f"{name:4} | {line}", end="", flush=True)
