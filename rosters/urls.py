"""Pages of rosters."""

from django.urls import path

from .views import changes, rosters

app_name = "rosters"
urlpatterns = [
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template.<slug:kind>", rosters.template, name="roster_template"),
    path("rosters/<public_id:public_id>/", rosters.roster, name="roster"),
    path("rosters/<public_id:public_id>/columns/", changes.columns, name="roster_columns"),
    path("rosters/<public_id:public_id>/apply/", changes.apply, name="roster_apply"),
    path("rosters/<public_id:public_id>/cancel/", changes.cancel, name="roster_cancel"),
    path("rosters/<public_id:public_id>/lines/", changes.download, name="roster_lines"),
]
