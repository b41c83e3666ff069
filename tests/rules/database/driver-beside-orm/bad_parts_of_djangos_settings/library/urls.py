from django.urls import path

from library.views import books, count

urlpatterns = [path("books", books), path("count", count)]
