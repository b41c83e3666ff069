from datetime import timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.utils import timezone

from blog.models import Label, Post


def posts(request):
    found = Post.objects.with_remarks().with_likes().order_by("-like_count")[:20]
    return JsonResponse({"posts": [post.title for post in found]})


def totals(request):
    found = Post.objects.annotate(
        weight=Coalesce(Sum("likes__weight"), 0),  # expect: query/count-after-join
        names=Count("labels"),  # expect: query/count-after-join
        writer_name=F("writer__username"),
    )
    numbers = Post.objects.aggregate(
        posts=Count("id"),  # expect: query/count-after-join
        remarks=Count("remarks", distinct=True),
    )
    return JsonResponse({"posts": list(found.values("weight", "names")), **numbers})


def recent(request):
    since = timezone.now() - timedelta(days=7)
    found = Post.objects.filter(remarks__made_at__gte=since)
    found = found.annotate(likes_count=Count("likes"))  # expect: query/count-after-join
    return JsonResponse({"posts": list(found.values("title", "likes_count")[:20])})


def labels(request):
    found = Label.objects.annotate(
        posts_count=Count("posts"),  # expect: query/count-after-join
        remarks_count=Count("posts__remarks"),
    )
    return JsonResponse({"labels": list(found.values("name", "posts_count"))})
