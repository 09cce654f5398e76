"""Pictures of lessons: hostile files are refused in words, readers get pixels alone, and only of their lesson."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from courses.actions import CourseError
from courses.actions_editions import publish_edition
from courses.actions_pictures import add_picture
from courses.gaps import gaps_in
from courses.models import CoursePage, Enrolment, LessonPage
from courses.models.blocks_picture import read_name
from courses.pictures import HEAVIEST, LONGEST_SIDE, PictureRefused, prepared
from courses.pictures import read as read_picture
from operations import files
from operations.models import AuditEntry
from people.models import User
from tests.factories import client_of, names

from .factories import LAW, in_cms, lesson_of, make_lesson, module_of

UPLOAD = "/cms/editions/pictures/"
PAGE = "/en/courses/c1/one/lesson-1/"


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


PLAIN = written(Image.new("RGB", (300, 200), "navy"))


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


HOSTILE = {
    "nothing": b"",
    "text named as a picture": b"<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "pdf": b"%PDF-1.7\n",
    "gif": written(Image.new("P", (9, 9)), "GIF"),
    "tiff": written(Image.new("RGB", (9, 9)), "TIFF"),
    "eps that would be interpreted": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "cut off": written(noise(300, 200))[:20_000],
    "decompression bomb": png(60_000, 60_000),
    "larger than said": png(9_000, 9_000),
    "bomb of text": png(9, 9, (b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 80_000_000))),
    "broken colours": png(9, 9, (b"iCCP", b"k\0\0" + b"broken")),
    "too heavy": PLAIN + b"\0" * 8_000_000,
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_is_refused_in_words_or_becomes_pixels(sent: bytes) -> None:
    try:
        made = prepared(sent)
    except PictureRefused as refusal:
        assert str(refusal).endswith(".")
    else:
        assert sent == HOSTILE["broken colours"]
        assert (made.width, made.height) == (9, 9)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]), st.lists(st.tuples(st.integers(0, 1999), st.integers(0, 255)))
)
def test_broken_picture_is_refused_or_becomes_pixels(kind: str, changes: list[tuple[int, int]]) -> None:
    sent = bytearray(written(noise(40, 30), kind))
    for place, byte in changes:
        sent[place % len(sent)] = byte
    try:
        made = prepared(bytes(sent))
    except PictureRefused:
        return
    assert len(made.content) <= HEAVIEST


def test_reader_gets_pixels_alone_upright_and_light() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x8825] = {1: "N", 2: (40.0, 22.0, 0.0)}  # where it was taken
    exif[0x010F] = "Camera"
    sent = written(noise(2400, 1800), "JPEG", quality=95, exif=exif, comment=b"<script>")
    made = prepared(sent + b"PK\x03\x04 an archive behind the picture")
    assert len(sent) > HEAVIEST >= len(made.content)
    with Image.open(io.BytesIO(made.content)) as found:
        assert (found.format, found.size) == ("WEBP", (made.width, made.height))
        assert found.width < found.height <= LONGEST_SIDE
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(found.info)
    for word in (b"Camera", b"script", b"archive", b"EXIF"):
        assert word not in made.content


def test_drawing_keeps_its_edges_and_stands_on_white() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Somebody")
    drawing = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    drawing.paste((0, 77, 89, 255), (100, 50, 200, 150))
    made = prepared(written(drawing, pnginfo=info))
    with Image.open(io.BytesIO(made.content)) as found:
        assert (found.mode, found.getpixel((0, 0)), found.getpixel((150, 100))) == (
            "RGB", (255, 255, 255), (0, 77, 89),
        )  # fmt: skip
    assert b"Somebody" not in made.content


# --- at /cms/ -------------------------------------------------------------------------------------


def send(client: Client, content: bytes, name: str = "photo.png", kind: str = "image/png") -> Any:
    return client.post(UPLOAD, {"picture": SimpleUploadedFile(name, content, kind)})


def test_author_sends_a_picture_and_sees_it(author: Client, trainer: User) -> None:
    told = send(author, PLAIN, "anything.txt", "text/plain").json()
    seen = author.get(told["address"])
    assert (seen.headers["Content-Type"], seen.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert seen.content == read_picture(told["name"])
    assert read_name(told["name"])[1:] == (300, 200)  # type: ignore[index]
    [entry] = AuditEntry.objects.filter(act="courses.add_picture")
    assert (entry.by, entry.subject_id) == (trainer, told["name"][:40])


def test_refusal_is_told_in_words_and_nothing_is_kept(author: Client) -> None:
    answer = send(author, b"<script>")
    assert (answer.status_code, answer.json()) == (
        400, {"error": "This is no picture. Choose a JPEG, PNG or WebP file."},
    )  # fmt: skip
    assert author.post(UPLOAD).json() == {"error": "Choose a picture."}
    assert not AuditEntry.objects.filter(act="courses.add_picture").exists()


def test_nobody_but_authors_sends_or_sees_pictures_of_drafts(
    author: Client, officer: User, coordinator: User, client: Client
) -> None:
    address = send(author, PLAIN).json()["address"]
    for stranger in (client, client_of(officer), client_of(coordinator)):
        assert send(stranger, PLAIN).status_code in (302, 403)
        assert stranger.get(address).status_code in (302, 403)
    assert AuditEntry.objects.filter(act="courses.add_picture").count() == 1


def test_many_pictures_are_too_many(author: Client) -> None:
    answers = [author.post(UPLOAD).status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]


def test_name_is_no_path_and_no_other_document(author: Client) -> None:
    sha256 = files.store(b"%PDF of a certificate", ".pdf")
    for name in (f"{sha256}.9x9", sha256, "..%2F..%2Fdb.sqlite3", "x"):
        assert author.get(f"{UPLOAD}{name}/").status_code == 404


# --- in a lesson ----------------------------------------------------------------------------------


def illustration(picture: str, **changed: Any) -> dict[str, Any]:
    return {"picture": {"picture": picture, "alt": names("A bunk"), "caption": names("The room"), **changed}}


@pytest.fixture
def illustrated(course: CoursePage, trainer: User) -> str:
    """The name of the picture of lesson 1, as readers see it."""
    name = add_picture(sent=PLAIN, by=trainer)
    make_lesson(module_of(course, "one"), "lesson-1", illustration(name))
    publish_edition(course=course, reason="Picture", material=False, legal_date=LAW, by=None)
    return name


def test_picture_keeps_its_place_free_and_is_loaded_late(illustrated: str, enrolment: Enrolment) -> None:
    page = client_of(enrolment.person).get(PAGE).text
    tag = " ".join(page[page.index("<img") : page.index(">", page.index("<img"))].split())
    assert tag == (
        f'<img src="pictures/{illustrated}/" alt="A bunk (en)" width="300" height="200" loading="lazy" decoding="async"'
    )
    assert "The room (en)" in page


def test_only_who_may_read_the_lesson_gets_its_picture(
    illustrated: str, enrolment: Enrolment, coordinator: User, client: Client
) -> None:
    address = f"{PAGE}pictures/{illustrated}/"
    got = client_of(enrolment.person).get(address)
    assert (got.status_code, got.content) == (200, read_picture(illustrated))
    assert "private" in got.headers["Cache-Control"]
    assert client.get(address).status_code == 302
    assert client_of(coordinator).get(address).status_code == 403


def test_picture_of_another_lesson_or_of_a_draft_is_not_there(
    illustrated: str, enrolment: Enrolment, trainer: User
) -> None:
    reader = client_of(enrolment.person)
    draft = add_picture(sent=written(Image.new("RGB", (20, 20), "red")), by=trainer)
    addresses = [f"{PAGE}pictures/{draft}/", f"/en/courses/c1/one/lesson-2/pictures/{illustrated}/"]
    addresses.append(f"/en/courses/c1/two/exam/pictures/{illustrated}/")
    assert [reader.get(address).status_code for address in addresses] == [404, 404, 404]


def test_preview_shows_the_picture_of_the_draft(course: CoursePage, trainer: User) -> None:
    name = add_picture(sent=PLAIN, by=trainer)
    make_lesson(module_of(course, "one"), "lesson-1", illustration(name))
    lesson = lesson_of(course, "lesson-1")
    [revision] = lesson.revisions.order_by("-pk")[:1]
    page = in_cms(trainer).get(f"/cms/pages/{lesson.pk}/revisions/{revision.pk}/view/").text
    assert f'src="{UPLOAD}{name}/"' in page


def gaps(course: CoursePage, block: dict[str, Any]) -> list[str]:
    make_lesson(module_of(course, "one"), "lesson-1", block)
    lesson = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    assert isinstance(lesson, LessonPage)
    with override("en"):
        return gaps_in(lesson)


def test_edition_wants_the_picture_and_what_is_to_be_seen_in_it(course: CoursePage, trainer: User) -> None:
    name = add_picture(sent=PLAIN, by=trainer)
    nothing = {"az": "", "en": "", "ru": ""}
    assert gaps(course, illustration(name, caption=nothing)) == []
    assert gaps(course, illustration(name, caption={**nothing, "en": "The room"})) == [
        "2. Picture, Caption, if one is needed: The Azerbaijani text is missing."
    ]
    found = gaps(course, illustration("", alt=nothing))
    assert [gap.partition(":")[0] for gap in found] == [
        "2. Picture, Picture", "2. Picture, What is to be seen in it",
    ]  # fmt: skip
    gone = f"{'0' * 64}.9x9"
    assert gaps(course, illustration(gone)) == [
        "2. Picture, Picture: This picture is not here any more. Choose it again."
    ]


def test_missing_words_of_a_picture_are_counted_as_of_any_text(course: CoursePage, trainer: User) -> None:
    name = add_picture(sent=PLAIN, by=trainer)
    untranslated = {"az": "Yataq", "en": "", "ru": "Кровать"}
    make_lesson(module_of(course, "one"), "lesson-1", illustration(name, alt=untranslated))
    edition = publish_edition(course=course, reason="Picture", material=False, legal_date=LAW, by=None)
    assert edition.languages == ["az", "ru"]


def test_damaged_file_is_not_shown(illustrated: str, enrolment: Enrolment) -> None:
    files.delete(illustrated[:64], ".webp")
    assert client_of(enrolment.person).get(f"{PAGE}pictures/{illustrated}/").status_code == 404


# --- removed for good -----------------------------------------------------------------------------


def test_removed_picture_is_gone_and_its_words_stand_in_its_place(
    illustrated: str, enrolment: Enrolment, author: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, address = client_of(enrolment.person), f"{PAGE}pictures/{illustrated}/"
    assert "<img" in reader.get(PAGE).text
    call_command("remove_picture", f"https://nisane.example{address}", reason="Shows a real person")
    assert "c1/one/lesson-1" in capsys.readouterr().out
    assert not files.exists(illustrated[:64], ".webp")
    assert [reader.get(address).status_code, author.get(f"{UPLOAD}{illustrated}/").status_code] == [404, 404]
    page = reader.get(PAGE).text
    assert "<img" not in page and illustrated not in page
    assert "A bunk (en)" in page and "The room (en)" in page
    entry = AuditEntry.objects.get(act="courses.remove_picture")
    assert (entry.by, entry.subject_id, entry.reason) == (None, illustrated[:40], "Shows a real person")
    assert entry.after == {"file": illustrated, "pages": ["c1/one/lesson-1"]}


def test_lesson_with_a_removed_picture_waits_for_another_one(
    illustrated: str, course: CoursePage, english: None
) -> None:
    call_command("remove_picture", illustrated, reason="Shows a real person")
    make_lesson(module_of(course, "one"), "lesson-2", heading=names("Clearer"))
    with pytest.raises(CourseError, match="This picture is not here any more"):
        publish_edition(course=course, reason="Next", material=False, legal_date=LAW, by=None)


def test_lesson_that_names_it_only_as_a_draft_is_told_too(
    course: CoursePage, trainer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    name = add_picture(sent=PLAIN, by=trainer)
    make_lesson(module_of(course, "one"), "lesson-2", illustration(name))
    call_command("remove_picture", name, reason="Shows a real person")
    assert "c1/one/lesson-2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("picture", "reason", "words"),
    [
        ("", "Shows a real person", "no address of a picture"),
        ("/pictures/x/", "Shows a real person", "no address of a picture"),
        (f"{'0' * 64}.9x9", "Shows a real person", "There is no such picture."),
        (None, " ", "Say why."),
    ],
)
def test_nothing_is_removed_by_mistake(
    illustrated: str, picture: str | None, reason: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("remove_picture", illustrated if picture is None else picture, reason=reason)
    assert read_picture(illustrated)
    assert not AuditEntry.objects.filter(act="courses.remove_picture").exists()


def test_file_that_cannot_be_deleted_is_not_said_to_be(illustrated: str) -> None:
    place = Path(storages["documents"].path(f"{illustrated[:2]}/{illustrated[:64]}.webp"))
    place.unlink()
    (place / "in the way").mkdir(parents=True)
    with pytest.raises(OSError):
        call_command("remove_picture", illustrated, reason="Shows a real person")
    assert not AuditEntry.objects.filter(act="courses.remove_picture").exists()
