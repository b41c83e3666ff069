from django.urls import path

from museum import views

urlpatterns = [
    path("piece/<int:key>", views.piece),
    path("both/<int:key>", views.both),
    path("any_of_them/<int:key>", views.any_of_them),
    path("one_of_two/<int:key>", views.one_of_two),
    path("first_word/<int:key>", views.first_word),
]
