from django.db import models
from treebeard.mp_tree import MP_Node


class Writer(models.Model):
    name = models.CharField(max_length=80, unique=True)


class Chapter(MP_Node):
    title = models.CharField(max_length=200)
    writer = models.ForeignKey("shop.Writer", models.CASCADE, related_name="chapters")
    editors = models.ManyToManyField(Writer)
