"""Who gets in: keys, users, tokens of an issuer, and their rates; over one database and the server's secret."""

from dataclasses import dataclass
from datetime import timedelta

from app.adapters import issuers
from app.bootstrap.engines import load
from app.core.config import Settings
from app.core.errors import StartupError
from app.core.security import Keyring
from app.db.session import Database
from app.models.people import Roles
from app.services.access import AccessService
from app.services.issuer import Issuer, IssuerRules, assignment_of
from app.services.keys import KeyService
from app.services.passwords import Passwords
from app.services.rates import RateService
from app.services.sign_in import Lifetimes, SignInService
from app.services.users import UserService


@dataclass(frozen=True, slots=True)
class Entrance:
    keyring: Keyring
    access: AccessService
    keys: KeyService
    users: UserService
    sign_in: SignInService
    rates: RateService


def open_entrance(settings: Settings, database: Database) -> Entrance:
    """Raises StartupError for roles of the settings that name no scopes."""
    keyring = Keyring.at(settings.data_dir, settings.secret)
    try:
        roles = Roles(settings.roles)
    except ValueError as error:
        raise StartupError(f"ROLES: {error}. Scopes are read, ask, upload, translate, manage and admin.") from None
    passwords = Passwords()
    rates = RateService(
        settings.rate_limit,
        settings.rate_limit_failures,
        settings.rate_limit_sign_in,
        settings.effective_redis_url if settings.scaled else "",
    )
    lifetimes = Lifetimes(timedelta(minutes=settings.access_token_minutes), timedelta(days=settings.refresh_token_days))
    access = AccessService(
        database,
        keyring,
        auth=settings.auth,
        loopback=settings.loopback,
        roles=roles,
        issuer=_issuer(settings, roles) if settings.oidc_issuer else None,
    )
    return Entrance(
        keyring=keyring,
        access=access,
        keys=KeyService(database, keyring, access.look_again),
        users=UserService(database, passwords, roles, rates, access.look_again),
        sign_in=SignInService(database, keyring, passwords, rates, lifetimes),
        rates=rates,
    )


def _issuer(settings: Settings, roles: Roles) -> Issuer:
    assigned = {value: assignment_of(text) for value, text in settings.oidc_roles.items()}
    unknown = {item.role for item in assigned.values()} - roles.scopes.keys()
    if unknown:
        raise StartupError(f"OIDC_ROLES: there is no role {', '.join(sorted(unknown))}; ROLES can define one.")
    rules = IssuerRules(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithms=settings.oidc_algorithms,
        name_claim=settings.oidc_name_claim,
        roles_claim=settings.oidc_roles_claim,
        roles=assigned,
        scopes_claim=settings.oidc_scopes_claim,
        collections_claim=settings.oidc_collections_claim,
    )
    source = load(issuers.SOURCES, "http")(settings.oidc_issuer, settings.oidc_jwks_url)
    return Issuer(source, rules, roles)
