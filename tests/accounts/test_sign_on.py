"""Signing in through an agency's own OpenID Connect provider: another process, asked as browsers ask."""

import base64
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.actions.second_factor import set_up_totp
from accounts.actions.sign_on import link_sign_on, unlink_sign_on
from accounts.sign_on import configuration
from elearning.demo.code import code_at
from operations.models import AuditEntry, Notice
from people.actions.postings import post
from people.models import Agency, Posting, Role, Unit, User
from tests.elearning.pages import tree, words
from tests.factories import PASSWORD, Position, client_of, give, make_person, merged

from .providers import ministry as ministries
from .providers.ministry import Ministry, leave, sign_in_there, through

LINK = "/az/people/sign-on/link/"
SECRET = base64.b32encode(b"twenty bytes of key.").decode()
AGAIN = f"/az/account/reauthenticate/?next={LINK.replace('/', '%2F')}"
ACTIVATE = "/az/account/second-step/totp/activate/"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministry]:
    with ministries.running(tmp_path_factory.mktemp("ministry")) as found:
        yield found


@pytest.fixture
def offer(settings: Any) -> Any:
    def offered(*providers: configuration.OpenIDConnect) -> None:
        settings.SIGN_ON = providers
        settings.SOCIALACCOUNT_PROVIDERS = configuration.for_allauth(providers)

    return offered


@pytest.fixture
def ministry(process: Ministry, offer: Any) -> Ministry:
    """Two agencies have a provider; both name people by service number."""
    process.forget()
    offer(process.provider("labour"), process.provider("migration"))
    return process


@pytest.fixture
def linked(ministry: Ministry, officer: User) -> User:
    """The officer, to whose account the labour inspection's provider is linked as `aytan`."""
    ministry.says("aytan", employee_number="LAB-0417")
    link(Client(), "aytan")
    return officer


def link(client: Client, user: str, email: str = "officer@agency.example", provider: str = "labour") -> Any:
    """The first time: through the provider, once with the password, and yes."""
    assert through(client, user, provider).url == LINK
    client.post("/az/account/login/", {"login": email, "password": PASSWORD, "next": LINK})
    return client.post(LINK)


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def said(response: Any) -> str:
    return words(tree(response.content).find(".//main"))


def links() -> list[tuple[str, str]]:
    return list(SocialAccount.objects.order_by("pk").values_list("user__email", "provider"))


# --- the ordinary way -------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "name"), [("az", "Əmək müfəttişliyi"), ("ru", "Инспекция труда")])
def test_sign_in_page_offers_each_provider_by_name(
    ministry: Ministry, db: Any, language: str, name: str
) -> None:
    page = tree(Client().get(f"/{language}/account/login/?next=/{language}/jobs/").content)
    forms = {words(form): form for form in page.iter("form") if "/sign-on/" in form.get("action", "")}
    assert [form.get("action") for form in forms.values()] == [
        "/sign-on/oidc/labour/login/",
        "/sign-on/oidc/migration/login/",
    ]
    assert forms[name].find("input[@name='next']").get("value") == f"/{language}/jobs/"


def test_sign_in_page_offers_nothing_where_nothing_is_set_up(offer: Any, db: Any) -> None:
    offer()
    assert "/sign-on/" not in Client().get("/az/account/login/").content.decode()


def test_way_there_is_a_page_of_ours_under_the_strict_policy(ministry: Ministry, db: Any) -> None:
    """A redirect would be held against `form-action 'self'`."""
    page = Client().post("/sign-on/oidc/labour/login/")
    assert page.status_code == 200
    assert page.headers["Refresh"].startswith(f"0; url={ministry.url}/identity/o/authorize?")
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    [onward] = [a for a in tree(page.content).find(".//main").iter("a") if ministry.url in a.get("href", "")]
    assert page.headers["Refresh"].endswith(onward.get("href"))


def test_way_there_asks_for_a_proof_key(ministry: Ministry, db: Any) -> None:
    assert "code_challenge_method=S256" in leave(Client())


def test_first_time_asks_for_the_existing_sign_in_and_links(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = Client()
    answer = through(client, "aytan")
    assert (answer.url, who(client), links()) == (LINK, None, [])
    page = tree(client.get(LINK).content)
    assert f"/az/account/login/?next={LINK}" in [a.get("href") for a in page.iter("a")]
    client.post("/az/account/login/", {"login": officer.email, "password": PASSWORD, "next": LINK})
    assert links() == []
    answer = client.post(LINK)
    assert (answer.url, links()) == ("/az/", [(officer.email, "labour")])


def test_linked_account_opens_without_password_from_then_on(ministry: Ministry, linked: User) -> None:
    client = Client()
    answer = through(client, "aytan")
    assert (answer.status_code, answer.url, who(client)) == (302, "/az/", str(linked.pk))


def test_provider_leads_where_the_person_was_going(ministry: Ministry, linked: User) -> None:
    assert through(Client(), "aytan", next="/ru/certificates/").url == "/ru/certificates/"


def test_link_leads_where_the_person_was_going(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = client_signed_in(officer)
    through(client, "aytan", next="/ru/certificates/")
    assert client.post(LINK).url == "/ru/certificates/"


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_provider_never_leads_outside(ministry: Ministry, linked: User, away: str) -> None:
    assert through(Client(), "aytan", next=away).url == "/az/"


def test_person_finds_the_provider_by_listed_domain(ministry: Ministry, offer: Any, officer: User) -> None:
    offer(ministry.provider("labour", email_domains=("agency.example",)))
    ministry.says("aytan", email="Officer@Agency.example", email_verified=True)
    client = Client()
    link(client, "aytan")
    assert links() == [(officer.email, "labour")]


def test_link_is_told_to_the_person_and_to_the_auditors(ministry: Ministry, linked: User) -> None:
    entry = AuditEntry.objects.get(act="accounts.link_sign_on")
    assert (entry.subject_id, entry.by, entry.after) == (linked.public_id, linked, {"provider": "labour"})
    told = Notice.objects.filter(person=linked).values_list("kind", flat=True)
    assert sorted(told) == ["accounts.new_device", "accounts.sign_on_linked"]  # signed in before, elsewhere


def test_nothing_of_what_the_provider_says_is_kept(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417", given_name="Aytən", phone_number="+994 50 000 00 00")
    link(Client(), "aytan")
    assert SocialAccount.objects.get().extra_data == {}


def test_person_ends_the_own_link(ministry: Ministry, linked: User) -> None:
    client = client_of(linked)
    assert "Əmək müfəttişliyi" in said(client.get("/az/people/sign-on/"))
    assert client.get("/az/people/sign-on/labour/unlink/").status_code == 200
    assert links() == [(linked.email, "labour")]
    client.post("/az/people/sign-on/labour/unlink/")
    assert links() == []
    assert AuditEntry.objects.filter(act="accounts.unlink_sign_on").count() == 1
    assert through(Client(), "aytan").url == LINK


# --- who is not let in ------------------------------------------------------------------------------


def refused(client: Client, response: Any) -> bool:
    """A page in words, nobody signed in, nobody made."""
    assert response.status_code in (401, 403, 502), response.content.decode()
    assert who(client) is None
    assert said(response)
    return True


def test_stranger_is_refused_and_not_made(ministry: Ministry, officer: User) -> None:
    ministry.says("stranger", employee_number="LAB-9999", email="x@agency.example", email_verified=True)
    client, before = Client(), User.objects.count()
    assert refused(client, through(client, "stranger"))
    assert (User.objects.count(), links()) == (before, [])


def test_provider_that_says_no_number_is_refused(ministry: Ministry, officer: User) -> None:
    client = Client()
    assert refused(client, through(client, "stranger"))


def test_number_and_address_are_not_both_tried(ministry: Ministry, officer: User) -> None:
    ministry.says("stranger", email=officer.email, email_verified=True)
    client = Client()
    assert refused(client, through(client, "stranger"))


@pytest.mark.parametrize("number", [["LAB-0417", "LAB-0418"], {"is": "LAB-0417"}, True, None, "", "LAB-041%"])
def test_number_that_is_not_one_number_is_refused(ministry: Ministry, officer: User, number: Any) -> None:
    ministry.says("stranger", employee_number=number)
    client = Client()
    assert refused(client, through(client, "stranger"))


def test_another_agencys_provider_claims_the_service_number(
    ministry: Ministry, officer: User, other_agency: Agency
) -> None:
    ministry.says("stranger", employee_number="LAB-0417")
    client = Client()
    assert refused(client, through(client, "stranger", "migration"))
    assert links() == []


def test_another_agencys_provider_claims_the_subject_of_a_link(
    ministry: Ministry, linked: User, other_agency: Agency
) -> None:
    """Both providers are one process here: the subject is the same to the letter."""
    client = Client()
    assert refused(client, through(client, "aytan", "migration"))


def test_another_agencys_provider_claims_the_address(
    ministry: Ministry, offer: Any, officer: User, other_agency: Agency
) -> None:
    offer(ministry.provider("migration", email_domains=("agency.example",)))
    ministry.says("stranger", email=officer.email, email_verified=True)
    client = Client()
    assert refused(client, through(client, "stranger", "migration"))


@pytest.mark.parametrize(
    ("email", "verified"),
    [
        ("officer@agency.example", False),
        ("officer@agency.example", None),
        ("officer@agency.example", "false"),
        ("officer@agency.example", "true"),
        ("officer@sub.agency.example", True),
        ("officer@agency.example.evil.example", True),
        ("officer@evil.example", True),
        ("offıcer@agency.example", True),  # its capital is the capital of i
        ("ofﬁcer@agency.example", True),
        ("officer@agency.example@evil.example", True),
        (["officer@agency.example", "x@agency.example"], True),
    ],
)
def test_address_that_proves_nothing_is_refused(
    ministry: Ministry, offer: Any, officer: User, email: Any, verified: Any
) -> None:
    offer(ministry.provider("labour", email_domains=("agency.example",)))
    ministry.says("stranger", email=email, email_verified=verified)
    client = Client()
    assert refused(client, through(client, "stranger"))
    assert links() == []


def test_address_that_we_have_not_verified_finds_nobody(
    ministry: Ministry, offer: Any, officer: User
) -> None:
    offer(ministry.provider("labour", email_domains=("agency.example",)))
    officer.emailaddress_set.update(verified=False)
    ministry.says("aytan", email=officer.email, email_verified=True)
    client = Client()
    assert refused(client, through(client, "aytan"))


def test_new_subject_for_the_same_person_asks_for_the_existing_sign_in_again(
    ministry: Ministry, linked: User
) -> None:
    """The provider has set up its people anew, or somebody there has taken the number."""
    ministry.says("orxan", employee_number="LAB-0417")
    client = Client()
    assert (through(client, "orxan").url, who(client)) == (LINK, None)
    link(Client(), "orxan")
    assert links() == [(linked.email, "labour")]
    old = Client()
    assert (through(old, "aytan").url, who(old)) == (LINK, None)


def test_subject_handed_to_a_colleague_is_refused(ministry: Ministry, linked: User, officer2: User) -> None:
    ministry.says("aytan", employee_number="LAB-0418")
    client = Client()
    assert refused(client, through(client, "aytan"))
    entry = AuditEntry.objects.get(act="accounts.refuse_sign_on")
    assert (entry.subject_id, entry.after) == (linked.public_id, {"provider": "labour"})


def test_linked_person_without_number_in_the_answer_is_refused(ministry: Ministry, linked: User) -> None:
    ministry.says("aytan")
    client = Client()
    assert refused(client, through(client, "aytan"))


def test_person_transferred_away_is_refused(
    ministry: Ministry, linked: User, other_unit: Unit, role: Role
) -> None:
    end_posting(linked)
    post(
        person=linked, unit=other_unit, role=role, service_number="LAB-0417", by=None,
        valid_from=Posting.objects.known().get(user=linked).valid_to,
    )  # fmt: skip
    client = Client()
    assert refused(client, through(client, "aytan"))
    new = Client()
    assert (through(new, "aytan", "migration").url, who(new)) == (LINK, None)


def test_person_whose_posting_has_ended_is_refused(ministry: Ministry, linked: User) -> None:
    end_posting(linked)
    client = Client()
    assert refused(client, through(client, "aytan"))


def test_number_given_to_a_newcomer_does_not_open_the_old_account(
    ministry: Ministry, linked: User, unit: Unit
) -> None:
    end_posting(linked)
    make_person("Quliyeva", "Səidə", unit=unit, service_number="LAB-0417", posted_from=ended(linked))
    client = Client()
    assert refused(client, through(client, "aytan"))


def test_person_switched_off_is_refused(ministry: Ministry, linked: User) -> None:
    User.objects.filter(pk=linked.pk).update(is_active=False)
    client = Client()
    assert refused(client, through(client, "aytan"))


def test_link_of_a_record_that_was_merged_away_does_not_open_it(
    ministry: Ministry, linked: User, officer2: User
) -> None:
    """The person that remains shows the own sign-in once; the link then goes over."""
    merged(linked, into=officer2, is_active=False)
    ministry.says("aytan", employee_number="LAB-0418")
    client = Client()
    assert through(client, "aytan").url == LINK
    link(Client(), "aytan", "officer2@agency.example")
    assert links() == [("officer2@agency.example", "labour")]


def test_userinfo_about_another_subject_is_refused(ministry: Ministry, linked: User) -> None:
    ministry.says("stranger", only_userinfo={"sub": "1", "employee_number": "LAB-0417"})
    client = Client()
    assert refused(client, through(client, "stranger"))


# --- it is the first factor, and no more --------------------------------------------------------------


def test_second_step_is_asked_after_the_provider(ministry: Ministry, linked: User) -> None:
    set_up_totp(person=linked, secret=SECRET, by=None)
    client = Client()
    answer = through(client, "aytan", next="/az/certificates/")
    assert (answer.url.partition("?")[0], who(client)) == ("/az/account/second-step/authenticate/", None)
    client.post(answer.url, {"code": "000000"})
    assert who(client) is None
    assert client.post(answer.url, {"code": code_at(SECRET, time.time())}).url == "/az/certificates/"
    assert who(client) == str(linked.pk)


def test_second_step_is_not_guessed_behind_the_provider(ministry: Ministry, linked: User) -> None:
    set_up_totp(person=linked, secret=SECRET, by=None)
    for _number in range(3):
        client = Client()
        asked = through(client, "aytan").url
        for _attempt in range(4):
            client.post(asked, {"code": "000000"})
    client = Client()
    client.post(through(client, "aytan").url, {"code": code_at(SECRET, time.time())})
    assert who(client) is None


def test_provider_alone_opens_no_position(ministry: Ministry, linked: User, agency: Agency) -> None:
    give(linked, Position.COORDINATOR, agency=agency)
    client = Client()
    through(client, "aytan")
    page = "/az/people/"
    assert client_of(linked).get(page).status_code == 200
    assert client.get(page).url == f"/az/account/second-step/?next={page}"


def test_provider_alone_sets_up_no_second_step(ministry: Ministry, linked: User) -> None:
    """Whoever holds the provider would otherwise set up the step that is to keep them out."""
    client = Client()
    through(client, "aytan")
    assert client.get(ACTIVATE).url == f"/az/account/reauthenticate/?next={ACTIVATE.replace('/', '%2F')}"
    assert client_signed_in(linked).get(ACTIVATE).status_code == 200


# --- tricks with the link ---------------------------------------------------------------------------


def test_link_is_not_for_another_signed_in_person(ministry: Ministry, officer: User, officer2: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = client_of(officer2)
    through(client, "aytan")
    assert [client.get(LINK).status_code, client.post(LINK).status_code, links()] == [403, 403, []]


def test_old_session_shows_the_password_again_before_linking(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = client_signed_in(officer)
    age_of_proof(client, 20 * 60)
    through(client, "aytan")
    again = AGAIN
    assert [client.get(LINK).url, client.post(LINK).url, links()] == [again, again, []]
    client.post(again, {"password": PASSWORD})
    client.post(LINK)
    assert links() == [(officer.email, "labour")]


def test_session_opened_by_a_provider_is_no_proof_for_another_provider(
    ministry: Ministry, offer: Any, linked: User, other_unit: Unit, role: Role
) -> None:
    post(
        person=linked, unit=other_unit, role=role, service_number="M-1", main=False, by=None,
        valid_from=Posting.objects.current().get(user=linked).valid_from,
    )  # fmt: skip
    client = Client()
    through(client, "aytan")
    assert who(client) == str(linked.pk)
    ministry.says("orxan", employee_number="M-1")
    through(client, "orxan", "migration")
    assert client.post(LINK).url == AGAIN
    assert links() == [(linked.email, "labour")]


def test_link_waits_for_minutes_only(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = client_signed_in(officer)
    through(client, "aytan")
    session = client.session
    session["people_sign_on_waiting"] = {**session["people_sign_on_waiting"], "at": 0}
    session.save()
    assert (client.post(LINK).url, links()) == ("/az/account/login/", [])


def test_link_page_alone_links_nothing(ministry: Ministry, officer: User) -> None:
    assert (client_signed_in(officer).post(LINK).url, links()) == ("/az/account/login/", [])


def test_link_cannot_be_sent_from_another_site(ministry: Ministry, officer: User) -> None:
    ministry.says("aytan", employee_number="LAB-0417")
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert client.post(LINK).status_code == 403
    assert client.post("/sign-on/oidc/labour/login/").status_code == 403


def test_asking_for_another_process_links_nothing(ministry: Ministry, officer: User, officer2: User) -> None:
    """allauth knows `process=connect`, which would give the signed-in account away."""
    ministry.says("aytan", employee_number="LAB-0417")
    client = client_signed_in(officer2)
    through(client, "aytan", process="connect")
    assert (who(client), links()) == (str(officer2.pk), [])


def test_linked_provider_signs_the_named_person_in_not_who_sat_there(
    ministry: Ministry, linked: User, officer2: User
) -> None:
    client = client_of(officer2)
    through(client, "aytan", process="connect")
    assert who(client) == str(linked.pk)


def test_session_changes_when_a_provider_signs_in(ministry: Ministry, linked: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    through(client, "aytan")
    assert client.session.session_key != session.session_key


def test_answer_of_the_provider_works_once_and_in_one_browser(ministry: Ministry, linked: User) -> None:
    client, other = Client(), Client()
    back = sign_in_there(leave(client), "aytan")
    assert refused(other, ministries.come_back(other, back))
    assert ministries.come_back(client, back).url == "/az/"
    again = Client()
    again.cookies = client.cookies
    assert ministries.come_back(again, back).status_code == 401


def test_answer_for_one_provider_does_not_work_at_another(ministry: Ministry, linked: User) -> None:
    client = Client()
    back = sign_in_there(leave(client), "aytan").replace("/labour/", "/migration/")
    assert refused(client, ministries.come_back(client, back))


def test_person_who_stops_there_is_told_so(ministry: Ministry, officer: User) -> None:
    client = Client()
    state = leave(client).partition("state=")[2].partition("&")[0]
    answer = client.get(f"/sign-on/oidc/labour/login/callback/?error=access_denied&state={state}")
    assert refused(client, answer)
    assert "<script" not in answer.content.decode().partition("<main")[2]


def test_only_the_person_links_and_unlinks(
    ministry: Ministry, linked: User, outsider: User, admin: User
) -> None:
    for by in (outsider, admin, None):
        with pytest.raises(PermissionDenied):
            unlink_sign_on(person=linked, provider_id="labour", by=by)
        with pytest.raises(PermissionDenied):
            link_sign_on(person=linked, provider_id="labour", subject="9", by=by)
    assert client_of(outsider).post("/az/people/sign-on/labour/unlink/").status_code == 404
    assert links() == [(linked.email, "labour")]


def test_link_needs_a_posting_in_the_agency_of_the_provider(ministry: Ministry, outsider: User) -> None:
    with pytest.raises(PermissionDenied):
        link_sign_on(person=outsider, provider_id="labour", subject="9", by=outsider)


def test_link_of_a_colleague_is_not_taken_over(ministry: Ministry, linked: User, officer2: User) -> None:
    subject = SocialAccount.objects.get().uid
    with pytest.raises(PermissionDenied):
        link_sign_on(person=officer2, provider_id="labour", subject=subject, by=officer2)
    assert links() == [(linked.email, "labour")]


# --- what goes wrong --------------------------------------------------------------------------------


def test_silent_provider_is_said_in_words(ministry: Ministry, offer: Any, db: Any) -> None:
    offer(ministry.provider("labour", server="http://localhost:9"))
    client = Client()
    assert refused(client, client.post("/sign-on/oidc/labour/login/"))


def test_silent_provider_is_left_alone_for_a_while(ministry: Ministry, offer: Any, db: Any) -> None:
    """Whoever keeps pressing the button would otherwise hold a worker up each time."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        mute.settimeout(0.5)
        offer(ministry.provider("labour", server=f"http://127.0.0.1:{mute.getsockname()[1]}"))
        client = Client()
        assert refused(client, client.post("/sign-on/oidc/labour/login/"))
        mute.accept()[0].close()
        assert refused(client, client.post("/sign-on/oidc/labour/login/"))
        with pytest.raises(TimeoutError):
            mute.accept()


def test_provider_that_talks_nonsense_is_said_in_words(ministry: Ministry, offer: Any, db: Any) -> None:
    offer(ministry.provider("labour", server=f"{ministry.url}/accounts/login/?/.well-known/"))
    client = Client()
    assert refused(client, client.post("/sign-on/oidc/labour/login/"))


def test_addresses_without_provider_are_not_there(ministry: Ministry, db: Any) -> None:
    client = Client()
    assert client.post("/sign-on/oidc/nobody/login/").status_code == 404
    assert client.get("/sign-on/oidc/nobody/login/callback/").status_code == 404


def test_address_of_the_button_alone_leads_to_the_sign_in_page(ministry: Ministry, db: Any) -> None:
    assert Client().get("/sign-on/oidc/labour/login/").url == "/az/account/login/"


def test_nothing_is_taken_from_the_address_of_the_button(ministry: Ministry, db: Any) -> None:
    answer = Client().post("/sign-on/oidc/labour/login/?auth_params=redirect_uri%3Dhttps://evil.example")
    assert answer.status_code == 405


def test_foreign_host_does_not_become_the_way_back(ministry: Ministry, db: Any) -> None:
    answer = Client(headers={"host": "evil.example"}).post("/sign-on/oidc/labour/login/")
    assert answer.status_code == 400


# --- help -------------------------------------------------------------------------------------------


def client_signed_in(person: User) -> Client:
    client = Client()
    client.post("/az/account/login/", {"login": person.email, "password": PASSWORD})
    assert who(client) == str(person.pk)
    return client


def age_of_proof(client: Client, seconds: int) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def end_posting(person: User) -> None:
    from operations import clock
    from operations.history import revise

    held = Posting.objects.current().get(user=person)
    revise(withdraw=[held], insert=[held.revised(valid_to=clock.start_of(clock.today()))], by=None)


def ended(person: User) -> Any:
    return Posting.objects.known().get(user=person).valid_to


def test_pages_of_the_link_stand_in_three_languages(ministry: Ministry, linked: User) -> None:
    client = client_of(linked)
    pages = {
        language: said(client.get(f"/{language}{reverse('accounts:sign_on')[3:]}"))
        for language in ("az", "en", "ru")
    }
    assert len(set(pages.values())) == 3
