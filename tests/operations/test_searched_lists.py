"""Searched lists: a search is applied where the address says so, and nowhere else."""

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory

from operations.sealing import opened, sealed
from operations.searched_lists import asked_for, search_chip, searched

LIST, KEPT = "/en/people/", "people_searched"


def asked(address: str, session: SessionStore, **sent: str):
    request = RequestFactory().post(address, sent) if sent else RequestFactory().get(address)
    request.session = session
    return request


@pytest.mark.parametrize(
    ("address", "text"),
    [(LIST, ""), (f"{LIST}?state=away", ""), (f"{LIST}?state=away&searched=yes", "Quliyev")],
)
def test_search_is_applied_only_where_the_address_says_so(address, text):
    session = SessionStore()
    session[KEPT] = "Quliyev"
    assert asked_for(asked(address, session), kept_as=KEPT)["q"] == text


def test_what_was_searched_for_stands_in_the_session_and_its_mark_in_the_address():
    session = SessionStore()
    request = asked(LIST, session, q="Quliyev")
    answer = searched(request, kept_as=KEPT, chosen={"q": "Quliyev", "state": "away"}, page="people:list")
    assert (answer.url.partition("?")[2], session[KEPT]) == ("state=away&searched=yes", "Quliyev")
    answer = searched(request, kept_as=KEPT, chosen={"q": "", "state": ""}, page="people:list")
    assert (answer.url.partition("?")[2], session[KEPT]) == ("", "")


def test_chip_leads_to_the_list_without_the_search():
    chip = search_chip("Quliyev", {"q": "Quliyev", "state": "away"}, page="people:list")
    assert chip is not None and (chip["text"], chip["href"].partition("?")[2]) == ("Quliyev", "state=away")
    assert search_chip("", {}, page="people:list") is None


def test_what_is_sealed_opens_here_alone_and_for_a_time(keys):
    one, other = sealed("Quliyev"), sealed("Quliyev")
    assert one != other and "Quliyev" not in one
    assert (opened(one), opened(one, within=3600), opened(one[:-4]), opened("")) == (
        "Quliyev",
        "Quliyev",
        "",
        "",
    )
