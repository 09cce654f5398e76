"""A shift leader overrules a refusal; somebody else reviews it. From outside."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils.translation import override as in_language

from clearance import actions, actions_override, overrides, receipts_override
from clearance.models import DecisionOverride
from locales.dates import instant_text
from operations import clock
from operations.models import AuditEntry, Notice
from tests import factories, tiny
from tests.clearance.golden import frozen
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
REASON = {"reason": "danger"}


@pytest.fixture
def refused(officer, duty_officer):
    return tiny.refused(officer, duty_officer)


@pytest.fixture
def overruled(refused, shift_leader):
    return actions_override.override(decision=refused, reason="danger", by=shift_leader)


def page_of(client, decision):
    return client.get(f"/en/desk/{decision.public_id}/")


def overrule(client, decision, **given):
    return client.post(f"/en/desk/{decision.public_id}/override/", given or REASON, follow=True)


def test_shift_leader_overrules_from_the_page_of_the_answer(refused, shift_leader, client_of, officer):
    client = client_of(shift_leader)
    assert "Overrule this refusal" in page_of(client, refused).text
    page = overrule(client, refused)
    assert "Overruled by a shift leader" in page.text
    made = DecisionOverride.objects.get()
    assert (made.decision, made.by, made.reason) == (refused, shift_leader, "danger")
    assert made.review_until - made.at == timedelta(hours=72)
    refused.refresh_from_db()
    assert refused.answer == "not-cleared"
    assert AuditEntry.objects.filter(act="clearance.override", by=shift_leader).count() == 1


def test_receipt_says_overridden_and_the_answer_stays(refused, officer, shift_leader):
    visitor, hour = Client(headers={"accept-language": "en"}), timedelta(hours=1)
    with clock.at(clock.now() + hour):
        overruled = actions_override.override(decision=refused, reason="danger", by=shift_leader)
    with clock.at(clock.now() + 3 * hour):  # neither when it was asked nor when it is read
        page = visitor.get(f"/receipt/{refused.public_id}")
    assert "Overridden: a shift leader allowed it anyway" in page.text
    with in_language("en"):
        assert instant_text(overruled.at) in page.text
    assert "Not cleared" in page.text
    said = visitor.get(f"/receipt/{refused.public_id}.json").json()
    assert said["claims"]["answer"] == "not-cleared"
    assert (said["override"]["verified"], said["override"]["claims"]["overridden"]) == (True, True)
    signed = visitor.get(f"/receipt/{refused.public_id}/override.cose").content
    for secret in (officer.family_name, shift_leader.public_id, officer.public_id):
        assert secret.encode() not in signed


@pytest.mark.parametrize("change", [{"reason": "order"}, {"receipt": b"x"}])
def test_override_that_was_changed_is_not_believed(overruled, refused, client_of, shift_leader, change):
    tamper(overruled, **change)
    assert Client().get(f"/receipt/{refused.public_id}.json").json()["override"]["verified"] is False
    assert "could not be checked" in page_of(client_of(shift_leader), refused).text


@pytest.mark.parametrize(
    "who", ["outsider", "officer", "duty_officer", "coordinator", "coordinator_other", "auditor", "registrar"]
)
def test_nobody_else_overrules(request, client_of, who, refused):
    client = client_of(request.getfixturevalue(who))
    assert client.post(f"/en/desk/{refused.public_id}/override/", REASON).status_code == 403
    assert not DecisionOverride.objects.exists()


def test_shift_leader_of_another_unit_does_not_see_it(refused, other_unit, client_of):
    person = factories.make_person()
    factories.give(person, factories.Position.SHIFT_LEADER, unit=other_unit)
    client = client_of(person)
    assert page_of(client, refused).status_code == 403
    assert client.post(f"/en/desk/{refused.public_id}/override/", REASON).status_code == 403


def test_nobody_overrules_about_themselves_also_not_by_a_merged_record(
    officer, unit, duty_officer, client_of, refused
):
    factories.give(officer, factories.Position.SHIFT_LEADER, unit=unit)
    with pytest.raises(PermissionDenied):
        actions_override.override(decision=refused, reason="danger", by=officer)
    other = factories.make_person()
    factories.give(other, factories.Position.SHIFT_LEADER, unit=unit)
    tamper(officer, merged_into=other)
    refused.person.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions_override.override(decision=refused, reason="danger", by=other)


def test_second_factor_is_asked_for(shift_leader, client_of):
    client = factories.client_of(shift_leader, second_factor=False)
    assert client.get("/en/desk/").status_code != 200


def test_rule_that_allows_no_override_is_kept(curriculum, officer, duty_officer, shift_leader, client_of):
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    client = client_of(shift_leader)
    assert "Overrule this refusal" not in page_of(client, decision).text
    assert "allows no override" in overrule(client, decision).text
    assert not DecisionOverride.objects.exists()


def test_refusal_is_overruled_once_and_while_it_is_fresh(
    refused, overruled, shift_leader, officer2, duty_officer
):
    refused.refresh_from_db()
    with pytest.raises(ValidationError, match="artıq istisna icazə"):
        actions_override.override(decision=refused, reason="danger", by=shift_leader)
    old = tiny.refused(officer2, duty_officer, "F22")
    with clock.at(clock.now() + timedelta(hours=13)), pytest.raises(ValidationError, match="on iki saat"):
        actions_override.override(decision=old, reason="danger", by=shift_leader)


def test_duty_that_is_past_is_not_overruled(refused, officer, duty_officer, shift_leader):
    with clock.at(clock.now() + timedelta(days=2)):
        decision = actions.decide(
            function=refused.function, person=officer, instant=refused.instant, by=duty_officer
        )
        assert decision.answer == "not-cleared"
        with pytest.raises(ValidationError, match="son on iki saatın"):
            actions_override.override(decision=decision, reason="danger", by=shift_leader)
    assert not DecisionOverride.objects.exists()


def test_claims_of_an_override_are_those_that_were_frozen():
    """A receipt signed in this format is read by the same builder for good."""
    assert frozen.override_claims() == frozen.kept_override_claims()
    assert frozen.kept_override_claims()["format"] == receipts_override.FORMAT


def test_double_click_overrules_once_and_says_so(refused, shift_leader, coordinator, client_of):
    client = client_of(shift_leader)
    pages = [overrule(client, refused) for _click in range(2)]
    assert "Overruled. Somebody else reviews it within 72 hours." in pages[0].text
    assert "This refusal was overruled already." in pages[1].text
    assert all("Overruled by a shift leader" in page.text for page in pages)
    assert DecisionOverride.objects.count() == 1
    assert AuditEntry.objects.filter(act="clearance.override").count() == 1
    assert Notice.objects.filter(kind="clearance.overridden", person=coordinator).count() == 1


def test_double_click_of_a_review_keeps_the_first_and_says_so(coordinator, overruled, client_of):
    client, where = client_of(coordinator), f"/en/desk/overrides/{overruled.public_id}/"
    said = [
        client.post(where, {"finding": each}, follow=True).text for each in ("justified", "not-justified")
    ]
    assert "Your finding is saved." in said[0]
    assert "Somebody has reviewed it already." in said[1]
    overruled.refresh_from_db()
    assert overruled.finding == "justified"
    assert AuditEntry.objects.filter(act="clearance.review_override").count() == 1


def test_without_a_reason_nothing_happens(refused, shift_leader, client_of):
    said = overrule(client_of(shift_leader), refused, reason="").text
    assert '<a href="#id_reason_0">Choose a reason from the list.</a>' in said  # what leads to the choices
    assert 'id="id_reason_error"' in said
    assert not DecisionOverride.objects.exists()


def test_coordinator_is_told_and_reviews(coordinator, overruled, client_of):
    assert (
        Notice.objects.filter(kind="clearance.overridden").values_list("person", flat=True)[0]
        == coordinator.pk
    )
    client = client_of(coordinator)
    where = f"/en/desk/overrides/{overruled.public_id}/"
    assert "Your review" in client.get(where).text
    assert client.post(where, {}).status_code == 200
    client.post(where, {"finding": "not-justified"})
    overruled.refresh_from_db()
    assert (overruled.reviewed_by, overruled.finding) == (coordinator, "not-justified")
    assert client.post(where, {"finding": "justified"}).status_code == 302
    overruled.refresh_from_db()
    assert overruled.finding == "not-justified"


def test_another_shift_leader_reviews_but_not_the_one_who_overruled(overruled, unit, shift_leader, client_of):
    where = f"/en/desk/overrides/{overruled.public_id}/"
    assert "Your review" not in client_of(shift_leader).get(where).text
    assert client_of(shift_leader).post(where, {"finding": "justified"}).status_code == 403
    other = factories.make_person()
    factories.give(other, factories.Position.SHIFT_LEADER, unit=unit)
    assert client_of(other).post(where, {"finding": "justified"}).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 403), ("officer", 403), ("duty_officer", 403), ("registrar", 403), ("coordinator_other", 404),
     ("auditor", 200), ("coordinator", 200), ("shift_leader", 200)],
)  # fmt: skip
def test_who_sees_an_override(request, client_of, overruled, who, status):
    client = client_of(request.getfixturevalue(who))
    assert client.get(f"/en/desk/overrides/{overruled.public_id}/").status_code == status
    listed = client.get("/en/desk/overrides/")
    seen = listed.status_code == 200 and overruled.public_id in listed.text
    assert seen == (status == 200)


@pytest.mark.parametrize("who", ["coordinator", "auditor"])
def test_review_that_is_late_is_red(request, client_of, overruled, who):
    by = request.getfixturevalue(who)
    assert not overrides.late(by)
    with clock.at(clock.now() + timedelta(hours=73)):
        assert list(overrides.late(by)) == [overruled]
        page = client_of(by).get("/en/desk/overrides/")
        assert "late: nobody has reviewed it" in page.text
        assert "A review is late" in client_of(by).get("/en/").text


def test_database_keeps_overrides(overruled, coordinator):
    for change in ({"reason": "order"}, {"by": coordinator}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DecisionOverride.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        DecisionOverride.objects.all().delete()


def test_list_takes_as_many_queries_for_three_as_for_one(
    overruled, shift_leader, unit, client_of, coordinator
):
    client = client_of(coordinator)
    client.get("/en/desk/overrides/")
    with factories.counted() as one:
        client.get("/en/desk/overrides/")
    for number in (22, 23):
        decision = tiny.refused(factories.make_person(unit=unit), shift_leader, f"F{number}")
        actions_override.override(decision=decision, reason="danger", by=shift_leader)
    with factories.counted() as three:
        client.get("/en/desk/overrides/")
    assert len(one) == len(three)
