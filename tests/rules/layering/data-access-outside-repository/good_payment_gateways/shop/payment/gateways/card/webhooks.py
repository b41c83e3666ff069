from shop.thumbnail.models import Thumbnail


def refund_0(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_1(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_2(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_3(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_4(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_5(pk):
    return Thumbnail.objects.get(pk=pk)


def refund_6(pk):
    return Thumbnail.objects.get(pk=pk)
