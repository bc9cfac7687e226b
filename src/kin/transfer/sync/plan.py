"""Plans a sync of the book with a folder of cards: whose each card is, and what changes on either side.

It writes nothing. An uncertain card is reported and left alone, and no person is deleted because a file is gone. Cards
are read one at a time and their bytes are not kept; `apply` reads them again.
"""

import shlex
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from kin.book import meta
from kin.constants import OWNER_ID
from kin.errors import KinError, UsageError
from kin.formats.editor_card import Contact
from kin.formats.export import VCARD_KIND, get_card_uid
from kin.formats.records import ImportedRecords, Person
from kin.formats.vcard import normalize_uid
from kin.language.text import join_words, new_uid, normalize
from kin.records import Hidden, PersonRef
from kin.transfer import export, import_plan as transfer_import_plan
from kin.transfer.import_plan import Double, ImportIssue
from kin.transfer.record_matching import PersonIndex, make_contact_keys, make_record_keys
from kin.transfer.sync import file_matching, three_way_merge, vdir
from kin.transfer.sync.file_matching import SyncedRow, UnmatchedCard
from kin.transfer.sync.three_way_merge import (
    SINGLE_FIELDS,
    FieldConflict,
    FolderCard,
    SharedFields,
    UnreadableFile,
    are_equal,
    merge_fields,
    restore_lost_values,
)
from kin.transfer.sync.vdir import CardFile

_CHANGED_DURING_SYNC = "it changed during the sync; the next sync will read it"
_CHANGED_SINCE_SHOWN = "it has changed since you were asked; it was not deleted"


class CardEdit(NamedTuple):
    """A change of a card from `seen_fields` to `wanted_fields`, except `kept_fields`; `uid` is set if it has none."""

    seen_fields: SharedFields
    wanted_fields: SharedFields
    kept_fields: frozenset[str]
    uid: str

    def apply(self, data: bytes) -> bytes:
        """Return the bytes of a card with the change."""
        return three_way_merge.apply_wanted_fields(
            data, self.seen_fields, self.wanted_fields, keep=self.kept_fields, uid=self.uid
        )


class CardUpdate(NamedTuple):
    """A card and its person; the card, the person or both change.

    `edit` is the change of the card, `after` the fields of the person afterwards; None means no change.
    """

    file: CardFile
    person: int
    edit: CardEdit | None
    before: SharedFields
    after: SharedFields | None
    conflicts: tuple[FieldConflict, ...]
    previous_row: SyncedRow | None
    new_row: SyncedRow


class NewCard(NamedTuple):
    """A person who gets a card in the folder, and the name of the file."""

    person: int
    file: str
    uid: str


class ForgottenCard(NamedTuple):
    """The card of a person who was forgotten, and the name on it; without a UID it may be an identical other card."""

    file: CardFile
    has_uid: bool
    name: str


class SyncPlan(NamedTuple):
    """All that a sync would do; `new_person_cards` are in the order of the new people in `import_plan`."""

    folder: str
    people: dict[int, Person]
    updates: tuple[CardUpdate, ...]
    same_count: int
    import_plan: transfer_import_plan.ImportPlan | None
    new_person_cards: tuple[tuple[CardFile, FolderCard], ...]
    new_cards: tuple[NewCard, ...]
    unlinked_rows: tuple[SyncedRow, ...]
    stale_rows: tuple[SyncedRow, ...]
    forgotten: tuple[ForgottenCard, ...]
    doubles: tuple[Double, ...]
    skipped: tuple[ImportIssue, ...]
    warnings: tuple[ImportIssue, ...]


def plan_sync(
    db: sqlite3.Connection, folder: vdir.CardFolder, today: str, *, assume_yes: bool = False
) -> SyncPlan:
    """Match all cards of a folder with the book; raise KinError if the folder looks wrong."""
    rows = file_matching.read_rows(db, str(folder.path))
    _check_folder(folder, rows, assume_yes)
    return _SyncPlanner(db, folder, rows).make_plan(today)


def _check_folder(folder: vdir.CardFolder, rows: Sequence[SyncedRow], assume_yes: bool) -> None:
    linked = [row for row in rows if row.digest]
    if not folder.files and folder.subfolders:
        subfolders = tuple(str(folder.path / each) for each in folder.subfolders)
        raise UsageError(
            f"The cards are in subfolders of {folder.path}.",
            f"kin sync {shlex.quote(subfolders[0])}",
            subfolders,
        )
    if not folder.files and len(linked) > 1 and not assume_yes:
        raise KinError(
            f"All {len(linked)} cards are gone from {folder.path}.",
            "Nothing was written. If you deleted them, add --yes: the people stay in the book.",
        )


class _SyncPlanner:
    """The state while a plan is made: who has which card, and what changes."""

    def __init__(
        self, db: sqlite3.Connection, folder: vdir.CardFolder, rows: Sequence[SyncedRow]
    ) -> None:
        self._db = db
        self._folder = folder
        everyone = export.read_people(db, whole_records=False)
        self._people = {number: person for number, person in everyone if number != OWNER_ID}
        self._matches = file_matching.match_files(
            folder.files, rows, self._people, meta.read_forgotten_list(db), self._read_file
        )
        self._uids_in_folder = {normalize_uid(row.uid) for row in rows if row.uid} | {
            normalize_uid(each.card.uid) for each in self._matches.unmatched if each.card.uid
        }
        self._card_by_person: dict[int, tuple[str, str]] = {}  # the name on the card, and the file
        self._contacts_of_new_people: dict[int, tuple[Contact, ...]] = {}
        self._updates: list[CardUpdate] = []
        self._same_count = 0
        self._uncertain_rows = list(self._matches.uncertain_rows)
        self._skipped = list(self._matches.skipped)
        self._warnings: list[ImportIssue] = []

    def _read_file(self, file: CardFile) -> FolderCard | UnreadableFile:
        data = vdir.load_card(self._folder.path, file)
        if data is None:
            return UnreadableFile(file.name, _CHANGED_DURING_SYNC)
        return three_way_merge.read_card(data, file.name)

    def make_plan(self, today: str) -> SyncPlan:
        """Merge known cards with their people, match the other cards, and plan cards for people without one."""
        for row in self._matches.uncertain_rows:
            self._mark_as_present(row)
        for file, card, row in self._matches.matched:
            self._sync_card(file, card, row, row.person)
        new_person_cards = self._match_unmatched_cards()
        records = ImportedRecords(VCARD_KIND, tuple(card.record for _, card in new_person_cards))
        import_plan = None
        if new_person_cards:
            import_plan = transfer_import_plan.plan_import(
                self._db, [records], today, as_new=True, whole_records=False
            )
        doubles = list(import_plan.outcome.doubles) if import_plan else []
        new_cards = self._plan_new_cards(doubles)
        if import_plan is not None:
            self._skipped += import_plan.outcome.skipped
            self._warnings += import_plan.outcome.warnings
        missing = [row for row in self._matches.missing if row not in self._uncertain_rows]
        return SyncPlan(
            str(self._folder.path),
            self._people,
            tuple(self._updates),
            self._same_count,
            import_plan,
            tuple(new_person_cards),
            tuple(new_cards),
            tuple(row for row in missing if row.digest and row.person not in self._card_by_person),
            tuple(row for row in missing if row.person in self._card_by_person),
            tuple(
                ForgottenCard(file, bool(card.identity.uids), card.fields.name)
                for file, card in self._matches.forgotten
            ),
            tuple(doubles),
            tuple(self._skipped),
            tuple(self._warnings),
        )

    def _mark_as_present(self, row: SyncedRow) -> None:
        """Record that a person may have one of the cards that are left alone."""
        self._card_by_person.setdefault(row.person, (self._people[row.person].name, row.file))

    def _sync_card(
        self, file: CardFile, card: FolderCard | None, row: SyncedRow | None, person_id: int
    ) -> None:
        """Merge a card (None if it is unchanged) with its person, three-way if there is a base."""
        self._card_by_person[person_id] = (self._people[person_id].name, file.name)
        base = three_way_merge.read_base(row.base) if row else None
        if card is None and base is None:
            file_card = self._read_file(file)
            if isinstance(file_card, UnreadableFile):
                self._skipped.append(ImportIssue(file_card.place, file_card.why))
                return
            card = file_card
        if card is not None:
            book_fields = three_way_merge.get_person_fields(
                self._people[person_id], also_named_by=(card.fields, base)
            )
            card_fields, messages = restore_lost_values(card, base, book_fields)
            self._warnings += [ImportIssue(*each) for each in card.warnings]
            self._warnings += [
                ImportIssue(file.name, f"{book_fields.name}: {reason}") for reason in messages
            ]
        else:
            assert base is not None
            card_fields = base
        person_fields = three_way_merge.get_person_fields(
            self._people[person_id], also_named_by=(card_fields, base)
        )
        if card is None and are_equal(card_fields, person_fields):
            self._same_count += 1
            return
        wanted_fields, book_fields, conflicts = merge_fields(base, card_fields, person_fields)
        uid = card.uid if card else row.uid if row else None
        edit = CardEdit(
            card_fields,
            wanted_fields,
            self._list_kept_fields(file, card),
            self._choose_uid(person_id),
        )
        data = vdir.load_card(self._folder.path, file)
        if data is None:
            self._skipped.append(ImportIssue(file.name, _CHANGED_DURING_SYNC))
            return
        after = edit.apply(data)
        is_edited = after != data
        if is_edited and uid is None:
            uid = edit.uid
            self._uids_in_folder.add(normalize_uid(uid))
        base_after = three_way_merge.write_base(_get_agreed_fields(after, edit), uid)
        new_row = SyncedRow(file.name, person_id, uid, vdir.compute_digest(after), base_after)
        if new_row == row and book_fields == person_fields:
            self._same_count += 1
            return
        changed_fields = book_fields if book_fields != person_fields else None
        self._updates.append(
            CardUpdate(
                file,
                person_id,
                edit if is_edited else None,
                person_fields,
                changed_fields,
                conflicts,
                row,
                new_row,
            )
        )
        self._people[person_id] = three_way_merge.apply_fields(self._people[person_id], book_fields)

    def _list_kept_fields(self, file: CardFile, card: FolderCard | None) -> frozenset[str]:
        """Return the fields that stay as they are on the card, because kin cannot read them."""
        file_card = card or self._read_file(file)
        return frozenset() if isinstance(file_card, UnreadableFile) else file_card.unreadable_fields

    def _choose_uid(self, person_id: int) -> str:
        """Return a UID for the card of a person that has none."""
        uid = get_card_uid(self._people[person_id])
        return new_uid() if normalize_uid(uid) in self._uids_in_folder else uid

    def _match_unmatched_cards(self) -> list[tuple[CardFile, FolderCard]]:
        """Match the cards without a row: by UID, then as an import does. Return those of new people."""
        person_by_uid = file_matching.map_uids_to_people(self._people)
        index = PersonIndex()
        index.find_shared_contacts([each.card.record for each in self._matches.unmatched])
        for known_person_id, person in self._people.items():
            index.add_person(known_person_id, person)
        person_by_digest = self._map_digests_to_people()
        new_person_cards: list[tuple[CardFile, FolderCard]] = []
        for unmatched in self._matches.unmatched:
            file, card, possible_rows = unmatched
            person_id = person_by_uid.get(normalize_uid(card.uid)) if card.uid else None
            if person_id is None:
                known_ids = [
                    person_by_digest[each]
                    for each in card.identity.digests
                    if each in person_by_digest
                ]
                person_id = known_ids[0] if known_ids else self._find_person(index, card)
            if possible_rows and person_id in (None, *(row.person for row in possible_rows)):
                self._report_uncertain_card(unmatched)
            elif person_id is None:
                person_id = -1 - len(new_person_cards)  # no one in the book
                new_person_cards.append((file, card))
                self._warnings += [ImportIssue(*each) for each in card.warnings]
                index.add_person(person_id, _make_person(card.fields))
                self._card_by_person[person_id] = (card.fields.name, file.name)
                self._contacts_of_new_people[person_id] = card.fields.contacts
            elif person_id in self._card_by_person:
                name, other_file = self._card_by_person[person_id]
                reason = (
                    f"looks like a second card of {name}, who has {other_file}; it is left alone"
                )
                self._skipped.append(ImportIssue(file.name, reason))
            else:
                self._sync_card(file, card, None, person_id)
        return new_person_cards

    def _find_person(self, index: PersonIndex, card: FolderCard) -> int | None:
        """Return the person of a card, as an import does; the same name with other addresses is someone else."""
        (name,) = make_record_keys([card.record])
        person_id = index.find_same_person(card.record, VCARD_KIND, name)
        if person_id is None or card.uid is not None:
            return person_id
        card_keys = _collect_contact_keys(card.fields.contacts)
        person_keys = (
            _collect_contact_keys(self._people[person_id].contacts)
            if person_id in self._people
            else set()
        )
        if card_keys and person_keys and not card_keys & person_keys:  # the name alone is the same
            person_id = index.find_same_person(card.record, VCARD_KIND, "")
        return person_id

    def _map_digests_to_people(self) -> dict[str, int]:
        """Return the people who were imported from cards without a UID, by the digest of the card."""
        if not any(each.card.uid is None for each in self._matches.unmatched):
            return {}
        rows = self._db.execute(
            "SELECT person_id, raw FROM origin WHERE kind = ? AND key LIKE 'name:%' AND raw IS NOT NULL ORDER BY id DESC",
            (VCARD_KIND,),
        )
        return {sha256(raw).hexdigest(): person for person, raw in rows if person != OWNER_ID}

    def _report_uncertain_card(self, unmatched: UnmatchedCard) -> None:
        """Report a card that could be that of several people, or of someone with other addresses."""
        file, card, possible_rows = unmatched
        for row in possible_rows:
            self._mark_as_present(row)
            self._uncertain_rows.append(row)
        person_ids = dict.fromkeys(row.person for row in possible_rows)
        names = [(self._people[each].name, self._people[each].handle) for each in person_ids]
        contact = next(
            (each for each in card.fields.contacts if each.kind in ("email", "phone")), None
        )
        address_option = (
            f"--{contact.kind} {shlex.quote(contact.value)}"
            if contact and card.has_readable_name
            else None
        )
        self._skipped.append(
            ImportIssue(
                file.name, _describe_uncertain_card(names, card.fields.name, address_option)
            )
        )

    def _plan_new_cards(self, doubles: list[Double]) -> Iterable[NewCard]:
        """Plan a card for everyone who never had one in the folder, except those who may have one already.

        People with the name of someone in the folder, and no address that tells them apart, are added to the doubles.
        """
        people_without_file = {row.person for row in self._matches.missing}
        uncertain_uids = self._matches.uncertain_uids
        present_by_name = self._group_present_by_name()
        taken_names = {file.name.casefold() for file in self._folder.files}
        new_cards = []
        for person_id, person in self._people.items():
            if person_id in self._card_by_person or person_id in people_without_file:
                continue
            uid = get_card_uid(person)
            if normalize_uid(uid) in uncertain_uids:
                continue
            has_address = bool(_collect_contact_keys(person.contacts))
            lookalike = next(
                (
                    each
                    for each in present_by_name.get(normalize(person.name), ())
                    if not (has_address and each[1])
                ),
                None,
            )
            if lookalike is not None:
                if lookalike[0] > 0:  # new people are among the doubles already
                    other = self._people[lookalike[0]]
                    doubles.append(
                        Double(
                            PersonRef(person_id, person.handle, person.name),
                            PersonRef(lookalike[0], other.handle, other.name),
                        )
                    )
                continue
            file = vdir.choose_free_name(normalize_uid(uid), taken_names)
            taken_names.add(file.casefold())
            new_cards.append(NewCard(person_id, file, uid))
        return new_cards

    def _group_present_by_name(self) -> dict[str, list[tuple[int, bool]]]:
        """Return who has a card in the folder and whether they have an address, by normalized name."""
        present_by_name: dict[str, list[tuple[int, bool]]] = {}
        for person_id, (name, _) in self._card_by_person.items():
            if person_id > 0:  # as they are after the sync
                name, contacts = self._people[person_id].name, self._people[person_id].contacts
            else:
                contacts = self._contacts_of_new_people[person_id]
            present_by_name.setdefault(normalize(name), []).append(
                (person_id, bool(_collect_contact_keys(contacts)))
            )
        return present_by_name


def make_new_card(
    db: sqlite3.Connection, person: Person, new_card: NewCard
) -> tuple[bytes, SyncedRow]:
    """Return the bytes of a new card, and its row."""
    origin = db.execute(
        "SELECT raw FROM origin WHERE person_id = ? AND kind = ? AND raw IS NOT NULL ORDER BY id LIMIT 1",
        (new_card.person, VCARD_KIND),
    ).fetchone()
    data = three_way_merge.make_card(person, origin[0] if origin else None)
    base = three_way_merge.write_base(three_way_merge.get_person_fields(person), new_card.uid)
    row = SyncedRow(new_card.file, new_card.person, new_card.uid, vdir.compute_digest(data), base)
    return data, row


def _get_agreed_fields(data: bytes, edit: CardEdit) -> SharedFields:
    """Return the fields that both sides have after a sync, which is the next base.

    A field that was not written to the card stays as it was: an address with a street is not replaced by a town, nor a
    value that kin cannot read.
    """
    wanted_fields, seen_fields = edit.wanted_fields, edit.seen_fields
    for field in SINGLE_FIELDS:
        value = getattr(wanted_fields, field)
        if value != getattr(seen_fields, field) and (
            field in edit.kept_fields
            or (field == "lives" and three_way_merge.read_town(data) != value)
        ):
            wanted_fields = replace(wanted_fields, **{field: getattr(seen_fields, field)})
    return wanted_fields


def _collect_contact_keys(contacts: Iterable[Contact]) -> set[str]:
    return {key for contact in contacts for key in make_contact_keys(contact)}


def _make_person(fields: SharedFields) -> Person:
    return Person("?", fields.name, "", contacts=fields.contacts, nicknames=fields.nicknames)


def _describe_uncertain_card(
    names: Sequence[tuple[str, str]], card_name: str, address_option: str | None
) -> str:
    """Return why a card is left alone, and what to type.

    `names` are the names and handles of the people whose card it may be, `address_option` is the address on the card as
    an option of kin.
    """
    who = join_words([f"{name} ({handle})" for name, handle in names], "or")
    doubt = f"it has no UID and may be the card of {who}; it was left alone."
    if address_option is None:
        return f"{doubt} Add their email address or phone number to the card"
    known, new = shlex.quote(names[0][1]), shlex.quote(card_name)
    return (
        f"{doubt} If it is: kin edit {known} {address_option}. "
        f"If not: kin add {new} {address_option} --anyway"
    )


class NewPerson(NamedTuple):
    """A person who is new on one side: `to` is `book` or `folder`."""

    handle: str
    name: str
    file: str
    to: str


class KeptField(NamedTuple):
    """A field that both sides changed: the phone's `value` was kept, the book's was `lost`, and undo brings it back."""

    person: PersonRef
    field: str
    value: str | None
    lost: str | None


class SyncResult(NamedTuple):
    """What a sync did, or would do.

    `pulled`, `pushed`, `merged` and `same` count the cards that both sides had before. `left_alone` and `removed` are
    files with cards of forgotten people; those in `removable` have the UID of one.
    """

    folder: str
    pulled: int
    pushed: int
    merged: int
    same: int
    new: tuple[NewPerson, ...]
    unlinked: tuple[PersonRef, ...]
    left_alone: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[KeptField, ...]
    doubles: tuple[Double, ...]
    skipped: tuple[ImportIssue, ...]
    warnings: tuple[ImportIssue, ...]
    book_changes: Hidden[int] = 0
    folder_changes: Hidden[int] = 0
    removable: Hidden[frozenset[str]] = frozenset()


def summarize_sync(
    plan: SyncPlan,
    *,
    changed_files: Collection[str] = (),
    removed: Sequence[str] = (),
    changed_since_shown: Sequence[str] = (),
    handles: Sequence[str] | None = None,
) -> SyncResult:
    """Return the result of carrying out a plan, or of a dry run.

    `changed_files` changed during the sync, `removed` are the files of forgotten people that were deleted,
    `changed_since_shown` those that were not because they had changed, `handles` those of the new people in the book.
    """
    updates = [update for update in plan.updates if update.file.name not in changed_files]
    new_in_book = _list_new_in_book(plan, handles)
    new_in_folder = [
        NewPerson(
            plan.people[each.person].handle, plan.people[each.person].name, each.file, "folder"
        )
        for each in plan.new_cards
        if each.file not in changed_files
    ]
    pulled = sum(update.after is not None and update.edit is None for update in updates)
    pushed = sum(update.after is None and update.edit is not None for update in updates)
    merged = sum(update.after is not None and update.edit is not None for update in updates)
    skipped = [
        *(ImportIssue(name, _CHANGED_DURING_SYNC) for name in sorted(changed_files)),
        *(ImportIssue(name, _CHANGED_SINCE_SHOWN) for name in changed_since_shown),
    ]
    remaining = [each for each in plan.forgotten if each.file.name not in removed]
    return SyncResult(
        plan.folder,
        pulled,
        pushed,
        merged,
        plan.same_count + len(updates) - pulled - pushed - merged,
        (*new_in_book, *new_in_folder),
        tuple(_get_person_ref(plan, row.person) for row in plan.unlinked_rows),
        tuple(each.file.name for each in remaining),
        tuple(removed),
        tuple(each for update in updates for each in _list_kept_fields(plan, update)),
        plan.doubles,
        (*plan.skipped, *skipped),
        plan.warnings,
        pulled + merged + len(new_in_book),
        pushed + merged + len(new_in_folder),
        frozenset(each.file.name for each in remaining if each.has_uid),
    )


def _list_new_in_book(plan: SyncPlan, handles: Sequence[str] | None) -> list[NewPerson]:
    entries = plan.import_plan.entries if plan.import_plan else ()
    new_people = [entry.after for entry in entries if entry.person_id is None]
    new_handles = handles or [each.handle for each in new_people]
    return [
        NewPerson(handle, each.name, file.name, "book")
        for handle, each, (file, _) in zip(
            new_handles, new_people, plan.new_person_cards, strict=True
        )
    ]


def _get_person_ref(plan: SyncPlan, person_id: int) -> PersonRef:
    return PersonRef(person_id, plan.people[person_id].handle, plan.people[person_id].name)


def _list_kept_fields(plan: SyncPlan, update: CardUpdate) -> list[KeptField]:
    person = _get_person_ref(plan, update.person)
    return [KeptField(person, each.field, each.kept, each.lost) for each in update.conflicts]
