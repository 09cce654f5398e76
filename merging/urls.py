"""Pages of merging two records and of taking over a person, and of what waits for the second person."""

from django.urls import path

from . import views

app_name = "merging"
urlpatterns = [
    path("bulk/merge/", views.merge, name="merge"),
    path("take-over/", views.take_over, name="take_over"),
    path("proposals/", views.waiting, name="proposals"),
    path("proposals/<public_id:public_id>/<slug:decision>/", views.decide, name="decide"),
]
