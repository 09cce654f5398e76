"""Tiny cases: every kind of question and exhibit, three languages, as many stages as asked for, or branches."""

from typing import Any

from assessments.authoring import FamilyFacts

type Json = dict[str, Any]

FACTS = FamilyFacts(role="LAB", outcome="positive", form="labour", child=False)


def text(words: str) -> Json:
    return {"az": f"{words} (az)", "en": words, "ru": f"{words} (ru)"}


def option(code: str, right: Any, **more: Any) -> Json:
    return {
        "code": code,
        "text": text(f"choice {code[-2:]}"),
        "right": right,
        "reason": text(f"why {code}"),
        **more,
    }


def indicators_question(code: str = "q1", right: int = 3, wrong: int = 2, points: int = 8) -> Json:
    """Competences turn by turn: LAB-02, LAB-04."""
    options = [
        option(f"{code}-r{n}", True, indicator="CD1", competence=("LAB-02", "LAB-04")[n % 2])
        for n in range(right)
    ]
    options += [option(f"{code}-w{n}", False) for n in range(wrong)]
    return _question(code, "indicators", points, options=options)


def elements_question(code: str = "q2", points: int = 3) -> Json:
    states = {"act": "present", "means": "not-needed", "purpose": "unknown"}
    elements = [{"code": c, "right": right, "reason": text(f"why {c}")} for c, right in states.items()]
    return _question(code, "elements", points, elements=elements)


def verdict_question(code: str = "q3", points: int = 2) -> Json:
    options = [
        option(f"{code}-a", False, stands_for="labour-breach"),
        option(f"{code}-b", True, stands_for="potential"),
        option(f"{code}-c", False, stands_for="trafficking"),
    ]
    return _question(code, "verdict", points, options=options)


def actions_question(code: str = "q4", points: int = 4) -> Json:
    options = [
        option(f"{code}-a", "do", competence="LAB-02"),
        option(f"{code}-b", "do-not", critical="ERR-CONFRONT", competence="LAB-04"),
        option(f"{code}-c", "do"),
    ]
    return _question(code, "actions", points, options=options)


def choice_question(code: str = "q5", points: int = 2) -> Json:
    options = [option(f"{code}-a", False, critical="ERR-CONFRONT"), option(f"{code}-b", True)]
    return _question(code, "choice", points, options=options)


def match_question(code: str = "q6", points: int = 3) -> Json:
    """CD1 is shown by the first, CD2 by the second; the third shows none; CD3 is only offered."""
    rights = {"a": "CD1", "b": "CD2", "c": "none"}
    statements = [option(f"{code}-{letter}", right) for letter, right in rights.items()]
    return _question(code, "match", points, indicators=["CD1", "CD2", "CD3"], statements=statements)


def order_question(code: str = "q7", points: int = 6, steps: int = 4) -> Json:
    items = [
        {"code": f"{code}-{n}", "text": text(f"step {n}"), "reason": text(f"why {code}-{n}")}
        for n in range(1, steps + 1)
    ]
    return _question(code, "order", points, items=items)


def branch_question(code: str, right: str, *wrong: str, points: int = 2) -> Json:
    """A decision; the options are named -a, -b … and lead to these stages, the wrong ones first."""
    options = [
        option(f"{code}-{letter}", stage == right, leads_to=stage)
        for letter, stage in zip("abcd", [*wrong, right], strict=False)
    ]
    return _question(code, "branch", points, options=options)


def _question(code: str, kind: str, points: int, **more: Any) -> Json:
    prompt = text(f"question {code}")
    return {
        "code": code,
        "kind": kind,
        "prompt": prompt,
        "competences": ["LAB-02", "LAB-04"],
        "points": points,
        **more,
    }


def exhibits(prefix: str) -> list[Json]:
    bodies = {
        "statement": {"paragraphs": [text("I said"), text("and I signed")]},
        "ledger": {"rows": [{"label": text("pay"), "value": text("600")}]},
        "messages": {
            "messages": [
                {"who": text("Z."), "mine": False, "text": text("Pay and go")},
                {"who": text("S."), "mine": True, "text": text("Give me my passport")},
            ]
        },
        "table": {
            "table": {"columns": [text("who"), text("Monday")], "rows": [[text("S."), text("7 to 22")]]}
        },
    }
    fact = {
        "code": f"{prefix}-f1", "text": text("papers are held"), "indicators": ["CD1"],
        "reason": text("held back on request"),
    }  # fmt: skip
    return [
        {
            "code": f"{prefix}-x{number}", "kind": kind, "title": text(f"{kind} {prefix}"),
            "origin": text("from the case"), "body": body, "facts": [fact] if number == 0 else [],
        }
        for number, (kind, body) in enumerate(bodies.items())
    ]  # fmt: skip


def case(code: str = "T1-a", family: str = "T1", stages: int = 2) -> Json:
    """A case file; its questions are <code>-s<stage>-q<1 to 4>, in small letters."""
    prefix = code.lower()
    return {
        "code": code,
        "family": family,
        "subject": {"sex": "male", "origin": "foreign", "sector": "farm"},
        "title": text(f"case {code}"),
        "briefing": text("you are an inspector"),
        "content_note": text("threats are told"),
        "indicator_sets": ["AL"],
        "sources": ["PALERMO-3"],
        "critical_errors": [{"code": "ERR-CONFRONT", "story": text("S. would have been moved")}],
        "stages": [_stage(f"{prefix}-s{number}") for number in range(1, stages + 1)],
    }


def branching(code: str = "B1-a", family: str = "B1") -> Json:
    """A case of every kind with two ways of the same worth; both end in the fourth stage.

    b1-a-s1 (passages, match) decides: b1-a-s2 (wrong), b1-a-s3 (right); then b1-a-s4.
    """
    prefix = code.lower()
    first, wrong, right, last = (f"{prefix}-s{number}" for number in range(1, 5))
    stages = [
        stage(first, passages_question(f"{first}-q1", f"{first}-x0"), match_question(f"{first}-q2"),
              branch_question(f"{first}-q3", right, wrong)),
        stage(wrong, order_question(f"{wrong}-q1"), leads_to=last),
        stage(right, choice_question(f"{right}-q1", points=6)),
        stage(last, elements_question(f"{last}-q1"), verdict_question(f"{last}-q2"), actions_question(f"{last}-q3")),
    ]  # fmt: skip
    del stages[2]["questions"][0]["options"][0]["critical"]  # as many critical lines on both ways
    return {**case(code, family), "stages": stages}


def passages_question(code: str, exhibit: str, points: int = 4) -> Json:
    """Two of the passages of the statement in `exhibits`; the first is right."""
    words = {"a": "I said", "b": "and I signed"}
    options = [
        {**option(f"{code}-a", True, indicator="CD1"), "text": text(words["a"])},
        {**option(f"{code}-b", False), "text": text(words["b"])},
    ]
    return _question(code, "indicators", points, exhibit=exhibit, options=options)


def _stage(code: str) -> Json:
    return stage(
        code,
        indicators_question(f"{code}-q1"),
        elements_question(f"{code}-q2"),
        verdict_question(f"{code}-q3"),
        actions_question(f"{code}-q4"),
    )


def stage(code: str, *questions: Json, leads_to: str | None = None) -> Json:
    return {
        "code": code,
        "title": text(f"stage {code}"),
        "intro": text(f"it is {code}"),
        "leads_to": leads_to,
        "exhibits": exhibits(code),
        "questions": list(questions),
    }


def content(code: str = "T1-a", family: str = "T1", stages: int = 2) -> Json:
    """The same as it is frozen."""
    return frozen(case(code, family, stages))


def frozen(scenario: Json) -> Json:
    source = {
        "instrument": text("Palermo Protocol"),
        "article": "3",
        "state_on": "2000-11-15",
        "state_note": None,
    }
    indicator = {"set": "AL", "version": "2009", "dimension": "coercion", "strength": "strong"}
    return {
        "format": 1,
        **scenario,
        "indicators": {
            "CD1": {**indicator, "text": text("papers taken")},
            "CD2": {**indicator, "text": text("a debt grows")},
            "CD3": {**indicator, "text": text("doors are locked")},
        },
        "competences": {
            "LAB-02": {"text": text("sees indicators"), "level": "R"},
            "LAB-04": {"text": text("talks safely"), "level": "A"},
        },
        "critical_errors": {
            error["code"]: {
                "title": text("warned the employer"), "story": error["story"],
                "rule": text("nobody is warned"), "source": "PALERMO-3",
            }
            for error in scenario["critical_errors"]
        },
        "sources": {"PALERMO-3": source},
    }  # fmt: skip
