"""Ways in."""

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import may_enter_cms


@never_cache
@require_safe
def cms_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a stranger to our sign-in in place of the editor's own; refuse people who may not enter."""
    target = request.GET.get("next", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if may_enter_cms(request.user):
        return redirect(target)
    list(get_messages(request))  # what the editor said about it is said by our page
    raise PermissionDenied(_("Only trainers and reviewers enter the authoring pages."))
