from django.urls import path

from .views import addresses, rosters, rosters_acts

urlpatterns = [
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/template.<slug:kind>", rosters.template, name="roster_template"),
    path("rosters/<public_id:public_id>/", rosters.roster, name="roster"),
    path("rosters/<public_id:public_id>/columns/", rosters_acts.columns, name="roster_columns"),
    path("rosters/<public_id:public_id>/apply/", rosters_acts.apply, name="roster_apply"),
    path("rosters/<public_id:public_id>/cancel/", rosters_acts.cancel, name="roster_cancel"),
    path("rosters/<public_id:public_id>/lines/", rosters_acts.download, name="roster_lines"),
    path("address/<public_id:public_id>/", addresses.address_request, name="address_request"),
]
