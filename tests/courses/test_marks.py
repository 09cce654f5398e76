"""The marks of paragraphs: what they make, and that nothing else comes through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.marks import from_html, to_html

WORDS = st.text(alphabet="abə ığ*[]()-1.\\<&ж\n", max_size=24)
ANYTHING = st.text(alphabet="<>a b\"'&*[]()/:\\\n-1.jvhtps")


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One\n\ntwo", "<p>One</p><p>two</p>"),
        ("a **b** *c*", "<p>a <b>b</b> <i>c</i></p>"),
        ("- x\n- **y**\n1. z", "<ul><li>x</li><li><b>y</b></li></ul><ol><li>z</li></ol>"),
        ("[law](https://e-qanun.az/x)", '<p><a href="https://e-qanun.az/x">law</a></p>'),
        ("[bad](javascript:alert)", "<p>[bad](javascript:alert)</p>"),
        (r"\*kept\* \- so", "<p>*kept* - so</p>"),
        ("[a [law](/x)", '<p>[a <a href="/x">law</a></p>'),
        ("<script>", "<p>&lt;script&gt;</p>"),
        ("{figure:hotline}", "<p>{figure:hotline}</p>"),
    ],
)
def test_marks_become_html(typed: str, html: str) -> None:
    assert to_html(typed) == html


@given(WORDS)
def test_html_of_marks_comes_back_as_marks(text: str) -> None:
    html = to_html(text)
    assert to_html(from_html(html)) == html


@given(ANYTHING)
def test_marks_make_only_known_tags(text: str) -> None:
    rest = re.sub(r"</?(?:p|b|i|ul|ol|li)>|<a href=\"[^\"<>]*\">|</a>", "", to_html(text))
    assert "<" not in rest
    assert ">" not in rest
