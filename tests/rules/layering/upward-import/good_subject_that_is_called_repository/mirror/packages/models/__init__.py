from mirror.packages.models.repository import Repository
