"""Passwords made of what anybody would try are refused, others of twelve characters are not."""

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts.passwords import LENGTH
from locales.languages import LANGUAGES
from tests.factories import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        "Aytən1985!!!", "memmedovaaytən", "Məmmədova-2026", "Nişanə2026!!", "nisanenisane", "parolparol12",
        "LAB-0417-LAB", "labour-inspection", "qwertyuiop12", "azerbaycan2026", "BakıBakıBakı1", "йцукенйцукен1",
        "123456789012", "short",
    ],
)  # fmt: skip
def test_known_words_are_refused(officer, password):
    with pytest.raises(ValidationError):
        validate_password(password, officer)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "yaşıl-dəniz-on-iki", "correct horse battery", "дождь идёт третий день", "x7!Kq2-vTz9#Lm"],
)
def test_others_are_accepted(officer, password):
    validate_password(password, officer)


def test_words_of_a_colleague_are_not_ones_own(officer, officer2):
    validate_password("Quliyev Orxan Vaqif", officer)
    with pytest.raises(ValidationError):
        validate_password("Quliyev Orxan Vaqif", officer2)


def test_what_forms_say_of_the_length_is_what_is_asked(officer):
    least, password = settings.PASSWORD_LENGTH, "x7!Kq2-vTz9#Lm+w4"
    validate_password(password[:least], officer)
    with pytest.raises(ValidationError):
        validate_password(password[: least - 1], officer)
    for language in LANGUAGES:
        with override(language):
            assert f" {least} " in str(LENGTH)
