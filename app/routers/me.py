"""Whoever calls: who they are, what they may do, how one gets in."""

from fastapi import APIRouter

from app.core.errors import Forbidden, InvalidGrant
from app.models.schemas_access import Me
from app.models.schemas_people import Entry, OwnPassword, PageClient
from app.routers.deps import PUBLIC, SIGNED_IN, TheCaller, TheServices
from app.routers.errors import changing, reading

router = APIRouter(tags=["access"])


@router.get("/me", dependencies=[SIGNED_IN], summary="Who am I?", responses=reading())
async def me(caller: TheCaller, services: TheServices) -> Me:
    """A key is told its quotas too, and what it has used of them."""
    key_id = caller.key_id
    if key_id is None:
        return Me.shown(caller)
    key = await services.keys.get(key_id)
    return Me.shown(caller, key.limits, (await services.keys.use([key_id]))[key_id])


@router.put(
    "/me/password",
    dependencies=[SIGNED_IN],
    status_code=204,
    summary="Change one's own password",
    responses=changing(Forbidden, InvalidGrant, body=True),
)
async def change_own_password(body: OwnPassword, caller: TheCaller, services: TheServices) -> None:
    """Of a local user. All of their sessions end, this one too."""
    kind, _, user_id = caller.id.partition(":")
    if kind != "user":
        raise Forbidden("Only local users, signed in by POST /token, have a password here.")
    password, new = body.password.get_secret_value(), body.new_password.get_secret_value()
    await services.users.change_own_password(user_id, password, new)


@router.get("/auth", dependencies=[PUBLIC], summary="How does one get in?", responses=reading())
async def entry(services: TheServices) -> Entry:
    """For pages that offer a sign-in; open to everybody."""
    settings = services.settings
    client, scope, token = settings.oidc_client_id, settings.oidc_scope, settings.oidc_page_token
    return Entry(
        guarded=await services.access.door() == "guarded",
        password=await services.users.anybody(),
        issuer=settings.oidc_issuer or None,
        page_client=PageClient(client_id=client, scope=scope, token=token) if client else None,
    )
