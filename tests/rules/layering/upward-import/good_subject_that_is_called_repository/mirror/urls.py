from rest_framework.routers import DefaultRouter

from mirror.packages.viewsets.repository import RepositoryViewSet

router = DefaultRouter()
router.register("repositories", RepositoryViewSet)
urlpatterns = router.urls
