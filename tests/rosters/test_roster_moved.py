"""What changes between the check of an import and its writing: all of the import is refused, or none of it fits."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import TestCase

from operations import clock, outbox
from operations.audit import stands
from operations.models import AuditEntry, AuditValue
from people.actions import postings as posting_actions
from people.models import AddressRequest, Agency, Posting, Unit, User
from rosters import actions as rosters_actions
from rosters import applying
from rosters.models import RosterImport
from rosters.wording import FileRefused
from tests import factories

from .books import HEADINGS, csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def shirvan(agency: Agency) -> Unit:
    return factories.make_unit(agency, "shirvan")


@pytest.fixture
def invited(unit: Unit) -> User:
    return factories.make_person(
        "Nağıyeva", "Sevinc", email="old@agency.example", unit=unit, service_number="LAB-1"
    )


def promised(agency: Agency, by: User) -> RosterImport:
    """Checked, and about to be applied: one renamed with a supervisor, one transferred, one with a new address, one new."""
    lines = [
        ["LAB-0417", "Məmmədova", "Aysel", "Kamran qızı", "ganja", "LAB", "", "LAB-9"],
        ["LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu", "shirvan", "LAB", "", ""],
        ["LAB-1", "Nağıyeva", "Sevinc", "", "ganja", "LAB", "new@agency.example", ""],
        ["LAB-9", "Yeni", "Rəhbər", "", "ganja", "LAB", "boss@agency.example", ""],
    ]
    roster = rosters_actions.receive_roster(
        agency=agency, file=io.BytesIO(csv_of([[*HEADINGS, "Rəhbər"], *lines])), file_name="a.csv",
        valid_from=clock.start_of(clock.today()), whole=False, by=by,
    )  # fmt: skip
    with TestCase.captureOnCommitCallbacks(execute=True):
        outbox.work_off(only=["rosters.roster_read", "rosters.roster_check"])
    roster.refresh_from_db()
    counts = {kind: roster.counts.get(kind) for kind in ("new", "changed", "transferred", "error")}
    assert counts == {"new": 1, "changed": 2, "transferred": 1, "error": None}
    rosters_actions.apply_roster(roster=roster, with_missing=False, by=by)
    roster.refresh_from_db()
    return roster


def carry_out(roster: RosterImport, by: User) -> applying.Applied:
    return applying.carry_out(roster=roster, with_missing=False, by=by)


def rename(people: dict[str, User], places: dict[str, Any]) -> None:
    User.objects.filter(pk=people["officer"].pk).update(given_name="Aytac")


def erase(people: dict[str, User], places: dict[str, Any]) -> None:
    User.objects.filter(pk=people["officer2"].pk).update(erased_at=clock.now())


def merge(people: dict[str, User], places: dict[str, Any]) -> None:
    factories.merged(people["officer2"], into=people["officer"])


def transfer(people: dict[str, User], places: dict[str, Any]) -> None:
    quba = factories.make_unit(places["agency"], "quba")
    posting_actions.transfer(
        person=people["officer2"], agency=places["agency"], unit=quba, role=places["role"],
        service_number="LAB-0418", valid_from=clock.start_of(clock.today()), by=None,
    )  # fmt: skip


def end_of_who_is_only_renamed(people: dict[str, User], places: dict[str, Any]) -> None:
    held = Posting.objects.known().get(user=people["officer"])
    posting_actions.end_posting(posting=held, valid_to=clock.now(), by=None)


def begin_elsewhere(people: dict[str, User], places: dict[str, Any]) -> None:
    posting_actions.post(
        person=people["officer"], unit=places["elsewhere"], role=places["role"], service_number="MIG-9",
        main=False, valid_from=clock.now(), by=None,
    )  # fmt: skip


def sign_in(people: dict[str, User], places: dict[str, Any]) -> None:
    User.objects.filter(pk=people["invited"].pk).update(last_login=clock.now())


def position(people: dict[str, User], places: dict[str, Any]) -> None:
    factories.give(people["invited"], factories.Position.AUDITOR)


def address_taken(people: dict[str, User], places: dict[str, Any]) -> None:
    factories.make_person("Həsənov", "Tural", email="New@agency.example", unit=places["elsewhere"])


def number_taken(people: dict[str, User], places: dict[str, Any]) -> None:
    factories.make_person("Həsənov", "Tural", unit=places["unit"], service_number="LAB-9")


def unit_gone(people: dict[str, User], places: dict[str, Any]) -> None:
    Unit.objects.filter(code="shirvan").update(agency=places["elsewhere"].agency)


@pytest.mark.parametrize(
    "happens",
    [
        rename, erase, merge, transfer, end_of_who_is_only_renamed, begin_elsewhere, address_taken,
        number_taken, unit_gone,
    ],
    ids=lambda act: act.__name__,
)  # fmt: skip
def test_nothing_is_applied_over_what_happened_meanwhile(
    happens: Callable[..., None], officer: User, officer2: User, invited: User, coordinator: User,
    agency: Agency, unit: Unit, shirvan: Unit, other_unit: Unit, role: Any,
) -> None:  # fmt: skip
    roster = promised(agency, coordinator)
    people = {"officer": officer, "officer2": officer2, "invited": invited}
    happens(people, {"agency": agency, "unit": unit, "elsewhere": other_unit, "role": role})
    before = everything()
    with pytest.raises(FileRefused) as refusal:
        carry_out(roster, coordinator)
    assert refusal.value.code == ("room" if happens is number_taken else "changed_since")
    assert everything() == before
    roster.refresh_from_db()
    assert roster.state == "applying"


@pytest.mark.parametrize("happens", [sign_in, position], ids=lambda act: act.__name__)
def test_who_has_come_in_meanwhile_is_asked_for_the_address(
    happens: Callable[..., None], officer: User, officer2: User, invited: User, coordinator: User,
    agency: Agency, unit: Unit, shirvan: Unit,
) -> None:  # fmt: skip
    roster = promised(agency, coordinator)
    happens({"invited": invited}, {})
    assert carry_out(roster, coordinator).requests == 1
    invited.refresh_from_db()
    assert (invited.email, AddressRequest.objects.get(person=invited).email) == (
        "old@agency.example",
        "new@agency.example",
    )
    told = AuditValue.objects.filter(entry__act="rosters.carry_out_roster", person_id=invited.public_id)
    assert not told.exists()


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values()) for model in (User, Posting, AddressRequest, AuditValue)
    ]


def test_what_is_written_is_what_the_models_would_say(
    officer: User, officer2: User, invited: User, coordinator: User, agency: Agency, unit: Unit, shirvan: Unit
) -> None:
    roster = promised(agency, coordinator)
    carry_out(roster, coordinator)
    new = User.objects.get(email="boss@agency.example")
    plain = User(family_name="Yeni", given_name="Rəhbər")
    same = ("father_name", "language", "sex", "spoken_languages", "availability", "is_active", "last_login", "is_superuser")  # fmt: skip
    assert [getattr(new, name) for name in same] == [getattr(plain, name) for name in same]
    roster.refresh_from_db()
    assert (new.created_at, new.has_usable_password()) == (roster.applied_at, False)
    first, then = Posting.objects.known().filter(user=officer2).timeline()
    assert (first.unit, first.valid_to, first.recorded_by) == (unit, roster.valid_from, coordinator)
    assert (then.unit, then.valid_from, then.valid_to) == (shirvan, roster.valid_from, None)
    assert (then.folded_number, then.main, then.recorded_at) == ("lab-0418", True, roster.applied_at)
    taken_back = Posting.objects.get(user=officer2, withdrawn_at__isnull=False)
    assert (taken_back.withdrawn_at, taken_back.withdrawn_by) == (roster.applied_at, coordinator)
    entry = AuditEntry.objects.get(act="rosters.carry_out_roster")
    assert entry.values.count() == 5 and stands(entry)


def test_the_trail_tells_a_supervisor_by_the_public_id(
    officer: User, officer2: User, invited: User, coordinator: User, agency: Agency, shirvan: Unit
) -> None:
    """A service number in another person's value would outlive the erasure of whose number it is."""
    User.objects.filter(pk=officer.pk).update(supervisor=officer2)
    roster = promised(agency, coordinator)
    carry_out(roster, coordinator)
    officer.refresh_from_db()
    boss = User.objects.get(email="boss@agency.example")
    assert officer.supervisor == boss
    value = AuditValue.objects.get(person_id=officer.public_id, field="supervisor")
    assert (value.before, value.after) == (officer2.public_id, boss.public_id)
    assert not AuditValue.objects.exclude(person_id=boss.public_id).filter(after="LAB-9").exists()
