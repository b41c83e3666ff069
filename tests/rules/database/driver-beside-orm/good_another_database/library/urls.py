from django.urls import path

from library.views import search

urlpatterns = [path("search", search)]
