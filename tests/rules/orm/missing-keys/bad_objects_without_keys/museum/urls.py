from django.urls import path

from museum import views

urlpatterns = [
    path("tag/<int:key>", views.tag),
    path("add/<int:key>", views.add),
    path("keys/<int:key>", views.keys),
]
