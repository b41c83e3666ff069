ROOT_URLCONF = "depot.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
