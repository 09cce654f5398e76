"""The demo's sent mail, for its administrator. In no other installation is there such a page."""

from functools import update_wrapper
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from people.permissions import may
from people.requests import OfficerRequest, signed_in

from .demo.sent_mail import SentMail, one, sent
from .permissions import READ_MAIL

WITH_FRAME = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
# The mail stands alone: no script, no outside file, no form, no way out of its frame.
IN_FRAME: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


def in_the_demo(view: Any) -> Any:
    """For its administrator; not found elsewhere."""

    @require_safe
    @never_cache
    @signed_in
    def checked(request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        if not may(request.user, READ_MAIL):
            raise PermissionDenied(_("The demo's mail is for its administrator."))
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    update_wrapper(checked, view)
    return checked


def _folder() -> Path:
    return Path(settings.VAR_DIR, "mail")


def _found(key: str) -> SentMail:
    mail = one(_folder(), key)
    if mail is None:
        raise Http404
    return mail


@in_the_demo
def mails(request: OfficerRequest) -> HttpResponse:
    return render(request, "demo/mails.html", {"mails": list(sent(_folder())), "section": "mail"})


@csp_override(WITH_FRAME)
@in_the_demo
def mail(request: OfficerRequest, key: str) -> HttpResponse:
    """Both parts: the text with its links, the HTML in a frame that can do nothing."""
    crumbs = [{"text": _("Sent mail"), "href": reverse("demo:mails")}]
    return render(request, "demo/mail.html", {"mail": _found(key), "crumbs": crumbs, "section": "mail"})


@csp_override(IN_FRAME)
@xframe_options_sameorigin
@in_the_demo
def mail_html(request: OfficerRequest, key: str) -> HttpResponse:
    return HttpResponse(_found(key).part("html"))
