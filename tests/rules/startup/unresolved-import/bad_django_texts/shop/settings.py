ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["django.contrib.auth", "shop", "shop.orders"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "shop.middleware.Errors",
    "shop.timing.Timing",  # expect: startup/unresolved-import
]
