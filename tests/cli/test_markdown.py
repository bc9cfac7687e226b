"""A book as a folder of Markdown: written completely or not at all, imported the same, with other files safe."""

from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin


@pytest.fixture
def out(met: Kin, tmp_path: Path) -> Path:
    """Return the folder to which a book of five people was exported."""
    folder = tmp_path / "my people"
    result = met("export", "--format", "markdown", "--to", str(folder))
    assert result.out == f"Exported 5 people and 2 notes to {folder}.\n"
    return folder


def test_the_whole_book_is_imported_the_same(met: Kin, tmp_path: Path, book: Path) -> None:
    for words in (
        ("vocab", "under", "fado", "songs"), ("reconnect", "--snooze", "tom-k"), ("reconnect",), ("share", "kiln", "--sent-to", "maya"),
        ("introduce", "maya", "tom-b", "--yes-from", "maya"), ("edit", "tom-b", "--into", "tea", "--from", "maya"), ("answered", "maya", "kiln", "--answer", "yes"),
    ):  # fmt: skip
        assert met(*words).code == 0, words
    whole = met("export").out
    assert met("export", "--format", "markdown", "--to", str(tmp_path / "out")).code == 0
    book.unlink()
    result = met("import", str(tmp_path / "out"), "--json").json
    assert (result["new"], result["skipped"], result["warnings"]) == (5, [], [])
    assert met("export").out == whole


def test_importing_it_again_changes_nothing(met: Kin, out: Path, book: Path) -> None:
    met("ask", "me", "what do I want to learn")
    met("note", "a stranger hummed ?who was it")
    met("export", "--format", "markdown", "--to", str(out), "--force")
    before = dump(book)
    result = met("import", str(out), "--json").json
    assert (result["new"], result["updated"], result["same"], result["notes"]) == (0, 0, 5, 0)
    assert dump(book) == before
    alone = met("import", str(out / "people" / "maya-o.md"), "--json").json
    assert (alone["same"], alone["skipped"]) == (1, [])
    assert dump(book) == before


def test_an_edited_page_updates_its_book(met: Kin, out: Path) -> None:
    page = out / "people" / "maya-o.md"
    text = page.read_text().replace("- fado\n", "- fado\n- cold water swimming — since May\n")
    text = text.replace("# Maya Okafor <", "# Maya Okafor-Hale <").replace("## Notes", "Her cat is Glaze.\n\n## Notes")  # fmt: skip
    page.write_text(text)
    result = met("import", str(page), "--json").json
    assert (result["new"], result["updated"]) == (0, 1)
    assert any("Her cat is Glaze." in each["why"] for each in result["warnings"])
    assert any("the file has name: Maya Okafor-Hale" in each["why"] for each in result["warnings"])
    labels = [each["label"] for each in met("recall", "maya", "--json").json["person"]["interests"]]
    assert "cold water swimming" in labels
    assert met("find", "Glaze", "--json").json
    assert met("import", str(page), "--json").json["same"] == 1


def test_only_the_owner_can_read_the_folder(out: Path) -> None:
    assert out.stat().st_mode & 0o777 == 0o700
    for path in out.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert {path.name for path in out.iterdir()} <= {"kin.md", "people", "kept"}


def test_without_a_folder_the_error_says_what_to_type(met: Kin) -> None:
    result = met("export", "--format", "markdown")
    assert (result.code, result.out) == (2, "")
    assert "kin export --format markdown --to my-people" in result.err


def test_only_files_that_kin_wrote_are_replaced(met: Kin, out: Path) -> None:
    (out / "mine.txt").write_text("mine")
    (out / "people" / "photo.jpg").write_text("photo")
    (out / "people" / "own.md").write_text("# Own <!-- kin page 1 -->\n")
    (out / "drafts").mkdir()
    (out / "drafts" / "a.md").write_text("draft")
    met("forget", "grace", "--yes")
    assert met("export", "--format", "markdown", "--to", str(out)).code == 1
    assert (out / "people" / "grace-h.md").exists()
    assert met("export", "--format", "markdown", "--to", str(out), "--force").code == 0
    assert not (out / "people" / "grace-h.md").exists()
    assert (out / "people" / "maya-o.md").exists()
    kept = ("mine.txt", "people/photo.jpg", "people/own.md", "drafts/a.md")
    assert all((out / name).is_file() for name in kept)
    assert sorted(path.name for path in out.parent.iterdir() if path.name.startswith(".")) == []


def test_planted_links_are_not_followed(met: Kin, tmp_path: Path) -> None:
    target, planted = tmp_path / "target", tmp_path / "planted"
    target.mkdir()
    (target / "maya-o.md").write_text("precious")
    planted.mkdir()
    (planted / "people").symlink_to(target)
    assert met("export", "--format", "markdown", "--to", str(planted), "--force").code == 1
    (tmp_path / "link").symlink_to(target)
    assert (
        met("export", "--format", "markdown", "--to", str(tmp_path / "link"), "--force").code == 1
    )
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    assert met("export", "--format", "markdown", "--to", str(dangling), "--force").code == 1
    assert [path.name for path in target.iterdir()] == ["maya-o.md"]
    assert (target / "maya-o.md").read_text() == "precious"


def test_an_existing_file_is_not_overwritten(met: Kin, tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("mine")
    assert met("export", "--format", "markdown", "--to", str(file), "--force").code == 1
    folder.mkdir()
    (folder / "kin.md").write_text("my own notes on family")
    result = met("export", "--format", "markdown", "--to", str(folder), "--force")
    assert result.code == 1 and "kin.md was not written by kin" in result.err
    assert file.read_text() == "mine"
    assert [path.read_text() for path in folder.iterdir()] == ["my own notes on family"]


def test_an_empty_folder_can_be_used(met: Kin, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert met("export", "--format", "markdown", "--to", str(tmp_path / "empty")).code == 0
    assert (tmp_path / "empty" / "kin.md").exists()


def test_an_export_that_fails_leaves_nothing(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kin.book.atomic_folder.os.sync", full)
    result = met("export", "--format", "markdown", "--to", str(tmp_path / "out"))
    assert result.code == 1 and "No space left" in result.err
    assert not any("out" in path.name for path in tmp_path.iterdir())


def test_only_some_people(met: Kin, tmp_path: Path) -> None:
    met("export", "--format", "markdown", "--to", str(tmp_path / "two"), "maya", "zoe")
    assert {path.stem for path in (tmp_path / "two" / "people").iterdir()} == {"me", "maya-o", "zoe-o"}  # fmt: skip


def test_a_folder_from_someone_else_is_read_with_care(kin: Kin, out: Path, book: Path) -> None:
    book.unlink()
    (out / "people" / "link.md").symlink_to("/etc/passwd")
    (out / "people" / "huge.md").touch()
    with (out / "people" / "huge.md").open("r+b") as file:
        file.truncate(1 << 30)
    (out / "people" / "bad.md").write_bytes(b"# Bad\n\xff\xfe\n")
    (out / "people" / "nul.md").write_bytes(b"# Nul <!-- kin page 1 -->\n\n\0\0\n" + b"x" * 999_999)
    (out / "holiday.jpg").write_bytes(b"\xff\xd8")
    (out / "people" / "sub").mkdir()
    result = kin("import", str(out), "--json").json
    assert result["new"] == 6
    assert {each["where"] for each in result["skipped"]} == {
        "people/link.md", "people/huge.md", "people/bad.md:2", "holiday.jpg", "people/sub",
    }  # fmt: skip


def test_a_dry_run_writes_nothing(kin: Kin, out: Path, book: Path) -> None:
    book.unlink()
    assert (
        ": 5 new, 2 new notes. Dry run: nothing was written."
        in kin("import", str(out), "--dry-run").out
    )
    assert not book.exists()


def test_the_from_option_makes_a_folder_markdown(kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "pages" / "people").mkdir(parents=True)
    (tmp_path / "pages" / "people" / "ana.md").write_text("# Ana Ruiz\n\n## Interests\n\n- choir\n")
    result = kin("import", str(tmp_path / "pages"), "--from", "markdown", "--json").json
    assert (result["new"], result["people"][0]["interests"]) == (1, ["choir"])


def test_text_over_the_limits_is_reported_and_kept_as_a_fact(kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "ana.md").write_text("# Ana <!-- kin page 1 -->\n\n- Handle: me\n\n## Interests\n\n- tea\n- Tea — with milk\n- !!!\n")  # fmt: skip
    result = kin("import", str(tmp_path / "ana.md"), "--json").json
    assert result["new"] == 1 and len(result["warnings"]) == 1
    assert [each["text"] for each in kin("export").json["people"][1]["facts"]] == ["Tea — with milk", "!!!"]  # fmt: skip
