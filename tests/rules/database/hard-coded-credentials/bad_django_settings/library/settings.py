import os

ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "library",
        "USER": "library",
        "PASSWORD": "hT7_kd93x",  # expect: database/hard-coded-credentials error
        "HOST": "10.20.4.17",
    },
    "branch": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "branch",
        "USER": "library",
        "PASSWORD": os.environ.get("BRANCH_PASSWORD", "kd93x_hT7"),  # expect: database/hard-coded-credentials warning
        "HOST": "branch.library.org",
    },
}
