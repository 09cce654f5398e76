"""A text of the catalogues in every language at once, for what is kept and not shown by one request."""

from django.utils.translation import gettext, override

from .languages import LANGUAGES


def in_every_language(message: str) -> dict[str, str]:
    """Return {language: text} of a message that `gettext_noop` marked for the catalogues."""
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = gettext(message)
    return texts
