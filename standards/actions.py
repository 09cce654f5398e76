"""Changes to the standards: each saves one thing by its code, and writes only what differs.

A text is {"az": …, "en": …, "ru": …}. Each refuses in words (PermissionDenied, ValidationError) and
leaves an entry in the audit trail where anything changed. `by=None` is the installation itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from locales.languages import LANGUAGES
from operations import audit
from people.models import User

from .models import Competence, CriticalError, Figure, Indicator, IndicatorSet, LegalSource, Term
from .permissions import can_write_standards

type Texts = Mapping[str, str]


def save_legal_source(
    *,
    code: str,
    kind: str,
    instrument: Texts,
    article: str,
    adopted: date | None,
    state_on: date,
    state_note: Texts | None,
    confidence: str,
    quoted_only: bool,
    by: User | None,
) -> LegalSource:
    """`state_on`: the day of the text that was read; `quoted_only`: it may not decide a mark."""
    values = {
        "kind": kind,
        "article": article,
        "adopted": adopted,
        "state_on": state_on,
        "confidence": confidence,
        "quoted_only": quoted_only,
    }
    texts = {"instrument": instrument, "state_note": state_note}
    return _save(LegalSource(code=code), "code", values, texts, by)


def save_indicator_set(*, code: str, version: str, name: Texts, source: str, by: User | None) -> IndicatorSet:
    """`source`: the code of the legal source that the set is taken from."""
    values = {"version": version, "source": LegalSource.objects.get(code=source)}
    return _save(IndicatorSet(code=code), "code", values, {"name": name}, by)


def save_indicator(
    *,
    code: str,
    set_code: str,
    dimension: str,
    strength: str,
    form: str,
    confidence: str,
    text: Texts,
    not_enough: Texts | None,
    cross_references: Sequence[str],
    position: int,
    by: User | None,
) -> Indicator:
    """`not_enough`: what looks alike and does not suffice. `cross_references`: codes of indicators."""
    values = {
        "set": IndicatorSet.objects.get(code=set_code),
        "dimension": dimension,
        "strength": strength,
        "form": form,
        "confidence": confidence,
        "cross_references": list(cross_references),
        "position": position,
    }
    return _save(Indicator(code=code), "code", values, {"text": text, "not_enough": not_enough}, by)


def save_competence(
    *, code: str, role: str, level: str, text: Texts, basis: str, confidence: str, by: User | None
) -> Competence:
    """`level`: K knows, R recognises, A acts, S supervises. `role`: "" where it is everybody's."""
    values = {"role": role, "level": level, "basis": basis, "confidence": confidence}
    return _save(Competence(code=code), "code", values, {"text": text}, by)


def save_critical_error(
    *,
    code: str,
    title: Texts,
    rule: Texts,
    source: str,
    by: User | None,
) -> CriticalError:
    """`source`: the code of the broken rule's legal source."""
    values = {"source": LegalSource.objects.get(code=source)}
    return _save(CriticalError(code=code), "code", values, {"title": title, "rule": rule}, by)


def save_term(
    *,
    number: int,
    az: str,
    en: str,
    ru: str,
    seen_az: str,
    seen_ru: str,
    meaning: Texts | None = None,
    source: str | None = None,
    by: User | None,
) -> Term:
    """One row of the glossary, by its number. `source`: the code of what its meaning is taken from."""
    if meaning and not source:
        raise ValidationError({"source": _("A meaning names the source that it is taken from.")})
    values = {
        "az": az,
        "en": en,
        "ru": ru,
        "seen_az": seen_az,
        "seen_ru": seen_ru,
        "source": LegalSource.objects.get(code=source) if source else None,
    }
    return _save(Term(number=number), "number", values, {"meaning": meaning}, by)


def save_figure(
    *,
    code: str,
    name: Texts,
    value: str,
    unit: Texts | None,
    as_of: date,
    source: str | None,
    confidence: str,
    by: User | None,
) -> Figure:
    """An amount or a telephone number; `as_of`: the day on which it was so."""
    values = {
        "value": value,
        "as_of": as_of,
        "source": LegalSource.objects.get(code=source) if source else None,
        "confidence": confidence,
    }
    return _save(Figure(code=code), "code", values, {"name": name, "unit": unit}, by)


@transaction.atomic
def _save[M: models.Model](
    new: M, key: str, values: Mapping[str, Any], texts: Mapping[str, Texts | None], by: User | None
) -> M:
    if not can_write_standards(by):
        raise PermissionDenied(_("You may not do this."))
    wanted = dict(values)
    for field, text in texts.items():
        wanted |= _columns(field, text)
    code = getattr(new, key)
    thing = type(new)._default_manager.select_for_update(of=("self",)).filter(**{key: code}).first() or new
    before = {name: getattr(thing, name) for name in wanted if thing.pk} or None
    if before == wanted:
        return thing
    for name, value in wanted.items():
        setattr(thing, name, value)
    thing.full_clean()
    thing.save()
    kind = thing._meta.model_name or ""
    audit.record(
        by=by,
        act=f"standards.save_{kind}",
        subject_kind=kind,
        subject_id=str(code),
        before=before and _plain(before),
        after=_plain(wanted),
    )
    return thing


def _columns(field: str, text: Texts | None) -> dict[str, str]:
    """A text as columns: every language, or (None) no text at all."""
    if text is None:
        return {f"{field}_{language}": "" for language in LANGUAGES}
    if missing := [language for language in LANGUAGES if not text.get(language, "").strip()]:
        message = _("The text is missing in: %(languages)s.") % {"languages": ", ".join(missing)}
        raise ValidationError({field: message})
    return {f"{field}_{language}": text[language] for language in LANGUAGES}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """References as codes."""
    return {
        name: getattr(value, "code", None) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }
