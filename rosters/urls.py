"""Pages of rosters."""

from django.urls import path

from .views import acts, rosters

app_name = "rosters"
urlpatterns = [
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template.<slug:kind>", rosters.template, name="roster_template"),
    path("rosters/<public_id:public_id>/", rosters.roster, name="roster"),
    path("rosters/<public_id:public_id>/columns/", acts.columns, name="roster_columns"),
    path("rosters/<public_id:public_id>/apply/", acts.apply, name="roster_apply"),
    path("rosters/<public_id:public_id>/cancel/", acts.cancel, name="roster_cancel"),
    path("rosters/<public_id:public_id>/lines/", acts.download, name="roster_lines"),
]
