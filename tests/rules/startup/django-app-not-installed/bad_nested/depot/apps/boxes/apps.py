from django.apps import AppConfig


class BoxesConfig(AppConfig):
    name = "depot.apps.boxes"
