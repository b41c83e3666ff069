from dataclasses import dataclass

from zoo.models import Animal


@dataclass(frozen=True)
class Wanted:
    name: str | None = None
    species: str | None = None
    keeper: str | None = None


def animals(wanted: Wanted):
    found = Animal.objects.order_by("name")
    if wanted.name:
        found = found.filter(name__icontains=wanted.name)
    if wanted.species:
        found = found.filter(species=wanted.species)
    return found
