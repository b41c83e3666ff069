from django.urls import path

from library.views import run, search

urlpatterns = [path("search", search), path("run", run)]
