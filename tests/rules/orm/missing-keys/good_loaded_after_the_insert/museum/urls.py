from django.urls import path

from museum import views

urlpatterns = [
    path("tag/<int:key>", views.tag),
    path("plain/<int:key>", views.plain),
    path("counted/<int:key>", views.counted),
]
