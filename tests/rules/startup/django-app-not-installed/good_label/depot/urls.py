from django.http import JsonResponse
from django.urls import path

from shared.stamps import Stamped

urlpatterns = [path("stamps", lambda request: JsonResponse({"has": Stamped.__name__}))]
