"""Addresses without a language: what machines ask."""

from django.urls import path

from . import views

app_name = "operations_public"
urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]
