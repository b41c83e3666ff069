from club import repositories


def join(name):
    return repositories.add(name)
