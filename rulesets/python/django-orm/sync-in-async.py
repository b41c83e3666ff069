import asyncio

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404, get_list_or_404, get_object_or_404
from ninja import Router

from shop.forms import order_form
from shop.models import Item, Order
from shop.stores import Store

router = Router()


async def shown(request, key):
    # ruleid: orm-sync-in-async-django
    item = Item.objects.get(pk=key)
    return JsonResponse({"title": item.title})


@router.get("/orders")
async def counted(request):
    # ruleid: orm-sync-in-async-django
    if Order.objects.filter(owner=request.user).exists():
        # ruleid: orm-sync-in-async-django
        return {"count": Order.objects.filter(owner=request.user).order_by("id").count()}
    return {"count": 0}


async def listed(request):
    titles = []
    # ruleid: orm-sync-iteration-in-async-django
    for item in Item.objects.filter(open=True):
        titles.append(item.title)
    # ruleid: orm-sync-iteration-in-async-django
    titles += [item.title for item in Item.objects.all()]
    # ruleid: orm-sync-iteration-in-async-django
    return JsonResponse({"items": list(Item.objects.values("title")), "titles": titles})


async def found(request, key):
    # ruleid: orm-sync-shortcut-in-async-django
    item = get_object_or_404(Item, pk=key)
    # ruleid: orm-sync-in-async-django
    order = Order.objects.create(item=item)
    return JsonResponse({"order": order.pk})


class OrderView:
    async def post(self, request):
        order = Order(item_id=1)
        # ruleid: orm-sync-save-in-async-django
        order.save()
        return JsonResponse({"order": order.pk})

    async def get(self, request):
        orders = Order.objects.filter(owner=request.user)
        # ruleid: orm-sync-iteration-in-async-django
        for order in orders:
            return JsonResponse({"order": order.pk})


# the methods that are made for it
async def shown_right(request, key):
    # ok: orm-sync-in-async-django
    item = await Item.objects.aget(pk=key)
    # ok: orm-sync-in-async-django
    other = await Item.objects.filter(open=True).afirst()
    # ok: orm-sync-in-async-django
    third = await aget_object_or_404(Item, pk=key)
    # ok: orm-sync-in-async-django
    titles = [one.title async for one in Item.objects.filter(open=True)]
    # ok: orm-sync-in-async-django
    async for one in Item.objects.all():
        titles.append(one.title)
    # ok: orm-sync-in-async-django
    await Order.objects.acreate(item=item)
    order = Order(item=other)
    # ok: orm-sync-in-async-django
    await order.asave()
    return JsonResponse({"titles": titles, "third": third.title})


async def listed_right(request):
    # ok: orm-sync-in-async-django
    orders = Order.objects.filter(owner=request.user).order_by("id")
    async for order in orders:
        return JsonResponse({"order": order.pk, "sql": str(orders.query)})


async def counted_once(request):
    orders = Order.objects.filter(owner=request.user)
    orders = await sync_to_async(list)(orders)
    # ok: orm-sync-iteration-in-async-django
    for order in orders:
        return JsonResponse({"order": order.pk, "count": len(orders)})
    # ok: orm-sync-iteration-in-async-django
    ids = {order.pk async for order in Order.objects.all()}
    # ok: orm-sync-iteration-in-async-django
    names = {order.pk: order.title async for order in Order.objects.all()}
    return JsonResponse({"ids": [key for key in ids], "names": names})


# run in a thread
async def in_thread(request, key):
    # ok: orm-sync-in-async-django
    item = await sync_to_async(Item.objects.get)(pk=key)
    # ok: orm-sync-in-async-django
    titles = await sync_to_async(list)(Item.objects.values("title"))
    # ok: orm-sync-in-async-django
    count = await sync_to_async(lambda: Item.objects.count())()
    # ok: orm-sync-in-async-django
    first = await asyncio.to_thread(Item.objects.first)
    # ok: orm-sync-in-async-django
    found = await sync_to_async(get_object_or_404)(Item, pk=key)

    @sync_to_async
    def stored():
        order = Order(item=item)
        # ok: orm-sync-in-async-django
        order.save()
        # ok: orm-sync-in-async-django
        return [one.pk for one in Order.objects.all()]

    def work():
        # ok: orm-sync-in-async-django
        return Order.objects.get(pk=key)

    await asyncio.to_thread(work)
    return JsonResponse({"titles": titles, "count": count, "first": first, "found": found.pk, "all": await stored()})


@database_sync_to_async
def member_of(key):
    # ok: orm-sync-in-async-django
    return Item.objects.get(pk=key)


def plain(request, key):
    # ok: orm-sync-in-async-django
    return JsonResponse({"title": Item.objects.get(pk=key).title})


def factory():
    async def inner(request):
        # ok: orm-sync-in-async-django
        return JsonResponse({"title": (await Item.objects.aget(pk=1)).title})

    # ok: orm-sync-in-async-django
    return inner, Item.objects.first()


# other things of these names
async def elsewhere(request, stores: dict, key):
    # ok: orm-sync-in-async-django
    stores.get(key)
    store = Store.open(key)
    # ok: orm-sync-in-async-django
    store.objects.get(key)
    form = order_form(request.POST)
    # ok: orm-sync-in-async-django
    form.save(commit=False)
    # ok: orm-sync-in-async-django
    return JsonResponse({"objects": Store.objects_of(key).count()})


async def changed(request, key):
    item = await Item.objects.aget(pk=key)
    item.title = request.POST["title"]
    # ruleid: orm-sync-save-in-async-django
    item.save()
    # ok: orm-sync-save-in-async-django
    await item.arefresh_from_db()
    return JsonResponse({"title": item.title})


async def copied(request, key):
    item = await Item.objects.aget(pk=key)
    title = item.title
    item = Store.open(key)
    # ok: orm-sync-save-in-async-django
    item.save()
    return JsonResponse({"title": title})


async def removed(request, key):
    order = await Order.objects.aget(pk=key)
    # ruleid: orm-sync-save-in-async-django
    order.delete()
    form = order_form(request.POST)
    # ok: orm-sync-save-in-async-django
    form.save()
    return JsonResponse({})


async def removed_right(request, key):
    order = await Order.objects.aget(pk=key)
    # ok: orm-sync-save-in-async-django
    await order.adelete()
    # ok: orm-sync-save-in-async-django
    await sync_to_async(order.delete)()
    return JsonResponse({})


@router.get("/lists")
async def lists(request):
    # ruleid: orm-sync-shortcut-in-async-django
    orders = get_list_or_404(Order, owner=request.user)
    # ok: orm-sync-shortcut-in-async-django
    ids = await sync_to_async(get_list_or_404)(Order, owner=request.user)
    return {"orders": [order.pk for order in orders], "ids": ids}


def plain_shortcut(request, key):
    # ok: orm-sync-shortcut-in-async-django
    return get_object_or_404(Item, pk=key)
