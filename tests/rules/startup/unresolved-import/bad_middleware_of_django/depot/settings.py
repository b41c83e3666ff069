ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["depot"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "depot.middleware.RequestTraceMiddleware",  # expect: startup/unresolved-import
]
