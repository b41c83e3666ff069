from dataclasses import dataclass

PAGE_SIZE = 20


class Refused(Exception):
    pass


@dataclass
class Page:
    limit: int
