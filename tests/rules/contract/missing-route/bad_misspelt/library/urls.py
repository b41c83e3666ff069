from django.urls import path

from library import views

urlpatterns = [
    path("books", views.BookList.as_view()),
    path("books/<str:isbn>/favorite", views.Favourite.as_view()),  # expect: contract/missing-route
    path("loans", views.LoanList.as_view()),
]
