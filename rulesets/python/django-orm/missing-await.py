import asyncio

from django.core.cache import cache
from django.http import JsonResponse

from shop.models import Item, Order


async def create(request):
    # ruleid: orm-missing-await-django
    Order.objects.acreate(owner=request.user)
    order = Order(owner=request.user)
    # ruleid: orm-missing-await-django
    order.asave()
    return JsonResponse({})


async def first(request):
    # ruleid: orm-missing-await-django
    item = Item.objects.filter(open=True).afirst()
    return JsonResponse({"title": item.title})


async def title(request, key):
    # ruleid: orm-missing-await-django
    return JsonResponse({"title": Item.objects.aget(pk=key).title})


async def create_right(request, key):
    # ok: orm-missing-await-django
    await Order.objects.acreate(owner=request.user)
    # ok: orm-missing-await-django
    order = await Order.objects.aget(pk=key)
    # ok: orm-missing-await-django
    await order.asave(update_fields=["owner"])
    # ok: orm-missing-await-django
    pending = Item.objects.aget(pk=key)
    item = await pending
    # ok: orm-missing-await-django
    count, latest = await asyncio.gather(Order.objects.acount(), Order.objects.alast())
    # ok: orm-missing-await-django
    task = asyncio.create_task(order.arefresh_from_db())
    await task
    # ok: orm-missing-await-django
    wanted = Item.objects.aget(pk=key)
    (wanted,) = await asyncio.gather(wanted)
    return JsonResponse({"title": item.title, "count": count, "latest": latest.pk, "wanted": wanted.pk})


def handed_on(key):
    # ok: orm-missing-await-django
    return Item.objects.aget(pk=key)


async def all_at_once(orders):
    # ok: orm-missing-await-django
    await asyncio.gather(*(order.asave() for order in orders))
    async with asyncio.TaskGroup() as group:
        for order in orders:
            # ok: orm-missing-await-django
            group.create_task(order.adelete())
    # ok: orm-missing-await-django
    await asyncio.wait_for(Order.objects.aupdate(open=False), timeout=1)
    # ok: orm-missing-await-django
    steps = [order.asave() for order in orders]
    for step in steps:
        await step


async def cached(key):
    # ok: orm-missing-await-django
    value = await cache.aget(key)
    # ok: orm-missing-await-django
    return value or await cache.aset(key, 1)


def scheduled(loop, order):
    # ok: orm-missing-await-django
    loop.create_task(order.asave())
    # ok: orm-missing-await-django
    save = order.asave
    return save()


async def queued(queue, order):
    # ok: orm-missing-await-django
    queue.append(lambda: order.asave())
    # ok: orm-missing-await-django
    queue.append(lambda key: Item.objects.aget(pk=key))
    for step in queue:
        await step()
