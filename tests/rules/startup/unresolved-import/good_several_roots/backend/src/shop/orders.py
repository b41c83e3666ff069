from common.money import Money


def orders():
    return [Money(1)]
