"""`make demo`: prepare what is missing, then serve web and worker until Ctrl-C.

`--reset` deletes what the demo made under var/; `--dev` serves with auto-reload and error pages.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path

from locales import messages

from . import parent, place

# A real installation's, where its environment is at hand: no demo is made in its database, no mail sent.
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "NISANE_SECRET_KEY", "NISANE_KEYS_DIR", "NISANE_SMTP_HOST")

THREADS = 4  # of each web process: while some wait for the one writer of SQLite, others answer


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make demo", description=__doc__)
    arguments.add_argument("--reset", action="store_true")
    arguments.add_argument("--dev", action="store_true")
    arguments.add_argument("--prepare-only", action="store_true")
    chosen = arguments.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    try:
        var = place.folder()
        place.hold(var)
        if chosen.reset:
            place.reset(var)
            print(f"The demo's data under {var} is gone. Start it again with: make demo")
            return
        port = place.port(var, os.environ.get("PORT"))
        if not chosen.prepare_only:
            place.check_port_is_free(var, port)
    except place.Refusal as refusal:
        sys.exit(f"nisane: {refusal}")
    if place.half_made(var):
        print("nisane: the first start was interrupted; it begins anew")
        place.reset(var)
    messages.compile_all()  # before Django, which reads each catalogue once
    place.make_private(var)
    place.keep_port(var, port)
    set_environment(var, port, dev=chosen.dev)
    place.make_secret(var)

    from . import prepare  # Django's settings are read here: the environment is complete now

    try:
        prepare.everything(var)
    except KeyboardInterrupt:
        sys.exit("\nnisane: interrupted; start it again with: make demo")
    if chosen.prepare_only:
        print(prepare.screen(var), flush=True)
    else:
        sys.exit(serve(port, prepare.screen(var), dev=chosen.dev))


def set_environment(var: Path, port: int, *, dev: bool) -> None:
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ |= {
        "NISANE_VAR": str(var),
        "NISANE_DEMO": "yes",
        "NISANE_BASE_URL": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "elearning.settings." + ("dev" if dev else "base"),
    }


def serve(port: int, screen: str, *, dev: bool) -> int:
    threading.Thread(target=show_once_it_answers, args=(port, screen), daemon=True).start()
    return parent.serve(children(port, dev=dev))


def show_once_it_answers(port: int, screen: str) -> None:
    """An address is shown when it can be opened. Asked without the proxy that leads to the package registry."""
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        with contextlib.suppress(OSError, HTTPException):
            directly.open(f"http://localhost:{port}/livez", timeout=10).close()
            break
        time.sleep(0.1)
    print(screen, flush=True)


def children(port: int, *, dev: bool) -> dict[str, list[str]]:
    if dev:
        web = [sys.executable, "manage.py", "runserver", f"localhost:{port}"]
    else:
        granian = str(Path(sys.executable).parent / "granian")
        web = [
            granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
            "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning", "elearning.wsgi:application",
        ]  # fmt: skip
    return {"web": web, "work": [sys.executable, "manage.py", "work"]}


if __name__ == "__main__":
    main()
