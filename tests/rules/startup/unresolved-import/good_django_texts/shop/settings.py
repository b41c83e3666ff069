ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["django.contrib.auth", "shop", "shop.orders", "shop.tags.apps.TagsConfig", "extra"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "shop.middleware.Errors",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "extra.middleware.Extra",
]
