"""The changes that a form makes, as the page that asks first says them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from people.models import User


def changes_in(form: Form) -> list[StrOrPromise]:
    """Return each value that is to be another: what it is called, what it says, what it is to say."""
    changes = [_change(form, name) for name in form.changed_data if name in form.initial]
    return [*changes] or [_("Nothing changes.")]


def _change(form: Form, name: str) -> str:
    field, after = form.fields[name], form.cleaned_data[name]
    typed = form[name].value() if isinstance(after, User) else after  # a number stands for a person
    return f"{field.label}: {_said(field, form.initial[name])} → {_said(field, typed)}"


def _said(field: Any, value: Any) -> str:
    """Return a value in words of the list it was chosen from; a day in words; a dash for nothing."""
    names = dict(getattr(field, "choices", ()))
    match value:
        case None | "" | []:
            return "–"
        case date():
            return day_text(value)
        case str() | int():
            return str(names.get(value, value)).strip()
        case Iterable():
            return ", ".join(_said(field, each) for each in value)
        case _:
            return str(value)
