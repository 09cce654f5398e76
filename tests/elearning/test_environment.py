"""bin/environment: which Python it takes, what it builds and when, with a uv that only notes what it was asked."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UV = '#!/bin/sh\necho "$1 $2" >> asked\necho "${UV_SYSTEM_CERTS:-}" >> certificates\n[ "$1" != venv ] || { mkdir -p .venv/bin; cp .uv/bin/uv .venv/bin/python; }\n'
NEW, OLD = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 1\n"  # what each says when asked whether it is new enough
BUILT = ["venv --quiet", "pip sync"]


class Place:
    """A folder with the script in it, and the only programs that it finds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.program(".uv/bin/uv", UV)
        for name in ("base", "dev"):
            self.write(f"requirements/{name}.txt", f"{name}==1\n")
        # What this machine has under /usr/bin is not looked at.
        script = (ROOT / "bin/environment").read_text().replace("/usr/bin/", f"{path}/none/")
        self.program("bin/environment", script)
        for tool in ("sh", "cat", "cksum", "cp", "cut", "dirname", "mkdir", "rm"):
            (path / "programs").mkdir(exist_ok=True)
            (path / "programs" / tool).symlink_to(
                next(p for p in (Path("/bin", tool), Path("/usr/bin", tool)) if p.exists())
            )

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def program(self, name: str, text: str) -> None:
        self.write(name, text).chmod(0o755)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        for noted in ("asked", "certificates"):
            (self.path / noted).unlink(missing_ok=True)
        return subprocess.run(
            [str(self.path / "bin/environment"), *arguments], text=True, capture_output=True, check=False,
            env={"PATH": str(self.path / "programs"), "HOME": os.environ.get("HOME", "/"), **more},
        )  # fmt: skip

    def asked(self, *arguments: str) -> list[str]:
        """Return what uv is asked for in a run."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        file = self.path / "asked"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.program("programs/python3.13", NEW)
    return made


def test_python_that_is_too_old_is_named_in_one_line(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for name in ("python3", "python3.12"):  # the second as a manager of versions pretends to have it
        place.program(f"programs/{name}", OLD)
    done = place.run()
    assert (done.returncode, done.stderr) == (
        1,
        "nisane: Python 3.12 or newer is needed. On Debian or Ubuntu: apt install python3.13\n",
    )
    assert not (tmp_path / ".venv").exists()


def test_newer_python_is_taken_where_python3_is_old(place: Place) -> None:
    place.program("programs/python3", OLD)
    assert place.asked() == BUILT
    assert (place.path / ".venv/.built-from").read_text().startswith(f"{place.path}/programs/python3.13 ")


def test_second_run_builds_nothing(place: Place) -> None:
    assert [place.asked(), place.asked()] == [BUILT, []]


def test_what_tests_need_is_added_where_it_lies_and_serves_the_demo_too(place: Place) -> None:
    """A demo may be running from it."""
    assert [place.asked(), place.asked("dev"), place.asked()] == [BUILT, ["pip sync"], []]


def test_changed_requirements_are_brought_in_where_it_lies(place: Place) -> None:
    place.asked()
    place.write("requirements/base.txt", "base==2\n")
    assert place.asked() == ["pip sync"]


def test_build_that_was_interrupted_begins_anew(place: Place) -> None:
    place.asked()
    (place.path / ".venv/.built-from").unlink()
    assert place.asked() == BUILT


def test_another_python_begins_anew(place: Place) -> None:
    place.asked()
    (place.path / "programs/python3.13").unlink()
    place.program("programs/python3.14", NEW)
    assert place.asked() == BUILT


def test_certificates_of_the_machine_are_trusted_unless_somebody_says_otherwise(place: Place) -> None:
    """Behind an agency's own root certificate the registry could not be read with those that uv brings along."""
    noted = place.path / "certificates"
    place.run()
    assert noted.read_text().split() == ["1"] * len(BUILT)
    (place.path / ".venv/.built-from").unlink()
    place.run(UV_SYSTEM_CERTS="false")
    assert noted.read_text().split() == ["false"] * len(BUILT)


def test_without_pip_and_venv_the_package_to_install_is_named(place: Place) -> None:
    (place.path / ".uv/bin/uv").unlink()
    place.program("programs/python3", OLD)
    done = place.run()
    assert done.returncode == 1
    assert done.stderr == "nisane: python3 needs pip or venv. On Debian or Ubuntu: apt install python3-venv\n"
