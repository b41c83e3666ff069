ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["depot"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "depot.middleware.TraceMiddleware",
    "depot.middleware.LimitMiddleware",
    "depot.middleware.MadeMiddleware",
    "corsheaders.middleware.CorsMiddleware",
]
