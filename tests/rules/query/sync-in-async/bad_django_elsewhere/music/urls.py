from django.urls import path

from music import views

urlpatterns = [
    path("albums", views.albums),
    path("albums/<int:number>", views.AlbumView.as_view()),
    path("albums/<int:number>/text", views.text),
    path("bands/<int:number>", views.band),
]
