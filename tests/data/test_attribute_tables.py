"""Tables of attributes beside pictures: CSV of all kinds, CelebA's list, and tables that cannot be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from gen_studio.core.annotations import AttributeKind
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Split
from gen_studio.data.tables import match, read_table

Draw = Callable[..., Path]
HEAD = "file,young,hat,age\n"


@pytest.fixture
def portraits(tmp_path: Path, draw: Draw) -> Path:
    for number in range(12):
        draw(tmp_path / "portraits" / f"{number:02}.png")
    return tmp_path / "portraits"


def rows(numbers: range = range(12)) -> str:
    return "".join(
        f"{number:02}.png,{1 if number % 2 else -1},{number % 3 == 0:d},{number + 0.5}\n" for number in numbers
    )


def loaded(folder: Path, text: str | bytes, **settings: object) -> Dataset:
    (folder / "list.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(parse_source(f"table:{folder}", {"size": 8, **settings}))


def test_each_picture_has_the_values_of_its_row(portraits: Path, draw: Draw) -> None:
    found = loaded(portraits, HEAD + rows())
    assert [(one.name, one.kind) for one in found.spec.attributes] == [
        ("young", AttributeKind.BINARY), ("hat", AttributeKind.BINARY), ("age", AttributeKind.NUMBER),
    ]  # fmt: skip
    assert (found.spec.attributes[2].low, found.spec.attributes[2].high) == (0.5, 11.5)
    plain = load(parse_source(str(portraits), {"size": 8}))
    for split in Split:  # the same pictures in the same splits as without the table
        assert torch.equal(plain.splits[split].images, found.splits[split].images)
    table = torch.cat([part.columns["attributes"] for part in found.splits.values()])
    number = table[:, 2] - 0.5
    assert torch.equal(table[:, 0], number % 2) and torch.equal(table[:, 1], (number % 3 == 0).float())
    assert found.attribute_counts() == {"Young": 6, "Hat": 4} and found.attribute_ranges() == {"Age": (0.5, 11.5)}
    assert "The attributes are listed in list.csv." in found.notes


def test_values_stay_with_their_pictures_in_a_kept_copy(
    portraits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path / "home"))
    in_memory = loaded(portraits, HEAD + rows())
    for _ in range(2):
        kept = load(in_memory.plan, keep_above=0)
        assert all(
            torch.equal(kept.splits[split].columns["attributes"], in_memory.splits[split].columns["attributes"])
            for split in Split
        )
    changed = load_with(portraits, HEAD + rows().replace("00.png,-1", "00.png,1"), in_memory.plan)
    assert changed.attribute_counts()["Young"] == 7


def load_with(folder: Path, text: str, plan: DataPlan) -> Dataset:
    (folder / "list.csv").write_text(text)
    return load(plan, keep_above=0)


def test_pictures_without_a_row_and_rows_without_a_picture_are_left_out_and_listed(portraits: Path) -> None:
    found = loaded(portraits, HEAD + rows(range(10)) + "99.png,1,0,3\n")
    assert len(found) == 10
    reasons = {one.path: one.reason for one in found.skipped}
    assert reasons == {
        "10.png": "has no row in the table",
        "11.png": "has no row in the table",
        "99.png": "is in the table, and there is no such picture",
    }
    assert "3 files had no partner or no values and were left out." in found.notes


def test_rows_that_cannot_be_used_are_left_out_with_the_reason(portraits: Path) -> None:
    bad = "09.png,1,0\n10.png,1,old,4\n11.png,1,0,nan\n08.png,,0,4\n"
    found = loaded(portraits, HEAD + rows(range(8)) + bad)
    reasons = {one.path: one.reason for one in found.skipped}
    assert len(found) == 8
    assert reasons["09.png"] == "has 2 values in the table, and there are 3 attributes"
    assert reasons["10.png"] == 'has "old" for hat in the table, which is no number'
    assert reasons["11.png"] == 'has "nan" for age in the table, which is no number'
    assert reasons["08.png"] == "has no young"


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + rows(),
        (HEAD + rows()).replace(",", ";"),
        (HEAD + rows()).replace(",", "\t"),
        (HEAD + rows()).replace("\n", "\r\n"),
        HEAD + "\n" + rows() + "\n\n",
        (HEAD + rows()).replace("00.png", '"00.png"'),
    ],
    ids=["mark", "semicolons", "tabs", "windows", "empty lines", "quotes"],
)
def test_tables_as_programs_save_them_are_read(portraits: Path, text: str) -> None:
    assert loaded(portraits, text).attribute_counts() == {"Young": 6, "Hat": 4}


def test_a_table_may_lie_elsewhere_and_name_files_without_their_folders(tmp_path: Path, draw: Draw) -> None:
    for name in ("a/1.png", "a/2.png", "b/3.png", "b/4.png"):
        draw(tmp_path / "set" / name)
    (tmp_path / "facts.csv").write_text("file,x\n1.png,1\n2.png,0\n3.png,1\nb/4.png,1\n")
    found = load(parse_source(f"table:{tmp_path / 'set'}", {"size": 8, "other_path": str(tmp_path / "facts.csv")}))
    assert found.attribute_counts() == {"X": 3} and found.spec.classes == ("a", "b")


def test_a_name_that_two_pictures_share_needs_its_folder() -> None:
    table = read_table(b"file,x\n1.png,1\nb/1.png,0\n", "t")
    assert match(table, ["a/1.png", "b/1.png"]) == ["has no row in the table", 1]
    assert match(table, ["a/1.png"]) == [0]


def test_celebas_list_is_read() -> None:
    table = read_table(b"2\nBald  Smiling\n000001.jpg  -1  1\n000002.jpg   1 -1\n", "t")
    assert [one.name for one in table.attributes] == ["Bald", "Smiling"]
    assert table.values.tolist() == [[0, 1], [1, 0]] and table.rows == {"000001.jpg": 0, "000002.jpg": 1}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "no table of attributes"),
        (b"file,x\n", "no table of attributes"),
        (b"file\n1.png\n", "no table of attributes"),
        (b"\xff\xfe\x00f", "is no text. Save the table as CSV in UTF-8"),
        (b"file,x,x\n00.png,1,2\n", 'two columns that are called "x"'),
        (b"file,x,\n00.png,1,2\n", "Column 3 of .* has no name"),
        (b"file,x\n00.png,1\n00.png,0\n", "lists 00.png twice"),
        (b"file,x\n00.png,red\n01.png,blue\n", r'No row of .* 00.png has "red" for x.* hold words'),
        (b'file,x\n"00.png,1\n', "is no table that can be read"),
        (b"3\nBald Smiling\n000001.jpg -1 1\n", "says that it lists 3 pictures, and it lists 1"),
        (b"file,x\nother.png,1\n", "No picture has a row in list.csv: there are 00.png and a row for other.png"),
        (b"file," + b",".join(b"x%d" % n for n in range(1001)) + b"\n00.png" + b",1" * 1001, "1,000 are the most"),
        (b"file,x\n" + b"0" * 200_000 + b",1\n", "is no table that can be read"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_a_sentence(portraits: Path, text: bytes, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        loaded(portraits, text)


def test_missing_and_ambiguous_tables_are_sentences(portraits: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="holds no table of attributes. Name the one to use as second path"):
        load(parse_source(f"table:{portraits}"))
    with pytest.raises(WrongUse, match="cannot be read: No such file.* Check the second path"):
        load(parse_source(f"table:{portraits}", {"other_path": str(tmp_path / "none.csv")}))
    for name in ("one.csv", "two.csv"):
        (portraits / name).write_text(HEAD + rows())
    with pytest.raises(WrongUse, match=r"holds 2 tables \(one.csv, two.csv\)"):
        load(parse_source(f"table:{portraits}"))


def test_an_attribute_of_a_table_makes_classes_and_domains(portraits: Path) -> None:
    assert loaded(portraits, HEAD + rows(), labels="hat").counts() == {"not hat": 8, "hat": 4}
    assert loaded(portraits, HEAD + rows(), domains="young").domain_counts() == {"not young": 6, "young": 6}


def test_celeba_has_its_attributes_where_their_list_is(tmp_path: Path, draw: Draw) -> None:
    names = [f"{number:06}.jpg" for number in range(1, 9)]
    for name in names:
        draw(tmp_path / "celeba" / "img_align_celeba" / name, size=(178, 218))
    (tmp_path / "celeba" / "list_eval_partition.txt").write_text("".join(f"{name} 0\n" for name in names))
    without = load(DataPlan(source="celeba", size=8), root=tmp_path)
    assert not without.spec.has_attributes and "put list_attr_celeba.txt into" in without.notes[0]
    values = "".join(f"{name} {1 if place < 3 else -1} -1\n" for place, name in enumerate(names))
    (tmp_path / "celeba" / "list_attr_celeba.txt").write_text(f"8\nSmiling Young\n{values}")
    found = load(DataPlan(source="celeba", size=8), root=tmp_path)
    assert found.attribute_counts() == {"Smiling": 3, "Young": 0} and len(found) == 8
