ROOT_URLCONF = "polls.urls"
