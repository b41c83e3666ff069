from django.db.models import Avg, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery
from django.http import JsonResponse

from blog.models import Label, Like, Post, Remark


def posts(request):
    """Distinct, or in a query of its own."""
    remarks = (
        Remark.objects.filter(post=OuterRef("pk"))
        .order_by()
        .values("post")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = Post.objects.annotate(
        like_count=Count("likes", distinct=True),
        label_count=Count("labels", distinct=True),
        remark_count=Subquery(remarks, output_field=IntegerField()),
        is_liked=Exists(Like.objects.filter(post=OuterRef("pk"), fan=request.user)),
        last=Max("remarks__made_at"),
        mean=Avg("likes__weight"),
    )
    return JsonResponse({"posts": list(found.values("title", "like_count")[:20])})


def totals(request):
    """One collection, and what belongs to one object; either the one or the other."""
    found = Post.objects.select_related("writer").annotate(
        likes_count=Count("likes"),
        heavy=Count("likes", filter=Q(likes__weight__gt=1)),
        writer_name=F("writer__username"),
        writers=Count("writer", distinct=True),
    )
    if request.GET.get("by") == "remarks":
        ranked = Post.objects.annotate(rank=Count("remarks"))
    else:
        ranked = Post.objects.annotate(rank=Count("labels"))
    total = Post.objects.annotate(number=Count("remarks")).aggregate(all=Count("id"))
    return JsonResponse({
        "posts": list(found.values("title", "heavy")[:20]),
        "ranked": list(ranked.order_by("-rank").values("title")[:20]),
        **total,
    })


def recent(request):
    """Filters that leave at most one row of each collection, or ask in a query of their own."""
    found = Post.objects.filter(labels__name=request.GET["label"])
    found = found.exclude(remarks__hidden=True).annotate(number=Count("likes"))
    liked = Post.objects.filter(likes__fan=request.user).annotate(number=Count("remarks"))
    bare = Post.objects.filter(likes__isnull=True).annotate(number=Count("remarks"))
    shown = Post.objects.filter(remarks__hidden=False).annotate(number=Count("remarks"))
    return JsonResponse({
        "posts": list(found.values("number")[:20]),
        "liked": list(liked.values("number")[:20]),
        "bare": list(bare.values("number")[:20]),
        "shown": list(shown.values("number")[:20]),
    })


def labels(request):
    """One collection within the other; grouped by what another relation holds."""
    found = Label.objects.annotate(likes_count=Count("posts__likes"))
    grouped = Post.objects.values("labels__name").annotate(number=Count("remarks"))
    alike = Post.objects.filter(labels__in=[1, 2]).annotate(shared=Count("pk"))
    deep = Post.objects.annotate(
        remarks_count=Count("remarks", distinct=True), likes_count=Count("remarks__likes")
    )
    return JsonResponse({
        "labels": list(found.values("name", "likes_count")),
        "grouped": list(grouped[:20]),
        "alike": list(alike.values("title", "shared")[:20]),
        "deep": list(deep.values("title", "likes_count")[:20]),
    })
