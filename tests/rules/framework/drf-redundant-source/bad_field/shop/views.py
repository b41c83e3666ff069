from rest_framework.generics import ListAPIView

from shop.serializers import OrderSerializer


class Profiles(ListAPIView):
    serializer_class = OrderSerializer
