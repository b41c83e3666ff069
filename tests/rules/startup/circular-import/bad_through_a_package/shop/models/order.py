from shop.models import Base


class Order(Base):
    @classmethod
    def tagged(cls, tag):
        return []
