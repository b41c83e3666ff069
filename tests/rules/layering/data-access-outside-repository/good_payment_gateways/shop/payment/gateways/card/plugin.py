from shop.thumbnail.models import Thumbnail


def charge_0(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_1(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_2(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_3(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_4(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_5(pk):
    return Thumbnail.objects.get(pk=pk)


def charge_6(pk):
    return Thumbnail.objects.get(pk=pk)
