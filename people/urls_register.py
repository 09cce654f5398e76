"""The register: people, units, what waits for a second person."""

from django.urls import path

from .views import people, person, postings

urlpatterns = [
    path("", people.people, name="list"),
    path("add/", person.add, name="add"),
    path("bulk/", people.bulk, name="bulk"),
    path("<public_id:public_id>/", person.person, name="person"),
    path("<public_id:public_id>/edit/", person.edit, name="edit"),
    path("<public_id:public_id>/transfer/", postings.transfer, name="transfer"),
    path("<public_id:public_id>/correct/<str:token>/", postings.correct, name="correct_posting"),
    path("<public_id:public_id>/end/<str:token>/", postings.end, name="end_posting"),
    path("<public_id:public_id>/leave/", postings.leave, name="leave"),
    path("<public_id:public_id>/undo/", postings.take_back, name="take_back"),
]
