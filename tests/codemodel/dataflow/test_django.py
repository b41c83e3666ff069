"""Django's models, managers and query sets in a run."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Attribute, Compared, Ran, Settled
from support.django import IMPORTS, project, view

EVALUATED = {
    "iterating": ("for a in Article.objects.all():\n    pass", ["many Article"]),
    "list": ("list(Article.objects.live())", ["many Article"]),
    "len": ("len(Article.objects.filter(published=True))", ["many Article"]),
    "truth": ("if Article.objects.all():\n    pass", ["many Article"]),
    "negated": ("x = not Article.objects.all()", ["many Article"]),
    "in": ("x = pk in Article.objects.all()", ["many Article"]),
    "comprehension": ("x = [a.title for a in Article.objects.all()]", ["many Article"]),
    "nothing yet": ("x = Article.objects.filter(published=True).order_by('title')", []),
    "get": ("Article.objects.get(pk=pk)", ["one Article single"]),
    "of a key": ("list(Article.objects.filter(pk=pk))", ["many Article single"]),
    "first": ("Article.objects.first()", ["one Article limited"]),
    "latest": ("Article.objects.latest('created')", ["one Article limited"]),
    "count": ("Article.objects.count()", ["count Article"]),
    "exists": ("Article.objects.filter(title=pk).exists()", ["one Article"]),
    "or 404": ("get_object_or_404(Article, pk=pk)", ["one Article single"]),
    "list or 404": ("get_list_or_404(Article, title=pk)", ["many Article"]),
    "of a set or 404": ("get_object_or_404(Article.objects.live(), pk=pk)",
                        ["one Article single"]),
    "slice": ("list(Article.objects.all()[:10])", ["many Article limited"]),
    "one place": ("x = Article.objects.all()[0]", ["one Article limited"]),
    "page": ("for a in Paginator(Article.objects.all(), 10).page(1):\n    pass",
             ["many Article limited"]),
    "object list": ("list(Paginator(Article.objects.all(), 10).get_page(1).object_list)",
                    ["many Article limited"]),
    "values": ("list(Article.objects.values('title'))", ["many values"]),
    "aggregate": ("Article.objects.aggregate(Count('id'))", ["count -"]),
    "none": ("list(Article.objects.none())", ["many Article limited"]),
    "union": ("list(Article.objects.live().union(Article.objects.all()))",
              ["many Article opaque"]),
    "raw": ("list(Article.objects.raw('SELECT 1'))", ["text", "many values opaque"]),
    "user": ("list(request.user.articles.all())", ["many Article"]),
    "join of sets": ("list(Article.objects.live() | Article.objects.all()[:3])",
                     ["many Article"]),
    "a custom manager's method": ("list(Article.objects.titled('x'))", ["many Article"]),
    "as chained": ("list(Article.objects.live().with_author().live())", ["many Article"]),
    "unknown filters": ("list(Article.objects.filter(**request.GET.dict()))",
                        ["many Article opaque"]),
    "thrown away": ("Article.objects.filter(title='x')", ["discarded"]),
    "kept result": ("q = Article.objects.all()\nif pk:\n    q = q[:5]\nlist(q)",
                    ["many Article limited"]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), EVALUATED.values(), ids=EVALUATED)
def test_queries_run_when_their_rows_are_asked_for(body: str, expected: list[str]) -> None:
    assert [word for word in view(body) if not word.startswith("paged")] == expected


ASYNC = {
    "aget": ("await Article.objects.aget(pk=pk)", ["one Article single"]),
    "async for": ("async for a in Article.objects.all():\n    pass", ["many Article"]),
    "acount": ("await Article.objects.acount()", ["count Article"]),
    "asave": ("a = await Article.objects.aget(pk=pk)\nawait a.asave()",
              ["one Article single", "write - single", "writes Article.asave"]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), ASYNC.values(), ids=ASYNC)
def test_async_methods_do_the_same(body: str, expected: list[str]) -> None:
    assert view(body, "async def view(request, pk):") == expected


LOOP = "for a in {}:\n    {}"
ALL = "Article.objects.all()"
PREFETCHED = "Article.objects.prefetch_related('tags', 'comment_set__author')"
LOADED = {
    "a foreign key": (ALL, "a.author.username", ["loads Article.author in a loop"]),
    "its column": (ALL, "a.author_id", []),
    "selected": ("Article.objects.select_related('author')", "a.author.username", []),
    "by the tree's method": ("Article.objects.with_author()", "a.author.username", []),
    "selected deeper": ("Comment.objects.select_related('article')", "a.article.author.username",
                        ["loads Article.author in a loop"]),
    "through a property": (ALL, "a.byline", ["loads Article.author in a loop"]),
    "everything may be selected": ("Article.objects.select_related()", "a.author.username", []),
    "one to one": ("User.objects.all()", "a.profile.follows", ["loads User.profile in a loop"]),
    "one to one and back": ("User.objects.select_related('profile')", "a.profile.user.bio", []),
    "of the owner": (ALL, "[c.article.title for c in a.comment_set.all()]",
                     ["many Comment in a loop"]),
    "a collection": (ALL, "list(a.tags.all())", ["many Tag in a loop"]),
    "a count": (ALL, "a.tags.count()", ["count Tag in a loop"]),
    "a method of the model": (ALL, "a.tag_names()", ["many Tag in a loop"]),
    "prefetched": (PREFETCHED, "list(a.tags.all())", []),
    "prefetched, counted": (PREFETCHED, "a.tags.all().count()", []),
    "prefetched, through a method": (PREFETCHED, "a.tag_names()", []),
    "prefetched deeper": (PREFETCHED, "[c.author.bio for c in a.comment_set.all()]", []),
    "prefetched, then filtered": (PREFETCHED, "list(a.tags.filter(color='x'))",
                                  ["many Tag in a loop"]),
    "Prefetch": ("Article.objects.prefetch_related(Prefetch('comment_set', "
                 "queryset=Comment.objects.select_related('author')))",
                 "[c.author.bio for c in a.comment_set.all()]", []),
    "Prefetch without its author": (
        "Article.objects.prefetch_related(Prefetch('comment_set', queryset=Comment.objects.all()))",
        "[c.author.bio for c in a.comment_set.all()]", ["loads Comment.author in a loop"]),
    "to another attribute": (
        "Article.objects.prefetch_related(Prefetch('comment_set', to_attr='shown'))",
        "list(a.shown)", []),
    "set before": (ALL, "a.author = request.user\n    a.author.bio", []),
    "query sets keep their rows": ("User.objects.all()", "list(others)", ["many Tag"]),
    "a new one each time": ("User.objects.all()", "list(others.all())", ["many Tag in a loop"]),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "body", "expected"), LOADED.values(), ids=LOADED)
def test_relations_are_loaded_when_read(rows: str, body: str, expected: list[str]) -> None:
    found = view("others = Tag.objects.all()\n" + LOOP.format(rows, body))
    assert found[1:] == expected


def test_conditional_loading_is_not_accused() -> None:
    body = """
    rows = Article.objects.all()
    if request.GET.get("full"):
        rows = rows.select_related("author").filter(published=True)
    return JsonResponse([a.author.bio for a in rows], safe=False)
    """
    assert view(body) == ["many Article"]


def test_what_a_loop_runs_depends_on_its_item() -> None:
    text = IMPORTS + (
        "def view(request, pk):\n    for a in Article.objects.all():\n        a.tag_names()\n"
    )
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    ran = [event for event in run.events if isinstance(event, Ran)][-1]
    [loop] = ran.place.loops
    assert loop.item in ran.data
    assert loop.statement is not None
    assert ran.place.path == "app/models.py"


LOOKUPS = {
    "author__username__icontains": None,
    "author__bio__startswith": None,
    "author": None,
    "author_id__in": None,
    "author__pk": None,
    "pk": None,
    "created__date__gte": None,
    "data__key__inner": None,
    "comment__body": None,
    "tags__name": None,
    "author__profile__follows__user__bio": None,
    "author__remark__body": None,
    "fans__isnull": None,
    "titel": "Article.titel",
    "author__nickname": "User.nickname",
    "comment_set__body": "Article.comment_set",
    "author__comments__body": "User.comments",
    "title__nothing": "Article.title__nothing",
    "tags__name__bad": "Tag.name__bad",
}


@pytest.mark.parametrize(("path", "wrong"), LOOKUPS.items())
def test_lookups_are_resolved(path: str, wrong: str | None) -> None:
    expected = [f"no {wrong}"] if wrong is not None else []
    assert [w for w in view(f"list(Article.objects.filter({path}=pk))")
            if w.startswith("no ")] == expected  # fmt: skip


NAMED = {
    "Q": ("Article.objects.filter(Q(titel=1) | ~Q(author__bio='x'))", ["no Article.titel"]),
    "order": ("Article.objects.order_by('-created', 'titel', '?')", ["no Article.titel"]),
    "F": ("Article.objects.filter(title=F('titel'))", []),
    "F in order": ("Article.objects.order_by(F('titel').desc())", ["no Article.titel"]),
    "values": ("Article.objects.values('title', 'author__nme')", ["no User.nme"]),
    "only": ("Article.objects.only('titel')", ["no Article.titel"]),
    "annotated": ("Article.objects.annotate(n=Count('tags')).filter(n__gt=1).order_by('n')", []),
    "named by itself": ("Article.objects.annotate(Count('tags')).filter(tags__count__gt=1)", []),
    "annotated by nothing": ("Article.objects.annotate(n=Count('tgas'))", ["no Article.tgas"]),
    "select_related": ("Article.objects.select_related('autor')", ["no Article.autor"]),
    "prefetch_related": ("Article.objects.prefetch_related('comments')", ["no Article.comments"]),
    "Prefetch": ("Article.objects.prefetch_related(Prefetch('comments'))",
                 ["no Article.comments"]),
    "aggregate": ("Article.objects.aggregate(Sum('lenght'))", ["no Article.lenght"]),
    "function": ("Article.objects.order_by(Lower('titel'))", ["no Article.titel"]),
    "get_or_create": ("Tag.objects.get_or_create(nam='x')", ["no Tag.nam"]),
    "related manager": ("request.user.articles.filter(titel='x')", ["no Article.titel"]),
    "method of the manager": ("Article.objects.alive()", ["no Article.alive"]),
    "method of the query set": ("Article.objects.live().published()", ["no Article.published"]),
    "subquery": ("Article.objects.annotate(x=Exists(Comment.objects.filter("
                 "article=OuterRef('pk'), bdy='x')))", ["no Comment.bdy"]),
    "after an unknown method": ("unknown(Article.objects.all()).filter(titel='x')", []),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), NAMED.values(), ids=NAMED)
def test_names_in_queries_are_looked_up(body: str, expected: list[str]) -> None:
    assert [word for word in view(f"x = {body}") if word.startswith("no ")] == expected


READ = {
    "method": ("a.publish()", ["instance Article.publish"]),
    "Django's own": ("a.refresh_from_db()\na.get_title_display()\na.pk", []),
    "a user's own": ("a.author.check_password('x')\na.author.is_authenticated", []),
    "annotated somewhere": ("Article.objects.annotate(score=Count('fans'))\na.score", []),
    "set somewhere": ("a.liked = True\na.liked", []),
    "of the class": ("Article.DoesNotExist\nArticle._meta\nArticle.titel", ["class Article.titel"]),
}


@pytest.mark.parametrize(("body", "expected"), READ.values(), ids=READ)
def test_attributes_of_objects(body: str, expected: list[str]) -> None:
    found = view(f"a = Article.objects.get(pk=pk)\n{body}")
    assert [word for word in found if word.startswith(("instance", "class"))] == expected


COUNTED = {
    "a filter by a collection": ("filter(tags__color='x')", "count Article times tags"),
    "several": ("filter(tags__name__in=['x', 'y'])", "count Article times tags"),
    "one at most": ("filter(tags__name='x')", "count Article"),
    "the object itself": ("filter(fans=request.user)", "count Article"),
    "one of two": ("filter(Q(tags__name='x') | Q(title='y'))", "count Article times tags"),
    "none of them": ("exclude(tags__color='x')", "count Article"),
    "negated": ("filter(~Q(tags__color='x'))", "count Article"),
    "distinct": ("filter(tags__color='x').distinct()", "count Article distinct times tags"),
    "one object": ("filter(author__bio='x')", "count Article"),
    "two aggregates": ("annotate(n=Count('tags'), m=Count('fans'))",
                       "count Article grouped times tags and fans"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), COUNTED.values(), ids=COUNTED)
def test_collections_multiply_rows(body: str, expected: str) -> None:
    assert view(f"n = Article.objects.{body}.count()") == [expected]


WRITES = {
    "create": ("Tag.objects.create(name='x')", ["write Tag", "writes Tag.create"]),
    "save": ("a = Article.objects.get(pk=pk)\na.title = 'x'\na.save()",
             ["one Article single", "write - single", "writes Article.save"]),
    "constructed": ("t = Tag(name='x')\nt.save()", ["write - single", "writes Tag.save"]),
    "deleted": ("Tag.objects.filter(pk=pk).delete()", ["write Tag single", "writes Tag.delete"]),
    "related": ("request.user.favorites.add(pk)", ["write Article", "writes Article.add"]),
    "updated": ("Article.objects.update(title='x')", ["write Article", "writes Article.update"]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), WRITES.values(), ids=WRITES)
def test_writes_are_committed(body: str, expected: list[str]) -> None:
    text = f"{IMPORTS}\ndef view(request, pk):\n    " + body.replace("\n", "\n    ")
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    assert view(body) == expected
    assert any(isinstance(event, Settled) and event.how == "commit" for event in run.events)


def test_keywords_of_constructors() -> None:
    text = f"{IMPORTS}\ndef view(request, pk):\n    Tag.objects.create(name='x', colour='y')\n"
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    assert [e.name for e in run.events if isinstance(e, Attribute)] == ["name", "colour"]


def test_what_a_filter_compares() -> None:
    text = IMPORTS + (
        "def view(request, pk):\n"
        "    x = Article.objects.filter(author=request.user, tags__name__in=['a'])\n"
    )
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    compared = [e for e in run.events if isinstance(e, Compared)]
    assert [e.operator for e in compared] == ["==", "==", "in"]


def test_a_related_manager_holds_its_foreign_key() -> None:
    text = f"{IMPORTS}\ndef view(request, pk):\n    list(request.user.articles.all())\n"
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    [ran] = [event for event in run.events if isinstance(event, Ran)]
    assert ran.statement is not None
    refs = {ref for item in ran.statement.where("filter") for ref in item.expression.refs}
    assert {ref.column for ref in refs if isinstance(ref, ColumnRef)} == {"author_id", "deleted"}


DATA = {
    "query": ("Article.objects.filter(title=request.GET['q'])", {"q"}),
    "with a default": ("Article.objects.filter(title=request.GET.get('q', ''))", {"q"}),
    "through Q": ("Article.objects.filter(Q(title=request.GET['q']))", {"q"}),
    "path": ("Article.objects.filter(author_id=pk)", {"pk"}),
    "limit": ("Article.objects.all()[: int(request.GET['n'])]", set()),
}


@pytest.mark.parametrize(("body", "names"), DATA.values(), ids=DATA)
def test_request_data_reach_queries(body: str, names: set[str]) -> None:
    text = f"{IMPORTS}\ndef view(request, pk):\n    list({body})\n"
    [run] = [run for run in project({"app/views.py": text}).runs if run.route is not None]
    [ran] = [event for event in run.events if isinstance(event, Ran)]
    assert {source.name for source in ran.data} == names
    assert names <= {source.name for source in run.used}


@pytest.mark.parametrize(
    "body",
    [
        "Article.objects.filter(**{'a': 1, **x}).filter(*y).order_by(*z)[::w]",
        "Article.objects.objects.all().filter()()",
        "Article.objects.filter(Q(Q(Q())), ~Q(), Q() & 3)",
        "Article.objects.prefetch_related(Prefetch(), Prefetch(3), 3, None)",
        "Article.objects.get_or_create(defaults=3)[0][1][2]",
        "Article.objects.select_related(None).select_related('a__' * 40)",
        "Article.objects.annotate(1, 'x', **z).aggregate('x')",
        "Article().author.articles.first().author.articles.last().tags.set().all()",
        "get_object_or_404()",
        "Paginator().page().object_list[0]",
    ],
)
def test_nonsense_does_no_harm(body: str) -> None:
    view(f"x = {body}")
