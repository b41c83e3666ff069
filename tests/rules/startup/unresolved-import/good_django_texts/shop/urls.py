from django.urls import include, path

urlpatterns = [path("orders/", include("shop.orders.urls")), path("auth/", include("django.contrib.auth.urls"))]
