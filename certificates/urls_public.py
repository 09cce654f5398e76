from django.urls import URLPattern

app_name = "certificates_public"
urlpatterns: list[URLPattern] = []
