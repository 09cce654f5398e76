"""Each component draws what its header promises; errors are tied to their fields."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import TemplateSyntaxError, engines
from django.utils import translation

from elearning.templatetags import look
from elearning.templatetags.figures import ICONS, SEALS
from operations import clock
from operations.form_fields import DayField, PeriodForm
from operations.models import Proposal
from people.models import User

from .examples import Everything
from .pages import by_id, component, drawn, loose_ends, with_class, words

TEMPLATES = settings.BASE_DIR / "elearning" / "templates"


PAGE = '{% include "components/error_summary.html" with form=form only %}<main id="main">{{ form }}</main>'


def test_form_with_errors_ties_every_error_to_its_input():
    page = drawn(PAGE, form=Everything({}))
    assert loose_ends(page) == []
    described = {
        element.get("name"): element.get("aria-describedby")
        for element in page.iter()
        if element.get("aria-invalid") == "true" and element.get("aria-describedby")
    }
    assert described == {
        "name": "id_name_helptext id_name_error", "unit": "id_unit_error", "why": "id_why_error",
        "sure": "id_sure_error",
    }  # fmt: skip
    assert [group.get("aria-describedby") for group in page.iter("fieldset")] == [
        "id_reason_error", "id_speaks_error",
    ]  # fmt: skip
    assert words(by_id(page, "id_why_error")) == "Error: Say why"


def test_error_summary_leads_to_every_field_with_error_in_order():
    page = drawn(PAGE, form=Everything({}))
    summary = with_class(page, "errs")[0]
    assert [link.get("href") for link in summary.iter("a")] == [
        "#main", "#id_name", "#id_reason_0", "#id_speaks_0", "#id_unit", "#id_why", "#id_sure",
    ]  # fmt: skip


def test_error_summary_names_the_field_where_the_message_does_not():
    summary = with_class(drawn(PAGE, form=Everything({})), "errs")[0]
    assert [words(link) for link in summary.iter("a")][:2] == [
        "These do not fit together", "Name: This field is required.",
    ]  # fmt: skip
    assert words(list(summary.iter("a"))[5]) == "Say why"


class Absence(PeriodForm):
    first_day, last_day = DayField(label="First day"), DayField(label="Last day")


def test_error_summary_names_each_field_where_several_lack_the_same():
    def rows(**sent):
        summary = with_class(drawn(PAGE, form=Absence(sent)), "errs")[0]
        return [words(link) for link in summary.iter("a")]

    asked = "Enter a day, for example 24.11.2026."
    assert rows() == [f"First day: {asked}", f"Last day: {asked}"]
    assert rows(first_day="24.11.2026") == [asked]
    assert rows(first_day="31.02.2026") == ["This day does not exist: 31.02.2026.", asked]


def test_error_summary_takes_the_focus_and_is_announced():
    summary = with_class(drawn(PAGE, form=Everything({})), "errs")[0]
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")


def test_error_summary_without_errors_is_not_there():
    assert with_class(drawn(PAGE, form=Everything()), "errs") == []


def test_form_without_errors_is_tied_together():
    assert loose_ends(drawn(PAGE, form=Everything())) == []


def test_field_says_when_it_is_optional():
    label = [
        label
        for label in drawn("{{ form }}", form=Everything()).iter("label")
        if label.get("for") == "id_number"
    ]
    assert words(label[0]) == "Service number (optional)"


def test_fieldset_holds_its_fields_under_one_legend():
    form = Everything()
    page = component(
        "fieldset", legend="Who", fields=[form["name"], form["number"]], hint="As on paper", id="who"
    )
    group = next(page.iter("fieldset"))
    assert (words(next(group.iter("legend"))), len(list(group.iter("input")))) == ("Who", 2)
    assert loose_ends(page) == []


def test_task_list_says_each_state_in_words():
    tasks = [{"title": state, "state": state} for state in ("done", "now", "open", "locked")]
    page = component("task_list", tasks=[*tasks, {"title": "own", "state": "open", "status": "Tomorrow"}])
    assert [words(tag) for tag in with_class(page, "tag")] == [
        "Done", "In progress", "Not started", "Not open yet", "Tomorrow",
    ]  # fmt: skip


def test_task_list_counts_from_where_it_is_told():
    page = component(
        "task_list", tasks=[{"title": "a", "state": "open"}, {"title": "b", "state": "now"}], start=4
    )
    assert [words(number) for number in with_class(page, "num")] == ["4", "5"]


def test_summary_list_escapes_and_hides():
    page = component("summary_list", rows=[
        {"label": "Holder", "value": "Not shown here", "hidden": True},
        {"label": "Reason", "value": "<b>bold</b>", "href": "/x/", "link_text": "Change"},
    ])  # fmt: skip
    assert words(list(page.iter("dd"))[1]) == "<b>bold</b> Change: Reason"
    assert len(with_class(page, "hid")) == 1


def test_table_heads_columns_and_rows_and_can_be_scrolled_by_keyboard():
    page = component(
        "table", caption="Marks", columns=[{"text": "Name"}, {"text": "Mark", "numeric": True}],
        rows=[["Aytən", {"text": 79, "numeric": True}], [{"text": "Orxan", "href": "/o/"}, {"text": "late", "kind": "bad"}]],
    )  # fmt: skip
    region = with_class(page, "tw")[0]
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Marks")
    assert [words(cell) for cell in page.iter("th")] == ["Name", "Mark", "Aytən", "Orxan"]
    assert [words(cell) for cell in page.iter("td")] == ["79", "late"]
    assert {cell.get("scope") for cell in page.iter("th")} == {"col", "row"}


@pytest.mark.parametrize(("done", "total", "width"), [(4, 7, "57%"), (0, 0, "0%"), (9, 7, "100%")])
def test_progress_draws_share_and_says_it(done, total, width):
    page = component("progress", done=done, total=total, text="4 of 7 lessons read")
    assert [bar.get("width") for bar in with_class(page, "v")] == [width]
    assert words(with_class(page, "hint")[0]) == "4 of 7 lessons read"


def test_empty_state_leads_on():
    page = component("empty_state", title="Nothing yet", href="/courses/", link_text="To the course")
    assert words(next(page.iter("a"))) == "To the course"


def test_pagination_keeps_the_rest_of_the_query():
    page = component("pagination", page=Paginator(range(95), 10).page(3), query=QueryDict("unit=g&page=3"))
    assert [link.get("href") for link in page.iter("a")] == ["?unit=g&page=2", "?unit=g&page=4"]
    assert words(next(page.iter("span"))) == "21–30 of 95"


def test_pagination_of_one_page_is_not_there():
    assert list(component("pagination", page=Paginator(range(5), 10).page(1)).iter("nav")) == []


def test_breadcrumbs_lead_up():
    page = component(
        "breadcrumbs", crumbs=[{"text": "Registry", "href": "/r/"}, {"text": "Certificates", "href": "/c/"}]
    )
    assert [(words(link), link.get("href")) for link in page.iter("a")] == [
        ("Registry", "/r/"),
        ("Certificates", "/c/"),
    ]


def test_breadcrumbs_lead_to_the_only_parent():
    [link] = component("breadcrumbs", href="/r/", text="Registry").iter("a")
    assert (words(link), link.get("href")) == ("Registry", "/r/")


@pytest.mark.parametrize("kind", ["", "calm", "ok", "bad"])
def test_notice_has_a_figure_for_each_kind(kind):
    page = component("notice", text="Words", title="Title", kind=kind)
    assert (len(list(page.iter("svg"))), [words(line) for line in page.iter("p")]) == (1, ["Title", "Words"])


def test_messages_are_announced():
    page = drawn(
        '{% include "components/messages.html" %}',
        messages=[type("M", (), {"level_tag": "error", "__str__": lambda self: "No"})()],
    )
    assert with_class(page, "said")[0].get("role") == "status"
    assert len(with_class(page, "note-bad")) == 1


@pytest.mark.parametrize("state", sorted(SEALS))
def test_verdict_has_colour_figure_and_words(state):
    page = component("verdict", state=state, title="The answer", text="Until 14.01.2027-dək", level=2)
    verdict = with_class(page, f"v-{state}")[0]
    assert (len(list(verdict.iter("svg"))), words(next(verdict.iter("h2")))) == (1, "The answer")
    assert f".v-{state}" in (settings.BASE_DIR / "elearning/static/css/app.css").read_text(encoding="utf-8")


def test_seals_of_different_states_differ_in_outline():
    """Colour-blind readers tell them apart; valid and cleared are one thing, and only they are the star."""
    assert SEALS["valid"] == SEALS["cleared"]
    assert len(set(SEALS.values())) == len(SEALS) - 1
    assert [state for state, drawing in SEALS.items() if "M50 3.3L96.7 50" in drawing] == ["valid", "cleared"]


def test_checks_say_their_result_in_words():
    page = component(
        "checks",
        checks=[{"state": state, "title": state} for state in ("ok", "no", "wait", "condition", "lock")],
    )
    assert [words(item) for item in page.iter("li")] == [
        "Yes: ok",
        "No: no",
        "Not checked: wait",
        "On a condition: condition",
        "Closed: lock",
    ]


def test_reasons_carry_their_remedy():
    page = component(
        "reasons", reasons=[{"title": "No C1-LAB", "remedy": "Take it.", "href": "/l/", "link_text": "Go"}]
    )
    assert words(with_class(page, "fix")[0]) == "Take it. Go"


def test_confirm_sends_what_it_hides_and_offers_the_way_back():
    page = component(
        "confirm", title="Revoke?", text="It stays revoked.", points=["One"], button="Revoke", danger=True,
        cancel_href="/back/", hidden={"reason": "a"}, csrf_token="token",
    )  # fmt: skip
    sent = {field.get("name"): field.get("value") for field in page.iter("input")}
    assert sent == {"csrfmiddlewaretoken": "token", "reason": "a"}
    assert [link.get("href") for link in page.iter("a")] == ["/back/"]


@pytest.mark.parametrize(
    ("may", "offered"),
    [
        ({"can_decide": True}, {"confirm": "Revoke it", "decline": "Decline"}),
        ({"can_confirm": True, "can_decline": True}, {"confirm": "Revoke it", "decline": "Decline"}),
        ({"can_decline": True}, {"decline": "Decline"}),
        ({"can_withdraw": True}, {"withdraw": "Withdraw my proposal"}),
        ({}, {}),
    ],
)
def test_decide_offers_what_one_may_decide(may, offered):
    page = component(
        "decide", proposal=Proposal(public_id="a" * 22), to="certificates:decide", confirm="Revoke it",
        csrf_token="token", **may,
    )  # fmt: skip
    assert {form.get("action").split("/")[-2]: words(form) for form in page.iter("form")} == offered
    assert [field.get("value") for field in page.iter("input")] == ["token"] * len(offered)


@pytest.mark.parametrize("outcome", [None, "declined", "expired"])
def test_decided_says_until_when_or_what_became_of_it(outcome):
    now = clock.now()
    by = User(given_name="Aytən", family_name="Məmmədova") if outcome == "declined" else None
    end = now + timedelta(days=-1 if outcome == "expired" else 1)
    proposal = Proposal(outcome=outcome, expires_at=end, decided_by=by, decided_at=now)
    said = {None: "Decide before", "declined": "Decided by", "expired": "Expired"}[outcome]
    [row] = component("decided", proposal=proposal).iter("dt")
    assert words(row) == said


def test_card_is_named_by_its_heading():
    page = drawn('{% card "due" title kind="mt" %}<p>{{ text }}</p>{% endcard %}', title="<Due>", text="<b>")
    section = with_class(page, "card")[0]
    assert (section.get("class"), words(section)) == ("card mt", "<Due><b>")
    assert words(by_id(page, section.get("aria-labelledby") or "")) == "<Due>"


@pytest.mark.parametrize(("kind", "css_class"), [("", None), ("code", "code")])
def test_fact_has_a_label_and_a_value(kind, css_class):
    page = drawn(
        "<dl>{% fact label kind=kind %}{{ value }}{% endfact %}</dl>", label="No. <1>", value="<b>", kind=kind
    )
    [label], [value] = page.iter("dt"), page.iter("dd")
    assert (words(label), words(value), value.get("class")) == ("No. <1>", "<b>", css_class)


def test_row_of_a_list_has_its_title_and_the_other_end():
    row = drawn('{% list_row title %}<a href="/x/">Change</a>{% endlist_row %}', title="<Unit>").find(".//p")
    assert row is not None and (row.get("class"), words(row)) == ("row", "<Unit>Change")


def test_title_of_a_row_leads_on_where_there_is_somewhere():
    links = [
        [
            (words(link), link.get("href"))
            for link in drawn("{% list_row t href=h %}{% endlist_row %}", t="Lab", h=href).iter("a")
        ]
        for href in ("/l/", None)
    ]
    assert links == [[("Lab", "/l/")], []]


@pytest.mark.parametrize(("last", "text"), [(date(2026, 3, 1), "1 March 2026"), (None, "until now")])
def test_period_has_both_days_or_goes_on(last, text):
    page = component("period", first=date(2025, 1, 10), last=last)
    assert words(page.find(".//body")) == f"10 January 2025 – {text}"


@pytest.mark.parametrize(("title", "heading"), [("", "Nothing found"), ("Nobody found", "Nobody found")])
def test_nothing_found_leads_to_the_whole_list(title, heading):
    page = component(
        "nothing_found", title=title, text="No account fits these filters.", href="/accounts/?all=1"
    )
    assert words(page.find(".//b")) == heading
    assert [(words(link), link.get("href")) for link in page.iter("a")] == [("Show all", "/accounts/?all=1")]


def test_what_waits_is_a_link():
    assert [
        (words(a), a.get("href")) for a in component("waiting", href="/p/", text="One waits").iter("a")
    ] == [("One waits", "/p/")]


def test_fact_is_told_in_the_language_of_the_page():
    assert words(drawn('<dl>{% fact _("Number") %}7{% endfact %}</dl>', "az").find(".//dt")) == "Nömrə"


def test_status_tag_needs_no_kind():
    assert component("status_tag", text="Under way").find(".//span").get("class") == "tag"


def test_every_component_is_described_in_its_header():
    bare = [
        path.name
        for path in sorted((TEMPLATES / "components").glob("*.html"))
        if not path.read_text(encoding="utf-8").startswith("{% comment %}\n")
    ]
    assert bare == []


def test_every_icon_that_a_template_names_exists():
    used = set()
    for path in settings.BASE_DIR.glob("*/templates/**/*.html"):
        used |= set(re.findall(r"{% ico \"(\w+)\"", path.read_text(encoding="utf-8")))
    assert used - set(ICONS) == set()


def test_every_template_of_ours_can_be_read():
    broken = []
    for path in sorted(settings.BASE_DIR.glob("*/templates/**/*.*")):
        try:
            engines["django"].get_template(str(path.relative_to(_root(path))))
        except TemplateSyntaxError as error:
            broken.append(f"{path.name}: {error}")
    assert broken == []


def _root(path: Path) -> Path:
    return next(parent for parent in path.parents if parent.name == "templates")


# --- tags and filters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text"),
    [("az", "24.11.2026"), ("en", "24 November 2026"), ("ru", "24.11.2026")],
)
def test_day_is_written_in_the_language_of_the_page(language, text):
    with translation.override(language):
        assert look.day(date(2026, 11, 24)) == text


def test_instant_is_told_in_baku_time():
    evening = datetime(2026, 11, 23, 21, 42, tzinfo=UTC)
    with translation.override("en"):
        assert (look.instant(evening), look.iso(evening)) == (
            "24 November 2026, 01:42",
            "2026-11-24T01:42:00+04:00",
        )


def test_nothing_is_written_as_nothing():
    assert (look.day(None), look.instant(None), look.iso(None)) == ("", "", "")


@pytest.mark.parametrize(
    "kept", ["NSN-7Q4K-28FD", "7Q4K-28FD-9XM2", "RCP-8K2M-5T7Q", "958-IIQ", "14.01.2027-dək", "60 %"]
)
def test_numbers_stay_on_one_line(kept):
    assert look.nb(f"see {kept}.") == f'see <span class="nb">{kept}</span>.'


def test_numbers_on_one_line_are_escaped():
    assert look.nb("<i>") == "&lt;i&gt;"


@pytest.mark.parametrize(("name", "letters"), [("İlahə Əliyeva", "İƏ"), ("ilkin", "i"), ("", "")])
def test_initials_keep_their_case(name, letters):
    assert look.initials(name) == letters
