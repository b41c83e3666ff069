from rest_framework.viewsets import ModelViewSet

from mirror.packages.models import Repository
from mirror.packages.serializers import RepositorySerializer
from mirror.packages.tasks.repository import rename


class RepositoryViewSet(ModelViewSet):
    queryset = Repository.objects.order_by("pk")
    serializer_class = RepositorySerializer

    def perform_update(self, serializer):
        rename(serializer.instance.pk, serializer.validated_data["name"])
