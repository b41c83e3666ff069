from django.urls import path

from museum import views

urlpatterns = [
    path("room_of/<int:key>", views.room_of),
    path("raised/<int:key>", views.raised),
    path("handed_on/<int:key>", views.handed_on),
]
