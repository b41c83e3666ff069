from django.utils.deprecation import MiddlewareMixin


class TenantMiddleware(MiddlewareMixin):
    def process_request(self, request):
        host = request.get_host()
        self.tenant = host.split(".")[0]  # expect: framework/shared-request-state

    def process_response(self, request, response):
        response["X-Tenant"] = self.tenant
        return response
