"""A text that is kept compressed is the same text, whatever fills its gap."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.compression import LONGEST, KeptText

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=400)


@given(before=text, after=text, fillings=st.lists(text, min_size=1, max_size=3))
def test_compressed_text_is_the_plain_one(before: str, after: str, fillings: list[str]):
    kept = KeptText.around("\0", f"{before}\0{after}")
    for filling in fillings:
        plain = f"{before}{filling}{after}".encode()
        assert kept.filled(filling) == plain
        assert gzip.decompress(kept.gzipped(filling)) == plain


def test_it_is_one_member_as_browsers_expect():
    kept = KeptText.around(
        "<!-- when -->", "<p>" + "Şəhadətnamə " * 500 + "<!-- when --></p>" + "etibarlıdır " * 500
    )
    data = kept.gzipped("24 noyabr 2026")
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    assert reader.decompress(data) == kept.filled("24 noyabr 2026")
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert len(data) < 400


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="no gap"):
        KeptText.around("<!-- when -->", "<p></p>")
    kept = KeptText.around("|", "a|b")
    assert gzip.decompress(kept.gzipped("x" * LONGEST)) == b"a" + b"x" * LONGEST + b"b"
    with pytest.raises(ValueError, match="too long"):
        kept.gzipped("x" * (LONGEST + 1))
