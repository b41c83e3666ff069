import asyncio

from django.core.cache import cache
from django.http import JsonResponse

from shop.models import Item, Order


async def create(request):
    Order.objects.acreate(owner=request.user)  # expect: orm/missing-await
    order = Order(owner=request.user)
    order.asave()  # expect: orm/missing-await
    return JsonResponse({})


async def first(request):
    item = Item.objects.filter(open=True).afirst()  # expect: orm/missing-await
    return JsonResponse({"title": item.title})


async def title(request, key):
    return JsonResponse({"title": Item.objects.aget(pk=key).title})  # expect: orm/missing-await


async def create_right(request, key):
    await Order.objects.acreate(owner=request.user)
    order = await Order.objects.aget(pk=key)
    await order.asave(update_fields=["owner"])
    pending = Item.objects.aget(pk=key)
    item = await pending
    count, latest = await asyncio.gather(Order.objects.acount(), Order.objects.alast())
    task = asyncio.create_task(order.arefresh_from_db())
    await task
    wanted = Item.objects.aget(pk=key)
    (wanted,) = await asyncio.gather(wanted)
    return JsonResponse({"title": item.title, "count": count, "latest": latest.pk, "wanted": wanted.pk})


def handed_on(key):
    return Item.objects.aget(pk=key)


async def all_at_once(orders):
    await asyncio.gather(*(order.asave() for order in orders))
    async with asyncio.TaskGroup() as group:
        for order in orders:
            group.create_task(order.adelete())
    await asyncio.wait_for(Order.objects.aupdate(open=False), timeout=1)
    steps = [order.asave() for order in orders]
    for step in steps:
        await step


async def cached(key):
    value = await cache.aget(key)
    return value or await cache.aset(key, 1)


def scheduled(loop, order):
    loop.create_task(order.asave())
    save = order.asave
    return save()


async def queued(queue, order):
    queue.append(lambda: order.asave())
    queue.append(lambda key: Item.objects.aget(pk=key))
    for step in queue:
        await step()
