"""Standing pages that the foot of every page leads to."""

from django.urls import path

from .views import guide_page, help_page, standing_page

app_name = "pages"
urlpatterns = [
    path("help/", help_page, name="help"),
    path("help/<slug:guide>/", guide_page, name="guide"),
    path("privacy/", standing_page("pages/privacy.html"), name="privacy"),
    path("accessibility/", standing_page("pages/accessibility.html"), name="accessibility"),
]
