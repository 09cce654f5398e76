"""What the newest draft of a page says, as plain values: to compare, to hash, to tell what is stale."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page

AUTHORED = (
    "slug", "heading", "summary", "audience", "intro", "minutes", "legal_date", "sources", "competences",
    "blueprint", "body",
)  # fmt: skip


def content_of(page: Page) -> dict[str, Any]:
    """Every authored value of the newest draft, all languages, as JSON values. Of no instant, no author.

    Loading the same file twice gives equal contents; an edit in /cms/ gives another.
    """
    data = page.get_latest_revision_as_object().serializable_data()
    encode = DjangoJSONEncoder().default
    return {
        field: value if value is None or isinstance(value, str | int | list) else encode(value)
        for field, value in sorted(data.items())
        if field.removesuffix("_az").removesuffix("_en").removesuffix("_ru") in AUTHORED
        and f"{field}_az" not in data  # the plain field repeats one language
    }
