from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from library.shelf.fields import Isbn


class Item(models.Model):
    title = models.CharField(max_length=300)
    marks = GenericRelation("stacks.Mark")


class Book(Item):
    isbn = Isbn(null=True)
    pages = models.IntegerField()
    shelf = models.CharField(max_length=10, db_column="place")
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Loan")
    writer = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    old_code = models.CharField(max_length=10, null=True)


class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    due = models.DateField()

    class Meta:
        order_with_respect_to = "book"


class Mark(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    colour = models.CharField(max_length=6)
