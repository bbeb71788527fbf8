from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples import data_files
from emtheory.numerics.samples.data_files import read_data

DATA = np.random.default_rng(0).standard_normal((50, 3))


def write(path: Path, data: np.ndarray) -> Path:
    if path.suffix == ".npy":
        np.save(path, data)
    elif path.suffix == ".csv":
        np.savetxt(path, data, delimiter=",", fmt="%.17g")
    else:
        parquet.write_table(pa.table({f"c{i}": column for i, column in enumerate(data.T)}), path)
    return path


@pytest.mark.parametrize("suffix", ["npy", "csv", "parquet"])
@pytest.mark.parametrize("chunk", [7, 2**16])
def test_every_format_gives_the_same_numbers(
    suffix: str, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_files, "_ROWS", chunk)
    data = read_data(write(tmp_path / f"data.{suffix}", DATA))
    np.testing.assert_array_equal(data, DATA)
    assert isinstance(data, np.memmap)
    assert not data.flags.writeable


@pytest.mark.parametrize("text", ["x,y\n1,2\n3,4\n", "1,2\n3,4", "\ufeff1,2\r\n3,4\r\n", '"1","2"\n\n 3 , 4\n'])
def test_dialects_of_csv(text: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8", newline="")
    np.testing.assert_array_equal(read_data(path), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("x,y\n", "no rows"),
        ("1,2\n3,abc\n", "line 2, column 2: 'abc' is not a number"),
        ("x,y\n1,2\n\n3,\n", "line 4, column 2: '' is not a number"),
        ("x,1\n2,3\n", "line 1, column 1: 'x' is not a number"),
        ("1,2\n3,4\n5\n", "line 3: 1 cells, but the lines before have 2"),
        ("1,2\n1_0,3\n", "line 2, column 1"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2**16])
def test_bad_csv_names_line_and_column(
    text: str, message: str, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_files, "_ROWS", chunk)
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_data(path)


def test_files_that_are_not_what_they_claim(tmp_path: Path) -> None:
    for name in ("data.npy", "data.parquet"):
        (tmp_path / name).write_bytes(b"not a data file")
        with pytest.raises(InputError, match="not a valid"):
            read_data(tmp_path / name)
    for text in (b"\xff\xfe1,2\n", b"1,2\n" * 9 + b"\xff", b"1,2\n3,\x004\n"):
        (tmp_path / "data.csv").write_bytes(text)
        with pytest.raises(InputError, match=r"UTF-8|not a number"):
            read_data(tmp_path / "data.csv")
    with pytest.raises(InputError, match="format"):
        read_data(tmp_path / "data.xlsx")
    with pytest.raises(FileNotFoundError):
        read_data(tmp_path / "missing.npy")


def test_arrays_that_are_not_tables_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.npy"
    for data, message in (
        (np.zeros((5, 1, 1)), "shape"),
        (np.zeros(0), "shape"),
        (np.zeros((0, 2)), "shape"),
        (np.array([["a"]]), "not real numbers"),
        (np.zeros((2, 2), complex), "not real numbers"),
    ):
        np.save(path, data)
        with pytest.raises(InputError, match=message):
            read_data(path)
    np.save(path, np.array([[None]]), allow_pickle=True)  # a pickle, which must not be loaded
    with pytest.raises(InputError, match="not a valid"):
        read_data(path)


def test_columns_of_parquet_that_are_text_or_would_be_rounded_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    parquet.write_table(pa.table({"a": [1.0, 2.0], "b": ["x", "y"]}), path)
    with pytest.raises(InputError, match="column 'b': its type is string"):
        read_data(path)
    parquet.write_table(pa.table({"a": [1, 2], "b": [None, 2.5]}), path)
    np.testing.assert_array_equal(read_data(path), [[1, np.nan], [2, 2.5]])
    parquet.write_table(pa.table({"a": [1, 2**53 + 1], "b": [None, 2.5]}), path)
    with pytest.raises(InputError, match="9007199254740993"):
        read_data(path, exact=True)
    assert len(read_data(path)) == 2


@pytest.mark.parametrize("stored", ["f8", "f4", ">f8", "f2", "i4", "u8", "longdouble"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_precision_is_what_was_asked_for(
    dtype: str, stored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_files, "_ROWS", 7)
    integers = np.arange(60).reshape(20, 3)
    np.save(tmp_path / "data.npy", integers.astype(stored))
    data = read_data(tmp_path / "data.npy", dtype)
    np.testing.assert_array_equal(data, integers)
    assert data.dtype == np.dtype(dtype)
    assert isinstance(data, np.memmap)  # converted in chunks, not in memory


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (np.array([1, 2 + np.longdouble(2) ** -60, 3], dtype=np.longdouble), "row 2, column 1: 2.00000000000000000"),
        (np.array([1, 2, np.longdouble("1e400")], dtype=np.longdouble), r"row 3, column 1: 1e\+400"),
        (np.array([2**53, 2**53 - 1, 2**53 + 1]), "row 3, column 1: 9007199254740993"),
        (np.array([2**63 - 1, 0, 0]), "row 1, column 1: 9223372036854775807"),
        (np.array([0, 2**64 - 1, 0], dtype=np.uint64), "row 2, column 1: 18446744073709551615"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2**16])
def test_numbers_that_would_be_rounded_are_refused_where_they_are_the_hypothesis(
    column: np.ndarray, shown: str, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_files, "_ROWS", chunk)
    np.save(tmp_path / "data.npy", column[:, None])
    with pytest.raises(InputError, match=shown):
        read_data(tmp_path / "data.npy", exact=True)
    assert len(read_data(tmp_path / "data.npy")) == 3  # where they are simulated with, double precision is the contract


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_turned_data(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_files, "_ROWS", 7)
    turn = np.linalg.qr(DATA[:3])[0]
    data = data_files.turned(DATA.astype(dtype), turn)
    assert isinstance(data, np.memmap)
    assert data.dtype == dtype
    np.testing.assert_allclose(data, DATA @ turn, atol=1e-6 if dtype == "float32" else 1e-15)
