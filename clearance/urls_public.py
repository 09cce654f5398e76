from django.urls import URLPattern

app_name = "clearance_public"
urlpatterns: list[URLPattern] = []
