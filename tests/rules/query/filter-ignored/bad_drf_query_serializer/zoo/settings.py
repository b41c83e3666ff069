INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "zoo"]
ROOT_URLCONF = "zoo.urls"
