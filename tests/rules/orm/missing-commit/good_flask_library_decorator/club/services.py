from house_tools.database import transactional

from club import repositories


@transactional
def join(name):
    return repositories.add(name)
