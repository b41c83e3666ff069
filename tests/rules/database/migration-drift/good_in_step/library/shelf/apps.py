from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "library.shelf"
    label = "stacks"
