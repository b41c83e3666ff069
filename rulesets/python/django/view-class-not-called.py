from django.urls import path, re_path

from shop import views
from shop.views import MemberView, OrderView, orders

urlpatterns = [
    # ruleid: framework-django-view-class
    path("orders/", OrderView),
    # ruleid: framework-django-view-class
    re_path("^orders/(?P<pk>[0-9]+)$", views.OrderView, name="order"),
    # ok: framework-django-view-class
    path("members/", MemberView.as_view()),
    # ok: framework-django-view-class
    path("all/", orders),
]
