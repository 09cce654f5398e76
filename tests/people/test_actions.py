from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import override

from accounts.actions.passwords import set_password
from operations import audit, clock
from operations.history import HistoryError
from operations.models import AuditEntry, AuditValue
from people.actions import grants as grant_actions
from people.actions import postings as posting_actions
from people.actions.agencies import add_agency, add_unit, save_agency, save_role
from people.actions.persons import add_person
from people.models import Agency, Grant, Posting, Role, Unit, User
from tests import factories
from tests.factories import Position, names


def add(**changed) -> User:
    return add_person(**{"family_name": "Məmmədova", "given_name": "Aytən", "by": None, **changed})


# --- people -----------------------------------------------------------------------------------------


def test_name_is_composed_and_single_spaced(db):
    person = add(family_name="Ağayeva ", father_name="Rəşid  qızı")
    assert (person.family_name, person.father_name) == ("Ağayeva", "Rəşid qızı")
    assert person.folded_name == "aqayeva ayten resid qizi"


def test_letter_of_another_script_is_refused_by_name(db):
    with override("en"), pytest.raises(ValidationError) as refused:
        add(family_name="Məmmədоva")  # the о is Cyrillic
    assert "“о”" in str(refused.value) and User.objects.count() == 0


def test_names_in_two_scripts_stand_side_by_side(db):
    person = add(latin=("Mammadova", "Aytan"), cyrillic=("Мамедова", "Айтен", "Рашид кызы"))
    assert (person.family_name_latin, person.given_name_cyrillic) == ("Mammadova", "Айтен")


def test_address_is_lower_case_and_verified(db):
    person = add(email=" Ayten@Agency.example ")
    address = EmailAddress.objects.get(user=person)
    assert (person.email, address.email) == ("ayten@agency.example", "ayten@agency.example")
    assert (address.verified, address.primary) == (True, True)


def test_address_is_one_persons_regardless_of_case(db):
    add(email="ayten@agency.example")
    with pytest.raises(ValidationError):
        add(email="AYTEN@agency.example")


def test_several_people_have_no_address(db):
    assert [add().email, add().email] == [None, None]


def test_new_person_cannot_sign_in(db):
    assert not add(email="ayten@agency.example").has_usable_password()


@pytest.mark.parametrize("password", ["short", "12345678901234", "administrator", "mammadova.ayten"])
def test_weak_password_is_refused(db, password):
    person = add(email="mammadova.ayten@agency.example")
    with pytest.raises(ValidationError):
        set_password(person=person, password=password, by=None)


def test_audit_keeps_personal_values_apart(db):
    person = add(email="ayten@agency.example")
    entry = AuditEntry.objects.get(act="people.add_person")
    assert (entry.subject_id, entry.before, entry.after) == (person.public_id, None, None)
    assert set(entry.values.values_list("field", flat=True)) == {"family_name", "given_name", "email"}
    audit.erase(person.public_id)
    assert audit.stands(AuditEntry.objects.get(pk=entry.pk))
    assert not AuditValue.objects.filter(after__isnull=False).exists()


# --- agencies, units, roles -------------------------------------------------------------------------


def test_agency_is_saved_again_without_a_trace_if_nothing_changed(db):
    for _time in range(2):
        save_agency(code="a", kind=Agency.Kind.POLICE, names=names("A"), by=None)
    assert (Agency.objects.count(), AuditEntry.objects.count()) == (1, 1)
    save_agency(code="a", kind=Agency.Kind.POLICE, names=names("B"), by=None)
    assert Agency.objects.get().name_ru == "B (ru)"
    assert AuditEntry.objects.order_by("-pk").first().before["name_az"] == "A"


def test_role_is_saved_again_without_a_trace_if_nothing_changed(db):
    for _time in range(2):
        save_role(code="LAB", names=names("LAB"), by=None)
    assert (Role.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_name_is_needed_in_every_language(db):
    with pytest.raises(ValidationError):
        add_agency(code="a", kind="police", names={"az": "A", "en": " ", "ru": "А"}, by=None)


def test_unit_stands_below_one_of_its_own_agency(agency, other_unit):
    with pytest.raises(ValidationError):
        factories.make_unit(agency, parent=other_unit)


# --- postings ---------------------------------------------------------------------------------------


def post(person, unit, number="LAB-1", **more) -> Posting:
    given = {"valid_from": factories.a_year_ago(), "role": factories.make_role(), "by": None, **more}
    return posting_actions.post(person=person, unit=unit, service_number=number, **given)


def test_posting_names_the_agency_of_its_unit(unit, outsider):
    assert post(outsider, unit).agency == unit.agency


def test_nobody_serves_twice_in_one_agency_at_a_time(agency, unit, outsider):
    post(outsider, unit)
    with pytest.raises(HistoryError):
        post(outsider, factories.make_unit(agency), "LAB-2", main=False)


def test_nobody_has_two_main_postings_at_a_time(unit, other_unit, outsider):
    post(outsider, unit)
    with pytest.raises(HistoryError):
        post(outsider, other_unit, "MIG-1")
    assert post(outsider, other_unit, "MIG-1", main=False).main is None


def test_service_number_is_one_persons_at_a_time(unit, outsider, trainer):
    leaves = clock.now() + timedelta(days=1)
    post(outsider, unit, valid_to=leaves)
    with pytest.raises(HistoryError):
        post(trainer, unit)
    assert post(trainer, unit, valid_from=leaves).service_number == "LAB-1"


def test_several_serve_without_a_number(unit, outsider, trainer):
    assert [post(person, unit, None).service_number for person in (outsider, trainer)] == [None, None]


# --- positions --------------------------------------------------------------------------------------


def test_grant_is_kept_and_revoked_once(trainer):
    grant = trainer.grants.get()
    grant_actions.revoke_grant(grant=grant, by=None, reason="left")
    first = Grant.objects.get().revoked_at
    grant_actions.revoke_grant(grant=grant, by=None)
    assert Grant.objects.get().revoked_at == first
    with pytest.raises(DatabaseError), transaction.atomic():
        Grant.objects.update(revoked_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Grant.objects.update(position="registrar")


def test_grant_has_one_scope(outsider, agency, unit):
    with pytest.raises(ValidationError):
        grant_actions.grant(person=outsider, position="tutor", agency=agency, unit=unit, by=None)


def test_grant_ends_after_it_begins(outsider):
    now = clock.now()
    with pytest.raises(ValidationError):
        grant_actions.grant(person=outsider, position="tutor", starts_at=now, ends_at=now, by=None)


ACTS = {
    "add_agency": lambda s: add_agency(code="n", kind="police", names=names("N"), by=s.by),
    "save_role": lambda s: save_role(code="NEW", names=names("N"), by=s.by),
    "add_unit": lambda s: add_unit(agency=s.agency, code="n", names=names("N"), by=s.by),
    "add_person": lambda s: add(by=s.by),
    "add_person_here": lambda s: add(by=s.by, agency=s.agency),
    "set_password": lambda s: set_password(person=s.person, password=factories.PASSWORD, by=s.by),
    "post": lambda s: post(s.person, s.unit, by=s.by),
    "grant": lambda s: grant_actions.grant(person=s.person, position=Position.TRAINER, by=s.by),
    "grant_duty": lambda s: grant_actions.grant(
        person=s.colleague, position=Position.DUTY_OFFICER, unit=s.unit, by=s.by
    ),
    "grant_duty_everywhere": lambda s: grant_actions.grant(
        person=s.person, position=Position.DUTY_OFFICER, by=s.by
    ),
    "grant_registrar": lambda s: grant_actions.grant(person=s.person, position=Position.REGISTRAR, by=s.by),
    "grant_self": lambda s: grant_actions.grant(person=s.by, position=Position.TRAINER, by=s.by),
}
ALLOWED = {
    "admin": set(ACTS) - {"set_password", "grant_registrar", "grant_self", "grant_duty_everywhere"},
    "coordinator": {"add_unit", "add_person_here", "post", "grant_duty"},
}


class Situation:
    def __init__(self, by, agency, unit, person):
        self.by, self.agency, self.unit, self.person = by, agency, unit, person
        self.colleague = factories.make_person(unit=unit)  # who serves there, as `person` does not


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "by",
    ["admin", "coordinator", "coordinator_other", "duty_officer", "registrar", "auditor", "trainer", "reviewer",
     "officer", "outsider"],
)  # fmt: skip
def test_act_is_for_whom_it_is_for(by, act, request, agency, unit, role):
    person = factories.came_in(factories.make_person())
    situation = Situation(request.getfixturevalue(by), agency, unit, person)
    before = [model.objects.count() for model in (Agency, Unit, Role, User, Posting, Grant)]
    if act in ALLOWED.get(by, set()):
        ACTS[act](situation)
        return
    with pytest.raises((PermissionDenied, ValidationError)):
        ACTS[act](situation)
    assert [model.objects.count() for model in (Agency, Unit, Role, User, Posting, Grant)] == before


def test_administrator_sets_nobodys_password(admin, registrar, coordinator, officer):
    """A person able to sign in as somebody else would act under their name."""
    for person in (registrar, coordinator, officer):
        with pytest.raises(PermissionDenied):
            set_password(person=person, password="göy-qayıq-doqquz", by=admin)
        assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)


def test_everybody_sets_their_own_password(outsider):
    set_password(person=outsider, password="göy-qayıq-doqquz", by=outsider)
    assert User.objects.get(pk=outsider.pk).check_password("göy-qayıq-doqquz")
