"""Systems of agencies: accounts that act through their own keys. They sign in nowhere and stand in no list."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.actions.invitations import accept_invitation, invite
from accounts.backends import GrantBackend
from accounts.invitation_secrets import by_address
from accounts.models import Invitation
from elearning.forms import AskResetForm
from merging.actions.merge import propose_merge
from operations import clock
from people.actions.grants import grant
from people.actions.postings import post
from people.models import User
from people.people_list import PeopleQuery, people_of
from tests import factories, tiny
from tests.factories import Position, client_of
from tests.outside import addresses
from tests.refusals import ACTORS
from tests.share import asked_here

pytestmark = pytest.mark.django_db
NAME = "Qeydiyyatsistemi"


@pytest.fixture
def system(db) -> User:
    made = User(kind=User.Kind.SYSTEM, family_name=NAME, given_name="Kadrlar")
    made.set_unusable_password()
    made.save(force_insert=True)
    return made


@pytest.fixture
def rule_owner(db) -> User:
    return _holder(Position.RULE_OWNER)


@pytest.fixture
def national(db) -> User:
    return _holder(Position.NATIONAL_COORDINATOR)


def _holder(position: str) -> User:
    person = factories.make_person("Quliyev", "Elçin", password=factories.PASSWORD)
    factories.give(person, position)
    return person


# --- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"email": "system@agency.example"}, {"password": "argon2$x"}, {"national_id_hash": "a" * 64},
        {"last_login": clock.now()},
    ],
)  # fmt: skip
def test_database_keeps_no_way_in(system, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=system.pk).update(**change)


def test_no_backend_and_no_session_knows_it(system):
    assert GrantBackend().get_user(system.pk) is None
    assert GrantBackend().user_can_authenticate(system) is False
    with pytest.raises(IntegrityError), transaction.atomic():
        client_of(system)


@pytest.mark.usefixtures("english")
def test_whatever_way_it_comes_it_is_refused_as_a_closed_account(system):
    """Passkeys, codes and providers all pass here."""
    request = RequestFactory().get("/en/account/login/")
    request.session = {}  # type: ignore[assignment]  # all that is asked of it
    answer = get_adapter().pre_login(
        request, system, email_verification="none", signal_kwargs=None, email=None, signup=False, redirect_url=None
    )  # fmt: skip
    assert answer.url == reverse("account_inactive")


def test_no_letter_sets_a_password(system):
    EmailAddress.objects.create(user=system, email="system@agency.example", verified=True, primary=True)
    assert by_address("system@agency.example") == []
    form = AskResetForm({"email": "system@agency.example"})
    assert form.is_valid() and form.person is None


@pytest.mark.usefixtures("english")
def test_it_is_not_invited_and_accepts_no_invitation(system, agency, unit, role):
    with pytest.raises(PermissionDenied):
        invite(people=[system], agency=agency, way=Invitation.Way.MAIL, by=None)
    invitation = Invitation.objects.create(
        person=system, agency=agency, way=Invitation.Way.MAIL, invited_at=clock.now(), sent=1,
        expires_at=clock.end_of(clock.today()),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="no longer works"):
        accept_invitation(invitation=invitation, password="a long pass phrase", by=None)


# --- no list, no roster, no merging ------------------------------------------------------------------------------


def test_it_is_posted_nowhere_and_holds_no_position(system, unit, role, agency):
    with pytest.raises(PermissionDenied):
        post(
            person=system, unit=unit, role=role, service_number="S-1", valid_from=clock.now(), by=None
        )  # fmt: skip
    with pytest.raises(ValidationError):
        grant(person=system, position=Position.AUDITOR, starts_at=clock.now(), by=None)


@pytest.mark.usefixtures("english")
def test_it_is_merged_with_nobody(system, officer, admin):
    for kept, gone in ((officer, system), (system, officer)):
        with pytest.raises(ValidationError):
            propose_merge(kept=kept, gone=gone, by=admin)


def test_questions_about_people_leave_it_out(system, officer, admin):
    for queryset in (User.objects.people(), User.objects.current(), User.objects.active()):
        assert system not in queryset and officer in queryset
    assert system.is_current is False
    assert system not in people_of(admin, PeopleQuery(state="nowhere"))


def test_no_page_of_any_role_shows_it(system, curriculum, keys, officer, unit, request, rule_owner, national):
    """Every address without an id, asked with a search for its name, by everybody; and its own page."""
    tiny.certify(curriculum, officer)
    with translation.override("az"):
        paths = [one.path for one in addresses() if "/x/" not in one.path and "A" * 22 not in one.path]
    people = [request.getfixturevalue(name) for name in ACTORS if name != "visitor"]
    read, shown = set(), []
    for person in [*people, rule_owner, national]:
        client = client_of(person, raise_request_exception=False)
        for path in asked_here(paths, one_in=6, of=person.family_name + person.email):
            answer = client.get(path, {"q": NAME[:9], "who": NAME[:9], "state": "nowhere"})
            if answer.status_code != 200 or answer.streaming:
                continue
            read.add(path)
            text = answer.content.decode(errors="replace")
            shown += [(person.pk, path)] if NAME in text or system.public_id in text else []
    assert shown == []
    assert len(read) > 40 and {"/az/people/", "/az/accounts/", "/az/positions/"} & read
    admin = client_of(request.getfixturevalue("admin"))
    assert admin.get(reverse("people:person", args=[system.public_id])).status_code == 404


def test_no_file_has_it(system, admin, auditor):
    for form in ("csv", "xlsx"):
        answer = client_of(admin).post(reverse("people:export"), {"form": form, "state": "nowhere"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in (200, 302) and NAME.encode() not in content
