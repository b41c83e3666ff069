from django.urls import path

from shelf.views import changes

urlpatterns = [path("changes", changes)]
