"""Nothing of the answer key can reach a page before closing."""

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

from assessments.checking import checked
from assessments.content import Content
from assessments.public import PublicStage, public_stage
from assessments.tokens import Tokens

from . import cases

PARTS = ("options", "elements", "statements", "items")


def shown(stage: PublicStage) -> str:
    return json.dumps(dataclasses.asdict(stage), ensure_ascii=False)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def key_of(content: dict[str, Any]) -> set[str]:
    """Every text and code that belongs to the key: reasons, facts, errors, codes of options, and the words of
    indicators where no question offers them."""
    questions = [question for stage in content["stages"] for question in stage["questions"]]
    offered = {code for question in questions for code in question.get("indicators", [])}
    indicators = {code: words for code, words in content["indicators"].items() if code not in offered}
    found = set(strings(content["critical_errors"])) | set(strings(indicators))
    for stage in content["stages"]:
        for exhibit in stage.get("exhibits", []):
            found |= set(strings(exhibit.get("facts", [])))
        for question in stage["questions"]:
            found |= set(question["competences"])
            for part in [part for name in PARTS for part in question.get(name, [])]:
                found |= set(strings(part["reason"])) | {part["code"], part.get("critical") or "ERR-"}
    return found - {"act", "means", "purpose"}


def found_in(hidden: set[str], page: str) -> list[str]:
    """Those of the hidden texts and codes that stand on the page as words of their own: a token may spell "CD1" too."""
    return [text for text in hidden if re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", page)]


def test_stage_shows_nothing_of_the_key() -> None:
    data = cases.content(stages=1)
    for language in ("az", "en", "ru"):
        page = shown(public_stage(Content.read(data), "t1-a-s1", language, Tokens("an attempt")))
        assert found_in(key_of(data), page) == []
        assert '"right"' not in page


def test_stage_shows_materials_and_questions_in_the_language() -> None:
    stage = public_stage(checked(cases.content()), "t1-a-s2", "ru", Tokens("an attempt"))
    assert stage.title == "stage t1-a-s2 (ru)"
    assert [exhibit.kind for exhibit in stage.exhibits] == ["statement", "ledger", "messages", "table"]
    assert [piece.text for text in stage.exhibits[0].paragraphs for piece in text] == [
        "I said (ru)", "and I signed (ru)",
    ]  # fmt: skip
    assert stage.exhibits[1].ledger == (("pay (ru)", "600 (ru)"),)
    assert [message.mine for message in stage.exhibits[2].messages] == [False, True]
    assert stage.exhibits[3].rows == (("S. (ru)", "7 to 22 (ru)"),)
    assert [question.prompt for question in stage.questions] == [
        f"question t1-a-s2-q{number} (ru)" for number in (1, 2, 3, 4)
    ]
    assert stage.questions[1].elements == ("act", "means", "purpose")
    assert stage.questions[1].options == ()


def order(attempt: str) -> list[str]:
    stage = public_stage(checked(cases.content()), "t1-a-s1", "en", Tokens(attempt))
    return [option.text for option in stage.questions[0].options]


def test_options_are_shuffled_the_same_way_each_time() -> None:
    assert order("an attempt") == order("an attempt")
    assert sorted(order("an attempt")) == sorted(order("another"))
    assert len({tuple(order(f"attempt {number}")) for number in range(20)}) > 10


def test_token_differs_between_attempts() -> None:
    assert Tokens("one").of("q1-r0") == Tokens("one").of("q1-r0")
    assert Tokens("one").of("q1-r0") != Tokens("two").of("q1-r0")
