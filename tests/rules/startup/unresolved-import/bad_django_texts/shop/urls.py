from django.urls import include, path

urlpatterns = [
    path("orders/", include("shop.orders.routes")),  # expect: startup/unresolved-import
]
