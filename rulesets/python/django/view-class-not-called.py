from django.urls import include, path, re_path
from django.views.generic import View
from rest_framework.views import APIView

from shop import views
from shop.breadcrumbs import path as crumb
from shop.tests import TestView
from shop.views import MemberView, OrderView, orders, view_for


class PingView(View):
    pass


class HealthView(APIView):
    pass


class lazy_view:
    pass


FunctionView = view_for("items")
ItemView = OrderView.as_view()

urlpatterns = [
    # ruleid: framework-django-view-class
    path("orders/", OrderView),
    # ruleid: framework-django-view-class
    re_path("^orders/(?P<pk>[0-9]+)$", views.OrderView, name="order"),
    # ruleid: framework-django-view-class
    path("ping/", PingView),
    # ruleid: framework-django-view-class
    path("health/", view=HealthView),
    # ok: framework-django-view-class
    path("members/", MemberView.as_view()),
    # ok: framework-django-view-class
    path("all/", orders),
    # ok: framework-django-view-class
    path("items/", ItemView),
    # ok: framework-django-view-class
    path("functions/", FunctionView),
    # ok: framework-django-view-class
    path("shop/", include("shop.urls")),
    # ok: framework-django-view-class
    path("views/", views.orders),
    # ok: framework-django-view-class
    crumb("orders", OrderView),
    # ok: framework-django-view-class
    path("called/", OrderView()),
]
