"""`make demo`: refusals in words, what it writes, second starts, one parent of web and worker."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from elearning.demo import place
from elearning.demo.parent import DEATHS_A_MINUTE, _keep
from tests.elearning.pages import words
from tests.running import ROOT, answers, children_of, environment, family_of, free_port, of_folder, run, until
from tests.test_way_http import sign_in
from tests.visiting import Visitor

ACCOUNTS = [
    "officer",
    "officer2",
    "officer3",
    "officer4",
    "trainer",
    "reviewer",
    "assessor",
    "assessor2",
    "coordinator",
    "coordinator_other",
    "duty_officer",
    "shift_leader",
    "registrar",
    "registrar2",
    "registrar3",
    "auditor",
    "admin",
    "rule_owner",
    "rule_owner2",
    "national",
    "officer_police",
    "officer_migration",
    "officer_shelter",
    "duty_officer_police",
    "duty_officer_migration",
    "duty_officer_shelter",
]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def copy(demo, var: Path) -> Path:
    """The folder of the session's demo, to spoil; without static files."""
    shutil.copytree(demo.var, var, ignore=shutil.ignore_patterns("static", "db.sqlite3*"))
    with (
        closing(sqlite3.connect(demo.var / "db.sqlite3")) as kept,
        closing(sqlite3.connect(var / "db.sqlite3")) as new,
    ):
        kept.backup(new)
    return var


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what other users of the machine could enter or read, with its mode."""
    every = [(path, path.is_dir()) for path in (folder, *folder.rglob("*")) if path.exists()]
    return {
        str(path): oct(mode(path))
        for path, is_dir in every
        if mode(path) & 0o077 or (is_dir and mode(path) != 0o700)
    }


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["eight", "0", "65536", "-1", "80 80", "8000.0", "²"])
def test_port_that_is_none_is_refused(var, asked):
    done = run(var, PORT=asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"nisane: PORT={asked} is not a port number.\n"
    assert not (var / "port").exists()


def test_other_port_later_is_refused(var):
    var.mkdir()
    (var / "port").write_text("8211")
    done = run(var, PORT="8212")
    assert done.returncode == 1
    assert done.stderr == (
        "nisane: this demo was first started on port 8211, and its certificates point there. "
        "Start it with PORT=8211, or begin anew with: make demo-reset\n"
    )
    assert (var / "port").read_text() == "8211"


def test_port_in_use_is_refused_and_not_kept(var):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(var, PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"nisane: port {port} is in use by another program. "
        f"Stop it, or choose another: PORT={port + 1} make demo\n"
    )
    assert not (var / "port").exists()  # nothing was printed with it yet: another one may be chosen


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that root cannot write to needs /proc")
def test_folder_that_cannot_be_written_to_is_refused():
    done = run(Path("/proc/nisane"), PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr == "nisane: this folder cannot be written to: /proc/nisane\n"


@pytest.mark.parametrize("arguments", [(), ("--reset",), ("--prepare-only",)])
def test_folder_of_a_running_demo_is_left_alone(demo, arguments):
    done = run(demo.var, *arguments)
    assert done.returncode == 1
    assert done.stderr == f"nisane: the demo in {demo.var} is running. Stop it first with Ctrl-C\n"
    assert answers(f"{demo.url}/livez")


def test_reset_of_an_empty_folder_says_so_and_makes_nothing(var):
    done = run(var, "--reset")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(var.iterdir()) == []


# --- what it writes ----------------------------------------------------------------------------------


def test_demo_json_has_exactly_what_the_guides_build_on(demo):
    facts = demo.facts
    assert sorted(facts) == ["accounts", "base_url", "certificates", "officers"]
    assert facts["base_url"] == demo.url
    assert list(facts["accounts"]) == ACCOUNTS
    for key, account in facts["accounts"].items():
        assert sorted(account) == ["email", "password", "totp_secret"]
        assert account["email"] == f"{key}@demo.nisane.example"
        assert bool(account["totp_secret"]) == (not key.startswith(("officer", "duty_officer")))
        assert len(account["password"]) >= 12
    assert sorted(facts["certificates"]) == [
        "ended", "expired", "renewed", "revoked", "superseded", "suspended", "valid",
    ]  # fmt: skip
    assert sorted(facts["officers"]) == [
        "cleared", "conditional", "migration_cleared", "migration_not_cleared", "not_cleared", "not_gated",
        "overridden", "police_cleared", "police_not_cleared", "shelter_cleared", "shelter_not_cleared",
    ]  # fmt: skip
    for officer in facts["officers"].values():
        assert sorted(officer) == ["agency", "function", "service_number"]


@pytest.mark.parametrize(
    "state", ["valid", "expired", "revoked", "suspended", "renewed", "ended", "superseded"]
)
def test_certificates_of_demo_json_are_whole(demo, state):
    certificate = demo.facts["certificates"][state]
    assert sorted(certificate) == ["code", "credential", "id", "pdf", "qr_text"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", certificate["id"])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", certificate["code"])
    assert certificate["qr_text"].lower().startswith(f"{demo.url}/c/{certificate['id']}#".lower())
    for name in ("pdf", "credential"):
        assert demo.var in Path(certificate[name]).parents
    assert Path(certificate["pdf"]).read_bytes()[:5] == b"%PDF-"
    credential = json.loads(Path(certificate["credential"]).read_text())
    assert certificate["id"] in credential["id"]


def test_certificates_say_until_when_the_sources_were_read(demo):
    """The same day as the course that readers see now, and none after the examination."""
    rows = demo.rows(
        "SELECT substr(f.closed_at, 1, 10), json_extract(a.evidence, '$.shown[0].exam.edition.legal_date')"
        " FROM certificates_award a JOIN assessments_attempt f"
        " ON f.public_id = json_extract(a.evidence, '$.shown[0].exam.attempt')"
    )
    assert len(rows) >= 3
    [(newest,)] = demo.rows(
        "SELECT e.legal_date FROM courses_edition e JOIN courses_coursepage c ON c.page_ptr_id = e.course_id"
        " WHERE c.code = 'C1-LAB' ORDER BY e.number DESC LIMIT 1"
    )
    assert {law for _closed, law in rows} == {newest}
    assert newest < min(closed for closed, _law in rows)


def test_renewed_one_is_valid_today_and_its_successor_is_issued(demo):
    renewed = demo.facts["certificates"]["renewed"]["id"]
    [(first_ends, second_begins)] = demo.rows(
        "SELECT a.valid_to, b.valid_from FROM certificates_certificate a JOIN certificates_certificate b"
        f" ON b.renews_id = a.id WHERE a.public_id = '{renewed}'"
    )
    assert first_ends == second_begins
    page = Visitor(demo.url, "en").get(f"/c/{renewed}", **{"Accept-Language": "en"}).page
    assert "This certificate is valid" in words(page)


def test_superseded_one_was_corrected_and_its_successor_is_valid(demo):
    superseded = demo.facts["certificates"]["superseded"]["id"]
    [(successor, same_days)] = demo.rows(
        "SELECT b.public_id, a.valid_from = b.valid_from AND a.valid_to = b.valid_to FROM certificates_certificate a"
        " JOIN certificates_certificateevent e ON e.certificate_id = a.id"
        f" JOIN certificates_certificate b ON b.id = e.successor_id WHERE a.public_id = '{superseded}'"
    )
    pages = [
        words(Visitor(demo.url, "en").get(f"/c/{each}", **{"Accept-Language": "en"}).page)
        for each in (superseded, successor)
    ]
    assert "This certificate has been replaced" in pages[0]
    assert "This certificate is valid" in pages[1]
    assert same_days == 1


def test_secrets_are_for_this_user_alone(demo):
    keys = [path for path in (demo.var / "keys").rglob("*") if path.is_file()]
    private = [path for path in keys if not path.name.endswith((".pub.pem", "document-roots.pem"))]
    assert 4 <= len(private) < len(keys)
    private += [demo.var / "demo.json", demo.var / "demo" / "password", demo.var / "demo" / "totp-secret"]
    assert {str(path): oct(mode(path)) for path in private if mode(path) != 0o600} == {}
    assert mode(demo.var / "keys") == 0o700


def test_everything_under_var_is_for_this_user_alone(demo):
    """The folder itself, the database with its journal, documents, mail, static files."""
    visitor = Visitor(demo.url, "az")
    form = visitor.get("/az/account/password/reset/").form("/password/reset/")
    visitor.send(form.put("email", demo.facts["accounts"]["officer"]["email"]))
    assert visitor.faults == []
    until(lambda: list((demo.var / "mail").glob("*")), "the letter")
    there = {path.name for path in demo.var.iterdir()}
    assert {"db.sqlite3", "db.sqlite3-wal", "documents", "mail", "static", "keys"} - there == set()
    assert open_to_others(demo.var) == {}


def test_who_waits_to_write_keeps_nobody_from_reading(demo):
    """Another process writes for a while: signing in waits for it, and succeeds; the rest answers at once."""
    accounts = [demo.facts["accounts"][name] for name in ("officer", "officer2", "duty_officer")]
    visitors = [Visitor(demo.url, "az").get("/az/account/login/") for _account in accounts]
    forms = [visitor.form("/account/login/") for visitor in visitors]
    waiting = [
        threading.Thread(target=visitor.send, args=(form.put("login", account["email"]).put("password", account["password"]),))
        for visitor, form, account in zip(visitors, forms, accounts, strict=True)
    ]  # fmt: skip
    with closing(sqlite3.connect(demo.var / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for thread in waiting:
            thread.start()
        time.sleep(2)
        page = f"/c/{demo.facts['certificates']['valid']['id']}"
        for path, seconds in [("/livez", 2), (page, 6)] * 4:
            began = time.monotonic()
            with urlopen(demo.url + path) as answer:
                assert answer.status == 200
            assert time.monotonic() - began < seconds
        assert all(thread.is_alive() for thread in waiting)
        other.execute("ROLLBACK")
    for thread in waiting:
        thread.join(30)
    assert [visitor.path for visitor in visitors] == ["/az/"] * 3


def test_nothing_of_it_is_in_the_repository(demo):
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    assert git("ls-files", "var", ".venv", ".uv") == ""
    assert git("check-ignore", "var/keys/django-secret-key").strip() == "var/keys/django-secret-key"
    secret = (demo.var / "keys" / "django-secret-key").read_text()
    for secret_words in ("BEGIN .*PRIVATE KEY-----$", secret, demo.facts["accounts"]["officer"]["password"]):
        found = subprocess.run(
            ["git", "grep", "-lI", "-e", secret_words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (found.returncode, found.stdout) == (1, "")


def test_own_trail_gives_reasons_in_sentences(demo):
    visitor = Visitor(demo.url, "az")
    sign_in(visitor, demo, "duty_officer")
    told = words(visitor.get("/az/people/my-trail/").page)
    assert "Növbətçi təyin edilib, 15-K nömrəli əmr" in told and "demo" not in told.split()


def test_screen_shows_address_sign_ins_and_five_things(demo):
    screen = demo.log.read_text()
    facts = demo.facts
    assert f"Nişanə is at {demo.url} " in screen
    assert "NAME@demo.nisane.example" in screen
    for name in facts["accounts"]:
        assert re.search(rf"^    .*\b{name}\b", screen, re.MULTILINE)
    assert facts["accounts"]["officer"]["password"] in screen
    assert re.findall(r"^ {4}([1-9])\. ", screen, re.MULTILINE) == list("12345")
    begin = screen.index("Nişanə is at")
    shown = screen[begin:].partition("\n\n  Mail that")[0]
    assert len(shown.splitlines()) <= 20  # with room above and below on one screen
    assert "Traceback" not in screen


def test_demo_answers_like_production(demo):
    """No debug page, security headers, compressed files, no promise of https that http cannot keep."""
    from urllib.request import Request

    with urlopen(f"{demo.url}/az/") as answer:
        headers, page = answer.headers, answer.read().decode()
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers
    assert "secure" not in (headers["Set-Cookie"] or "").lower()
    style = re.search(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', page)
    assert style is not None
    with urlopen(Request(demo.url + style[1], headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_demo_is_ready(demo):

    def ready() -> dict[str, object]:
        try:
            with urlopen(f"{demo.url}/readyz") as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            return {}

    assert set(until(ready, "/readyz")["checks"].values()) == {"ok"}  # type: ignore[attr-defined]


# --- again, and anew -----------------------------------------------------------------------------------


def test_ctrl_c_stops_everything_and_a_second_start_keeps_everything(demo):
    def kept() -> list[object]:
        promised = "operations_errand WHERE kind NOT IN (SELECT name FROM operations_timetable)"
        tables = (promised, "people_user", "certificates_certificate", "wagtailcore_revision")
        counts = [demo.rows(f"SELECT count(*) FROM {table}") for table in tables]
        return [*counts, (demo.var / "demo.json").read_text(), (demo.var / "port").read_text()]

    def has_worked() -> bool:
        """The first round of the timetable is over, with what it has promised to do at once."""
        rung = "SELECT 1 FROM operations_errand WHERE kind = 'clearance.recheck_all' AND state = 'done'"
        proving = "SELECT 1 FROM operations_errand WHERE kind = 'certificates.prove' AND state = 'open'"
        return bool(demo.rows(rung)) and not demo.rows(proving)

    until(lambda: len(demo.children()) == 2, "web and work to run")
    until(has_worked, "the first round of work")
    before = kept()
    assert demo.stop(signal.SIGINT) == 0
    assert of_folder(demo.var) == []
    assert not answers(f"{demo.url}/livez")
    assert "Traceback" not in demo.log.read_text()
    demo.start()
    assert kept() == before
    assert "…" not in demo.log.read_text().split("Nişanə is at")[0]  # no step was done again
    assert "Five things to try" in demo.log.read_text()


def test_demo_in_which_somebody_was_erased_starts_again(copy):
    """Nobody has the numbers any more that the first start looked for."""
    before = json.loads((copy / "demo.json").read_text())
    with closing(sqlite3.connect(copy / "db.sqlite3")) as connection, connection:
        connection.execute("UPDATE people_posting SET service_number = NULL")
    done = run(copy, "--prepare-only")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((copy / "demo.json").read_text()) == before


def test_start_without_a_port_takes_the_one_that_is_kept(copy, demo):
    done = run(copy, "--prepare-only")
    assert done.returncode == 0
    assert f"Nişanə is at {demo.url} " in done.stdout


def test_environment_of_a_real_installation_is_left_alone(copy):
    """No connection is made to its services: nothing listens on port 9."""
    theirs = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/theirs", "REDIS_URL": "redis://127.0.0.1:9/0"}
    done = run(copy, "--prepare-only", **theirs, NISANE_KEYS_DIR="/proc/theirs", NISANE_SECRET_KEY="theirs")
    assert (done.returncode, done.stderr) == (0, "")


def test_reset_deletes_what_the_demo_made_and_nothing_else(copy):
    (copy / "my-notes.txt").write_text("mine")
    done = run(copy, "--reset")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in copy.iterdir()] == ["my-notes.txt"]


def test_start_that_was_interrupted_begins_anew(copy):
    """Half a cast would be no demo: without the last step everything before it goes."""
    prepared = json.loads((copy / "prepared.json").read_text())
    del prepared[place.LAST_STEP]
    (copy / "prepared.json").write_text(json.dumps(prepared))
    first = subprocess.Popen(
        [sys.executable, "-m", "elearning.demo", "--prepare-only"], cwd=ROOT, env=environment(copy),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert first.stdout is not None
    assert first.stdout.readline() == "nisane: the first start was interrupted; it begins anew\n"
    assert first.stdout.read(1) == "·"
    first.send_signal(signal.SIGINT)
    _, complaint = first.communicate(timeout=240)
    assert (first.returncode, complaint) == (1, "\nnisane: interrupted; start it again with: make demo\n")
    assert not (copy / "demo.json").exists()


def test_folder_that_is_new_or_whole_is_not_half_made(var, demo):
    assert not place.half_made(var)
    assert not place.half_made(demo.var)


# --- one parent ------------------------------------------------------------------------------------------


def test_web_that_is_killed_is_started_again(demo):
    web = until(lambda: demo.children().get("web"), "web to run")
    orphans = until(lambda: family_of(web), "its workers")
    os.kill(web, signal.SIGKILL)
    until(lambda: demo.children().get("web", web) != web, "web to be started again")
    until(lambda: answers(f"{demo.url}/livez"), "the web to answer")
    assert "web  | ended with -9, starting it again" in demo.log.read_text()
    assert [one for one in orphans if alive(one)] == []


def test_work_that_is_killed_is_started_again(demo):
    work = until(lambda: demo.children().get("work"), "work to run")
    os.kill(work, signal.SIGKILL)
    until(lambda: demo.children().get("work", work) != work, "work to be started again")
    assert "work | ended with -9, starting it again" in demo.log.read_text()


STEADY = "import time; print('steady', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('stubborn', flush=True); time.sleep(600)"
)
# Its child outlives it and holds the pipe to the parent, as the workers of a web server do.
MOTHER = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    " print('child', child.pid, flush=True); time.sleep(600)"
)


@contextmanager
def parent_of(**codes: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The demo's parent over small programs; with the first lines that these print."""
    commands = {name: [sys.executable, "-c", code] for name, code in codes.items()}
    program = f"import sys; from elearning.demo import parent; parent.PATIENCE = 1; sys.exit(parent.serve({commands!r}))"
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, [process.stdout.readline().strip() for _ in codes]
    finally:
        process.kill()
        process.communicate()


def alive(pid: int) -> bool:
    """Running: what has ended and waits for init to notice is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_parent_and_all_its_children(number):
    with parent_of(a=STEADY, b=STUBBORN) as (parent, lines):
        assert sorted(lines) == ["a    | steady", "b    | stubborn"]
        family = family_of(parent.pid)
        parent.send_signal(number)
        assert parent.wait(10) == 0
        assert [one for one in family if alive(one)] == []


def test_hang_up_that_was_ignored_at_the_start_is_ignored_still():
    """As `nohup make demo` begins. It still starts again what dies."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with parent_of(a=STEADY) as (parent, lines):
            parent.send_signal(signal.SIGHUP)
            [child] = children_of(parent.pid)
            os.kill(child, signal.SIGKILL)
            assert parent.stdout is not None
            lines += [parent.stdout.readline().strip() for _ in range(2)]
            assert lines == ["a    | steady", "a    | ended with -9, starting it again", "a    | steady"]
            parent.send_signal(signal.SIGTERM)
            assert parent.wait(10) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_orphans_of_a_killed_child_end_with_it():
    with parent_of(a=MOTHER) as (parent, [line]):
        orphan, mother = int(line.split()[-1]), family_of(parent.pid)[0]
        os.kill(mother, signal.SIGKILL)
        assert parent.stdout is not None
        assert parent.stdout.readline() == "a    | ended with -9, starting it again\n"
        until(lambda: not alive(orphan), "the orphan to end", 5)
        assert "child" in parent.stdout.readline()
        parent.send_signal(signal.SIGINT)
        assert parent.wait(10) == 0


def test_child_that_cannot_live_stops_everything():
    with parent_of(a="raise SystemExit(3)") as (parent, [line]):
        assert line == "a    | ended with 3, starting it again"
        rest, _ = parent.communicate(timeout=120)
        assert rest.splitlines()[-1] == "a    | ended with 3, too often: stopping everything"
        assert parent.returncode == 1


def test_child_that_dies_again_and_again_is_not_started_in_a_hurry():
    class Patient(threading.Event):
        """Told how long each wait would be, and waits for nothing."""

        def wait(self, timeout=None):
            waits.append(timeout)
            return self.is_set()

    waits, stop, failed = [], Patient(), threading.Event()
    _keep("a", [sys.executable, "-c", "raise SystemExit(3)"], {}, stop, failed)
    assert (waits, failed.is_set(), stop.is_set()) == ([1] * (DEATHS_A_MINUTE - 1), True, True)
