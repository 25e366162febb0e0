"""Webhooks: who is told of what, by which address, and what became of each message. docs/webhooks.md."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.core.errors import (
    CollectionNotAllowed,
    DeliveryNotFound,
    InvalidCursor,
    TooManyWebhooks,
    WebhookNotFound,
    WebhookTargetRefused,
)
from app.core.ids import is_id
from app.models.access import Scope
from app.models.schemas import EXAMPLE_ID
from app.models.schemas_webhooks import (
    Delivery,
    DeliveryList,
    NewWebhook,
    Rotation,
    SecretWebhook,
    Webhook,
    WebhookChange,
    WebhookList,
)
from app.models.webhooks import DeliveryStatus
from app.routers.deps import IdCursor, Limit, TheCaller, TheServices, needs
from app.routers.errors import changing, reading
from app.services.webhooks import ShownWebhook

router = APIRouter(prefix="/webhooks", tags=["webhooks"], dependencies=[needs(Scope.MANAGE)])


async def _webhook_id(webhook_id: Annotated[str, Path(examples=[EXAMPLE_ID])]) -> str:
    if not is_id(webhook_id):
        raise WebhookNotFound
    return webhook_id


async def _delivery_id(delivery_id: Annotated[str, Path(examples=[EXAMPLE_ID])]) -> str:
    if not is_id(delivery_id):
        raise DeliveryNotFound
    return delivery_id


WebhookId = Annotated[str, Depends(_webhook_id)]
DeliveryId = Annotated[str, Depends(_delivery_id)]


def _with_secret(made: ShownWebhook) -> SecretWebhook:
    return SecretWebhook.shown(made.webhook, secret=made.secret)


@router.post(
    "",
    summary="Make a webhook",
    status_code=201,
    responses=changing(WebhookTargetRefused, CollectionNotAllowed, TooManyWebhooks, body=True),
)
async def create_webhook(new: NewWebhook, services: TheServices, caller: TheCaller) -> SecretWebhook:
    """It belongs to all who reach the same collections, and is told of those alone. `secret` is shown this once."""
    made = await services.webhooks.create(caller, new.url, new.description, list(dict.fromkeys(new.events)), new.reach)
    return _with_secret(made)


@router.get("", summary="List webhooks", responses=reading(InvalidCursor))
async def list_webhooks(services: TheServices, caller: TheCaller, cursor: IdCursor, limit: Limit = 20) -> WebhookList:
    """Newest first."""
    found = await services.webhooks.list(caller, cursor, limit)
    return WebhookList(items=[Webhook.shown(item) for item in found.items], next_cursor=found.next_cursor)


@router.get("/{webhook_id}", summary="Get a webhook", responses=reading(WebhookNotFound))
async def get_webhook(webhook_id: WebhookId, services: TheServices, caller: TheCaller) -> Webhook:
    return Webhook.shown(await services.webhooks.get(caller, webhook_id))


@router.patch(
    "/{webhook_id}",
    summary="Change a webhook",
    responses=changing(WebhookNotFound, WebhookTargetRefused, CollectionNotAllowed, body=True),
)
async def change_webhook(
    webhook_id: WebhookId, change: WebhookChange, services: TheServices, caller: TheCaller
) -> Webhook:
    return Webhook.shown(await services.webhooks.change(caller, webhook_id, change.changes()))


@router.delete("/{webhook_id}", summary="Delete a webhook", status_code=204, responses=changing(WebhookNotFound))
async def delete_webhook(webhook_id: WebhookId, services: TheServices, caller: TheCaller) -> None:
    """With its log; what is on its way is not sent."""
    await services.webhooks.delete(caller, webhook_id)


@router.post("/{webhook_id}/rotate", summary="Renew a webhook's secret", responses=changing(WebhookNotFound, body=True))
async def rotate_webhook(
    webhook_id: WebhookId, services: TheServices, caller: TheCaller, rotation: Rotation | None = None
) -> SecretWebhook:
    """Messages carry a signature by each of the two secrets until the overlap is over."""
    overlap = (rotation or Rotation()).overlap
    return _with_secret(await services.webhooks.rotate(caller, webhook_id, overlap))


@router.post("/{webhook_id}/test", summary="Test a webhook", status_code=202, responses=changing(WebhookNotFound))
async def test_webhook(webhook_id: WebhookId, services: TheServices, caller: TheCaller) -> Delivery:
    """Sends it a message of type `webhook.test`, whatever it chose to be told of."""
    return Delivery.shown(await services.webhooks.test(caller, webhook_id))


@router.get(
    "/{webhook_id}/deliveries", summary="What was sent to a webhook", responses=reading(WebhookNotFound, InvalidCursor)
)
async def list_deliveries(
    webhook_id: WebhookId,
    services: TheServices,
    caller: TheCaller,
    cursor: IdCursor,
    limit: Limit = 20,
    status: Annotated[DeliveryStatus | None, Query(description="Of this status.")] = None,
) -> DeliveryList:
    """Newest first; kept for 30 days."""
    found = await services.webhooks.deliveries(caller, webhook_id, status, cursor, limit)
    return DeliveryList(items=[Delivery.shown(item) for item in found.items], next_cursor=found.next_cursor)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/retry",
    summary="Send a message again",
    status_code=202,
    responses=changing(WebhookNotFound, DeliveryNotFound),
)
async def retry_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, services: TheServices, caller: TheCaller
) -> Delivery:
    """At once, under the same id."""
    return Delivery.shown(await services.webhooks.retry(caller, webhook_id, delivery_id))
