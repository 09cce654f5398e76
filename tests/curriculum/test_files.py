"""YAML that nobody has to trust."""

from datetime import date
from pathlib import Path

import pytest

from curriculum.files import LARGEST, Broken, parse, read


def refusal(text: str) -> str:
    with pytest.raises(Broken) as broken:
        parse(text, "a.yaml")
    (problem,) = broken.value.problems
    return str(problem)


def test_values_are_text_numbers_days_and_constants() -> None:
    data = parse("a: 1\nb: yes\nc: '2'\nd: 2026-11-24\ne: true\nf: null\ng: [x, -3]\nh: 1.5\n", "a.yaml").data
    assert data == {
        "a": 1, "b": "yes", "c": "2", "d": date(2026, 11, 24), "e": True, "f": None, "g": ["x", -3], "h": "1.5",
    }  # fmt: skip


def test_every_value_has_its_line() -> None:
    document = parse("terms:\n  - az: bir\n    en: one\n", "a.yaml")
    assert document.lines[("terms", 0, "en")] == 3
    assert str(document.problem(("terms", 0, "en"), "is wrong")) == "a.yaml, line 3, terms[1].en: is wrong"


def test_a_missing_key_is_named_at_the_line_of_what_lacks_it() -> None:
    document = parse("terms:\n  - az: bir\n", "a.yaml")
    assert (
        str(document.problem(("terms", 0, "ru"), "is missing")) == "a.yaml, line 2, terms[1].ru: is missing"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2", "a.yaml, line 2, a: the key “a” stands here twice"),
        ("a: &x [1]\nb: 2", "a.yaml, line 1, a: aliases and anchors (& and *) are not allowed"),
        ("b: *x", "a.yaml, line 1, b: aliases and anchors (& and *) are not allowed"),
        ("a: !!python/object/apply:os.system [ls]",
         "a.yaml, line 1, a: tags are not allowed: tag:yaml.org,2002:python/object/apply:os.system"),
        ("a: !!binary aGk=", "a.yaml, line 1, a: tags are not allowed: tag:yaml.org,2002:binary"),
        ("a: 1\n---\nb: 2", "a.yaml, line 2: a second document in one file"),
        ("? [a]\n: b", "a.yaml, line 1: a key must be plain text"),
        ("a: 2026-02-31", "a.yaml, line 1, a: there is no day 2026-02-31"),
        ("", "a.yaml, line 1: the file is empty"),
        ("a: [1", "a.yaml, line 2: not YAML: did not find expected ',' or ']'"),
        ("a:\n\tb: 1", "a.yaml, line 2: not YAML: found character that cannot start any token"),
    ],
)  # fmt: skip
def test_hostile_or_broken_text_is_refused_with_its_line(text: str, words: str) -> None:
    assert refusal(text) == words


def test_a_billion_laughs_are_refused_at_the_first_anchor() -> None:
    bomb = "a: &a [ha]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(20))
    assert refusal(bomb) == "a.yaml, line 1, a: aliases and anchors (& and *) are not allowed"


def test_deep_nesting_is_refused() -> None:
    assert refusal("a: " + "[" * 500 + "]" * 500).endswith("nested too deeply")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: " + "x" * LARGEST, encoding="utf-8")
    with pytest.raises(Broken, match="the file is larger than 2 MB"):
        read(path, "a.yaml")


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("ru: слово".encode("cp1251"))
    with pytest.raises(Broken, match="not UTF-8 text"):
        read(path, "a.yaml")
