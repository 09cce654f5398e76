import dataclasses

import pytest

from certificates.pdf.finish import finish
from certificates.pdf.metadata import Description
from certificates.pdf.page import ComposedPage, PageBlock, PageLine, compose
from certificates.pdf.render import render
from certificates.pdf.tagging import TagError

from ..proof_values import BEARER, CREATED, FACTS, SHOWN
from .test_page import PIXEL

DESCRIPTION = Description(
    title="Sertifikat <1>",
    author="A & B",
    subject="Ixtisas",
    keywords="7Q4K-28FD-M3XR",
    language="az",
    created=CREATED,
)


@pytest.fixture(scope="module")
def page() -> ComposedPage:
    return compose(FACTS, BEARER, shown=SHOWN, layout="az-en", qr=PIXEL)


def test_same_values_give_the_same_bytes(page: ComposedPage):
    first, second = (
        finish(render(page), page, description=DESCRIPTION, credential=b'{"a":1}') for _ in range(2)
    )
    assert first == second


def test_metadata_are_escaped(page: ComposedPage):
    made = finish(render(page), page, description=DESCRIPTION, credential=b"{}")
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert str(pdf.docinfo.Title) == "Sertifikat <1>"
    assert "Sertifikat &lt;1&gt;" in packet
    assert "A &amp; B" in packet


@pytest.mark.parametrize("lines", [(), (PageLine(text="one"), PageLine(text="two"))])
def test_page_with_other_lines_than_promised_is_refused(page: ComposedPage, lines: tuple[PageLine, ...]):
    blocks = (
        *page.blocks[:-1],
        PageBlock(name="foot", lines=lines + (PageLine(text="more"),) * (3 if lines else 0)),
    )
    promised = dataclasses.replace(page, blocks=blocks)
    with pytest.raises(TagError):
        finish(render(page), promised, description=DESCRIPTION, credential=b"{}")


def test_page_in_another_order_than_promised_is_refused(page: ComposedPage):
    promised = dataclasses.replace(page, blocks=tuple(reversed(page.blocks)))
    with pytest.raises(TagError):
        finish(render(page), promised, description=DESCRIPTION, credential=b"{}")
