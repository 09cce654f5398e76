"""The rules of HTML that every page of the suite is held to find what is wrong, and nothing in what is right."""

from pathlib import Path

import pytest

from .html_rules import faults_of
from .test_architecture import ROOT

RIGHT = """<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><h1 id="h">H</h1>
<form aria-labelledby="h"><label for="a">A</label><input id="a" autocomplete="email">
<fieldset><legend>B</legend><label><input type="radio" name="b"> 1</label><label><input type="radio" name="b"> 2</label>
</fieldset></form><table><caption>C</caption><thead><tr><th scope="col">x</th><th scope="col">y</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table></body></html>"""


def test_right_page_has_no_faults() -> None:
    assert faults_of(RIGHT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("</h1>", "</h2>", "parser:"),
        ('<input id="a"', '<input id="h"', "id twice: h"),
        ('<label for="a">A</label>', "", "no label:"),
        ('<label for="a">', '<label for="z">', "no element z:"),
        ('aria-labelledby="h"', 'aria-labelledby="z"', "no element z:"),
        ("<legend>B</legend>", "", "no group:"),
        ("<caption>C</caption>", "", "no caption:"),
        ('<th scope="col">x', "<th>x", "no scope:"),
        ('<th scope="row">1</th>', "<td>1</td>", "no row head:"),
        ('autocomplete="email"', 'autocomplete="mail"', "autocomplete:"),
    ],
)
def test_each_fault_is_found(right: str, wrong: str, fault: str) -> None:
    assert right in RIGHT
    found = faults_of(RIGHT.replace(right, wrong, 1))
    assert any(each.startswith(fault) for each in found), found


def test_no_form_lets_the_browser_speak() -> None:
    """What is wrong is said in our words, in the language of the page: each form has `novalidate`."""
    speaking = [
        f"{path.relative_to(ROOT)}: {part[:60]}"
        for path in _templates()
        for part in path.read_text(encoding="utf-8").split("<form")[1:]
        if "novalidate" not in part.partition("{% csrf_token %}")[0].partition("\n\n")[0].split("<label")[0]
    ]
    assert speaking == []


def _templates() -> list[Path]:
    return [
        path
        for path in ROOT.glob("*/templates/**/*.html")
        if path.relative_to(ROOT).parts[0] not in {".venv", "tests", "var"}
    ]
