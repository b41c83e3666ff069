"""Django REST framework in a run: serializers and generic views."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ci_gate.codemodel.dataflow.events import Run
from support.django import SETTINGS, in_words, project
from support.flows import Followed

SERIALIZERS = """
from rest_framework import serializers
from app.models import Article, Comment, Profile, Tag, User

class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "bio"]

class TagField(serializers.RelatedField):
    def to_representation(self, value):
        return value.name

class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["name"]
"""
VIEWS = """
from django.shortcuts import get_object_or_404
from rest_framework import filters, generics, mixins, pagination, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView
from app.models import Article, Comment, Tag, User
from app.serializers import *
"""
URLS = """
from django.urls import include, path
from rest_framework.routers import DefaultRouter
from app import views
router = DefaultRouter()
if hasattr(views, "ViewSet"):
    router.register("set", views.ViewSet)
urlpatterns = [path("", include(router.urls)), path("x/<str:title>/", views.View.as_view())]
"""
PLAIN = """
class View(APIView):
    def get(self, request, title):
        return Response(ArticleSerializer(Article.objects.all(), many=True).data)
"""


def service(serializer: str, views: str = PLAIN, settings: str = "") -> Followed:
    return project(
        {
            "app/serializers.py": SERIALIZERS + serializer,
            "app/views.py": VIEWS + views,
            "app/urls.py": URLS,
            "app/settings.py": SETTINGS + settings,
        }
    )


def only(found: Followed) -> Run:
    [run] = [run for run in found.runs if run.route is not None]
    return run


def words(found: Followed) -> Sequence[str]:
    return in_words(only(found).events)


def shape(body: str, *, base: str = "serializers.ModelSerializer") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"\nclass ArticleSerializer({base}):\n{lines}\n"


META = "class Meta:\n    model = Article\n    fields = [{}]"
FIELDS = {
    "columns": (META.format("'title', 'created'"), []),
    "keys": (META.format("'author'"), []),
    "keys of a collection": (META.format("'tags'"), ["many Tag in a loop"]),
    "all": ("class Meta:\n    model = Article\n    fields = '__all__'",
            ["many Tag in a loop", "many User in a loop"]),
    "all but": ("class Meta:\n    model = Article\n    exclude = ['tags', 'fans']", []),
    "nested": ("author = UserSerializer()\n" + META.format("'author'"),
               ["loads Article.author in a loop"]),
    "nested, many": ("tags = TagSerializer(many=True)\n" + META.format("'tags'"),
                     ["many Tag in a loop"]),
    "only written": ("author = UserSerializer(write_only=True)\n" + META.format("'author'"), []),
    "source": ("name = serializers.CharField(source='author.username')\n" + META.format("'name'"),
               ["loads Article.author in a loop"]),
    "source of a key": ("name = serializers.IntegerField(source='author_id')\n"
                        + META.format("'name'"), []),
    "key field": ("author = serializers.PrimaryKeyRelatedField(read_only=True)\n"
                  + META.format("'author'"), []),
    "slug": ("author = serializers.SlugRelatedField(slug_field='username', read_only=True)\n"
             + META.format("'author'"), ["loads Article.author in a loop"]),
    "slugs": ("labels = serializers.SlugRelatedField(slug_field='name', source='tags', many=True,"
              " read_only=True)\n" + META.format("'labels'"), ["many Tag in a loop"]),
    "a field of the tree": ("tags = TagField(many=True, read_only=True)\n" + META.format("'tags'"),
                            ["many Tag in a loop"]),
    "method": ("n = serializers.SerializerMethodField()\ndef get_n(self, obj):\n"
               "    return obj.fans.count()\n" + META.format("'n'"), ["count User in a loop"]),
    "named method": ("n = serializers.SerializerMethodField(method_name='m')\ndef m(self, obj):\n"
                     "    return obj.author.bio\n" + META.format("'n'"),
                     ["loads Article.author in a loop"]),
    "property of the model": (META.format("'byline'"), ["loads Article.author in a loop"]),
    "method of the model": (META.format("'tag_names'"), ["many Tag in a loop"]),
    "request's user": ("n = serializers.SerializerMethodField()\ndef get_n(self, obj):\n"
                       "    return self.context['request'].user.favorites.filter(pk=obj.pk)"
                       ".exists()\n" + META.format("'n'"), []),
    "representation": ("def to_representation(self, obj):\n"
                       "    data = super().to_representation(obj)\n"
                       "    data['x'] = obj.author.bio\n    return data\n"
                       + META.format("'title'"), ["loads Article.author in a loop"]),
    "depth": ("class Meta:\n    model = Article\n    fields = ['author']\n    depth = 1",
              ["loads Article.author in a loop"]),
    "hidden by options": ("class Meta:\n    model = Article\n    fields = ['tags']\n"
                          "    extra_kwargs = {'tags': {'write_only': True}}", []),
    "fields of a list elsewhere": (META.format("*NAMES"), []),
    "taken away": ("author = UserSerializer()\ndef __init__(self, *args, **kwargs):\n"
                   "    super().__init__(*args, **kwargs)\n    self.fields.pop('author')\n"
                   + META.format("'author'"), []),
    "no such field": (META.format("'titel'"), ["instance Article.titel"]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), FIELDS.values(), ids=FIELDS)
def test_serializers_read_what_their_fields_say(body: str, expected: list[str]) -> None:
    assert words(service(shape(body)))[1:] == expected


LIST = """
class View(generics.ListAPIView):
    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
"""
NESTED = shape("author = UserSerializer()\n" + META.format("'author'"))
PAGES = "REST_FRAMEWORK = {{'DEFAULT_PAGINATION_CLASS': {}, 'PAGE_SIZE': 10}}"
NUMBERS = PAGES.format("'rest_framework.pagination.PageNumberPagination'")
LISTS = {
    "not paged": (LIST, "", "many Article"),
    "paged by settings": (LIST, NUMBERS, "many Article limited"),
    "settings without a class": (LIST, PAGES.format("None"), "many Article"),
    "settings that are not seen": (LIST, "REST_FRAMEWORK = load()", "many Article limited"),
    "settings changed elsewhere": (LIST, "REST_FRAMEWORK = {}\nREST_FRAMEWORK.update(load())",
                                   "many Article limited"),
    "not paged by the view": (LIST + "    pagination_class = None\n", NUMBERS, "many Article"),
    "paged by the view": (
        LIST + "    pagination_class = pagination.LimitOffsetPagination\n", "",
        "many Article limited"),
}  # fmt: skip


@pytest.mark.parametrize(("views", "settings", "expected"), LISTS.values(), ids=LISTS)
def test_lists_are_paged(views: str, settings: str, expected: str) -> None:
    found = words(service(NESTED, views, settings))
    assert found == [expected, "loads Article.author in a loop"]


def test_a_list_of_the_library_takes_the_views_own_parts() -> None:
    views = LIST + (
        "    def get_queryset(self):\n"
        "        rows = super().get_queryset().select_related('author')\n"
        "        name = self.request.query_params.get('author')\n"
        "        return rows.filter(author__username=name) if name else rows\n"
        "    def filter_queryset(self, queryset):\n"
        "        return queryset.filter(title=self.kwargs['title'])\n"
        "    def get_serializer_class(self):\n"
        "        return ArticleSerializer\n"
    )
    run = only(service(NESTED, views))
    assert in_words(run.events) == ["many Article"]
    assert run.entry.name == "list"
    assert {source.name for source in run.used} >= {"author", "title"}


VIEWSET = """
class ViewSet(viewsets.ModelViewSet):
    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
    lookup_field = "title"
    def get_queryset(self):
        if self.action in ("list",) or self.action == "retrieve":
            return Article.objects.select_related("author")
        return Article.objects.all()
    def perform_create(self, serializer):
        serializer.save(author=self.request.user)

class View(APIView):
    pass
"""
ACTIONS = {
    "GET /set/": ["many Article"],
    "POST /set/": ["write Article", "writes Article.create"],
    "GET /set/{title}/": ["one Article single"],
    "PUT /set/{title}/": ["one Article single", "write - single", "writes Article.save",
                          "loads Article.author"],
    "PATCH /set/{title}/": ["one Article single", "write - single", "writes Article.save",
                            "loads Article.author"],
    "DELETE /set/{title}/": ["one Article single", "write - single", "writes Article.delete"],
}  # fmt: skip


@pytest.mark.parametrize(("endpoint", "expected"), ACTIONS.items())
def test_actions_of_view_sets(endpoint: str, expected: list[str]) -> None:
    found = service(NESTED, VIEWSET)
    assert in_words(found.run(endpoint).events) == expected


def test_the_object_of_a_detail_view_is_looked_up_by_the_path() -> None:
    run = service(NESTED, VIEWSET).run("GET /set/{title}/")
    assert {(source.part, source.name) for source in run.used} == {("path", "title")}


def test_lookup_fields_are_resolved() -> None:
    views = VIEWSET.replace('lookup_field = "title"', 'lookup_field = "slug"')
    run = service(NESTED, views).run("GET /set/{slug}/")
    assert in_words(run.events)[0] == "no Article.slug"


FILTERS = {
    "none": ("", False, set()),
    "search": (
        "    filter_backends = [filters.SearchFilter]\n    search_fields = ['^title']\n",
        False,
        {"search"},
    ),
    "ordering": ("    filter_backends = (filters.OrderingFilter,)\n", False, {"ordering"}),
    "django-filter": ("    filter_backends = [DjangoFilterBackend]\n", True, set()),
}


@pytest.mark.parametrize(("more", "wildcard", "names"), FILTERS.values(), ids=FILTERS)
def test_filter_backends_read_parameters(more: str, wildcard: bool, names: set[str]) -> None:
    views = "from django_filters.rest_framework import DjangoFilterBackend\n" + LIST + more
    run = only(service(NESTED, views))
    assert run.wildcard is wildcard
    assert {source.name for source in run.read if source.part == "query"} == names
    assert names <= {source.name for source in run.used}


def test_search_fields_are_looked_up() -> None:
    views = LIST + "    filter_backends = [filters.SearchFilter]\n    search_fields = ['titel']\n"
    assert "no Article.titel" in words(service(NESTED, views))


def test_a_filter_backend_of_the_tree_is_entered() -> None:
    views = (
        "class Mine(filters.BaseFilterBackend):\n"
        "    def filter_queryset(self, request, queryset, view):\n"
        "        return queryset.filter(author__username=request.query_params['by'])[:5]\n"
        + LIST
        + "    filter_backends = [Mine]\n"
    )
    run = only(service(NESTED, views))
    assert "many Article limited" in in_words(run.events)
    assert {source.name for source in run.used} >= {"by"}


def test_saving_calls_the_serializers_own_methods() -> None:
    serializer = shape(
        "def create(self, validated_data):\n"
        "    tags = validated_data.pop('tags')\n"
        "    article = Article.objects.create(**validated_data)\n"
        "    for tag in tags:\n"
        "        Tag.objects.get_or_create(name=tag)\n"
        "    return article\n" + META.format("'title'")
    )
    views = (
        "class View(APIView):\n"
        "    def post(self, request, title):\n"
        "        serializer = ArticleSerializer(data=request.data, context={'request': request})\n"
        "        serializer.is_valid(raise_exception=True)\n"
        "        serializer.save(author=request.user)\n"
        "        return Response(serializer.data, status=201)\n"
    )
    assert words(service(serializer, views)) == [
        "write Article", "writes Article.create", "one Tag single", "writes Tag.get_or_create",
    ]  # fmt: skip


def test_methods_of_a_view_are_told_apart_by_the_routes_method() -> None:
    views = (
        "@api_view(['GET', 'DELETE'])\n"
        "def other(request, title):\n"
        "    if request.method == 'DELETE':\n"
        "        Article.objects.filter(title=title).delete()\n"
        "        return Response(status=204)\n"
        "    return Response(ArticleSerializer(get_object_or_404(Article, title=title)).data)\n"
    )
    text = URLS.replace("views.View.as_view()", "views.other")
    found = project({"app/serializers.py": SERIALIZERS + NESTED, "app/views.py": VIEWS + views,
                     "app/urls.py": text})  # fmt: skip
    assert in_words(found.run("GET /x/{title}/").events) == [
        "one Article single", "loads Article.author"
    ]  # fmt: skip
    assert in_words(found.run("DELETE /x/{title}/").events) == [
        "write Article", "writes Article.delete"
    ]  # fmt: skip


def test_mixins_call_what_comes_after_them() -> None:
    views = (
        "class Narrow:\n"
        "    def get_queryset(self):\n"
        "        return super().get_queryset().filter(title='x')[:3]\n"
        "class Loading(generics.GenericAPIView):\n"
        "    def get_queryset(self):\n"
        "        return super().get_queryset().select_related('author')\n"
        "class View(Narrow, Loading, generics.ListAPIView):\n"
        "    queryset = Article.objects.all()\n"
        "    serializer_class = ArticleSerializer\n"
    )
    assert [w for w in words(service(NESTED, views)) if "Article" in w] == ["many Article limited"]


def test_serializers_that_nest_themselves_end() -> None:
    serializer = shape(
        "n = serializers.SerializerMethodField()\n"
        "def get_n(self, obj):\n"
        "    return ArticleSerializer(obj.author.articles.all(), many=True).data\n"
        + META.format("'n'")
    )
    assert words(service(serializer))[:2] == ["many Article", "loads Article.author in a loop"]
