from django.urls import path

from museum import views

urlpatterns = [
    path("room/<int:key>", views.room),
    path("again/<int:key>", views.again),
    path("other/<int:key>", views.other),
    path("in_table/<int:key>", views.in_table),
]
