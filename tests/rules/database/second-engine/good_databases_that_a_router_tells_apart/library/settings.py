ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "library"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.postgresql", "NAME": "library"},
    "maps": {"ENGINE": "django.db.backends.sqlite3", "NAME": "maps.sqlite3"},
}
DATABASE_ROUTERS = ["library.routers.MapRouter"]
