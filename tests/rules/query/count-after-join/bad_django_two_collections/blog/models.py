from django.conf import settings
from django.db import models

from blog.managers import PostQuerySet


class Label(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Post(models.Model):
    title = models.CharField(max_length=120)
    price = models.IntegerField(default=0)
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts"
    )
    labels = models.ManyToManyField(Label, related_name="posts")

    objects = PostQuerySet.as_manager()


class Remark(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="remarks")
    hidden = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)


class Like(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="likes")
    remark = models.ForeignKey(
        Remark, on_delete=models.CASCADE, related_name="likes", null=True
    )
    weight = models.IntegerField(default=1)
    fan = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
