from celery import Celery, shared_task

worker = Celery("app")


@shared_task
def work():
    return 1
