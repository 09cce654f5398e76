"""Passwords made of what anybody would try are refused, others of twelve characters are not."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts.passwords import LENGTH
from locales.languages import LANGUAGES
from people.models import User
from tests.elearning.pages import tree
from tests.factories import PASSWORD, client_of


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


def kept_under(page) -> list[str]:
    """Return the names under which a manager of passwords keeps what is entered; nobody sees them."""
    fields = [one for one in tree(page.content).iter("input") if one.get("autocomplete") == "username"]
    assert all("hidden" in one.attrib and "name" not in one.attrib for one in fields)
    return [one.get("value") for one in fields]


def test_page_of_a_password_names_who_signs_in_by_address_or_number(officer, officer2):
    page = client_of(officer).get("/az/account/password/change/")
    assert kept_under(page) == [officer.email]
    EmailAddress.objects.filter(user=officer2).delete()
    User.objects.filter(pk=officer2.pk).update(email=None)
    page = client_of(officer2).get("/az/account/password/change/")
    assert kept_under(page) == [officer2.postings.get().service_number]
