ROOT_URLCONF = "depot.urls"
DJANGO_APPS = ("django.contrib.auth", "django.contrib.contenttypes")
OWN_APPS = ["boxes"]
INSTALLED_APPS = [*DJANGO_APPS, *OWN_APPS]
