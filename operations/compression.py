"""Texts that are kept compressed, but for one place that is filled anew each time."""

import struct
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Self

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip: deflate, no name, no time (RFC 1952)
LONGEST = 0xFFFF  # bytes of one stored block


@dataclass(frozen=True)
class KeptText:
    """A text with one gap. What stands around it is compressed once; what fills it stands between as it is.

    Without random padding: for texts in which nothing is secret.
    """

    before: bytes
    after: bytes

    @classmethod
    def around(cls, gap: str, text: str) -> Self:
        before, found, after = text.partition(gap)
        if not found:
            raise ValueError("no gap in this text")
        return cls(before.encode(), after.encode())

    @cached_property
    def _before(self) -> tuple[bytes, int]:
        """Return the text compressed to the end of a byte, and the checksum so far."""
        squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data = squeeze.compress(self.before) + squeeze.flush(zlib.Z_FULL_FLUSH)
        return data, zlib.crc32(self.before)

    @cached_property
    def _after(self) -> bytes:
        squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return squeeze.compress(self.after) + squeeze.flush()

    def filled(self, filling: str) -> bytes:
        return b"".join((self.before, filling.encode(), self.after))

    def gzipped(self, filling: str) -> bytes:
        """Return the text with `filling` between its halves, as one gzip member: compressed, stored (RFC 1951, 3.2.4), compressed."""
        middle, (before, checksum) = filling.encode(), self._before
        if len(middle) > LONGEST:
            raise ValueError("too long for one block")
        stored = struct.pack("<BHH", 0, len(middle), len(middle) ^ LONGEST) + middle
        checksum = zlib.crc32(self.after, zlib.crc32(middle, checksum))
        length = len(self.before) + len(middle) + len(self.after)
        end = struct.pack("<II", checksum, length & 0xFFFFFFFF)
        return b"".join((HEADER, before, stored, self._after, end))
