from huey.contrib.djhuey import db_task

from shelf.models import Jar
from shelf.queue import repeated


@repeated()
def paint(pk):
    jar = Jar.objects.get(pk=pk)
    print(jar.label)


@db_task()
def weigh(pk):
    jar = Jar.objects.get(pk=pk)
    print(jar.weight)
