"""Every address that this product answers, made from its own table of addresses."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize

LEFT_OUT = ("/cms/", "/az/courses/_util/")  # Wagtail's own
FITTING = ("x", "1", "AAAAAAAAAAAAAAAAAAAAAA", "a" * 64, "csv", "2026", "az")


@dataclass(frozen=True)
class Address:
    path: str
    view: Callable[..., object]


def addresses() -> list[Address]:
    """One for each view of ours and of allauth, its parts filled with something that fits; in Azerbaijani."""
    found = {}
    for pattern in _patterns(get_resolver(), ""):
        for template, names in normalize(pattern):
            if address := _filled("/" + template, names):
                found.setdefault(address.path, address)
    return [one for path, one in sorted(found.items()) if not path.startswith(LEFT_OUT)]


def _patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        text = before + re.sub(r"^\^", "", one.pattern.regex.pattern)
        if isinstance(one, URLPattern):
            yield text
        else:
            yield from _patterns(one, text)


def _filled(template: str, names: list[str]) -> Address | None:
    for values in product(FITTING, repeat=min(len(names), 3)):
        filled = dict(zip(names, (*values, *values[-1:] * 3), strict=False))
        try:
            path = template % filled
            return Address(path, resolve(path).func)
        except (Resolver404, KeyError):
            continue
    return None
