from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)


class Page(models.Model):
    number = models.IntegerField()
    book = models.ForeignKey(Book, models.CASCADE, related_name="pages")
    note = models.CharField(max_length=200)


class Mark(models.Model):
    page = models.ForeignKey(Page, models.CASCADE, related_name="marks")
    text = models.CharField(max_length=200)
