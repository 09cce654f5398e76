"""The sign-in page's ways besides the password."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django import template
from django.template import RequestContext

from accounts.sign_on.naming import name_of, provider_of, providers

register = template.Library()


@register.inclusion_tag("accounts/sign_on/buttons.html", takes_context=True)
def sign_on_buttons(context: RequestContext) -> dict[str, Any]:
    """Return a button for each provider of the settings, in their order; asks no provider."""
    request = context["request"]
    urls = {one.app.provider_id: one.get_login_url(request) for one in get_adapter().list_providers(request)}
    buttons = [{"url": urls[one.id], "name": name_of(one)} for one in providers() if provider_of(one.id)]
    going_to = context.get("redirect_field_value") or request.GET.get("next", "")
    return {"sign_on_providers": buttons, "next": going_to, "csrf_token": context.get("csrf_token")}
