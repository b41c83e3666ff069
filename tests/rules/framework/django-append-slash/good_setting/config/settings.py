ROOT_URLCONF = "config.urls"
APPEND_SLASH = False
MIDDLEWARE = ["config.middleware.AnySlash", "django.middleware.common.CommonMiddleware"]
