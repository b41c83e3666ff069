from django.db import models
from tree_models.models import Node


class Book(Node):
    title = models.CharField(max_length=200)
