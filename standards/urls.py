"""The glossary, for everybody."""

from django.urls import path

from . import views

app_name = "standards"
urlpatterns = [path("", views.glossary, name="glossary")]
