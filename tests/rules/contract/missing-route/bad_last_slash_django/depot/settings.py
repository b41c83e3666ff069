ROOT_URLCONF = "depot.urls"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
