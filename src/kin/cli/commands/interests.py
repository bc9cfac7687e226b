"""The commands interests and vocab, and what they show."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options, wording
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_field, make_line
from kin.cli.options import Command, new_app
from kin.constants import RELATIONS
from kin.errors import UsageError
from kin.language.text import get_first_name, join_words
from kin.records import PersonRef
from kin.vocabulary import catalog

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.interests.queries import (
        Interest,
        InterestedPerson,
        InterestSummary,
        OwnerRule,
        VocabularyEntry,
    )

app = new_app()


@app.command(cls=Command)
def interests(
    ctx: typer.Context,
    words: Annotated[
        options.Values, typer.Argument(metavar="[X]", help="One interest.", show_default=False)
    ] = None,
    with_: Annotated[
        options.Values,
        typer.Option(
            "--with", "-w", metavar="WHO", help="Common ground with WHO; given twice, of those two."
        ),
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what you are into.")] = False,
    both: Annotated[
        bool, typer.Option("--both", help="Only what you and someone else are into.")
    ] = False,
    rare: Annotated[
        bool,
        typer.Option("--rare", help="Only what few others are into, rarest first."),
    ] = False,
    n: options.Limit = None,
) -> None:
    """Who is into what: your map, or who shares one interest.

    kin interests pottery
    kin interests --with maya
    """
    call: Call = ctx.obj
    x = options.join_argument(words)
    if sum((x is not None, bool(with_), mine or both or rare)) > 1 or len(with_ or ()) > 2:
        raise UsageError(
            "Choose one: X, --mine/--both/--rare, or --with WHO (once or twice).",
            "kin interests pottery · kin interests --both · kin interests --with maya --with tom",
        )
    if x is not None:
        _print_interest(call, x, n)
    elif with_:
        _print_common_ground(call, with_, n)
    else:
        _print_map(call, (mine, both, rare), n)


def _print_map(call: "Call", filters: tuple[bool, bool, bool], n: int | None) -> None:
    from kin.interests import queries as interests_queries

    today = call.today.isoformat()
    with call.open_for_reading() as db:
        lines = interests_queries.list_interests(db, interests_queries.InterestFilter(*filters))
        shown = options.limit_to_screen(call, lines, n)
        json_interests = (
            interests_queries.list_interests_with_people(db, shown, today) if call.as_json else ()
        )
        shown = () if call.as_json else interests_queries.add_people_names(db, shown, today)
    page = render_interest_map(shown, len(lines) - len(shown), any(filters))
    console.print_result(call, json_interests, page)


def render_interest_map(lines: "Sequence[InterestSummary]", hidden: int, filtered: bool) -> Page:
    """List interests, shared ones first, each with its first few people."""
    if not lines and filtered:
        return (make_aside("No matches.", "See all:", "kin interests"),)
    if not lines:
        return (make_aside("No interests yet.", "Start with yours:", "kin me --into pottery"),)
    rows = tuple(
        (
            Span(each.label, "shared" if each.shared else ""),
            Span("you" if each.yours else "", "dim"),
            Span(str(each.other_count + each.related_count), "dim"),
            Span(
                ", ".join(each.names)
                + (" …" if each.other_count + each.related_count > len(each.names) else "")
            ),
            Span(each.last_mentioned or "", "dim"),
        )
        for each in lines
    )
    return (
        Table(("interest", "yours", "people", "who", "last"), rows),
        *wording.render_hidden_count(hidden),
    )


def _print_interest(call: "Call", x: str, n: int | None) -> None:
    from kin.interests import queries as interests_queries

    with call.open_for_reading() as db:
        interest = interests_queries.find_interest(db, x, call.today.isoformat())
    shown = options.limit_to_screen(call, interest.people, n)
    page = render_interest(
        interest._replace(people=tuple(shown)), call.today, len(interest.people) - len(shown)
    )
    console.print_result(call, (interest._replace(people=tuple(shown)),), page)


def render_interest(interest: "Interest", today: date, hidden: int) -> Page:
    """Show who is into one interest, how they came to it, and when it last came up."""
    head = make_line(
        Span(interest.label, "title"),
        Span(f"  {_describe_your_part(interest)}", "dim"),
    )
    if not interest.people:
        other = " else" if interest.your_label is not None else ""
        message = make_aside(f"No one{other} in your book is into {interest.label} yet.")
        return (head, message) if interest.learned_from_name else (message,)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(each.handle, "dim"),
            Span("differ" if each.stance == "differ" else ""),
            Span(each.last_mentioned or "", "dim"),
            Span(each.note or "", "quote"),
            Span(each.via or ""),
            Span(each.learned_from.handle if each.learned_from else "", "dim"),
        )
        for each in interest.people
    )
    cards = (head, *(_render_holder(each, interest, today) for each in interest.people))
    headers = ("name", "handle", "stance", "last", "note", "via", "from")
    return (Table(headers, rows, cards), *wording.render_hidden_count(hidden))


def _render_holder(holder: "InterestedPerson", interest: "Interest", today: date) -> Line:
    last = holder.last_mentioned
    parts = [
        (Span("sees it differently" if holder.stance == "differ" else ""),),
        (
            Span(
                _describe_related(interest.your_label, holder.name, holder.label)
                if holder.via
                else ""
            ),
        ),
        (Span("" if holder.via else _format_own_label(holder, interest), "dim"),),
        (Span(holder.note or "", "quote"),),
        (
            Span(
                _describe_source(holder.learned_from) if holder.learned_from else "",
                "dim",
            ),
        ),
        (
            Span(
                _describe_last_mention(last, today) if last else "",
                "dim",
            ),
        ),
    ]
    spans = [Span("  "), Span(holder.name, "name"), Span(f"  {holder.handle}", "dim")]
    for (span,) in parts:
        spans += [Span("  "), span] if span.text else []
    return make_line(*spans, indent=0)


def _describe_your_part(interest: "Interest") -> str:
    """Return whether you are into an interest, who got you into it, and whether it is rare."""
    parts = []
    yours = interest.your_label
    if yours is not None:
        is_same = yours.casefold() == interest.label.casefold()
        parts.append("you are into it too" if is_same else f"you are into {yours}")
    if interest.learned_from_name:
        parts.append(f"{interest.learned_from_name} got you into it")
    if interest.rare:
        parts.append("rare among the people you know")
    return ", ".join(parts)


def _format_own_label(holder: "InterestedPerson", interest: "Interest") -> str:
    is_same = catalog.normalize_interest(holder.label) == catalog.normalize_interest(interest.label)
    return "" if is_same else f"calls it {holder.label}"


def _describe_related(yours: str | None, name: str, theirs: str) -> str:
    """Return the related interests of two people: “you: bouldering, Maya: climbing”."""
    return (
        _describe_both_names("you", yours, name, theirs)
        if yours
        else f"{get_first_name(name)}: {theirs}"
    )


def _describe_both_names(one: str, ones: str, other: str, others: str) -> str:
    """Return what each of two people calls what they share."""
    return f"{get_first_name(one)}: {ones}, {get_first_name(other)}: {others}"


def _describe_source(source: PersonRef) -> str:
    """Return who got someone into an interest."""
    return f"{'you' if source.handle == 'me' else source.name} got them into it"


def _describe_last_mention(last: str, today: date) -> str:
    return f"last came up {wording.format_relative_day(last, today)}"


def _print_common_ground(call: "Call", with_: list[str], n: int | None) -> None:
    from kin.interests import queries as interests_queries
    from kin.people import queries as people_queries

    with call.open_for_reading() as db:
        persons = [people_queries.find_person(db, who) for who in with_]
        one, other = persons if len(persons) == 2 else (people_queries.load_owner(db), persons[0])
        if one.id == other.id:
            raise UsageError("Name two different people.", "kin interests --with maya --with tom")
        ground = interests_queries.find_common_ground(db, one, other, call.today.isoformat())
    ground = ground.limit_to(n or 0)
    console.print_result(
        call, ground, render_common_ground(one.name, other.name, ground.shared, call.today)
    )


def render_common_ground(
    one: str, other: str, interests: "Sequence[Interest]", today: date
) -> Page:
    """List what two people share, and through which interests of theirs."""

    from kin.interests.common_ground import describe_nothing_shared

    if not interests:
        return (make_aside(describe_nothing_shared(one, other)),)
    rows = []
    cards = [make_line(Span(f"{join_words([one, other])} share", "title"))]
    for each in interests:
        last = max((holder.last_mentioned or "" for holder in each.people), default="")
        notes = "; ".join(f"{holder.name}: {holder.note}" for holder in each.people if holder.note)
        theirs = each.people[-1]
        explanation = (
            _describe_both_names(one, each.your_label or "", theirs.name, theirs.label)
            if theirs.via
            else ""
        )
        rows.append((Span(each.label), Span(last), Span(notes), Span(explanation)))
        spans = [Span("  "), Span(each.label, "shared")]
        for span in (
            Span(explanation, "dim"),
            Span(notes, "quote"),
            Span(
                _describe_last_mention(last, today) if last else "",
                "dim",
            ),
        ):
            spans += [Span("  "), span] if span.text else []
        cards.append(make_line(*spans))
    return (Table(("interest", "last", "notes", "through"), tuple(rows), tuple(cards)),)


@app.command(cls=Command)
def vocab(
    ctx: typer.Context,
    action: Annotated[
        str,
        typer.Argument(
            metavar="same|under|apart|show|list", help="What to do.", show_default=False
        ),
    ],
    words: Annotated[
        options.Values,
        typer.Argument(metavar="[X] [Y]", help="One interest, or two.", show_default=False),
    ] = None,
) -> None:
    """Tell kin which interests belong together. Your rules win over kin’s own list.

    same: X and Y are one interest. under: X is a kind of Y. apart: X and Y have nothing to do with
    each other. show: the names of X, and what it belongs to. list: your rules.

    kin vocab same "mud club" pottery
    kin vocab under highlining slacklining
    """
    call: Call = ctx.obj
    labels = options.to_tuple(words)
    if action in RELATIONS:
        _add_rule(call, action, labels)
    elif action == "show" and labels:
        _print_entry(call, " ".join(labels))
    elif action == "list" and not labels:
        _print_rules(call)
    else:
        raise UsageError(
            "Use same, under, apart, show or list.",
            "kin vocab same X Y · under NARROW BROAD · apart X Y · show X · list",
        )


def _add_rule(call: "Call", relation: str, labels: tuple[str, ...]) -> None:
    from kin.interests import service as interests_service

    if len(labels) != 2:
        raise UsageError(
            f"“{relation}” takes two interests.",
            f'kin vocab {relation} "trail running" running',
        )
    with call.open_for_writing() as session:
        result = interests_service.add_owner_rule(session, relation, *labels, call.today)
    console.print_result(call, result, render_rule(result))


def render_rule(rule: "OwnerRule") -> Page:
    """Show a rule, and the one it replaces."""

    from kin.interests.queries import describe_rule

    rule_line = make_line(describe_rule(rule.relation, rule.a, rule.b))
    if rule.replaced is None:
        return (rule_line,)
    return (
        rule_line,
        make_aside(f"Replaces what you said before: {describe_rule(*rule.replaced)}"),
    )


def _print_entry(call: "Call", words: str) -> None:
    from kin.interests import queries as interests_queries

    with call.open_for_reading() as db:
        entry = interests_queries.find_vocabulary_entry(db, words)
    console.print_result(call, entry, render_entry(entry))


def render_entry(entry: "VocabularyEntry") -> Page:
    """Show an interest with its names, the broader and narrower ones, and your rules."""

    from kin.interests.queries import describe_ambiguity, describe_rule

    lists = (
        ("also", [each.label for each in entry.names]),
        ("under", [_format_label(each.label, each.source) for each in entry.broader]),
        ("over", [_format_label(each.label, each.source) for each in entry.narrower]),
        (
            "you said",
            [describe_rule(each.relation, each.a, each.b).rstrip(".") for each in entry.rules],
        ),
        ("may be", entry.senses),
    )
    shown = tuple(
        make_field(label, ("; " if label == "you said" else ", ").join(words))
        for label, words in lists
        if words
    )
    hints = (make_aside(describe_ambiguity(entry.label, entry.senses)),) if entry.senses else ()
    return (make_line(Span(entry.label, "title")), *shown, *hints)


def _format_label(label: str, source: str) -> str:
    return f"{label} (your rule)" if source == "own" else label


def _print_rules(call: "Call") -> None:
    from kin.interests import queries as interests_queries

    with call.open_for_reading() as db:
        rules = interests_queries.list_owner_rules(db)
    console.print_result(call, rules, render_rule_list(rules))


def render_rule_list(rules: "Sequence[OwnerRule]") -> Page:
    """List your rules."""

    from kin.interests.queries import describe_rule

    if not rules:
        return (make_aside("You haven’t taught kin anything yet.", "Start:", "kin vocab same X Y"),)
    rows = tuple(
        (Span(each.relation), Span(each.a), Span(each.b), Span(each.added_on, "dim"))
        for each in rules
    )
    cards = tuple(make_line(describe_rule(each.relation, each.a, each.b)) for each in rules)
    return (Table(("relation", "x", "y", "on"), rows, cards),)
