from django.urls import path

from library.views import books

urlpatterns = [path("books", books)]
