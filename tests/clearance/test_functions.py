"""A new function: proposed by one rule owner with its first rules, confirmed by another."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import translation

from clearance import actions, actions_functions
from clearance.actions_functions import ADD
from clearance.evaluation import Answer
from clearance.models import DutyFunction
from operations import clock
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from tests import tiny
from tests.clearance.test_requirements import page, sent
from tests.databases import on_postgresql, really_committed, wait_until_somebody_waits
from tests.elearning.pages import flat
from tests.factories import client_of

pytestmark = pytest.mark.usefixtures("keys", "english")
DAY = timedelta(days=1)
NAMES = {"az": "Yoxlama", "en": "Second check", "ru": "Проверка"}


def given(**more):
    names = {f"name_{language}": name for language, name in NAMES.items()}
    return sent(**{"code": "F12", "number": "12", **names, **more})


def propose(by, **more):
    said = {"code": "F12", "number": 12, "names": NAMES, "rules": tiny.rules(roles=["LAB"]), **more}
    return actions_functions.propose_function(
        **{"first_day": clock.today(), "reason": "review", "by": by, **said}
    )


def test_by_pages_one_proposes_and_another_confirms(
    curriculum, owner, owner2, auditor, officer, duty_officer
):
    proposing, deciding = client_of(owner), client_of(owner2)
    assert page("add_function") in proposing.get(page("requirements")).text
    sending = given(
        first_day=f"{clock.today()}", basis="D", source_az="a", source_en="Recommendation 19", source_ru="c"
    )
    asked = proposing.post(page("add_function"), sending).text
    for words in (
        "F12, number 12, “Second check”",
        "Recommendation 19",
        "recommended",
        "Serve in these roles",
    ):
        assert words in asked
    assert not Proposal.objects.exists()
    proposing.post(page("add_function"), {**sending, "sure": "1"})
    proposal = Proposal.objects.get(act=ADD)
    shown = page("function_proposal", proposal.public_id)
    listed = deciding.get(page("requirements")).text
    assert shown in listed and "The new function “Second check” waits for a second person" in listed
    assert "Confirm</button>" not in flat(proposing.get(shown).text)
    assert "Confirm</button>" in flat(deciding.get(shown).text) and not DutyFunction.objects.filter(
        code="F12"
    )
    assert (
        "Confirmed."
        in deciding.post(page("decide_function", proposal.public_id, "confirm"), follow=True).text
    )
    function = DutyFunction.objects.get(code="F12")
    version = function.requirement.versions.get()
    assert (function.name_ru, function.gated, version.recorded_by) == ("Проверка", True, owner2)
    assert (version.rules["basis"], version.rules["roles"]) == ("D", ["LAB"])
    acts = AuditEntry.objects.filter(subject_id=function.public_id).order_by("pk")
    assert [entry.act for entry in acts] == [
        "clearance.propose_function", "clearance.add_function", "clearance.require"
    ]  # fmt: skip
    assert set(Notice.objects.values_list("kind", "person")) == {
        ("clearance.requirement_proposed", owner2.pk), ("clearance.requirement_proposed", auditor.pk),
        ("clearance.requirement_changed", owner.pk), ("clearance.requirement_changed", auditor.pk),
    }  # fmt: skip
    decision = actions.decide(function=function, person=officer, instant=clock.now(), by=duty_officer)
    assert decision.answer == Answer.NOT_CLEARED
    assert deciding.get(shown).status_code == 200  # decided, and still to be read


def test_letters_name_it_before_it_is_there(curriculum, owner, owner2, mailoutbox):
    propose(owner)
    work_off()
    assert any("Second check" in mail.body or "Yoxlama" in mail.body for mail in mailoutbox)


@pytest.mark.parametrize(
    ("wanted", "field", "words"),
    [
        ({"code": "f 1"}, "code", "A capital letter"),
        ({"code": "F8"}, "code", "Another function has this code."),
        ({"number": 8}, "number", "Another function has this number."),
        ({"number": 0}, "number", "Enter a number from 1 to 999."),
        ({"names": {**NAMES, "ru": " "}}, "name_ru", "Every language needs a name."),
        ({"rules": tiny.rules(needs=[])}, "needs", "Choose at least one qualification"),
        ({"rules": tiny.rules(basis="D")}, "source_en", "Name the source"),
        ({"first_day": clock.today() - DAY}, "__all__", "cannot begin in the past"),
        ({"reason": "whim"}, "__all__", "Choose a reason"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(curriculum, owner, wanted, field, words):
    with pytest.raises(ValidationError) as refused:
        propose(owner, **wanted)
    said = (
        refused.value.message_dict
        if hasattr(refused.value, "error_dict")
        else {"__all__": refused.value.messages}
    )
    assert words in " ".join(said[field])


def test_form_keeps_what_was_typed(curriculum, owner):
    page_ = client_of(owner).post(page("add_function"), given(code="F8", number="many"))
    assert "Enter a number from 1 to 999." in page_.text
    for typed in ('value="F8"', 'value="many"', 'value="Second check"', "an inspector</textarea>"):
        assert typed in page_.text
    taken = client_of(owner).post(page("add_function"), given() | {"code": "F8"})
    assert "Another function has this code." in taken.text


def test_one_proposal_for_each_code_and_number(curriculum, owner, owner2):
    propose(owner)
    for more in ({"code": "F13"}, {"number": 13}):
        with pytest.raises(ValidationError, match="already waiting"):
            propose(owner2, **more)
    propose(owner2, code="F13", number=13)


@on_postgresql
@really_committed
def test_of_two_proposals_of_one_code_at_once_one_waits_and_is_refused(curriculum, owner, owner2):
    refusals = []

    def propose_too():
        try:
            with translation.override("en"):
                propose(owner2, number=13)
        except ValidationError as refusal:
            refusals.extend(refusal.messages)
        finally:
            connection.close()

    other = Thread(target=propose_too)
    with transaction.atomic():
        propose(owner)
        other.start()
        wait_until_somebody_waits()
    other.join()
    assert refusals == ["This is already waiting for a second person."]
    assert Proposal.objects.filter(act=ADD).count() == 1


def test_what_is_taken_meanwhile_is_refused_when_confirmed(curriculum, owner, owner2):
    proposal = propose(owner)
    tiny.function("F12", 40, "By file")
    with pytest.raises(ValidationError, match="Another function has this code"):
        actions_functions.confirm_function(proposal=proposal, by=owner2)
    assert DutyFunction.objects.get(code="F12").number == 40


def test_declined_and_withdrawn_add_nothing(curriculum, owner, owner2):
    actions_functions.decline_function(proposal=propose(owner), by=owner2)
    actions_functions.withdraw_function(proposal=propose(owner), by=owner)
    with pytest.raises(PermissionDenied):
        actions_functions.confirm_function(proposal=propose(owner), by=owner)
    assert not DutyFunction.objects.filter(code="F12").exists()


@pytest.mark.parametrize(
    "who", ["admin", "auditor", "registrar", "coordinator", "trainer", "duty_officer", "officer", "outsider"]
)
def test_nobody_else_proposes_or_decides(who, request, curriculum, owner):
    by, proposal = request.getfixturevalue(who), propose(owner)
    with pytest.raises(PermissionDenied):
        propose(by, code="F13", number=13)
    for act in (actions_functions.confirm_function, actions_functions.decline_function):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)
    client = client_of(by)
    assert client.get(page("add_function")).status_code == 403
    assert client.get(page("function_proposal", proposal.public_id)).status_code == 403


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(language, curriculum, owner, owner2):
    from django.utils.translation import override

    proposal = propose(owner)
    with override(language):
        for address in (
            page("add_function"),
            page("function_proposal", proposal.public_id),
            page("requirements"),
        ):
            assert client_of(owner2).get(address).status_code == 200
