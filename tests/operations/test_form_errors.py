"""Refusals of an action, as errors of the form that asked for it."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from operations.form_errors import refused
from people.models import User

pytestmark = pytest.mark.django_db


class Question(forms.Form):
    day = forms.CharField()


def filled() -> Question:
    form = Question({"day": "24.11.2026"})
    assert form.is_valid()
    return form


def test_what_is_done_is_not_refused_and_what_is_only_tried_changes_nothing(officer: User) -> None:
    def rename() -> None:
        User.objects.filter(pk=officer.pk).update(language="ru")

    assert refused(filled(), rename, trial=True) is False
    assert User.objects.get(pk=officer.pk).language == "az"
    assert refused(filled(), rename) is False
    assert User.objects.get(pk=officer.pk).language == "ru"


def test_words_of_a_refusal_stand_beside_their_field_or_above_the_form() -> None:
    def refuse() -> None:
        raise ValidationError({"day": "too late", "other": "no such thing"})

    form = filled()
    assert refused(form, refuse) is True
    assert (form.errors["day"], form.non_field_errors()) == (["too late"], ["no such thing"])
