"""The pages of an appeal: of the person who makes it, and of the assessors who decide."""

from typing import Any

import pytest
from django.test import Client

from assessments import actions_appeals
from assessments.models import AnswersSeen, Appeal, AppealDecision, Attempt
from operations.models import Proposal
from people.models import User
from tests import tiny
from tests.elearning.pages import flat
from tests.factories import client_of
from tests.remembered import remembered

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
@remembered
def failed(curriculum: Any, officer: User) -> Attempt:
    return tiny.sit_exam(curriculum, officer, well=False)


@pytest.fixture
@remembered
def appeal(failed: Attempt, assessor: User, assessor2: User) -> Appeal:
    return actions_appeals.make_appeal(
        attempt=failed, category="question", text="<b>Söz</b>", by=failed.person
    )


def url(appeal: Appeal, page: str = "") -> str:
    return f"/en/assessor/appeals/{appeal.public_id}/{page}"


def harmful(attempt: Attempt) -> list[str]:
    return [mark.question_code for mark in attempt.marking.marks.all() if mark.critical_errors]


# --- the person ---------------------------------------------------------------------------------------


def test_from_the_result_to_an_appeal_in_two_steps(failed: Attempt, officer: User) -> None:
    client = client_of(officer)
    result = client.get(f"/en/attempts/{failed.public_id}/result/").text
    address = f"/en/attempts/{failed.public_id}/appeal/"
    assert address in result
    form = client.get(address)
    assert "Name no real case and no real person" in flat(form.text)
    asked = client.post(address, {"category": "question", "text": "Sual aydın deyildi"})
    assert "Appeal against this result?" in flat(asked.text)
    assert not Appeal.objects.exists()
    answer = client.post(address, {"category": "question", "text": "Sual aydın deyildi", "sure": "1"})
    assert answer.url == f"/en/attempts/{failed.public_id}/result/"
    assert Appeal.objects.get().text == "Sual aydın deyildi"
    page = flat(client.get(answer.url).text)
    assert ("Your appeal" in page, address in page) == (True, False)
    assert client.get(address).url == answer.url


def test_what_is_missing_or_too_long_is_said_beside_its_field(failed: Attempt, officer: User) -> None:
    page = client_of(officer).post(f"/en/attempts/{failed.public_id}/appeal/", {"text": "x" * 501})
    assert set(page.context["form"].errors) == {"category", "text"}


@pytest.mark.parametrize("cast", ["officer2", "assessor", "coordinator", "outsider"])
def test_nobody_elses_result_is_appealed(failed: Attempt, cast: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(cast))
    address = f"/en/attempts/{failed.public_id}/appeal/"
    for answer in (client.get(address), client.post(address, {"category": "other", "sure": "1"})):
        assert answer.status_code == 403
    assert not Appeal.objects.exists()


def test_a_stranger_signs_in_first(failed: Attempt) -> None:
    assert "/account/login/" in Client().get(f"/en/attempts/{failed.public_id}/appeal/").url


# --- assessors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cast",
    [
        "officer",
        "officer2",
        "outsider",
        "coordinator",
        "trainer",
        "reviewer",
        "registrar",
        "auditor",
        "admin",
    ],
)
def test_the_pages_are_for_assessors(appeal: Appeal, cast: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(cast))
    for page in ("", "answers/", "uphold/", "annul/"):
        assert client.get(url(appeal, page)).status_code == 403
    assert client.get("/en/assessor/appeals/").status_code == 403


def test_one_that_is_not_theirs_is_not_there(appeal: Appeal, assessor: User, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(supervisor=assessor)
    client = client_of(assessor)
    for page in ("", "answers/", "uphold/", "annul/"):
        assert client.get(url(appeal, page)).status_code == 404
    assert len(client.get("/en/assessor/appeals/").context["page"]) == 0


def test_the_list_filters_and_says_when_it_is_empty(appeal: Appeal, assessor: User, assessor2: User) -> None:
    client = client_of(assessor)

    def listed(query: str) -> int:
        return len(client.get(f"/en/assessor/appeals/{query}").context["page"])

    counts = [
        listed(query)
        for query in ("", "?state=waiting", "?state=second", "?state=decided", "?category=other")
    ]
    assert counts == [1, 1, 0, 0, 0]
    assert "No appeal fits these filters." in client.get("/en/assessor/appeals/?state=decided").text
    actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=assessor2)
    assert [listed(query) for query in ("?state=waiting", "?state=second")] == [0, 1]


def test_nobody_waits_is_said(curriculum: Any, assessor: User) -> None:
    assert "No appeals" in client_of(assessor).get("/en/assessor/appeals/").text


def test_whose_exam_it_was_no_page_says(appeal: Appeal, assessor: User, officer: User) -> None:
    client = client_of(assessor)
    client.post(url(appeal, "answers/"), {"open": "1"})
    pages = [
        client.get("/en/assessor/appeals/"),
        *(client.get(url(appeal, page)) for page in ("", "answers/")),
    ]
    for page in pages:
        assert page.status_code == 200
        main = page.text.split("<main")[1]
        assert [
            part for part in (officer.family_name, officer.given_name, officer.email) if part in main
        ] == []
    assert "&lt;b&gt;Söz&lt;/b&gt;" in pages[1].text


def test_answers_are_opened_by_a_button_and_show_the_key(appeal: Appeal, assessor: User) -> None:
    client = client_of(assessor)
    first = client.get(url(appeal, "answers/"))
    assert ("Open the answers?" in first.text, "choice -b" in first.text) == (True, False)
    assert not AnswersSeen.objects.exists()
    assert client.post(url(appeal, "answers/"), {"open": "1"}).url == url(appeal, "answers/")
    page = flat(client.get(url(appeal, "answers/")).text)
    assert "choice -b" in page and "The officer&#x27;s answer: I do. Right: I do not" in page
    assert "The officer&#x27;s choice, right" in page
    read = ("you are an inspector", "from the case")  # nobody judges a question without what was read
    assert [words in first.text for words in read] == [False, False]
    assert [words in page for words in read] == [True, True]
    assert [words for words in ("You: ", "Your choice") if words in page] == []
    assert "Answered in: Azərbaycanca" in page
    assert AnswersSeen.objects.get().by == assessor


def test_the_result_stands_with_words_that_the_person_reads(
    appeal: Appeal, assessor: User, officer: User
) -> None:
    client = client_of(assessor)
    assert "error" in client.post(url(appeal, "uphold/"), {"words": ""}).text.lower()
    words = {"words": "Qayda dərsdə yazılıb."}
    assert not AppealDecision.objects.exists()
    client.post(url(appeal, "uphold/"), words)
    assert not AppealDecision.objects.exists()
    client.post(url(appeal, "uphold/"), {**words, "sure": "1"})
    assert AppealDecision.objects.get().words == words["words"]
    result = client_of(officer).get(f"/en/attempts/{appeal.attempt.public_id}/result/").text
    assert words["words"] in result
    for decided in ("uphold/", "annul/", "answers/"):  # nothing left to fill in
        assert client.get(url(appeal, decided)).headers.get("Location") == url(appeal, "")
    assert "decided" in client.post(url(appeal, "annul/"), {"reason": "technical"}).text


def test_a_correction_is_proposed_beside_the_questions_and_confirmed_by_another(
    appeal: Appeal, assessor: User, assessor2: User
) -> None:
    client, codes = client_of(assessor), harmful(appeal.attempt)
    client.post(url(appeal, "answers/"), {"open": "1"})
    half = client.post(url(appeal, "answers/"), {f"counts-{codes[0]}": "full"})
    assert list(half.context["form"].errors) == [f"why-{codes[0]}"]
    none = client.post(url(appeal, "answers/"), {})
    assert list(none.context["form"].non_field_errors()) == [
        "Choose at least one question whose marks change."
    ]
    given = {f"counts-{code}": "full" for code in codes} | {f"why-{code}": "unclear" for code in codes}
    asked = flat(client.post(url(appeal, "answers/"), given).text)
    assert "Result: not passed, then passed." in asked
    assert not Proposal.objects.exists()
    address = client.post(url(appeal, "answers/"), {**given, "sure": "1"}).url
    own = flat(client.get(address).text)
    told = flat(client.get(address.replace("/en/", "/az/")).text).split("<main")[1]
    assert "Bal: indi 31,34 / 34, sonra 34 / 34." in told
    assert ("Withdraw my proposal" in own, ">Confirm<" in own.replace(" ", "")) == (True, False)
    second = client_of(assessor2)
    assert "Result: not passed, then passed." in flat(second.get(address).text)
    second.post(url(appeal, "answers/"), {"open": "1"})
    seen = flat(second.get(url(appeal, "answers/")).text)
    assert (address in seen, "Propose other marks" in seen) == (True, False)
    assert seen.count(": in full. Why: the question was unclear.") == len(codes)
    second.post(f"{address}confirm/")
    appeal.attempt.refresh_from_db()
    assert appeal.attempt.passed is True
    assert flat(second.get(address).text).count("Decided by") >= 1


def test_an_annulment_is_proposed_and_declined(appeal: Appeal, assessor: User, assessor2: User) -> None:
    client = client_of(assessor)
    assert "neither as passed nor as failed" in flat(
        client.post(url(appeal, "annul/"), {"reason": "technical"}).text
    )
    client.post(url(appeal, "annul/"), {"reason": "technical", "sure": "1"})
    proposal = Proposal.objects.get()
    page = flat(client_of(assessor2).get(f"/en/assessor/appeals/proposals/{proposal.public_id}/").text)
    assert ("to annul the exam" in page, "the exam was annulled" in page) == (True, False)
    client_of(assessor2).post(f"/en/assessor/appeals/proposals/{proposal.public_id}/decline/", {"sure": "1"})
    proposal.refresh_from_db()
    assert proposal.outcome == "declined"


def test_proposals_of_others_acts_and_unknown_decisions_are_not_found(
    appeal: Appeal, assessor: User, assessor2: User
) -> None:
    proposal = actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=assessor)
    client = client_of(assessor2)
    assert client.post(f"/en/assessor/appeals/proposals/{proposal.public_id}/burn/").status_code == 404
    assert client.get("/en/assessor/appeals/proposals/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_acts_ask_for_the_password_again(appeal: Appeal, assessor: User) -> None:
    client = client_of(assessor, proved=0)
    answer = client.post(url(appeal, "annul/"), {"reason": "technical", "sure": "1"})
    assert "reauthenticate" in answer.url
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("az", "Apellyasiyalar"), ("ru", "Апелляции")])
def test_pages_speak_the_language(appeal: Appeal, assessor: User, language: str, words: str) -> None:
    client = client_of(assessor)
    for page in ("/assessor/appeals/", f"/assessor/appeals/{appeal.public_id}/"):
        assert words in client.get(f"/{language}{page}").text.split("<main")[1]
