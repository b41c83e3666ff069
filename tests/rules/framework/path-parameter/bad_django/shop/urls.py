from django.urls import include, path

from shop import views

orders = [
    path("", views.orders),
    path("/<int:pk>", views.order),
    path("/<int:key>/lines", views.Lines.as_view()),
    path("/<int:key>/notes/<int:note>", views.notes, name="notes"),
]

urlpatterns = [path("orders", include(orders))]
