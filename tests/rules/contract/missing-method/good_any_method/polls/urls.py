from django.urls import path

from polls import views

urlpatterns = [
    path("polls", views.polls),
    path("polls/<int:number>", views.Poll.as_view()),
    path("votes", views.Votes.as_view()),
]
