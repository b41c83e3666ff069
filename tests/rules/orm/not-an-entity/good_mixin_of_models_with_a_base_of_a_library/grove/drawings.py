from grove.database import db


class Drawn:
    def erase(self):
        db.session.delete(self)
        db.session.commit()
