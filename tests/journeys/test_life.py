"""The life of a certificate in a browser at 390 px, in Azerbaijani: suspended, revoked, appealed against, readmitted."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from certificates.models import Certificate, CertificateEvent, EventAppeal
from operations import clock
from operations.models import Proposal
from people.models import User
from tests import factories
from tests.databases import really_committed

from .axe import faults
from .test_certificate import certificate, signed_in  # noqa: F401 - fixtures

pytestmark = really_committed


def sure(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def test_registrars_and_holder_walk_one_certificate_through_its_life(
    signed_in: Callable[..., Page],  # noqa: F811
    certificate: Certificate,  # noqa: F811
    officer: User,
    registrar: User,
    registrar2: User,
):
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    one = f"register/{certificate.public_id}/"

    def act(person: User, slug: str, **given: str) -> Page:
        page = signed_in(person, one)
        row = page.locator(f"details:has(form[action$='/{slug}/'])")
        row.locator("summary").click()
        for name, value in given.items():
            field = row.locator(f"[name={name}]")
            field.select_option(value) if name == "reason" else field.fill(value)
        with page.expect_navigation():
            row.locator("button[type=submit]").click()
        assert faults(page) == []
        sure(page)
        return page

    def confirm(person: User) -> Page:
        page = signed_in(person, f"register/proposals/{Proposal.objects.latest('pk').public_id}/")
        assert faults(page) == []
        page.locator("form[action$='/confirm/'] button").click()
        return page

    page = act(registrar, "suspend", reason="inquiry", last_day=clock.today().isoformat())
    expect(page.locator(".v-suspended")).to_be_visible()
    assert faults(page) == []
    act(registrar, "revoke", reason="critical-error")
    confirm(registrar2)
    page = signed_in(registrar, one)
    expect(page.locator(".v-revoked")).to_be_visible()
    assert faults(page) == []
    page = signed_in(officer, f"appeal/{CertificateEvent.objects.latest('pk').public_id}/")
    page.locator("[name=category]").first.check()
    page.locator("[name=text]").fill("Mən həmin gün növbədə olmamışam.")
    sure(page)
    sure(page)
    expect(page.get_by_text("Apellyasiyanız göndərildi.")).to_be_visible()
    page = signed_in(third, f"register/appeals/{EventAppeal.objects.get().public_id}/")
    assert faults(page) == []
    page.locator("[name=outcome][value=dismissed]").check()
    sure(page)
    sure(page)
    act(registrar2, "readmit", reason="time-passed", first_day=clock.today().isoformat())
    confirm(third)
    expect(signed_in(officer, "").get_by_text("ləğv edilib").first).to_be_visible()


def test_registrars_correct_a_name_and_the_holder_finds_the_new_certificate(
    signed_in: Callable[..., Page],  # noqa: F811
    certificate: Certificate,  # noqa: F811
    officer: User,
    registrar: User,
    registrar2: User,
):
    page = signed_in(registrar, f"register/{certificate.public_id}/")
    page.get_by_role("link", name="Adı düzəltmək").click()
    page.locator("[name=family_name]").fill("Həsənova")
    assert faults(page) == []
    sure(page)
    expect(page.get_by_text("Bu düzəliş təklif olunsun?")).to_be_visible()
    assert faults(page) == []
    sure(page)
    page.get_by_role("link", name="Adı düzəltmək").click()
    expect(page.locator("ins")).to_have_text("Həsənova")
    assert faults(page) == []
    page = signed_in(registrar2, f"corrections/{Proposal.objects.get().public_id}/")
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.get_by_text("Düzəldildi: yeni sertifikatlar verildi")).to_be_visible()
    assert faults(page) == []
    page = signed_in(registrar, f"register/{certificate.public_id}/")
    expect(page.locator(".v-superseded")).to_be_visible()
    assert faults(page) == []
    page.locator("dl a.code").last.click()
    expect(page.locator(".v-valid")).to_be_visible()
    page = signed_in(officer, "")
    expect(page.get_by_text("əvəz edilib").first).to_be_visible()
    assert faults(page) == []
