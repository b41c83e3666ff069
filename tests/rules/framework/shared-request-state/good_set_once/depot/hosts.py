import threading


class HostMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.host = None
        self.local = threading.local()

    def __call__(self, request):
        if self.host is None:
            self.host = request.get_host()
        self.local.user = request.META.get("REMOTE_USER")
        response = self.get_response(request)
        response["X-Host"] = self.host
        response["X-User"] = self.local.user or ""
        return response
