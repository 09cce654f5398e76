"""The first people of an installation, and emergency access from the command line."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from operations.models import AuditEntry
from people.actions.grants import revoke_grant
from people.models import Grant, Posting, User
from people.permissions import positions_of
from tests import factories

PASSWORD = "göy-qayıq-doqquz-yelkən"


def row(position: str, number: str, **changed: str) -> str:
    values = {
        "position": position, "family_name": "Nəsirova", "given_name": "Ləman", "agency": "labour-inspection",
        "role": "LAB", "service_number": number, **changed,
    }  # fmt: skip
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in values.items())


THREE = [row("registrar", "LAB-1"), row("registrar", "LAB-2"), row("administrator", "LAB-3")]


@pytest.fixture
def founding(tmp_path, agency, role):
    def run(*rows: str) -> str:
        file = tmp_path / "founders.yaml"
        file.write_text("\n".join(rows), encoding="utf-8")
        out = StringIO()
        call_command("found_installation", str(file), stdout=out)
        return out.getvalue()

    return run


def test_two_registrars_and_an_administrator_are_made_once(founding):
    founding(*THREE)
    held = Grant.objects.order_by("pk").values_list("position", flat=True)
    assert list(held) == ["registrar", "registrar", "administrator"]
    assert {posting.unit.code for posting in Posting.objects.select_related("unit")} == {"headquarters"}
    assert AuditEntry.objects.filter(act="accounts.found").count() == 1
    with pytest.raises(CommandError, match="already"):
        founding(*THREE)
    assert User.objects.count() == 3


def test_it_never_runs_again_when_all_registrars_have_gone(founding):
    founding(*THREE)
    for grant in Grant.objects.filter(position="registrar"):
        revoke_grant(grant=grant, by=None)
    with pytest.raises(CommandError, match="already"):
        founding(*THREE)


def test_no_password_is_set_and_each_code_opens_one_account_once(founding):
    said = founding(*THREE)
    assert not any(person.has_usable_password() for person in User.objects.all())
    codes = re.findall(r"service number (\S+), one-time code ([0-9A-Z ‑-]+), until", said)
    assert [number for number, _code in codes] == ["LAB-1", "LAB-2", "LAB-3"]
    assert len({code for _number, code in codes}) == 3
    entered = [enter(*codes[0]), enter("LAB-2", codes[2][1]), enter(*codes[0])]
    assert entered == [True, False, False]  # the own code; another person's code; the own code once more
    assert sum(person.has_usable_password() for person in User.objects.all()) == 1


def enter(number: str, code: str) -> bool:
    client = Client()
    client.post(reverse("accounts_first"), {"number": number, "code": code})
    answer = client.post(reverse("accounts_first_password"), {"password1": PASSWORD, "password2": PASSWORD})
    return answer.status_code == 302 and "first" not in answer.headers["Location"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (THREE[:2], "two registrars and one administrator"),
        ([*THREE, row("auditor", "LAB-4")], "two registrars and one administrator"),
        ([THREE[0], THREE[0], THREE[2]], "different people"),
        ([THREE[0], row("registrar", "LAB-2", agency="none"), THREE[2]], "not known"),
        (
            [THREE[0], row("registrar", "LAB-2", family_name="Nəsirоva"), THREE[2]],
            "Cyrillic letter in a Latin word",
        ),
        (["- position: registrar"], "entry 1 lacks family_name, given_name, agency, role, service_number"),
        ([THREE[0], row("registrar", "LAB-2", rank="1"), THREE[2]], "entry 2 has unknown fields: rank"),
        (["- registrar"], "entry 1 is no list of fields"),
        (["nonsense: ["], "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(founding, rows, words):
    with pytest.raises(CommandError, match=words):
        founding(*rows)
    assert (User.objects.count(), Grant.objects.count(), AuditEntry.objects.filter(by=None).count()) == (
        0,
        0,
        2,
    )


def test_example_is_shown_without_a_file(db):
    out = StringIO()
    call_command("found_installation", stdout=out)
    assert "service_number" in out.getvalue() and User.objects.count() == 0


def test_emergency_access_from_the_command_line(officer, admin, caplog):
    out = StringIO()
    call_command("break_glass", "OFFICER@agency.example", "--reason", "fire", stdout=out)
    assert "registrar" in positions_of(officer)
    assert "Every position until" in out.getvalue()
    assert any("emergency access given" in record.getMessage() for record in caplog.records)
    with pytest.raises(CommandError, match="already given"):
        call_command("break_glass", "officer@agency.example", "--reason", "fire")
    with pytest.raises(CommandError, match="No account"):
        call_command("break_glass", "nobody@agency.example", "--reason", "fire")
    assert factories.Position.BREAK_GLASS in positions_of(officer)
