"""One's own data: take it along, corrections, erasure."""

from django.urls import path

from .views import corrections, erasures, my_data

CONFIRM, WITHDRAW = {"decision": "confirm"}, {"decision": "withdraw"}

app_name = "privacy"
urlpatterns = [
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/export/", my_data.export, name="export_my_data"),
    path("my-data/correction/", my_data.ask_correction, name="ask_correction"),
    path(
        "my-data/correction/<public_id:public_id>/withdraw/",
        my_data.withdraw_correction,
        name="withdraw_correction",
    ),
    path("my-data/erase/", my_data.erase, name="erase_me"),
    path("my-data/erase/withdraw/", my_data.withdraw_erasure, name="withdraw_erasure"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<public_id:public_id>/", corrections.correction, name="correction"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/of/<public_id:public_id>/", erasures.erase_person, name="erase_person"),
    path("erasures/<public_id:public_id>/", erasures.erasure, name="erasure"),
    path("erasures/<public_id:public_id>/confirm/", erasures.decide, CONFIRM, name="confirm_erasure"),
    path("erasures/<public_id:public_id>/decline/", erasures.decline, name="decline_erasure"),
    path(
        "erasures/<public_id:public_id>/withdraw/", erasures.decide, WITHDRAW, name="withdraw_other_erasure"
    ),
]
