"""What wakes the workers, by name; loaded only when chosen."""

BACKENDS = {
    "local": "app.adapters.queue.local:LocalQueue",
    "celery": "app.adapters.queue.celery_queue:CeleryQueue",
}
