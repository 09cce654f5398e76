"""The table of personal data: every field of every model of ours, marked or not.

A model says in `personal_data` which of its fields hold personal data.
"""

from django.apps import apps
from django.db import models

HEAD = """# Register of personal data

Every field of every model, as its `personal_data` marks it. Written by `manage.py personal_data`, reviewed by a
person: a test fails while a field stands in neither column. Why: [decision 8](decisions/0008-personal-data.md).

| model | personal | not personal |
|---|---|---|
"""


class Unmarked(Exception):
    """A model that does not say which of its fields are personal."""


def our_models() -> list[type[models.Model]]:
    return [
        model
        for app in apps.get_app_configs()
        if "." not in app.name and app.name not in {"wagtail", "allauth", "modelcluster", "taggit"}
        for model in app.get_models()
        if hasattr(model, "personal_data") or model.__module__.split(".")[0] == app.name
    ]


def columns(model: type[models.Model]) -> tuple[list[str], list[str]]:
    """Return the names of personal fields, and of the others; raise Unmarked where the model does not say."""
    marked = model.__dict__.get("personal_data")
    if marked is None:
        raise Unmarked(model._meta.label)
    names = [field.name for field in model._meta.local_fields if not field.primary_key]
    return [name for name in names if name in marked], [name for name in names if name not in marked]


def document() -> str:
    lines = []
    for model in our_models():
        personal, other = columns(model)
        lines.append(f"| {model._meta.label} | {', '.join(personal) or '–'} | {', '.join(other) or '–'} |")
    return HEAD + "\n".join(lines) + "\n"
