from mirror.packages.models.repository import Repository


def unnamed():
    return Repository.objects.filter(name="").count()
