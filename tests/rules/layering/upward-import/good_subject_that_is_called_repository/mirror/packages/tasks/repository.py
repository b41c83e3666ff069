from mirror.packages.models.repository import Repository


def synchronize(pk):
    found = Repository.objects.filter(pk=pk).first()
    return found.name if found is not None else None


def rename(pk, name):
    Repository.objects.filter(pk=pk).update(name=name)
