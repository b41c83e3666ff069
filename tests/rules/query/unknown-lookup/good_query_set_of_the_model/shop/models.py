from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()


class Mark(models.Model):
    text = models.CharField(max_length=200)
    book = models.ForeignKey(Book, models.CASCADE, related_name="marks")
