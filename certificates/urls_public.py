"""Printed addresses: without a language prefix, for ever. Whatever stands after /c/ gets an answer of ours."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import views_public as views


class AnythingConverter(StringConverter):
    """Slashes, line breaks, nothing at all: what could not be an id is answered like an unknown one."""

    regex = r"[\s\S]*"


register_converter(AnythingConverter, "anything")

app_name = "certificates_public"
urlpatterns = [
    path("c/<anything:public_id>.json", views.statement, name="statement"),
    path("c/<anything:public_id>/credential", views.credential, name="credential"),
    path("c/<anything:public_id>", views.certificate, name="certificate"),
    path("verify/", views.verify, name="verify"),
    path("agencies/<str:language>.json", views.agencies, name="agencies"),
    path("status/<int:number>", views.status_list, name="status_list"),
    path(".well-known/did.json", views.did_document, name="did"),
]
