ROOT_URLCONF = "depot.urls"
MIDDLEWARE = ["depot.hosts.HostMiddleware"]
