INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "library.people",
    "library.shelf.apps.ShelfConfig",
]
AUTH_USER_MODEL = "people.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
