from django.db import models
from django.db.models import Count


class PostQuerySet(models.QuerySet):
    def with_remarks(self):
        return self.annotate(remark_count=Count("remarks"))  # expect: query/count-after-join

    def with_likes(self):
        return self.annotate(like_count=Count("likes", distinct=True))
