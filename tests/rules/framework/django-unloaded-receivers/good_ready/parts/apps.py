from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "parts"

    def ready(self):
        from . import signals  # noqa: F401
