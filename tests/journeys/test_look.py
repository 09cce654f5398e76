"""The pages of a stranger, of signing in and of errors, in a real browser, by eye of axe and by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from .axe import faults, overflow, violations

WIDTHS = {"phone": 390, "desk": 1280}
PAGES = [
    "/{}/", "/{}/help/", "/{}/glossary/", "/{}/privacy/", "/{}/accessibility/", "/{}/account/login/", "/{}/account/password/reset/",
    "/{}/account/password/reset/done/", "/{}/account/inactive/", "/{}/nowhere/",
]  # fmt: skip
BROKEN = ["/{}/broken/", "/{}/refused/403/", "/{}/refused/429/", "/{}/examples/"]


def show(page: Page, width: str, address: str) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(address)


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_page_stands_axe_and_keyboard(watched, site, path, language, width):
    show(watched, width, site + path.format(language))
    assert faults(watched) == []


@pytest.mark.urls("tests.elearning.urls")
@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("path", BROKEN)
def test_error_page_and_components_stand_axe_and_keyboard(watched, site, path, language, width):
    show(watched, width, site + path.format(language))
    assert faults(watched) == []


@pytest.mark.urls("tests.elearning.urls")
@pytest.mark.parametrize("path", ["/az/", "/az/account/login/", "/az/nowhere/", "/az/examples/"])
def test_page_stands_axe_in_the_dark(watched, site, path):
    watched.emulate_media(color_scheme="dark")
    show(watched, "phone", site + path)
    assert violations(watched) == []


@pytest.mark.urls("tests.elearning.urls")
@pytest.mark.parametrize("path", ["/ru/", "/ru/account/login/", "/ru/nowhere/", "/ru/examples/"])
def test_page_reflows_at_400_per_cent_and_with_text_twice_as_large(watched, site, path):
    watched.set_viewport_size({"width": 320, "height": 256})
    watched.goto(site + path)
    assert overflow(watched) == 0
    watched.set_viewport_size({"width": 1280, "height": 800})
    watched.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(watched) == 0


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_menu_of_a_stranger_stands_on_one_line_on_a_telephone(watched, site, language):
    show(watched, "phone", f"{site}/{language}/")
    tops = watched.locator(".nav li").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert (len(tops), len(set(tops))) == (4, 1)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_audiences_of_the_first_page_are_six_cards_of_equal_height_in_each_row(watched, site, language):
    show(watched, "desk", f"{site}/{language}/")
    cards = watched.locator(".roles > *").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(one => [one.top, one.height])"
    )
    assert (len(cards), len({top for top, _height in cards}), len({tuple(card) for card in cards})) == (
        6,
        2,
        2,
    )


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("path", ["account/login/", "account/first/", "account/password/reset/"])
def test_words_beside_the_sign_in_are_not_cut_when_twice_as_large(watched, site, path, language):
    show(watched, "phone", f"{site}/{language}/{path}")
    watched.evaluate("document.documentElement.style.fontSize = '200%'")
    assert (
        watched.locator(".gate-side > *").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.parentElement.clientWidth || one.scrollWidth > one.clientWidth + 1).length"
        )
        == 0
    )


def test_sentence_beside_the_sign_in_stands_at_the_height_of_its_heading(watched, site):
    show(watched, "desk", f"{site}/az/account/login/")
    heading, said = (watched.locator(each).bounding_box() for each in ("h1", ".gate-side .big"))
    assert said["y"] < heading["y"] + heading["height"] < said["y"] + said["height"]


def test_skip_link_is_the_first_stop_and_leads_to_the_main_part(watched, site):
    watched.goto(f"{site}/az/")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "main"


def test_failed_sign_in_moves_to_the_summary_and_from_there_to_the_field(watched, site):
    watched.goto(f"{site}/az/account/login/")
    watched.locator("form:has([name=password]) [type=submit]").click()
    watched.wait_for_function("document.activeElement.classList.contains('errs')")
    assert faults(watched) == []
    watched.locator(".errs a").first.focus()
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.name") == "login"


def test_change_of_language_keeps_the_part_after_the_hash(watched, site):
    watched.goto(f"{site}/verify/?q=#token")
    watched.locator("a[hreflang=ru]").click()
    watched.locator("html[lang=ru]").wait_for()
    assert watched.evaluate("location.search + location.hash") == "?q=&lang=ru#token"


def test_page_works_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/az/")
    page.locator("a[hreflang=ru]").click()
    assert page.locator("html").get_attribute("lang") == "ru"
    context.close()


@pytest.mark.parametrize(("path", "families"), [
    ("/az/", {"commissioner-400-az.woff2", "commissioner-600-az.woff2"}),
    ("/ru/", {"commissioner-400-az.woff2", "commissioner-600-az.woff2", "commissioner-400-ru.woff2"}),
])  # fmt: skip
def test_page_loads_only_the_fonts_of_its_script(watched, site, path, families):
    """The word "Русский" in the language switch must not bring the Cyrillic font to every page."""
    asked: list[str] = []
    watched.on("request", lambda request: asked.append(request.url))
    watched.goto(site + path, wait_until="networkidle")
    # A font is asked for once the page is laid out, which on a busy machine is after the network was idle for a while.
    watched.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    watched.evaluate("document.fonts.ready.then(() => null)")
    assert {url.rpartition("/")[2] for url in asked if url.endswith(".woff2")} == families
    assert all(url.startswith(site) for url in asked)


def test_nothing_moves_where_motion_is_unwanted(watched, site):
    watched.emulate_media(reduced_motion="reduce")
    watched.goto(f"{site}/az/")
    moving = "one => getComputedStyle(one).transitionDuration !== '0s' || getComputedStyle(one).animationName !== 'none'"
    assert watched.evaluate(f"[...document.querySelectorAll('*')].filter({moving}).length") == 0


def test_the_checks_find_what_is_wrong(page):
    """Controls: a page without names, contrast, ring or room."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(
        '<html><body><a class="skip" href="#x">skip</a><img src="x.png"><input style="outline:0">'
        '<p style="color:#ccc;background:#fff;width:900px">pale</p><a href="#y" style="outline:0">bare</a></body></html>'
    )
    rules = {line.split(":")[0] for line in violations(page)}
    assert {"image-alt", "label", "color-contrast", "html-has-lang"} <= rules
    assert overflow(page) > 0
    assert [fault for fault in faults(page) if fault.endswith("ring")] == [
        "skip: ring", "INPUT: ring", "bare: ring",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, 320])
def test_telephone_number_of_a_field_sheet_is_not_broken(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(
        '<ul class="fs-call"><li><a href="tel:919"><span><b>Колл-центр Миграционной службы</b>'
        "<small>спрашивайте, не называя имён; az, ru, en</small></span><b>919</b></a></li></ul>"
    )
    page.add_style_tag(path=Path(__file__).parents[2] / "elearning/static/css/app.css")
    lines = page.locator("a > b").evaluate(
        "one => { const text = document.createRange(); text.selectNodeContents(one); return text.getClientRects().length }"
    )
    assert (lines, overflow(page)) == (1, 0)


VALUE = "<span>family name: Huseynov<br>given name: Tural<br>address: tural.huseynov@nisane.example</span>"
REASON = "<span>The person asked for it in writing, and the agency has no objection</span>"


@pytest.mark.parametrize("value", [VALUE, REASON])
@pytest.mark.parametrize("html", [
    '<table class="stackt"><tbody><tr><td data-l="Values">{}</td></tr></tbody></table>',
    '<dl class="kv"><div><dt>Values</dt><dd>{}</dd></div></dl>',
])  # fmt: skip
def test_lines_of_one_value_begin_alike_on_a_telephone(page, html, value):
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html.format(value))
    page.add_style_tag(path=Path(__file__).parents[2] / "elearning/static/css/app.css")
    starts = page.locator("span").evaluate(
        "one => { const text = document.createRange(); text.selectNodeContents(one);"
        " return [...text.getClientRects()].filter(line => line.width).map(line => Math.round(line.left)) }"
    )
    assert (len(starts) > 1, len(set(starts))) == (True, 1)


NARROW = """([style, html]) => new Promise(done => {
  const sheet = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: `/static/${style}`})
  sheet.onload = () => {
    document.querySelector('main').innerHTML = html
    const cut = one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1
    done([...document.querySelectorAll('.looked')].map(cut))
  }
  document.head.append(sheet)
})"""


def test_article_of_a_source_is_never_cut_on_a_telephone(watched, site):
    name = "Beynəlxalq müqavilə · Avropa Şurasının İnsan alverinə qarşı mübarizə haqqında Konvensiyası, 10(3)–(4)"
    html = f'<details class="says"><summary><small class="looked">{name}</small><span>x</span></summary></details>'
    show(watched, "phone", f"{site}/az/help/")
    watched.set_viewport_size({"width": 320, "height": 800})
    assert watched.evaluate(NARROW, ["css/lesson.css", html]) == [False]


def test_state_of_translations_stays_within_its_frame_on_a_telephone(watched, site):
    html = (
        '<p class="acts"><span class="st st-old looked">12 tərcümə azərbaycanca mətndən geri qalır</span></p>'
    )
    show(watched, "phone", f"{site}/az/help/")
    watched.set_viewport_size({"width": 240, "height": 800})
    assert watched.evaluate(NARROW, ["courses/cms-body.css", html]) == [False]
