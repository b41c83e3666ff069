from django.urls import path

from shelf.views import jars

urlpatterns = [path("jars", jars)]
