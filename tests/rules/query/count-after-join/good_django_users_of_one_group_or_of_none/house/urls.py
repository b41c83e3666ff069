from django.urls import path

from shelf.views import users

urlpatterns = [path("users", users)]
