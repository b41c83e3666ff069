from django.urls import path

from library.api import views

urlpatterns = [
    path("books/", views.books),
    path("books/new/", views.new_books),  # expect: startup/unresolved-import
]
