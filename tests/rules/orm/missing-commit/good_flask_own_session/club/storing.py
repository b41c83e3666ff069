from flask_sqlalchemy.session import Session as Plain


class Storing(Plain):
    def close(self):
        self.commit()
        super().close()
