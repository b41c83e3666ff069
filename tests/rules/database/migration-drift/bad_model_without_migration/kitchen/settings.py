INSTALLED_APPS = ["django.contrib.auth", "rest_framework", "recipes"]
USE_TZ = True
