"""Tiny cases: every kind of question and exhibit, three languages, as many stages as asked for."""

from typing import Any

type Json = dict[str, Any]


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
    return _question(
        code, "verdict", points,
        options=[option(f"{code}-a", False), option(f"{code}-b", True), option(f"{code}-c", False)],
    )  # fmt: skip


def actions_question(code: str = "q4", points: int = 4) -> Json:
    options = [
        option(f"{code}-a", "do", competence="LAB-02"),
        option(f"{code}-b", "do-not", critical="ERR-CONFRONT", competence="LAB-04"),
        option(f"{code}-c", "do"),
    ]
    return _question(code, "actions", points, options=options)


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
        "title": text(f"case {code}"),
        "briefing": text("you are an inspector"),
        "content_note": text("threats are told"),
        "indicator_set": "AL",
        "sources": ["PALERMO-3"],
        "stages": [_stage(f"{prefix}-s{number}") for number in range(1, stages + 1)],
    }


def _stage(code: str) -> Json:
    return {
        "code": code,
        "title": text(f"stage {code}"),
        "intro": text(f"it is {code}"),
        "leads_to": None,
        "exhibits": exhibits(code),
        "questions": [
            indicators_question(f"{code}-q1"),
            elements_question(f"{code}-q2"),
            verdict_question(f"{code}-q3"),
            actions_question(f"{code}-q4"),
        ],
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
        "indicators": {"CD1": {**indicator, "text": text("papers taken")}},
        "competences": {
            "LAB-02": {"text": text("sees indicators"), "level": "R"},
            "LAB-04": {"text": text("talks safely"), "level": "A"},
        },
        "critical_errors": {
            "ERR-CONFRONT": {
                "title": text("warned the employer"), "story": text("S. would have been moved"),
                "rule": text("nobody is warned"), "source": "PALERMO-3",
            }
        },
        "sources": {"PALERMO-3": source},
    }  # fmt: skip
