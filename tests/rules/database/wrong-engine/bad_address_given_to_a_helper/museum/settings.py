import os
from pathlib import Path

from museum.database import from_url

BASE_DIR = Path(__file__).resolve().parent.parent
ROOT_URLCONF = "museum.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
]
DATABASES = {
    "default": from_url(
        os.environ.get(
            "DATABASE_URL",
            f"sqlite:///{BASE_DIR / 'museum.db'}",  # expect: database/wrong-engine error
        )
    )
}
