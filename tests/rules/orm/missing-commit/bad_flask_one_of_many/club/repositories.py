from club.models import Member


class Members:
    def __init__(self, session):
        self._session = session

    def add(self, member):
        self._session.add(member)
        return member

    def get(self, number):
        return self._session.get(Member, number)

    def remove(self, member):
        self._session.delete(member)  # expect: orm/missing-commit
