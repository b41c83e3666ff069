from club import repositories


def join(name):
    return repositories.add(name)


def leave(number):
    member = repositories.find(number)
    if member is None:
        return False
    repositories.remove(member)
    return True


def lock(number):
    member = repositories.find(number)
    if member is None:
        return None
    member.state = "locked"  # expect: orm/missing-commit
    return member


def import_all(names):
    for name in names:
        repositories.add_flushed(name)


def rename(number, name):
    repositories.rename(number, name)


def found(number):
    return repositories.find(number)


def keep(member):
    repositories.keep(member)
