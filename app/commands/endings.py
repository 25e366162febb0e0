"""How a command ends: one line that says why, and an exit code that scripts can branch on.

0  done
1  the answer is no: a file failed, nothing was found, `check` found a difference
2  it cannot begin: a wrong argument, setting or file
3  no DocuBot answers at that address
4  DocuBot refused the request; the line begins with the stable code of the refusal
5  DocuBot failed
"""

from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

from app.core.errors import DocubotError

NO = 1


class CommandError(Exception):
    """Ends a command; its text is the line that is printed."""

    exit_code: ClassVar[int] = 2


class Unreachable(CommandError):
    exit_code = 3


class Refused(CommandError):
    exit_code = 4


class Failed(CommandError):
    exit_code = 5


class Commands(TyperGroup):
    """All commands: what they raise is told in one place, and never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CommandError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(error.exit_code) from None
        except DocubotError as error:
            typer.echo(f"DocuBot cannot start.\n{error.detail}", err=True)
            raise typer.Exit(CommandError.exit_code) from None


def no() -> typer.Exit:
    """To be raised when everything went as it should and the answer is no."""
    return typer.Exit(NO)
