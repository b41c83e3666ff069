class Table:
    DEFAULT = 10

    def __init__(self, prices):
        self.prices = prices

    def get(self, name):
        return self.prices.get(name, DEFAULT)  # expect: any/undefined-name


TABLE = Table({"apple": 3})


def price_of(name):
    return TABLE.get(name)


def basket_price(names):
    total = 0
    for each in names:
        total += price_of(name)  # expect: any/undefined-name
    return math.ceil(total)  # expect: any/undefined-name
