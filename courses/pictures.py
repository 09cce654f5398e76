"""Pictures of lessons: read by their content, whatever their name says, and written anew without all else they carried."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from operations import files

from .models.blocks_picture import SUFFIX, read_name

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8_000_000  # of what is sent
MOST_PIXELS = 25_000_000  # once unpacked
LONGEST_SIDE = 1600
HEAVIEST = 200_000  # bytes that a reader is sent
QUALITIES = (
    82,
    74,
    66,
    58,
)  # the first that is light enough is taken; where none is, the picture gets smaller
SMALLER = 0.8


class PictureRefused(Exception):
    """The text is for the person who chose the file."""


@dataclass(frozen=True)
class Picture:
    """A WebP picture of pixels alone: no place, camera, comment or second picture."""

    content: bytes
    width: int
    height: int


def prepared(sent: bytes) -> Picture:
    """Return the picture as readers get it, at most HEAVIEST bytes; PictureRefused where it is none."""
    if len(sent) > MOST_BYTES:
        raise PictureRefused(_("A picture has at most %(count)d MB.") % {"count": MOST_BYTES // 1_000_000})
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise PictureRefused(_too_large())
            is_photograph = found.format == "JPEG"
            pixels = _pixels(found)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(_too_large()) from error
    except UnidentifiedImageError as error:
        raise PictureRefused(_("This is no picture. Choose a JPEG, PNG or WebP file.")) from error
    except Exception as error:  # a decoder raises whatever a broken file leads it to
        raise PictureRefused(_("This picture is damaged and cannot be read whole.")) from error
    return _light(pixels, lossless=not is_photograph)


def _too_large() -> str:
    words = _("This picture has more than %(count)d million pixels. Save it smaller and choose it again.")
    return words % {"count": MOST_PIXELS // 1_000_000}


def _pixels(found: Image.Image) -> Image.Image:
    """Return the pixels alone, upright, on white: a drawing without ground would vanish on a dark page."""
    found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is unpacked smaller
    upright = ImageOps.exif_transpose(found)
    see_through = upright.has_transparency_data
    image = upright.convert("RGBA" if see_through else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image.getchannel("A") if see_through else None)
    return plain


def _light(image: Image.Image, *, lossless: bool) -> Picture:
    while True:
        tries: list[dict[str, Any]] = [{"quality": quality} for quality in QUALITIES]
        for options in [{"lossless": True}, *tries] if lossless else tries:
            content = _written(image, options)
            if len(content) <= HEAVIEST:
                return Picture(content, image.width, image.height)
        image = image.resize([max(1, round(side * SMALLER)) for side in image.size])


def _written(image: Image.Image, options: Mapping[str, Any]) -> bytes:
    made = io.BytesIO()
    image.save(made, "WEBP", method=4, **options)
    return made.getvalue()


def keep(picture: Picture) -> str:
    """Keep the file, and return the name that blocks hold."""
    sha256 = files.store(picture.content, SUFFIX)
    return f"{sha256}.{picture.width}x{picture.height}"


def read(name: str) -> bytes | None:
    """Return the file of a name; None where it is no name of a picture, or the file is gone or damaged."""
    found = read_name(name)
    if found is None:
        return None
    try:
        return files.read(found[0], SUFFIX)
    except files.Damaged:
        return None


def named_in(raw: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names of the pictures of a body, of raw blocks."""
    return frozenset(child["value"]["picture"] for child in raw if child["type"] == "picture")
