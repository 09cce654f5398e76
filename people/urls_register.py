"""The register: people, units, what waits for a second person."""

from django.urls import path

from .views import bulk, by_two, country, people, person, postings, units

urlpatterns = [
    path("", people.people, name="list"),
    path("add/", person.add, name="add"),
    path("home/", people.home, name="home"),
    path("figures/", country.figures, name="figures"),
    path("figures/export/", country.export, name="export_figures"),
    path("export/", people.export, name="export"),
    path("bulk/", people.bulk, name="bulk"),
    path("bulk/transfer/", bulk.transfer, name="transfer_many"),
    path("bulk/end/", bulk.end, name="end_many"),
    path("bulk/leave/", bulk.leave, name="leave_many"),
    path("bulk/merge/", by_two.merge, name="merge"),
    path("take-over/", by_two.take_over, name="take_over"),
    path("proposals/", by_two.waiting, name="proposals"),
    path("proposals/<public_id:public_id>/<slug:decision>/", by_two.decide, name="decide"),
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
