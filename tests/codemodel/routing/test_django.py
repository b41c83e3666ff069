SETTINGS = 'ROOT_URLCONF = "site_.urls"\n'


def test_includes_by_name_by_list_and_by_tuple(table):
    found = table(
        {
            "site_/settings.py": SETTINGS,
            "site_/__init__.py": "",
            "site_/urls.py": """
            from django.contrib import admin
            from django.urls import include, path, re_path
            from shop import views

            extra = [path("faq/", views.faq)]
            urlpatterns = [
                path("admin/", admin.site.urls),
                path("shop/", include("shop.urls")),
                path("help/", include((extra, "help"))),
                re_path(r"^archive/(?P<year>[0-9]{4})/$", views.archive),
            ]
            urlpatterns += [path("late/", views.faq)]
            """,
            "shop/__init__.py": "",
            "shop/urls.py": """
            from django.urls import path
            from . import views
            urlpatterns = [path("items/<int:pk>/", views.Item.as_view())]
            """,
            "shop/views.py": """
            from django.views import View
            from django.views.decorators.http import require_http_methods, require_POST

            class Audited:
                def dispatch(self, request, *args, **kwargs): ...

            class Item(Audited, View):
                def get(self, request, pk): ...
                def post(self, request, pk): ...

            @require_http_methods(["GET", "HEAD"])
            def faq(request): ...

            @require_POST
            def archive(request, year): ...
            """,
        }
    )
    assert found.endpoints == [
        "POST /archive/{year}/",
        "GET /help/faq/",
        "HEAD /help/faq/",
        "GET /late/",
        "HEAD /late/",
        "GET /shop/items/{pk}/",
        "POST /shop/items/{pk}/",
    ]
    assert found.handlers("GET /shop/items/{pk}/") == ["Item.get", "Audited.dispatch"]


def test_a_function_view_without_a_decorator_takes_any_method(table):
    found = table(
        {
            "urls.py": """
            from django.urls import path

            def index(request): ...

            urlpatterns = [path("", index)]
            """
        }
    )
    assert found.endpoints == ["ANY /"]


def test_view_sets_on_a_router_with_extra_actions(table):
    found = table(
        {
            "site_/settings.py": SETTINGS,
            "site_/__init__.py": "",
            "site_/urls.py": """
            from django.urls import include, path
            from rest_framework.routers import DefaultRouter
            from site_.views import Books, Logs

            router = DefaultRouter()
            router.register(r"books", Books)
            router.register("logs", Logs, basename="log")
            urlpatterns = [path("api/", include(router.urls))]
            """,
            "site_/views.py": """
            from rest_framework import mixins, viewsets
            from rest_framework.decorators import action
            from rest_framework.permissions import BasePermission

            class IsOwner(BasePermission):
                def has_permission(self, request, view): ...

            class Base(viewsets.ModelViewSet):
                def get_queryset(self): ...

            class Books(Base):
                lookup_field = "isbn"
                http_method_names = ["get", "post", "delete"]
                permission_classes = [IsOwner]

                def perform_create(self, serializer): ...

                @action(detail=True, methods=["post"], url_path="lend-out")
                def lend(self, request, isbn=None): ...

                @action(detail=False)
                def recent(self, request): ...

            class Logs(mixins.ListModelMixin, viewsets.GenericViewSet):
                pass
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/books/",
        "POST /api/books/",
        "GET /api/books/recent/",
        "DELETE /api/books/{isbn}/",
        "GET /api/books/{isbn}/",
        "POST /api/books/{isbn}/lend-out/",
        "GET /api/logs/",
    ]
    assert set(found.handlers("POST /api/books/")) == {
        "Books.perform_create",
        "Base.get_queryset",
        "IsOwner.has_permission",
    }
    assert found.handlers("POST /api/books/{isbn}/lend-out/")[0] == "Books.lend"


def test_generic_views_and_api_view(table):
    found = table(
        {
            "urls.py": """
            from django.urls import path
            from rest_framework import generics
            from rest_framework.decorators import api_view

            class Notes(generics.ListCreateAPIView):
                def get_queryset(self): ...

            class Note(generics.RetrieveUpdateDestroyAPIView):
                http_method_names = ["get", "put"]

            @api_view(["POST"])
            def publish(request): ...

            urlpatterns = [
                path("notes/", Notes.as_view()),
                path("notes/<slug:slug>/", Note.as_view()),
                path("publish", publish),
            ]
            """
        }
    )
    assert found.endpoints == [
        "GET /notes/",
        "POST /notes/",
        "GET /notes/{slug}/",
        "PUT /notes/{slug}/",
        "POST /publish",
    ]


def test_router_of_the_project_with_bulk_methods(table):
    found = table(
        {
            "urls.py": """
            from rest_framework.routers import SimpleRouter
            from rest_framework import viewsets

            class BulkRouter(SimpleRouter):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.routes[0].mapping.update({"delete": "bulk_destroy"})

            class Tags(viewsets.ReadOnlyModelViewSet):
                def bulk_destroy(self, request): ...

            router = BulkRouter(trailing_slash=False)
            router.register("tags", Tags)
            urlpatterns = []
            urlpatterns += router.urls
            """
        }
    )
    assert found.endpoints == ["DELETE /tags", "GET /tags", "GET /tags/{pk}"]


def test_prefix_out_of_the_settings_with_a_default(table):
    found = table(
        {
            "site_/settings.py": SETTINGS + 'import os\nBASE = os.environ.get("BASE", "app/")\n',
            "site_/__init__.py": "",
            "site_/urls.py": """
            from django.conf import settings
            from django.urls import path

            def index(request): ...

            urlpatterns = [path(settings.BASE, index)]
            """,
        }
    )
    assert found.endpoints == ["ANY /app/"]
    assert found.incomplete() == []
