def show(request):
    return Item.query.all(), Warning("old")
