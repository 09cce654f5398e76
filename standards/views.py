"""The glossary of the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from locales.languages import DEFAULT_LANGUAGE, RULES
from locales.sorting import sort_key

from .models import Term


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms in three languages, those with a meaning with its source. One query."""
    here = get_language() or DEFAULT_LANGUAGE
    terms = Term.objects.select_related("source")
    rows = [
        {
            "term": term,
            "words": term.in_language(here),
            "others": [
                (code, rules.label, term.in_language(code)) for code, rules in RULES.items() if code != here
            ],
        }
        for term in sorted(terms, key=lambda term: sort_key(term.in_language(here), here))
    ]
    return render(request, "standards/glossary.html", {"rows": rows, "indexable": True})
