from django.urls import path

from . import urls_door, urls_positions, urls_register, urls_rights, urls_rosters, urls_trail
from .views import sign_on

app_name = "people"
urlpatterns = [
    *urls_door.urlpatterns,
    *urls_positions.urlpatterns,
    *urls_register.urlpatterns,
    *urls_trail.urlpatterns,
    path("sign-on/", sign_on.mine, name="sign_on"),
    path("sign-on/link/", sign_on.link, name="link_sign_on"),
    path("sign-on/<slug:provider_id>/unlink/", sign_on.unlink, name="unlink_sign_on"),
    *urls_rosters.urlpatterns,
    *urls_rights.urlpatterns,
]
