"""Standards are written by trainers, by code, and leave a trace where anything changed."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from operations.models import AuditEntry
from people.models import User
from standards import actions
from standards.models import Competence, CriticalError, Indicator, LegalSource

pytestmark = pytest.mark.django_db


def text(word: str) -> dict[str, str]:
    return {"az": f"{word} az", "en": f"{word} en", "ru": f"{word} ru"}


def save_source(by: User | None = None, **changes: Any) -> LegalSource:
    values: dict[str, Any] = {
        "code": "THB-17", "kind": "law", "instrument": text("Law"), "article": "17", "adopted": date(2005, 6, 28),
        "state_on": date(2012, 6, 30), "state_note": None, "confidence": "S",
        "quoted_only": True,
    }  # fmt: skip
    return actions.save_legal_source(by=by, **values | changes)


def save_error(by: User | None = None) -> CriticalError:
    return actions.save_critical_error(
        code="ERR-DELAY", title=text("Delay"), rule=text("Rule"), source="THB-17",
        by=by,
    )  # fmt: skip


def test_a_source_is_made_once_and_then_changed() -> None:
    made = save_source()
    changed = save_source(article="17.7", state_note=text("Note"))
    assert made.pk == changed.pk
    assert (changed.article, changed.state_note_ru) == ("17.7", "Note ru")  # type: ignore[attr-defined]
    assert LegalSource.objects.count() == 1


def test_only_a_change_leaves_a_trace() -> None:
    save_source()
    save_source()
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject_id, entry.before) == ("standards.save_legalsource", "THB-17", None)
    save_source(article="17.7")
    second = AuditEntry.objects.order_by("id").last()
    assert second is not None
    assert (second.before["article"], second.after["article"]) == ("17", "17.7")


def test_a_text_is_needed_in_every_language() -> None:
    with pytest.raises(ValidationError) as refused:
        actions.save_competence(
            code="LAB-01", role="LAB", level="A", text={"az": "a", "en": " "}, basis="D131",
            confidence="S", by=None,
        )  # fmt: skip
    assert refused.value.message_dict == {"text": ["Mətn bu dillərdə yoxdur: en, ru."]}
    assert not Competence.objects.exists()


def test_an_indicator_belongs_to_its_set() -> None:
    save_source()
    actions.save_indicator_set(code="AL", version="2009", name=text("Set"), source="THB-17", by=None)
    actions.save_indicator(
        code="CD1", set_code="AL", dimension="coercion", strength="strong", form="labour", confidence="V2",
        text=text("Papers"), not_enough=text("Copy"), cross_references=["A131-06"], position=1, by=None,
    )  # fmt: skip
    indicator = Indicator.objects.get()
    assert (indicator.set.code, indicator.not_enough_en) == ("AL", "Copy en")  # type: ignore[attr-defined]


def test_an_error_names_a_source_that_exists() -> None:
    with pytest.raises(LegalSource.DoesNotExist):
        save_error()


def test_terms_and_figures_are_saved_by_number_and_code() -> None:
    actions.save_term(number=1, az="a", en="b", ru="c", seen_az="yes", seen_ru="no", by=None)
    term = actions.save_term(number=1, az="ə", en="b", ru="c", seen_az="yes", seen_ru="no", by=None)
    assert term.az == "ə"
    figure = actions.save_figure(
        code="hotline", name=text("Hotline"), value="152", unit=None, as_of=date(2026, 11, 24), source=None,
        confidence="V", by=None,
    )  # fmt: skip
    assert (figure.value, figure.source) == ("152", None)


def test_a_trainer_may_write(trainer: User) -> None:
    save_source(by=trainer)
    assert save_error(by=trainer).code == "ERR-DELAY"


@pytest.mark.parametrize("who", ["outsider", "officer", "coordinator", "registrar", "duty_officer"])
def test_nobody_else_may(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        save_source(by=request.getfixturevalue(who))
    assert not LegalSource.objects.exists()
