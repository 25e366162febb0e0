"""What the processes of one DocuBot agree on over Celery: the names of queues and tasks, and how messages go.

A message says that a lane may have work, and nothing else: one that is lost or doubled changes nothing. So nobody
stores results, and none is sent twice in the hope of getting through.
"""

from celery import Celery
from kombu import entity

from app.models.jobs import Lane

WORK = "docubot.work"
UPKEEP = "docubot.upkeep"
UPKEEP_SECONDS = 5.0
"""Between two looks for work whose message was lost, and for leases that have run out."""
_PATIENCE = 5.0
"""Seconds that a broker may take to answer."""


def queue_of(lane: Lane) -> str:
    return f"docubot.{lane}"


def celery_app(url: str) -> Celery:
    """For the broker at `url`: redis://, rediss://, amqp:// or amqps://."""
    app = Celery("docubot", broker=url, set_as_current=False)
    redis = url.startswith("redis")
    app.conf.update(
        task_queues=[entity.Queue(name) for name in (*map(queue_of, Lane), UPKEEP)],
        task_default_queue=UPKEEP,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        accept_content=["json"],
        task_serializer="json",
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        broker_connection_timeout=_PATIENCE,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "socket_timeout": _PATIENCE,
            "socket_connect_timeout": _PATIENCE,
            # A job that takes longer is only announced once more.
            "visibility_timeout": 3600,
        }
        if redis
        else {"confirm_publish": True},
        beat_schedule={
            UPKEEP: {
                "task": UPKEEP,
                "schedule": UPKEEP_SECONDS,
                "options": {"queue": UPKEEP, "expires": UPKEEP_SECONDS, "retry": False},
            }
        },
    )
    return app
