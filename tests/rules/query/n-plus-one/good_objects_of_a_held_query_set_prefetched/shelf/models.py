from django.db import models


class Cook(models.Model):
    name = models.CharField(max_length=40)


class Fruit(models.Model):
    name = models.CharField(max_length=40)


class Jar(models.Model):
    cook = models.ForeignKey(Cook, on_delete=models.CASCADE)
    fruits = models.ManyToManyField(Fruit)

    @property
    def label(self):
        return ", ".join(fruit.name for fruit in self.fruits.all())
