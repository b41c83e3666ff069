from django.urls import path

from choir.views import Songs

urlpatterns = [path("songs/", Songs.as_view())]
