"""Printed addresses: without a language prefix, for ever."""

from django.urls import path

from . import views_public as views

app_name = "certificates_public"
urlpatterns = [
    path("c/<str:public_id>.json", views.statement, name="statement"),
    path("c/<str:public_id>/credential", views.credential, name="credential"),
    path("c/<str:public_id>", views.certificate, name="certificate"),
    path("verify/", views.verify, name="verify"),
    path("status/<int:number>", views.status_list, name="status_list"),
    path(".well-known/did.json", views.did_document, name="did"),
]
