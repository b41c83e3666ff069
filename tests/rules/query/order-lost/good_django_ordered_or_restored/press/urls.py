from django.urls import path

from press import views

urlpatterns = [
    path("popular", views.popular),
    path("ordered", views.ordered),
    path("restored", views.restored),
    path("picks", views.picks),
    path("others", views.others),
    path("mapped", views.mapped),
    path("random", views.random),
    path("touch", views.touch),
]
