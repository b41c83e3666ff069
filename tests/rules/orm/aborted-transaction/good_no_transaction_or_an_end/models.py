from django.db import models


class Reader(models.Model):
    name = models.CharField(max_length=80)


class Shelf(models.Model):
    title = models.CharField(max_length=80, unique=True)
    readers = models.ManyToManyField(Reader, through="Mark")
    changes = models.IntegerField(default=0)


class Mark(models.Model):
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE)
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)

    class Meta:
        unique_together = [("reader", "shelf")]
