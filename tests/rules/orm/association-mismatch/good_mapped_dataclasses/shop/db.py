from sqlalchemy.orm import registry

mapper_registry = registry()
