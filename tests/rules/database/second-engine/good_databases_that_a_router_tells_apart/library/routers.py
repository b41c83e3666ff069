class MapRouter:
    def db_for_read(self, model, **hints):
        return "maps" if model._meta.app_label == "maps" else "default"
