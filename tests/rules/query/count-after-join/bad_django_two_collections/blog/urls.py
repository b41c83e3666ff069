from django.urls import path

from blog import views

urlpatterns = [
    path("posts", views.posts),
    path("posts/totals", views.totals),
    path("posts/recent", views.recent),
    path("labels", views.labels),
]
