INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "clinic"]
ROOT_URLCONF = "clinic.urls"
AUTH_USER_MODEL = "clinic.Person"
