def confirm(order, *, sender, copy_to=None):
    print(order, sender, copy_to)
