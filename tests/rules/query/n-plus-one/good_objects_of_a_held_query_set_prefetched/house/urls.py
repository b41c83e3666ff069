from django.urls import path

from shelf.views import jars, labels

urlpatterns = [path("jars", jars), path("labels", labels)]
