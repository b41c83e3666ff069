from alembic import context

from club.models import Base


def include_object(item, name, kind, reflected, compare_to):
    return not item.info.get("view")


context.configure(target_metadata=Base.metadata, include_object=include_object)
