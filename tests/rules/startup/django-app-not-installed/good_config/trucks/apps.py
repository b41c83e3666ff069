from django.apps import AppConfig


class Trucks(AppConfig):
    name = "trucks"
