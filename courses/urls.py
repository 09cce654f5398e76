"""Addresses of courses; the same as Wagtail's own, which answer for what these views do not know."""

from django.urls import path

from . import views

app_name = "courses"  # no module is called "enrol" or "field-sheet"
urlpatterns = [
    path("", views.catalog, name="catalog"),
    path("<slug:course>/", views.course, name="course"),
    path("<slug:course>/enrol/", views.enrol, name="enrol"),
    path("<slug:course>/field-sheet/", views.field_sheet, name="field_sheet"),
    path("<slug:course>/field-sheet/pdf/", views.field_sheet_pdf, name="field_sheet_pdf"),
    path("<slug:course>/<slug:module>/", views.module, name="module"),
    path("<slug:course>/<slug:module>/<slug:page>/", views.page, name="lesson"),
    path("<slug:course>/<slug:module>/<slug:page>/read/", views.read, name="read"),
    path(
        "<slug:course>/<slug:module>/<slug:page>/pictures/<str:name>/", views.picture, name="picture"
    ),  # a lesson names it relatively, so that its body holds no address
    path("<slug:course>/<slug:module>/<slug:page>/start/", views.start, name="start"),
]
