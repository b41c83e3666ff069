from quay.models import Ship


def ship_by_name(name):
    return Ship.objects.get(name=name)  # expect: orm/unreachable-not-found
