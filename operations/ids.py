"""Random public ids: whatever appears in an address is one of these, never a primary key."""

import secrets


def public_id() -> str:
    """22 characters of URL-safe base64: 128 random bits."""
    return secrets.token_urlsafe(16)
