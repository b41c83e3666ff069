from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=80)


class Mark(models.Model):
    title = models.CharField(max_length=200)
    book = models.ForeignKey(Book, models.CASCADE)
