"""Texts are sent compressed, in one piece; files that are compressed already and streams as they are."""

import gzip
from collections.abc import Iterator

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from elearning.middleware import CompressionMiddleware

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LONG = "İnsan alveri " * 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answered(response: HttpResponseBase, accepted: str = "gzip") -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressionMiddleware(lambda _request: response)(request)  # type: ignore[arg-type,return-value]  # sync


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/az/", "/ru/courses/", "/az/account/login/", "/verify/"])
def test_page_is_sent_compressed_to_whom_takes_it(client: Client, path: str):
    plain, small = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small["Content-Encoding"] == "gzip"
    assert small["Content-Length"] == str(len(small.content))
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in small["Vary"]
    assert "</html>" in gzip.decompress(small.content).decode()
    assert len(small.content) < len(plain.content) / 2


@pytest.mark.django_db
def test_page_that_is_not_there_is_compressed_too(client: Client):
    small = client.get("/az/nowhere/", headers=GZIP)
    assert small.status_code == 404
    assert "</html>" in gzip.decompress(small.content).decode()


@pytest.mark.django_db
def test_same_page_has_another_length_each_time(client: Client):
    """Padded at random: what a length tells of a secret in the page is blurred."""
    lengths = {len(client.get("/verify/", headers=GZIP).content) for _ in range(20)}
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8", "text/plain", "application/json", "application/did+json", "application/vc",
        "image/svg+xml",
    ],
)  # fmt: skip
def test_texts_are_compressed(kind: str):
    response = answered(HttpResponse(LONG, content_type=kind))
    assert isinstance(response, HttpResponse)
    assert gzip.decompress(response.content).decode() == LONG


@pytest.mark.parametrize("kind", ["application/pdf", XLSX, "font/woff2", "image/png", "application/zip", ""])
def test_files_that_are_compressed_already_stay_as_they_are(kind: str):
    response = answered(HttpResponse(LONG, content_type=kind))
    assert isinstance(response, HttpResponse)
    assert response.content.decode() == LONG
    assert {"Content-Encoding", "Vary"}.isdisjoint(response.headers)


def test_streams_stay_in_their_pieces_and_files_keep_their_length(tmp_path):
    def pieces() -> Iterator[str]:
        yield from (LONG, LONG)

    streamed = answered(StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8"))
    assert isinstance(streamed, StreamingHttpResponse)
    assert list(streamed) == [LONG.encode(), LONG.encode()]
    file = tmp_path / "people.csv"
    file.write_text(LONG)
    sent = answered(FileResponse(file.open("rb"), as_attachment=True, filename="people.csv"))
    assert sent["Content-Length"] == str(len(LONG.encode()))
    assert "Content-Encoding" not in sent.headers


def test_short_answers_and_compressed_ones_stay_as_they_are():
    short = answered(HttpResponse("saved", content_type="application/json"))
    assert "Content-Encoding" not in short.headers
    made = gzip.compress(LONG.encode())
    again = answered(HttpResponse(made, content_type="text/html", headers={"Content-Encoding": "gzip"}))
    assert isinstance(again, HttpResponse)
    assert again.content == made


def test_tag_of_the_uncompressed_is_only_a_weak_one_of_the_compressed():
    """Other bytes under the same strong tag would be joined wrongly by a cache that asks for ranges."""

    def tagged() -> HttpResponse:
        return HttpResponse(LONG, content_type="text/plain", headers={"ETag": '"a1"'})

    assert answered(tagged())["ETag"] == 'W/"a1"'
    assert answered(tagged(), "identity")["ETag"] == '"a1"'
