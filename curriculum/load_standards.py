"""Legal sources, indicators, competences, critical errors, glossary, figures."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import models

from locales.languages import LANGUAGES
from standards import actions
from standards.models import Competence, CriticalError, Figure, Indicator, IndicatorSet, LegalSource, Term

from .items import LoadedItem
from .reading import Curriculum
from .rows import described


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    yield from _legal_sources(curriculum)
    yield from _indicators(curriculum)
    yield from _competences(curriculum)
    yield from _critical_errors(curriculum)
    yield from _terms(curriculum)
    yield from _figures(curriculum)


class _Rows:
    """All rows of a kind, read once: hundreds of objects are compared and few of them change."""

    def __init__(
        self, model: type[models.Model], key: str, fields: Sequence[str], texts: Sequence[str]
    ) -> None:
        self.model, self.key, self.fields, self.texts = model, key, fields, texts
        related = [name for name in fields if isinstance(model._meta.get_field(name), models.ForeignKey)]
        rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
        self.rows = {str(getattr(row, key)): row for row in rows}
        self.saved: set[str] = set()

    def present(self, code: str) -> Any:
        row = self.rows.get(code)
        if code in self.saved:
            row = self.model._default_manager.get(**{self.key: code})
        return described(row, *self.fields, texts=self.texts)

    def item(self, kind: str, code: str, wanted: dict[str, Any], save: Callable[..., Any]) -> LoadedItem:
        return LoadedItem(
            kind=kind,
            code=code,
            wanted=wanted,
            present=partial(self.present, code),
            save=partial(self._save, code, save, wanted),
        )

    def _save(self, code: str, save: Callable[..., Any], wanted: dict[str, Any]) -> None:
        save(**wanted)
        self.saved.add(code)


def _legal_sources(curriculum: Curriculum) -> Iterator[LoadedItem]:
    fields = ("kind", "article", "adopted", "state_on", "confidence", "quoted_only")
    rows = _Rows(LegalSource, "code", fields, ("instrument", "state_note"))
    for entry in curriculum.legal_sources:
        wanted = entry.model_dump(exclude={"code"})
        save = partial(actions.save_legal_source, code=entry.code, by=None)
        yield rows.item("legal source", entry.code, wanted, save)


def _indicators(curriculum: Curriculum) -> Iterator[LoadedItem]:
    sets = _Rows(IndicatorSet, "code", ("version", "source"), ("name",))
    fields = ("set", "dimension", "strength", "form", "confidence", "cross_references", "position")
    rows = _Rows(Indicator, "code", fields, ("text", "not_enough"))
    for entry in curriculum.indicator_sets:
        wanted = entry.model_dump(include={"version", "name", "source"})
        save = partial(actions.save_indicator_set, code=entry.code, by=None)
        yield sets.item("indicator set", entry.code, wanted, save)
        for position, indicator in enumerate(entry.indicators, start=1):
            wanted = indicator.model_dump(exclude={"code"}) | {"set": entry.code, "position": position}
            yield rows.item("indicator", indicator.code, wanted, partial(_save_indicator, indicator.code))


def _save_indicator(code: str, *, set: str, **values: Any) -> None:
    actions.save_indicator(code=code, set_code=set, by=None, **values)


def _competences(curriculum: Curriculum) -> Iterator[LoadedItem]:
    rows = _Rows(Competence, "code", ("role", "level", "basis", "confidence"), ("text",))
    for entry in curriculum.competences:
        wanted = entry.model_dump(exclude={"code"}) | {"role": entry.role or ""}
        save = partial(actions.save_competence, code=entry.code, by=None)
        yield rows.item("competence", entry.code, wanted, save)


def _critical_errors(curriculum: Curriculum) -> Iterator[LoadedItem]:
    rows = _Rows(CriticalError, "code", ("source",), ("title", "rule"))
    for entry in curriculum.critical_errors:
        wanted = entry.model_dump(exclude={"code"})
        save = partial(actions.save_critical_error, code=entry.code, by=None)
        yield rows.item("critical error", entry.code, wanted, save)


def _terms(curriculum: Curriculum) -> Iterator[LoadedItem]:
    rows = _Rows(Term, "number", (*LANGUAGES, "seen_az", "seen_ru", "source"), ("meaning",))
    for entry in curriculum.terms:
        wanted = entry.model_dump(exclude={"number"})
        save = partial(actions.save_term, number=entry.number, by=None)
        yield rows.item("term", str(entry.number), wanted, save)


def _figures(curriculum: Curriculum) -> Iterator[LoadedItem]:
    rows = _Rows(Figure, "code", ("value", "as_of", "source", "confidence"), ("name", "unit"))
    for entry in curriculum.figures:
        wanted = entry.model_dump(exclude={"code"})
        save = partial(actions.save_figure, code=entry.code, by=None)
        yield rows.item("figure", entry.code, wanted, save)
