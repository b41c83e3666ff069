from django.urls import path

from orders.views import list_orders

urlpatterns = [path("orders/", list_orders)]
