from django.db import models


class Poet(models.Model):
    name = models.CharField(max_length=80)


class Poem(models.Model):
    title = models.CharField(max_length=80)
    made = models.DateTimeField()
    poet = models.ForeignKey(Poet, models.CASCADE)
