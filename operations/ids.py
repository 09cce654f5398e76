"""Random public ids: whatever appears in an address is one of these, never a primary key."""

import re
import secrets

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


def public_id() -> str:
    """Return 22 characters of URL-safe base64: 128 random bits."""
    return secrets.token_urlsafe(16)


class PublicIdConverter(StringConverter):
    """`<public_id:public_id>` in addresses: what has not this form is not found, and asks no database."""

    regex = "[A-Za-z0-9_-]{22}"


class RowIdConverter(IntConverter):
    """`<row_id:page>` in addresses of /cms/, which are Wagtail's: a number that every database can be asked for."""

    regex = "[0-9]{1,9}"


def is_row_id(text: str) -> bool:
    """Return whether a text that was sent is a number that every database can be asked for."""
    return re.fullmatch(RowIdConverter.regex, text) is not None


register_converter(PublicIdConverter, "public_id")
register_converter(RowIdConverter, "row_id")
