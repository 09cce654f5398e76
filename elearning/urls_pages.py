"""Standing pages that the foot of every page leads to."""

from django.urls import path

from .views import help_page, standing_page

app_name = "pages"
urlpatterns = [
    path("help/", help_page, name="help"),
    path("privacy/", standing_page("pages/privacy.html"), name="privacy"),
    path("accessibility/", standing_page("pages/accessibility.html"), name="accessibility"),
]
