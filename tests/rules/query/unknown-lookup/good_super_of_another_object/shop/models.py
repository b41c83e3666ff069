from django.db import models
from django.db.models import Count, F


class BookQuerySet(models.QuerySet):
    def judged(self):
        return self.annotate(rank=F("pages") * 2)


class LongBookQuerySet(BookQuerySet):
    def counted(self):
        return self.annotate(marks=Count("mark"))

    def judged(self):
        found = self.filter(pages__gt=100).counted()
        return super(LongBookQuerySet, found).judged().annotate(both=F("marks") + F("rank"))


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()

    objects = LongBookQuerySet.as_manager()


class Mark(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
