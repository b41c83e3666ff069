from django.urls import path

from shelf.views import jars, boxes

urlpatterns = [path("jars", jars), path("boxes", boxes)]
