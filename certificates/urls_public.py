"""Printed addresses: without a language prefix, for ever. Whatever stands after /c/ gets an answer of ours.
operations.ids knows the form of public ids.
"""

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from . import views_public as views


class AnythingConverter(StringConverter):
    """Slashes, line breaks, nothing at all: what could not be an id is answered like an unknown one."""

    regex = r"[\s\S]*"


register_converter(AnythingConverter, "anything")
without_slash = RedirectView.as_view(pattern_name="certificates_public:certificate")

app_name = "certificates_public"
urlpatterns = [
    # Some programs end a link with a slash: that makes no other certificate of it.
    path("c/<public_id:public_id>/", require_safe(without_slash), name="with_slash"),
    path("c/<anything:public_id>.json", views.statement, name="statement"),
    path("c/<anything:public_id>/credential", views.credential, name="credential"),
    path("c/<anything:public_id>", views.certificate, name="certificate"),
    path("verify/", views.verify, name="verify"),
    path("status/<int:number>", views.status_list, name="status_list"),
    path(".well-known/did.json", views.did_document, name="did"),
]
