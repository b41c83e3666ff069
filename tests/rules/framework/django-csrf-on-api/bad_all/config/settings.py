ROOT_URLCONF = "config.urls"
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
