from werkzeug.exceptions import NotFound


class MissingRecord(NotFound):
    description = "There is no such record."
