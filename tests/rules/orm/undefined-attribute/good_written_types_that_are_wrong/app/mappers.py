from abc import ABC, abstractmethod

from app.models import Plugin, PluginInstance


class Mapper(ABC):
    @abstractmethod
    def to_dict(self, model): ...


class PluginMapper(Mapper):
    def to_dict(self, model):
        return {"slug": model.slug}


class InstanceMapper(Mapper):
    def to_dict(self, model):
        return {"options": model.options}


def show(plugin: Plugin):
    return plugin.options


def describe(subject: Plugin):
    return subject.kind
