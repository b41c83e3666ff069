ROOT_URLCONF = "library.urls"
