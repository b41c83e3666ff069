from zoo.models import Animal
from zoo.repository import AnimalRepository


class AnimalService:
    def __init__(self, animals: AnimalRepository) -> None:
        self.animals = animals

    def page(self, limit: int) -> list[dict]:
        return [self.view(animal) for animal in self.animals.page(limit)]

    def one(self, animal_id: int) -> dict | None:
        animal = self.animals.by_id(animal_id)
        return None if animal is None else self.view(animal)

    def keeper(self, name: str) -> dict:
        keeper = self.animals.keeper(name)
        return {"id": keeper.id, "name": keeper.name}

    def view(self, animal: Animal) -> dict:
        return {"id": animal.id, "species": animal.species}
