"""What the page of a roster tells: words instead of codes, what looks wrong, what was done."""

from html import unescape

import pytest

from locales.text import fold
from operations import clock
from people.actions.postings import end_posting
from people.models import Posting, User
from rosters.columns import recognised

from .test_roster_import import apply, desk, line, place, roster_of, second_unit, send  # noqa: F401

PAGE = "/en/people/rosters/{}/"


def page_of(client, roster) -> str:
    return unescape(client.get(PAGE.format(roster.public_id)).text)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Tarix", "start_date"), ("Дата", "start_date"), ("Son gün", "end_date"), ("Son günü", "end_date"),
        ("Poçt", "email"), ("POÇT *", "email"),
    ],
)  # fmt: skip
def test_headings_that_offices_use_are_recognised(heading, field):
    assert recognised([heading]) == ({"0": field}, [])


def test_words_of_roles_are_listed_once_for_all_lines_with_an_unknown_role(desk, officer):  # noqa: F811
    roster = send(
        desk,
        roster_of(line("LAB-0417", role="inspektor"), line("LAB-0500", "Yeni", "Nəfər", "", role="rəis")),
    )
    role = '<li>LAB (en) <span class="code">LAB</span></li>'
    for text in (
        page_of(desk, roster),
        unescape(desk.get(f"{PAGE.format(roster.public_id)}?kind=error").text),
    ):
        assert text.count(role) == 1 and text.index(role) < text.index("There is no such role")
        assert text.count("Write the role's word or code as in the list of roles.") == 2
    rows = desk.post(f"{PAGE.format(roster.public_id)}lines/").getvalue().decode()
    assert rows.count("as in the list of roles") == 2


def test_words_of_roles_are_not_listed_where_all_roles_are_known(desk, officer):  # noqa: F811
    roster = send(desk, roster_of(line("LAB-0417", unit="nowhere")))
    text = page_of(desk, roster)
    assert "The agency has no such unit" in text and "Which words" not in text


@pytest.mark.parametrize(
    ("father", "sex", "warned"),
    [
        ("Kamil qızı", "k", True), ("Kamil oğlu", "q", True), ("Kamil OĞLU", "q", True),
        ("Kamil qızı", "q", False), ("Kamil oğlu", "k", False), ("Kamil", "q", False), ("Kamil qızı", "", False),
    ],
)  # fmt: skip
def test_fathers_name_against_sex_is_a_warning(father, sex, warned, desk, officer):  # noqa: F811
    headings = ["Xidməti nömrə", "Soyad", "Ad", "Ata adı", "Bölmə", "Vəzifə", "Cins"]
    row = ["LAB-0500", "Nağıyev", "Samir", father, "ganja", "LAB", sex]
    roster = send(desk, roster_of(row, headings=headings))
    words = "Father's name and sex do not agree"
    assert (roster.state, roster.counts["new"], words in page_of(desk, roster)) == ("checked", 1, warned)
    asked = unescape(desk.get(f"{PAGE.format(roster.public_id)}apply/").text)
    assert (words in asked) is warned
    assert apply(desk, roster).state == "applied"


def test_change_of_sex_alone_is_compared_with_what_is_known(desk, officer):  # noqa: F811
    User.objects.filter(pk=officer.pk).update(sex="f")
    headings = ["Xidməti nömrə", "Soyad", "Ad", "Cins"]
    roster = send(desk, roster_of(["LAB-0417", "Məmmədova", "Aytən", "k"], headings=headings))
    assert "Father's name and sex do not agree" in page_of(desk, roster)


def test_who_comes_back_is_named_where_their_line_is_refused(desk, officer, coordinator):  # noqa: F811
    posting = Posting.objects.get(user=officer)
    end_posting(posting=posting, valid_to=clock.start_of(clock.today()), by=None)
    roster = send(desk, roster_of(line("LAB-0417", unit="", role="")))
    text = page_of(desk, roster)
    assert "Məmmədova Aytən Kamran qızı" in text and "LAB-0417" in text
    assert "missing for a person who comes back" in text and "for a new person" not in text


def test_applied_roster_tells_what_was_done_and_what_was_not(desk, officer, officer2, second_unit):  # noqa: F811
    content = roster_of(
        line("LAB-0417", given="Aysel"),
        line("LAB-0500", "Nağıyeva", "Sevinc", ""),
        line("LAB-0501", "Kərimov", "Fuad", "", unit="nowhere"),
    )
    roster = send(desk, content)
    assert "Nağıyeva" in page_of(desk, roster)
    apply(desk, roster)
    text = page_of(desk, roster)
    for words in ("1 person was added", "1 person was changed", "1 line with an error was left out"):
        assert words in text
    assert "Nağıyeva" not in text and "The agency has no such unit" in text
    assert "Nağıyeva" in desk.get(f"{PAGE.format(roster.public_id)}?kind=new").text
    assert "is added" not in text and fold("Aysel") not in fold(text)


def test_unknown_unit_leads_to_the_units_and_errors_to_where_the_file_is_sent_again(desk, officer):  # noqa: F811
    known = page_of(desk, send(desk, roster_of(line("LAB-0417", given="Aysel"))))
    wrong = page_of(desk, send(desk, roster_of(line("LAB-0417", unit="nowhere"))))
    again = '<a href="/en/people/rosters/">Send the corrected file</a>'
    units = 'as at <a href="/en/people/units/">Units</a>'
    assert [(text.count(units), text.count(again)) for text in (known, wrong)] == [(0, 0), (1, 1)]
