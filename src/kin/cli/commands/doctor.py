"""The command doctor, and what it shows."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console
from kin.cli.layout import Line, Page, Span, make_field, make_line
from kin.cli.options import Command, new_app

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.safety.health import Finding, Health

# The style of each state, in the order in which findings are listed.
_STYLE_BY_STATE = {"wrong": "title", "advice": "", "fixed": "shared", "fine": "dim"}

app = new_app()


@app.command(cls=Command)
def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Fix what can be fixed safely.")] = False,
) -> None:
    """Check the book: permissions, damage, indexes, backups, disk space, other copies. Exit code 5 if something is wrong.

    kin doctor
    kin doctor --fix
    """
    call: Call = ctx.obj
    from kin.safety import health as safety_health

    health = (
        safety_health.examine_and_repair(call.book, call.today)
        if fix
        else safety_health.examine_book(call.book)
    )
    call.has_written = fix
    console.print_result(call, health, render_health(health))
    if not safety_health.is_healthy(health):
        raise typer.Exit(5)


def render_health(health: "Health") -> Page:
    """List the findings, what is wrong first, then the versions."""
    lines: list[Line] = [make_line(Span(health.book, "title"))]
    for each in sorted(health.checks, key=lambda each: list(_STYLE_BY_STATE).index(each.state)):
        lines += _render_finding(each)
    schema = f"schema {health.schema}, " if health.schema is not None else ""
    lines.append(make_field("", Span(f"{schema}SQLite {health.sqlite}, kin {health.kin}", "dim")))
    return tuple(lines)


def _render_finding(finding: "Finding") -> list[Line]:
    from kin.safety.health import FINE

    style = _STYLE_BY_STATE[finding.state]
    lines = [make_field(finding.state, Span(finding.message, style))]
    if finding.state != FINE:
        lines += [make_field("", Span(name, "quote")) for name in finding.files]
    if finding.hint:
        lines.append(make_field("", *_format_hint(finding.hint)))
    return lines


def _format_hint(hint: str) -> tuple[Span, ...]:
    """Return a hint with the command at its end in one piece."""
    lead, separator, command = hint.partition(": kin ")
    if not separator or ". " in command or "(" in command:
        return (Span(hint, "dim"),)
    return Span(f"{lead}: ", "dim"), Span(f"kin {command}", "command")
