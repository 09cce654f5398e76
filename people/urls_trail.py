"""The audit trail, and what was noted about oneself."""

from django.urls import path

from .views import trail

urlpatterns = [
    path("audit/", trail.entries, name="audit"),
    path("audit/export/", trail.export, name="export_audit"),
    path("audit/<public_id:public_id>/", trail.entry, name="audit_entry"),
    path("my-trail/", trail.mine, name="my_trail"),
]
