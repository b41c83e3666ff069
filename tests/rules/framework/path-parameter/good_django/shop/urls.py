from django.urls import path, re_path

from shop import guards, views

urlpatterns = [
    path("orders", views.orders),
    path("orders/<int:key>", views.orders),
    path("orders/<int:key>/lines", views.Lines.as_view()),
    path("tags/<str:name>", views.tag, {"kind": "plain"}),
    path("notes/<int:key>", guards.loaded(views.note)),
    path("mine/<int:key>", views.mine),
    re_path(r"^old/(\d+)$", views.old),
]
