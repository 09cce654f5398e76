"""The audit trail, and what was noted about oneself."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entries, name="audit"),
    path("audit/export/", views.export, name="export_audit"),
    path("audit/people/<public_id:public_id>/", views.of_person, name="trail_of_person"),
    path("audit/<public_id:public_id>/", views.entry, name="audit_entry"),
    path("my-trail/", views.mine, name="my_trail"),
]
