from django.urls import path

from shelf.views import repaint, reweigh

urlpatterns = [path("paint", repaint), path("weigh", reweigh)]
