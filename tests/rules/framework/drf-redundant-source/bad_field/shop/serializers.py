from rest_framework import serializers


class Base(serializers.ModelSerializer):
    pass


class CustomerSerializer(Base):
    username = serializers.CharField(source="username")  # expect: framework/drf-redundant-source error
    image = serializers.URLField(source="avatar")


class OrderSerializer(serializers.Serializer):
    customer = CustomerSerializer(source="customer")  # expect: framework/drf-redundant-source
    total = serializers.DecimalField(source="lines.total", max_digits=9, decimal_places=2)
