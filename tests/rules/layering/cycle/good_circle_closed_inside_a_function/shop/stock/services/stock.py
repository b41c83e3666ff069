def left():
    from shop.billing.services.bills import bill

    return bill
