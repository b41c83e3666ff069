from django.db import models


class Isbn(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 17
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
