"""Adds interests, one row for all spellings of each, and the owner's rules about them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from kin.book import indexes, undo_log
from kin.book.models import InterestRow, VocabularyRuleRow
from kin.book.session import get_connection
from kin.errors import UsageError
from kin.interests import queries as interests_queries
from kin.interests.queries import OwnerRule, describe_rule
from kin.language import text
from kin.language.text import format_command, join_words
from kin.vocabulary import catalog
from kin.vocabulary.taxonomy import BroaderLink, Taxonomy, VocabularyRule, build_taxonomy


def get_or_create_interest(session: Session, label: str) -> InterestRow:
    """Return the interest with this label, added with this spelling if it is new."""
    label = text.check_line(label, "interest")
    key = catalog.normalize_interest(label)
    if not key:
        raise UsageError(f"“{label}” is not an interest.", "Use at least one letter or digit.")
    interest = session.exec(select(InterestRow).where(col(InterestRow.key) == key)).first()
    if interest is None:
        interest = InterestRow(key=key, label=label)
        session.add(interest)
        indexes.add_interests(get_connection(session), label)
    return interest


def add_owner_rule(session: Session, relation: str, a: str, b: str, today: date) -> OwnerRule:
    """Store that `a` is the `same` as `b`, `under` it or `apart` from it, and rebuild the interest index.

    A rule replaces an earlier one about the same two. Raises UsageError if it contradicts another rule.
    """
    a, b = text.check_line(a, "interest"), text.check_line(b, "interest")
    one, other = catalog.normalize_interest(a), catalog.normalize_interest(b)
    if not one or not other:
        raise UsageError(
            f"“{b if one else a}” is not an interest.", "Use at least one letter or digit."
        )
    if one == other:
        raise UsageError(
            f"“{a}” and “{b}” are two spellings of the same interest.",
            "They always mean the same.",
        )
    rule = OwnerRule(relation, a, b, today.isoformat())
    db = get_connection(session)
    if interests_queries.list_owner_rules(db)[-1:] == (rule,):
        return rule
    rules_before = indexes.read_vocabulary_rules(db)
    pair = (one, other)
    existing_query = select(VocabularyRuleRow).where(
        or_(*(_match_pair(first, second) for first, second in (pair, pair[::-1])))
    )
    for row in session.exec(existing_query).all():
        replaced = (row.relation, row.a_label, row.b_label)
        rule = rule._replace(replaced=None if replaced == (relation, a, b) else replaced)
        session.delete(row)
    session.flush()
    _check_rule(rules_before, indexes.read_vocabulary_rules(db), VocabularyRule(relation, a, b))
    session.add(
        VocabularyRuleRow(
            relation=relation, a_key=one, a_label=a, b_key=other, b_label=b, added_on=rule.added_on
        )
    )
    session.flush()
    indexes.rebuild_interest_index(db)
    undo_log.name_step(db, describe_rule(relation, a, b).rstrip("."))
    return rule


def _check_rule(
    rules_before: Sequence[VocabularyRule],
    remaining_rules: Sequence[VocabularyRule],
    new_rule: VocabularyRule,
) -> None:
    """Raise UsageError for a rule that would undo another, or make an interest a kind of itself."""
    taxonomy_before, taxonomy_after = (
        build_taxonomy(rules_before),
        build_taxonomy([*remaining_rules, new_rule]),
    )
    undone_rules = [
        rule
        for rule in remaining_rules
        if taxonomy_before.satisfies(rule) and not taxonomy_after.satisfies(rule)
    ]
    if undone_rules or not taxonomy_after.satisfies(new_rule):
        raise _make_contradiction_error(new_rule, undone_rules)
    if new_rule.relation == "apart":
        return
    cycle = taxonomy_after.find_cycle(new_rule.a)
    own_rules = [
        rule
        for rule in remaining_rules
        if rule.relation == "under" and _is_in_cycle(rule, cycle, taxonomy_after)
    ]
    if cycle and (own_rules or new_rule.relation == "under"):
        raise _make_cycle_error(new_rule, cycle, own_rules, taxonomy_after)


def _is_in_cycle(rule: VocabularyRule, cycle: Sequence[BroaderLink], taxonomy: Taxonomy) -> bool:
    step = taxonomy.find_sense(rule.a), taxonomy.find_sense(rule.b)
    return any((each.narrow, each.broad) == step for each in cycle)


def _make_contradiction_error(
    new_rule: VocabularyRule, undone_rules: Sequence[VocabularyRule]
) -> UsageError:
    if not undone_rules:
        return UsageError(_describe_no_effect(*new_rule), "See your rules: kin vocab list")
    first = undone_rules[0]
    relation = "same" if first.relation == "apart" else "apart"
    return UsageError(
        _describe_contradiction(new_rule, undone_rules),
        f"First take that back: {_format_vocab_command(relation, first.a, first.b)}",
    )


def _make_cycle_error(
    new_rule: VocabularyRule,
    cycle: Sequence[BroaderLink],
    own_rules: Sequence[VocabularyRule],
    taxonomy: Taxonomy,
) -> UsageError:
    """Return the error for a cycle, with the command that removes one of the owner's own rules."""

    def find_label(sense: str) -> str:
        for rule in (new_rule, *own_rules):
            for label in (rule.a, rule.b):
                if taxonomy.find_sense(label) == sense:
                    return label
        return dict(taxonomy.find_names(sense)).get(sense, sense)

    steps = [(find_label(each.narrow), find_label(each.broad)) for each in cycle]
    others = [
        step for step in steps if new_rule.relation != "under" or step != (new_rule.a, new_rule.b)
    ]
    first = (own_rules[0].a, own_rules[0].b) if own_rules else others[0]
    return UsageError(
        _describe_cycle(steps),
        f"First separate two of them: {_format_vocab_command('apart', *first)}",
    )


def _format_vocab_command(relation: str, a: str, b: str) -> str:
    return format_command("kin vocab", relation, a, b)


def _match_pair(a: str, b: str) -> ColumnElement[bool]:
    return and_(col(VocabularyRuleRow.a_key) == a, col(VocabularyRuleRow.b_key) == b)


def _describe_contradiction(
    new: tuple[str, str, str], undone: Sequence[tuple[str, str, str]]
) -> str:
    rules = join_words([describe_rule(*each).rstrip(".") for each in undone])
    return f"{describe_rule(*new)} That contradicts your rule that {rules}."


def _describe_no_effect(relation: str, a: str, b: str) -> str:
    return f"{describe_rule(relation, a, b)} That contradicts your other rules together."


def _describe_cycle(steps: Sequence[tuple[str, str]]) -> str:
    rules = [describe_rule("under", *each).rstrip(".") for each in steps]
    return f"That would be a circle: {join_words(rules)}."
