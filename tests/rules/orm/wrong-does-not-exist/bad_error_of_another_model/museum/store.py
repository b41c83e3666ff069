from museum.models import Piece


def piece_of(room_id, title):
    return Piece.objects.select_related("room").get(room_id=room_id, title=title)
