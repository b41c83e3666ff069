from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mappers import Mapper, describe, show
from app.models import Plugin, PluginInstance


class Repository:
    def __init__(self, session: Session, mapper: Mapper) -> None:
        self.session = session
        self.mapper = mapper

    def plugins(self):
        return [self.mapper.to_dict(item) for item in self.session.scalars(select(Plugin))]

    def instances(self):
        found = self.session.scalars(select(PluginInstance))
        return [self.mapper.to_dict(item) for item in found]

    def current(self) -> PluginInstance | None:
        return self.session.scalar(select(PluginInstance).limit(1))

    def first(self, context):
        return show(self.current()), describe(context["subject"])
