from django.db import models


class Writer(models.Model):
    name = models.CharField(max_length=80, unique=True)


class Book(models.Model):
    title = models.CharField(max_length=200)
    writer = models.ForeignKey(Writer, models.CASCADE)


class Chapter(models.Model):
    title = models.CharField(max_length=200)
    book = models.ForeignKey(Book, models.CASCADE)
