from shop.billing.services.bills import bill


def left():
    return bill
