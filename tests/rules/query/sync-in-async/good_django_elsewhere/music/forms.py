from django.forms import modelform_factory

from music.models import Album

AlbumForm = modelform_factory(Album, fields=["title"])


def album_form(content):
    return AlbumForm(content)
