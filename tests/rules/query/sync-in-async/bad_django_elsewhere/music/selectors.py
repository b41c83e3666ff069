from music.models import Album, Band


class NoAlbum(Exception):
    pass


def newest():
    return Album.objects.select_related("band").order_by("-pk")


def album(number):
    found = newest().filter(pk=number).first()
    if found is None:
        raise NoAlbum
    return found


def band(number):
    return Band.objects.get(pk=number)
