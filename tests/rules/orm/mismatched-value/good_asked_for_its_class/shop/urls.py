from django.urls import path

from shop import views

urlpatterns = [
    path("writers/<int:pk>/", views.of_writer),
    path("books/<int:pk>/", views.of_book),
    path("chapters/<int:pk>/", views.of_chapter),
]
