INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "press"]
ROOT_URLCONF = "press.urls"
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 20,
}
