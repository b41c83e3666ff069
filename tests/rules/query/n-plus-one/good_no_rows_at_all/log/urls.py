from django.urls import path

from log.views import Entries

urlpatterns = [path("entries/", Entries.as_view())]
