from django.urls import path

from shop.views import Profiles

urlpatterns = [path("profiles", Profiles.as_view())]
