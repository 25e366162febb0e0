from app.models.access import Caller, Grant, Scope
from app.models.people import Assignment, Roles, login_of

READ, WRITE = frozenset({Scope.READ}), frozenset({Scope.READ, Scope.MANAGE})


def test_a_caller_reaches_what_each_scope_is_granted_in() -> None:
    caller = Caller.granted("user:1", "zoë", [Grant(READ, ("a", "c-*")), Grant(WRITE, ("b",))])
    assert caller.within(Scope.READ).reach == ("a", "b", "c-*")
    assert caller.within(Scope.MANAGE).reach == ("b",)
    assert caller.within(Scope.ASK).reach == ()
    assert caller.within(Scope.MANAGE).within(Scope.READ).reach == ("a", "b", "c-*")
    assert not caller.can(Scope.ASK)
    everywhere = Caller.granted("user:2", "", [Grant(READ), Grant(WRITE, ("b",))])
    assert everywhere.within(Scope.READ).reach is None
    assert everywhere.within(Scope.MANAGE).reach == ("b",)


def test_who_is_granted_nothing_reaches_nothing() -> None:
    caller = Caller.granted("user:1", "", [])
    assert not any(caller.can(scope) for scope in Scope)
    assert caller.reach == ()
    assert not caller.may("default")


def test_memories_are_shared_by_those_who_may_do_the_same() -> None:
    key = Caller("key:1", WRITE, ("a", "b"))
    same = Caller.granted("user:1", "", [Grant(READ, ("a", "b")), Grant(WRITE, ("b", "a"))])
    mixed = Caller.granted("user:2", "", [Grant(READ, ("a", "b")), Grant(WRITE, ("a",))])
    again = Caller.granted("user:3", "", [Grant(WRITE, ("a",)), Grant(READ, ("b", "a"))])
    assert same.tenant == key.tenant
    assert mixed.tenant == again.tenant != key.tenant
    assert mixed.within(Scope.MANAGE).tenant == mixed.within(Scope.READ).tenant
    assert Caller.granted("user:4", "", [Grant(READ)]).tenant == Caller("key:2", READ).tenant == ""


def test_a_role_that_is_gone_grants_nothing_and_admins_reach_all() -> None:
    roles = Roles({"clerk": ["upload"]})
    assert roles.grants([Assignment("gone"), Assignment("clerk", ("a",))]) == [Grant(frozenset({Scope.UPLOAD}), ("a",))]
    assert roles.grants([Assignment("admin", ("a",))])[0].reach is None


def test_names_are_folded() -> None:
    assert login_of("ZOË ") == login_of("zoe\u0308") == login_of("ｚｏë")
    assert login_of("straße") == login_of("STRASSE")
    assert login_of("मीरा") != login_of("मीर")
