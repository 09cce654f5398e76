"""Printed addresses of receipts: no language prefix."""

from django.urls import path

from .views import receipt

app_name = "clearance_public"
urlpatterns = [
    path("receipt/<public_id:public_id>.json", receipt.receipt_json, name="receipt_json"),
    path("receipt/<public_id:public_id>.cose", receipt.receipt_bytes, name="receipt_bytes"),
    path("receipt/<public_id:public_id>/override.cose", receipt.override_bytes, name="override_bytes"),
    path("receipt/<public_id:public_id>.svg", receipt.receipt_qr, name="receipt_qr"),
    path("receipt/<public_id:public_id>", receipt.receipt, name="receipt"),
]
