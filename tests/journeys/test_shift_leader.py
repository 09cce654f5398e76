"""A shift leader at night, on a telephone and with the keyboard alone: nobody is cleared, one officer is let through all
the same, and somebody else reviews it. In Azerbaijani, or in the language that NISANE_LANGUAGE names.
"""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.actions.second_factor import set_up_totp
from certificates.actions_rules import save_qualification
from clearance.models import Decision, DecisionOverride
from people.models import User
from tests import factories, tiny
from tests.databases import really_committed
from tests.qualification_rules import rules_of
from tests.second_step import fresh_code

from .walker import Walker

pytestmark = really_committed
LANGUAGE = os.environ.get("NISANE_LANGUAGE", "az")
SECRETS = {"shift_leader": "JBSWY3DPEHPK3PXP", "coordinator": "KRSXG5CTMVRXEZLU"}


@pytest.fixture
def walker(page: Page, live_server: LiveServer) -> Walker:
    page.set_default_timeout(15_000)
    return Walker(page, live_server.url, LANGUAGE)


@pytest.fixture
def sign_in(walker: Walker) -> Callable[..., None]:
    """By address, password and a code of the second step."""

    def signed_in(person: User, secret: str) -> None:
        set_up_totp(person=person, secret=secret, by=None)
        walker.open(f"{walker.url}/{LANGUAGE}/account/login/")
        walker.fill("#id_login", str(person.email))
        walker.fill("#id_password", factories.PASSWORD)
        with walker.page.expect_navigation():
            walker.press("Enter")
        walker.arrive()
        walker.fill("#id_code", fresh_code({"email": str(person.email), "totp_secret": secret}))
        with walker.page.expect_navigation():
            walker.press("Enter")
        walker.arrive()
        assert walker.path == f"/{LANGUAGE}/"

    return signed_in


def sign_out(walker: Walker) -> None:
    walker.to(".me summary")
    walker.press("Enter")
    walker.follow(walker.button("Sign out"))


def test_shift_leader_overrides_at_night_and_somebody_else_reviews(
    keys: None,
    walker: Walker,
    sign_in: Callable[..., None],
    officer: User,
    shift_leader: User,
    coordinator: User,
):
    save_qualification(
        code="C1-LAB",
        names=tiny.text("Inspector"),
        descriptions=tiny.text("Sees"),
        rules=rules_of("C1-LAB"),
        by=None,
    )
    tiny.function("F21", 21, "Raid", needs=["C1-LAB"], override=True)
    page = walker.page
    sign_in(shift_leader, SECRETS["shift_leader"])
    walker.go("Ask for a clearance")
    walker.fill("#id_who", "lab-0417")
    walker.choose(page.locator("input[name=function][value=F21]"))
    walker.follow(walker.button("Get the answer"))
    decision = Decision.objects.get()
    assert (decision.answer, walker.path) == ("not-cleared", f"/{LANGUAGE}/desk/{decision.public_id}/")
    expect(page.locator("h1")).to_have_text(walker.words("Not cleared"))
    expect(page.get_by_text(walker.words("Nobody of your units is certified and available"))).to_be_visible()

    walker.choose(page.locator("input[name=reason][value=danger]"))
    walker.follow(walker.button("Let the officer do it anyway"))
    expect(page.get_by_text(walker.words("Overruled by a shift leader"))).to_be_visible()
    expect(page.locator("h1")).to_have_text(walker.words("Not cleared"))
    walker.follow(walker.link("Open and check the receipt"))
    overridden = walker.words("Overridden: a shift leader allowed it anyway")
    expect(page.get_by_text(overridden)).to_be_visible()
    assert officer.family_name not in page.content()
    walker.open(f"{walker.url}/{LANGUAGE}/")
    sign_out(walker)

    sign_in(coordinator, SECRETS["coordinator"])
    made = DecisionOverride.objects.get()
    walker.follow(page.locator("main a[href*='/desk/overrides/']").first)
    if walker.path.endswith("/overrides/"):
        walker.follow(page.locator(f"main a[href*='{made.public_id}']"))
    walker.choose(page.locator("input[name=finding][value=justified]"))
    walker.follow(walker.button("Save my finding"))
    expect(page.get_by_text(walker.words("Your finding is saved."))).to_be_visible()
    made.refresh_from_db()
    assert (made.by, made.reason, made.reviewed_by, made.finding) == (
        shift_leader, "danger", coordinator, "justified",
    )  # fmt: skip
    walker.follow(walker.link("The decision"))
    assert "\n".join(walker.faults) == ""
