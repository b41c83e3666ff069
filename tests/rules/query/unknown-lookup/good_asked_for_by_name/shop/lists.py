class Listed:
    model = None
    fields = ()

    def taken(self, values) -> bool:
        found = self.model.objects.filter(title=values["title"])
        if "name" in self.fields:
            found = found.filter(name=values["name"])
        if hasattr(self.model, "shelf"):
            found = found.filter(shelf=values["shelf"])
        return found.exists()


class Marks(Listed):
    def __init__(self, model, fields) -> None:
        self.model = model
        self.fields = fields
