import os

import dj_database_url

ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or "sqlite:///db.sqlite3",  # expect: database/wrong-engine error
    ),
}
