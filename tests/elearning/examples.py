"""Every component once, as a page: what browsers, axe and the eye are shown."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict


class Everything(forms.Form):
    name = forms.CharField(label="Name", help_text="As documents write it")
    number = forms.CharField(label="Service number", required=False)
    reason = forms.ChoiceField(label="Reason", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    speaks = forms.MultipleChoiceField(
        label="Speaks", choices=[("ru", "Russian")], widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ChoiceField(label="Unit", choices=[("", "Choose"), ("g", "Ganja")])
    why = forms.CharField(label="Why", widget=forms.Textarea, error_messages={"required": "Say why"})
    sure = forms.BooleanField(label="I have checked")

    def clean(self):
        raise forms.ValidationError("These do not fit together")


TEMPLATE = """{% extends "base.html" %}
{% block title %}Components{% endblock %}
{% block main %}
{% include "components/error_summary.html" with form=form only %}
{% include "components/breadcrumbs.html" with crumbs=crumbs only %}
<h1>Components</h1>
<p class="lede">{{ instant|instant }}, {{ "7Q4K-28FD-9XM2"|nb }}</p>
<div class="cols cols-side">
<div class="stack">
<form method="post" class="card" novalidate>{{ form }}
<p class="acts"><button type="submit" class="btn">Send</button><button type="button" class="plain">Not now</button></p></form>
{% card "tasks" "Tasks" %}{% include "components/task_list.html" with tasks=tasks only %}{% endcard %}
{% card "own" "Own facts" kind="mt" %}<dl class="kv">{% fact "Number" kind="code" %}7Q4K-28FD-9XM2{% endfact %}
{% fact "Served" %}{% include "components/period.html" with first=instant last=None only %}{% endfact %}</dl>
<ul class="list"><li>{% list_row "Unit of Ganja" href="#main" %}<a href="#main">Change</a>{% endlist_row %}</li></ul>{% endcard %}
{% include "components/waiting.html" with href="#main" text="A proposal waits for a second person" only %}
<section class="card"><h2>Table</h2>{% include "components/table.html" with caption="Certificates" columns=columns rows=rows only %}</section>
<article class="doc">{% include "components/verdict.html" with state="valid" title="The certificate is valid" text="Until 14.01.2027" level=2 only %}
<div class="body">{% include "components/summary_list.html" with rows=facts only %}
<h2>Checked</h2>{% include "components/checks.html" with checks=checks only %}
<h2>Why not</h2>{% include "components/reasons.html" with reasons=reasons only %}</div></article>
</div>
<div class="stack">
{% include "components/notice.html" with title="Note" text="A warning" only %}
{% include "components/notice.html" with text="A calm word" kind="calm" only %}
{% include "components/notice.html" with text="Well done" kind="ok" only %}
{% include "components/notice.html" with text="It failed" kind="bad" only %}
<section class="card"><h2>Progress</h2>{% include "components/progress.html" with done=4 total=7 text="4 of 7 lessons read" only %}</section>
{% include "components/empty_state.html" with title="Nothing yet" text="It comes after the exam." href="#main" link_text="To the course" icon="book" only %}
{% include "components/nothing_found.html" with text="No account fits these filters." href="#main" only %}
{% include "components/pagination.html" with page=page query=query only %}
<p>{% include "components/status_tag.html" with text="Valid" kind="ok" icon="tick" only %} {% include "components/status_tag.html" with text="Expires soon" kind="warn" only %} {% include "components/status_tag.html" with text="Expired" kind="bad" only %} {% include "components/status_tag.html" with text="None" kind="none" only %} {% include "components/status_tag.html" with text="Under way" only %}</p>
</div>
</div>
{% endblock %}"""


def context() -> dict[str, Any]:
    return {
        "form": Everything({}),
        "instant": datetime(2026, 11, 24, 11, 42, tzinfo=UTC),
        "crumbs": [{"text": "Register", "href": "#main"}, {"text": "Certificates", "href": "#main"}],
        "tasks": [
            {"title": "First lesson", "href": "#main", "hint": "8 minutes", "state": "done"},
            {"title": "Second lesson", "href": "#main", "state": "now"},
            {"title": "Third lesson", "href": "#main", "state": "open"},
            {"title": "Exam", "state": "locked"},
        ],
        "columns": [{"text": "Number"}, {"text": "Issued"}, {"text": "State"}, {"text": "Mark", "numeric": True}],
        "rows": [
            [{"text": "7Q4K-28FD-9XM2", "code": True}, "14.01.2025", {"text": "Valid", "kind": "ok"}, {"text": 79, "numeric": True}],
            [{"text": "9XM2-41KC-7Q4K", "href": "#main"}, "02.03.2026", {"text": "Revoked", "kind": "bad"}, {"text": 91, "numeric": True}],
        ],
        "facts": [
            {"label": "Holder", "value": "Not shown here", "note": "The number is not enough", "hidden": True},
            {"label": "Number", "value": "7Q4K-28FD-9XM2", "code": True},
            {"label": "Address", "value": "officer@agency.example", "href": "#main", "link_text": "Change"},
        ],
        "checks": [{"state": state, "title": "Signature", "text": "Ed25519"} for state in ("ok", "no", "wait", "lock")],
        "reasons": [{"title": "No C1-LAB", "text": "This task asks for it.", "remedy": "Take it.", "href": "#main", "link_text": "To the course"}],
        "page": Paginator(range(95), 10).page(3),
        "query": QueryDict("unit=g"),
    }  # fmt: skip
