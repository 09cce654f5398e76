"""Pages of people, units, agencies and positions."""

from django.urls import path

from .views import (
    addresses,
    agencies,
    bulk,
    grants,
    people,
    person,
    postings,
    registrars,
    units,
)

app_name = "people"
urlpatterns = [
    path("positions/", grants.grants, name="grants"),
    path("positions/export/", grants.export, name="export_grants"),
    path("positions/who-may/", grants.who_may, name="who_may"),
    path("positions/give/", grants.give, name="give"),
    path("positions/give/<public_id:public_id>/", grants.give_to, name="give_to"),
    path("positions/registrars/", registrars.waiting, name="registrar_proposals"),
    path("positions/registrars/propose/<public_id:public_id>/", registrars.propose, name="propose_registrar"),
    path("positions/registrars/<public_id:public_id>/", registrars.one, name="registrar_proposal"),
    path(
        "positions/registrars/<public_id:public_id>/<str:decision>/",
        registrars.decide,
        name="decide_registrar",
    ),
    path("positions/<public_id:public_id>/", grants.grant_one, name="grant_one"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/add/", agencies.agency_add, name="agency_add"),
    path("agencies/<public_id:public_id>/", agencies.agency_change, name="agency_change"),
    path("address/<public_id:public_id>/", addresses.address_request, name="address_request"),
    path("", people.people, name="list"),
    path("add/", person.add, name="add"),
    path("home/", people.home, name="home"),
    path("export/", people.export, name="export"),
    path("bulk/", people.bulk, name="bulk"),
    path("bulk/transfer/", bulk.transfer, name="transfer_many"),
    path("bulk/end/", bulk.end, name="end_many"),
    path("bulk/leave/", bulk.leave, name="leave_many"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add, name="add_unit"),
    path("units/<public_id:public_id>/", units.edit, name="edit_unit"),
    path("<public_id:public_id>/", person.person, name="person"),
    path("<public_id:public_id>/edit/", person.edit, name="edit"),
    path("<public_id:public_id>/transfer/", postings.transfer, name="transfer"),
    path("<public_id:public_id>/correct/<str:token>/", postings.correct, name="correct_posting"),
    path("<public_id:public_id>/end/<str:token>/", postings.end, name="end_posting"),
    path("<public_id:public_id>/leave/", postings.leave, name="leave"),
    path("<public_id:public_id>/leave/withdraw/<str:token>/", postings.withdraw_leave, name="withdraw_leave"),
    path("<public_id:public_id>/undo/", postings.take_back, name="take_back"),
]
