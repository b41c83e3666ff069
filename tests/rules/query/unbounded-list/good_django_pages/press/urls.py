from django.urls import path

from press import views

urlpatterns = [
    path("stories", views.Stories.as_view()),
    path("feed", views.Feed.as_view()),
    path("archive", views.Archive.as_view()),
    path("popular", views.popular),
    path("sections", views.Sections.as_view()),
    path("stories/<int:story>/letters", views.Letters.as_view()),
]
