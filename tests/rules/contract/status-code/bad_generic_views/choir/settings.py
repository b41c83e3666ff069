ROOT_URLCONF = "choir.urls"
