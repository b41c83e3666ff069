from django.urls import include, path

from depot import views

of_boxes = [
    path("", views.boxes),  # expect: contract/missing-route
    path("<int:number>", views.box),
]

urlpatterns = [
    path("v1/boxes/", include(of_boxes)),
    path("v1/stock/", views.stock),
]
