import os

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.local")  # expect: startup/unresolved-import
os.environ.get("DEBUG")
execute_from_command_line()
