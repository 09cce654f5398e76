import dataclasses
import io
import re

import pikepdf
import pytest
import zxingcpp
from cryptography.x509 import Certificate
from PIL import Image

from certificates.credentials import qr
from certificates.credentials.facts import Bearer
from certificates.credentials.jsontext import Json, read_json, write_json
from certificates.credentials.keys import Keyring
from certificates.criteria import printed
from certificates.pdf.document import LAYOUTS, DocumentBroken, make_pdf
from certificates.pdf.keys import DocumentSigner
from certificates.pdf.typeface import NotPrintable
from certificates.pdf.verify import PdfVerdict, verify_pdf
from certificates.pdf.wording import WORDINGS

from ..proof_values import BASE_URL, BEARER, CREATED, FACTS, PUBLIC_ID, SHOWN, changed
from .conftest import Make, poppler, text_of

# Points: the hairline inside the carpet frame, which no text may cross.
LEFT, RIGHT, TOP, BOTTOM = 52.5, 789.4, 52.5, 542.8


def named(latin: str, **fields: object) -> Bearer:
    return dataclasses.replace(BEARER, names={"Latn": latin}, **fields)


def structure(data: bytes) -> list[tuple[str, str]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        elements = pdf.Root.StructTreeRoot.K[0].K
        return [(str(one.S).removeprefix("/"), str(one.get("/Lang", ""))) for one in elements]


def test_document_is_genuine_and_one_page_of_a4(
    document: bytes, ours: tuple[DocumentSigner, tuple[Certificate, ...]]
):
    result = verify_pdf(document, roots=ours[1])
    assert (result.verdict, result.signed_at) == (PdfVerdict.GENUINE, CREATED)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert [[round(float(side)) for side in page.mediabox] for page in pdf.pages] == [[0, 0, 842, 595]]


def test_document_says_every_fact_in_both_languages(document: bytes):
    text = text_of(document)
    expected = [
        "SERTİFİKAT",
        "CERTIFICATE",
        *BEARER.names.values(),
        f"{BEARER.agency['az']} (verildiyi vaxtdakı iş yeri)",
        f"{BEARER.agency['en']} (place of work when issued)",
        *(FACTS.qualification_names[language] for language in ("az", "en")),
        *(FACTS.issuer_names[language] for language in ("az", "en")),
        "24.11.2026 – 23.11.2028",
        "24 November 2026 – 23 November 2028",
        "both days included, Baku time",
        "C1-LAB · 2",
        "Kursun nəşri: 1 · Mənbələr bu tarixə olan vəziyyətə görə: 30.06.2026",
        "Course edition: 1 · Sources read until 30 June 2026",
        "Kursu Azərbaycan hüquqşünası təsdiqləyib: 01.09.2026",
        "Course confirmed by a national lawyer on 1 September 2026",
        "7Q4K-28FD-M3XR",
        "Anyone can check that this document is genuine.",
        "enter the number at localhost:8000/verify.",
    ]
    assert [fact for fact in expected if fact not in text] == []


def test_document_in_one_language_says_nothing_in_another(make: Make):
    azerbaijani, russian = text_of(make(layout="az")), text_of(make(layout="ru"))
    assert "CERTIFICATE" not in azerbaijani
    assert "24.11.2026 – 23.11.2028" in russian
    assert FACTS.qualification_names["ru"] in russian
    assert FACTS.qualification_names["az"] not in russian
    assert [BEARER.agency[language] in azerbaijani for language in ("az", "en", "ru")] == [True, False, False]
    assert [BEARER.agency[language] in russian for language in ("az", "en", "ru")] == [False, False, True]


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("az", ["Kursu Azərbaycan hüquqşünası hələ təsdiqləməyib"]),
        ("az-en", ["Kursu Azərbaycan hüquqşünası hələ təsdiqləməyib", "Course not yet confirmed by a national lawyer"]),
        ("ru", ["Курс ещё не подтверждён юристом Азербайджана"]),
    ],
)  # fmt: skip
def test_document_says_that_no_lawyer_has_confirmed_the_course(make: Make, layout: str, said: list[str]):
    """Of many courses too, on one page; where no course stands behind it there is nothing to confirm."""
    several = "C0 12, C1-LAB 14, C1-POL 11, C1-MIG 10, C1-SHE 9"
    text = text_of(make(facts=changed(law_confirmed_on=None, edition=several), layout=layout))
    assert [words for words in said if words not in text] == []
    of_none = text_of(make(facts=changed(law_confirmed_on=None, edition="–"), layout=layout))
    assert [words for words in said if words in of_none] == []


def test_document_says_what_was_shown_and_no_more(make: Make):
    """However much it is, it fits on its line."""
    exam = {"required": {"lessons": 7}, "blueprint": {"critical_error_fails": True}}
    every = {"shown": [{"exam": exam}, {"exam": exam}, {"qualification": {"code": "C0"}}]}
    text = text_of(make(shown=printed(every)))
    assert "təlimi başa vurmuş, imtahanlardan keçmiş və tələb olunan ixtisaslaşmalara yiyələnmişdir" in text
    assert (
        "has completed the training, passed the examinations and proved the qualifications that it requires"
        in text
    )
    alone = {"shown": [{"exam": {**exam, "required": {}}}]}
    for layout, said in (
        ("az", "aşağıdakı ixtisaslaşma üzrə imtahandan keçmişdir:"),
        ("ru", "и подтверждает сдачу экзамена по квалификации:"),
    ):
        text = text_of(make(shown=printed(alone), layout=layout))
        assert said in text and "başa vurmuş" not in text and "прохождение" not in text


def test_agency_without_an_english_name_stands_once(make: Make):
    for agency in ({"az": "Qurum"}, {"az": "Qurum", "en": "Qurum"}):
        assert text_of(make(bearer=dataclasses.replace(BEARER, agency=agency))).count("Qurum (") == 1


def test_document_of_a_bearer_without_a_cyrillic_name_prints_the_latin_one(make: Make):
    for layout in LAYOUTS:
        assert BEARER.name in text_of(make(bearer=named(BEARER.name), layout=layout))


def test_wording_claims_no_more_than_evidence():
    said = " ".join(str(value) for words in WORDINGS.values() for value in dataclasses.astuple(words))
    for claim in ("legal", "binding", "hüquqi qüvvə", "юридическ"):
        assert claim not in said.lower()


def test_poppler_extracts_the_azerbaijani_alphabet(make: Make):
    alphabet = (
        "Aa Bb Cc Çç Dd Ee Əə Ff Gg Ğğ Hh Xx Iı İi Jj Kk Qq Ll Mm Nn Oo Öö Pp Rr Ss Şş Tt Uu Üü Vv Yy Zz"
    )
    names = {**FACTS.qualification_names, "az": alphabet}
    data = make(facts=changed(qualification_names=names))
    assert alphabet in text_of(data)
    assert alphabet in re.sub(r"\s+", " ", poppler("pdftotext", data, "-").decode())


def test_qr_code_on_the_raster_holds_the_token(document: bytes, keyring: Keyring):
    raster = poppler("pdftoppm", document, "-r", "150", "-png", "-singlefile")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(raster)), zxingcpp.BarcodeFormat.QRCode)
    address, _, fragment = code.text.partition("#")
    assert address == f"{BASE_URL}/c/{PUBLIC_ID}"
    contents = qr.verify_token(qr.read_fragment(fragment), public_id=PUBLIC_ID, keyring=keyring)
    assert contents.name == BEARER.name


def test_qr_code_of_long_texts_is_read_from_the_raster(make: Make):
    bearer = named("Ş" * 35 + " " + "Ə" * 34, agency={"az": "Ə" * 80})
    raster = poppler("pdftoppm", make(bearer=bearer), "-r", "200", "-png", "-singlefile")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(raster)), zxingcpp.BarcodeFormat.QRCode)
    assert code.text.startswith(f"{BASE_URL}/c/{PUBLIC_ID}#")


def test_credential_is_attached_as_the_data_of_the_document(
    document: bytes, badge: Json, ours: tuple[DocumentSigner, tuple[Certificate, ...]]
):
    found = verify_pdf(document, roots=ours[1]).credential
    assert found == write_json(badge)
    assert read_json(found) == badge
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert [str(file.AFRelationship) for file in pdf.Root.AF] == ["/Data"]


def test_metadata_name_the_certificate_and_not_its_bearer(document: bytes):
    with pikepdf.open(io.BytesIO(document)) as pdf:
        info = {str(name): str(value) for name, value in pdf.docinfo.items()}
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.Root.Lang) == "az"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert info["/Title"] == "Sertifikat 7Q4K-28FD-M3XR"
    assert info["/Author"] == FACTS.issuer_names["az"]
    assert info["/CreationDate"] == "D:20261124083015+00'00'"
    assert BEARER.name not in packet + " ".join(info.values())
    assert FACTS.qualification_names["az"] in packet


def test_tags_follow_the_page(document: bytes):
    assert structure(document) == [
        ("P", "az"),
        ("P", "en"),
        ("H1", "az"),
        ("P", "en"),
        ("P", "az"),
        ("H2", "az"),
        ("P", ""),
        ("P", "az"),
        ("P", "en"),
        ("P", "az"),
        ("H3", "az"),
        ("P", "en"),
        ("P", "az"),
        ("P", "az"),
        ("P", "en"),
        *[("P", "az")] * 3,
        *[("P", "az"), ("P", "en")] * 2,
        ("Figure", ""),
        ("P", ""),
        ("P", "az"),
        ("P", "az"),
        ("P", "en"),
        ("Form", ""),
    ]


def test_every_font_is_embedded(document: bytes):
    with pikepdf.open(io.BytesIO(document)) as pdf:
        descriptors = [font.FontDescriptor for font in pdf.pages[0].Resources.Font.values()]
        assert [bool(descriptor.FontFile2) for descriptor in descriptors] == [True] * 5


HOSTILE = [
    "<b>Əli</b> & \"x\" 'y'",
    "<img src='http://127.0.0.1:9/x.png'>",
    "</p></div><style>@import url(http://127.0.0.1:9)</style>",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "<pdf:insertpdf src='/etc/passwd'>",
    "&lt;script&gt;",
    'Ad" style="position:absolute',
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_printed_as_it_is(make: Make, name: str):
    data = make(bearer=named(name))
    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", text_of(data))


@pytest.mark.parametrize(
    "name", ["😀 Əli", "مرحبا", "李雷", "Ad\u202eilA", "Ad\x00x", "Əli\u00adyev", "Əli\u200byev"]
)
def test_name_that_cannot_be_printed_is_refused(make: Make, name: str):
    with pytest.raises(NotPrintable):
        make(bearer=named(name))


LONG_NAMES = [
    "Əli Ən",
    "W" * 70,
    "Ş" * 40 + " " + "M" * 29,
    "Məhəmmədhüseyn Əbdülrəhimxan oğlu Şıxəlibəyzadə-Mirzəbəyli-Qarabağlı-Xan",
]
LONG_TITLES = ["Qısa", "Ş" * 160, "Uzun ad " * 25, FACTS.qualification_names["az"]]


@pytest.mark.parametrize("name", LONG_NAMES)
@pytest.mark.parametrize("title", LONG_TITLES)
def test_long_texts_stay_inside_the_frame(make: Make, name: str, title: str):
    title = title.strip()
    facts = changed(
        qualification_names={"az": title, "en": title, "ru": title},
        issuer_names=dict.fromkeys(("az", "en", "ru"), f"{title} {name}"[:180]),
    )
    cyrillic = "Александра-Виктория Константиновна Преображенская-Вознесенская-Мстислав"
    agency = {"az": f"{name} {title}"[:120], "en": f"{title} {name}"[:120]}
    bearer = dataclasses.replace(BEARER, names={"Latn": name, "Cyrl": cyrillic}, agency=agency)
    data = make(facts=facts, bearer=bearer)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
    words = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"',
        poppler("pdftotext", data, "-bbox", "-").decode(),
    )
    boxes = [tuple(float(side) for side in word) for word in words]
    outside = [box for box in boxes if box[0] < LEFT or box[2] > RIGHT or box[1] < TOP or box[3] > BOTTOM]
    assert (len(boxes) > 60, outside) == (True, [])


def test_document_under_another_root_is_not_handed_out(
    keyring: Keyring,
    badge: Json,
    ours: tuple[DocumentSigner, tuple[Certificate, ...]],
    theirs: tuple[DocumentSigner, tuple[Certificate, ...]],
):
    token = qr.make_token(FACTS, BEARER, signer=keyring.signer("qr"))
    with pytest.raises(DocumentBroken):
        make_pdf(
            FACTS,
            BEARER,
            shown=SHOWN,
            badge=badge,
            token=token,
            signer=theirs[0],
            roots=ours[1],
            signed_at=CREATED,
        )


def test_document_outside_the_life_of_its_signer_is_not_handed_out(
    keyring: Keyring, badge: Json, ours: tuple[DocumentSigner, tuple[Certificate, ...]]
):
    token = qr.make_token(FACTS, BEARER, signer=keyring.signer("qr"))
    with pytest.raises(DocumentBroken):
        make_pdf(
            FACTS,
            BEARER,
            shown=SHOWN,
            badge=badge,
            token=token,
            signer=ours[0],
            roots=ours[1],
            signed_at=CREATED.replace(year=2019),
        )


def test_unknown_layout_is_refused(make: Make):
    with pytest.raises(KeyError):
        make(layout="fr")
