"""Answering a case in ordinary forms, by the words of the page."""

from dataclasses import replace
from xml.etree.ElementTree import Element

from assessments.content import CaseStage, Content
from assessments.marking import best_answers
from assessments.questions import ActionOption, Question
from assessments.stage_paths import stages_on_path
from tests.elearning.pages import words
from tests.knowing import Right, right
from tests.visiting import Form, Visitor

OTHER = {"do": "do-not", "do-not": "do"}


def answer_the_case(visitor: Visitor, case: Content, *, wrong: str = "", harm: bool = False) -> None:
    """Every stage: saved, read again, closed. `wrong`: code of a question to which nothing right is said;
    `harm`: each action whose wrong side harms somebody is answered so."""
    way = stages_on_path(case, best_answers(case))
    for number, stage in enumerate(way, start=1):
        assert visitor.path.endswith(f"/{number}/")
        form = answered(visitor.form("/attempts/"), case, stage, visitor.language, wrong, harm)
        saved = visitor.send(form, ("act", "save")).form("/attempts/")
        assert _said(saved) == _said(form)
        visitor.send(saved, ("act", "go-on" if number == len(way) else "close"))


def _said(form: Form) -> dict[str, list[str]]:
    """Return what is chosen in the questions, without what the form carries besides."""
    asked = {
        one.get("name")
        for fieldset in form.element.iter("fieldset")
        for one in fieldset.iter()
        if one.tag in {"input", "select"}
    }
    return {name: sorted(values) for name, values in form.fields.items() if name in asked}


def answered(
    form: Form, case: Content, stage: CaseStage, language: str, wrong: str = "", harm: bool = False
) -> Form:
    fieldsets = {one.get("data-question"): one for one in form.element.iter("fieldset")}
    for question in stage.questions:
        wanted = right(question, case, language)
        if question.code == wrong:
            wanted = Right(wanted.kind)
        elif harm:
            wanted = _harmful(question, wanted)
        _answer(form, fieldsets[question.code], wanted)
    return form


def _harmful(question: Question, wanted: Right) -> Right:
    if wanted.kind != "actions":
        return wanted
    rows = [
        (text, OTHER[value] if isinstance(option, ActionOption) and option.critical else value)
        for option, (text, value) in zip(question.options, wanted.rows, strict=True)  # type: ignore[union-attr]
    ]
    return replace(wanted, rows=tuple(rows))


def _answer(form: Form, fieldset: Element, wanted: Right) -> None:
    """Of boxes without a right one the last says "none of these"."""
    inputs = list(fieldset.iter("input"))
    if wanted.kind in {"verdict", "choice", "branch", "indicators"}:
        name = inputs[0].get("name") or ""
        labels = [*fieldset.iter("label"), *form.elsewhere]  # passages stand in a material
        boxes = {words(label): label.find(".//input") for label in labels}
        texts = {text: box for text, box in boxes.items() if box is not None and box.get("name") == name}
        chosen = [texts[" ".join(text.split())] for text in wanted.boxes] or inputs[-1:]
        form.put(name, *(one.get("value") or "" for one in chosen if one is not None))
        return
    if wanted.kind in {"match", "order"}:
        _choose_from_lists(form, fieldset, wanted)
        return
    by_text = {text and " ".join(text.split()): value for text, value in wanted.rows}
    rows = [one for one in fieldset.iter("div") if one.get("role") == "radiogroup"]
    for row, (text, value) in zip(rows, wanted.rows, strict=True):
        value = value if text is None else by_text[words(row.find("p"))]
        name = next(one.get("name") or "" for one in row.iter("input") if one.get("value") == value)
        form.put(name, value)


def _choose_from_lists(form: Form, fieldset: Element, wanted: Right) -> None:
    by_text = {" ".join((text or "").split()): said for text, said in wanted.rows}
    for line in fieldset.iter("li"):
        select = line.find("select")
        text = words(line.find("label" if wanted.kind == "match" else "span"))
        if select is None or text not in by_text:
            continue
        said = " ".join(by_text[text].split())
        values = {words(option): option.get("value") or "" for option in select.iter("option")}
        form.put(select.get("name") or "", values.get(said, said))
