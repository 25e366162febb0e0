"""Conversations: stored turns, and what people thought of the answers."""

from fastapi import APIRouter

from app.core.errors import CollectionNotFound, ConversationNotFound, InvalidCursor, MessageNotFound
from app.models.access import Scope
from app.models.schemas_store import Conversation, ConversationDetail, ConversationList, ConversationMessage, Feedback
from app.routers.deps import (
    CollectionFilter,
    ConversationId,
    IdCursor,
    Limit,
    MessageId,
    TheCaller,
    TheServices,
    needs,
)
from app.routers.errors import changing, reading

router = APIRouter(tags=["conversations"])


@router.get(
    "/conversations",
    dependencies=[needs(Scope.ASK)],
    summary="List conversations",
    responses=reading(CollectionNotFound, InvalidCursor),
)
async def list_conversations(
    services: TheServices, caller: TheCaller, collection: CollectionFilter, cursor: IdCursor, limit: Limit = 20
) -> ConversationList:
    """Newest first."""
    found = await services.conversations.list(collection, cursor, limit, caller.reach)
    return ConversationList(items=[Conversation.of(item) for item in found.items], next_cursor=found.next_cursor)


@router.get(
    "/conversations/{conversation_id}",
    dependencies=[needs(Scope.ASK)],
    summary="Get a conversation",
    responses=reading(ConversationNotFound),
)
async def get_conversation(conversation_id: ConversationId, services: TheServices) -> ConversationDetail:
    """With every question and the whole of its answer."""
    found, messages = await services.conversations.get(conversation_id)
    return ConversationDetail.of(found, messages=[ConversationMessage.of(message) for message in messages])


@router.delete(
    "/conversations/{conversation_id}",
    dependencies=[needs(Scope.ASK)],
    summary="Delete a conversation",
    status_code=204,
    responses=changing(ConversationNotFound),
)
async def delete_conversation(conversation_id: ConversationId, services: TheServices) -> None:
    await services.conversations.delete(conversation_id)


@router.post(
    "/messages/{message_id}/feedback",
    dependencies=[needs(Scope.ASK)],
    summary="Rate an answer",
    status_code=204,
    responses=changing(MessageNotFound, body=True),
)
async def rate_message(message_id: MessageId, feedback: Feedback, services: TheServices) -> None:
    """A thumb and a note; they can be exported as evaluation cases."""
    await services.conversations.feedback(message_id, feedback.rating, feedback.note)
