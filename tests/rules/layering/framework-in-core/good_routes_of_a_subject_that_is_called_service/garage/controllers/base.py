from importlib import import_module


class Page:
    path: str

    @classmethod
    def serve(cls, app):
        registrar = import_module("garage.registrar")
        registrar.register(app, cls)

    def answer(self):
        raise NotImplementedError
