"""Data files: ``.npy``, CSV and Parquet, read in chunks, so that they may be larger than memory.

A ``.npy`` file of the right type is mapped as it is. All others are converted once, chunk by chunk, into a temporary
file without a name (in ``TMPDIR``) that is mapped likewise: EM reads the data in every iteration.
"""

import csv
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any

import numpy as np

from emtheory.numerics.errors import InputError, require_packages
from emtheory.numerics.samples.simplex import FloatArray

_EXACT_INTEGERS = 2**52
"""Integers that doubles have, and then some."""
_ROWS = 2**16
"""Rows that are read at a time: of a hundred columns, 52 MB. More would take memory, fewer time."""


def read_data(path: Path, dtype: str = "float64", *, exact: bool = False) -> FloatArray:
    """Return the n × d numbers of a file, mapped and read-only.

    InputError if the suffix is unknown, the file is no regular one, empty or malformed, or `exact` and not of that
    precision: the message names line or row, and column; OSError if the file cannot be read.

    `path`: the format follows from the suffix: ``.npy``, ``.csv`` (commas, with or without a line of column names) or
    ``.parquet`` (numeric columns). Whether the numbers are finite is for
    `emtheory.numerics.samples.sample_em.make_sample` to check. `dtype`: float64 or float32: the precision of the
    result, whatever the file holds. `exact`: whether binary numbers that have no equal of that precision are refused
    rather than rounded. Decimals of a CSV file are rounded to the nearest, as other programs read them.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: the format {path.suffix or 'without suffix'!r} is not one of {', '.join(_READERS)}")
    if not stat.S_ISREG(path.stat().st_mode):
        raise InputError(f"{path}: cannot be read: it is no regular file")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty")
    return reader(path, dtype, exact=exact)


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file's bytes, as ``sha256sum`` prints it."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield the path of a file beside `path` that takes its place if the block succeeds, and is removed if not."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def checked_columns(source: str, data: FloatArray, k: int, d: int | None) -> int:
    """Return the dimension of data.

    InputError if the columns are not d, or too few for a simplex with k vertices.

    `source`, `data`: what errors call the data; n × d numbers. `k`, `d`: number of components, and the dimension that
    was asked for, or None.
    """
    columns: int = data.shape[1]
    counted = f"{columns} column{'s' if columns != 1 else ''}"
    if d is not None and d != columns:
        raise InputError(f"{source} has {counted}, but d = {d}")
    if columns < k - 1:
        raise InputError(f"{source} has {counted}: a regular simplex with k = {k} vertices needs d ≥ {k - 1}")
    return columns


def require_rows(n: int, d: int, fewest: int) -> None:
    """Refuse too few rows.

    InputError if there are fewer.

    `n`, `d`, `fewest`: rows and columns, and rows that are needed.
    """
    if n < fewest:
        raise InputError(f"the data have {n} rows; EM in d = {d} dimensions needs at least {fewest}")


def turned(data: FloatArray, turn: FloatArray) -> FloatArray:
    """Return the product of n × d data, which may be larger than memory, with a d × d matrix, as mapped as they are."""
    return _mapped((rows @ turn for rows in _row_chunks(data)), Path("the data"), data.dtype.name)


def _row_chunks(data: FloatArray) -> Iterator[FloatArray]:
    return (data[first : first + _ROWS] for first in range(0, len(data), _ROWS))


def _read_npy(path: Path, dtype: str, *, exact: bool) -> FloatArray:
    try:
        data = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise InputError(f"{path} is not a valid .npy file of numbers: {str(error)[:120]}") from None
    if not isinstance(data, np.ndarray) or data.dtype.kind not in "fiu":
        raise InputError(f"{path} holds {getattr(data, 'dtype', 'no array')}, not real numbers")
    if data.ndim not in (1, 2) or data.size == 0:
        raise InputError(f"{path} has shape {data.shape}; rows × columns, at least one of each, is needed")
    data = data.reshape(len(data), -1)
    if data.dtype == dtype:
        return data
    return _mapped(_row_chunks(data), path, dtype, exact=exact)


def _read_csv(path: Path, dtype: str, *, exact: bool) -> FloatArray:
    try:
        return _mapped(_csv_chunks(path), path, dtype)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is not comma-separated text in UTF-8: {str(error)[:120]}") from None


def _csv_chunks(path: Path) -> Iterator[FloatArray]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next(csv.reader([file.readline()]), [])
            names = bool(first) and not any(map(_is_number, first))
            if not names:
                file.seek(0)
            width = 0
            while lines := list(islice(file, _ROWS)):
                if not any(map(str.strip, lines)):
                    continue
                rows = np.loadtxt(lines, delimiter=",", ndmin=2, comments=None, quotechar='"')
                if width and rows.shape[1] != width:
                    raise ValueError
                width = rows.shape[1]
                yield rows
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise InputError(_first_problem(path, skip=names)) from None


def _first_problem(path: Path, *, skip: bool) -> str:
    """Return what is wrong with a CSV file that could not be parsed, with its line and column counted from 1."""
    width = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, cells in enumerate(csv.reader(file), start=1):
            if (skip and line == 1) or not cells:
                continue
            for column, cell in enumerate(cells, start=1):
                if not _is_number(cell):
                    comma = ": cells are separated by commas" if set(cell) & {";", "\t"} else ""
                    return f"{path}, line {line}, column {column}: {cell[:40]!r} is not a number{comma}"
            if width and len(cells) != width:
                return f"{path}, line {line}: {len(cells)} cells, but the lines before have {width}"
            width = len(cells)
    return f"{path} is not a table of comma-separated numbers"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _read_parquet(path: Path, dtype: str, *, exact: bool) -> FloatArray:
    return _mapped(_parquet_chunks(path, exact=exact), path, dtype, exact=exact)


def _parquet_chunks(path: Path, *, exact: bool) -> Iterator[FloatArray]:
    require_packages("a Parquet file", "pyarrow")
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and only this format needs it
    from pyarrow import parquet  # noqa: PLC0415

    try:
        file = parquet.ParquetFile(path, memory_map=True)  # its reader would keep all it has read
        for field in file.schema_arrow:
            if not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
                raise InputError(f"{path}, column {field.name!r}: its type is {field.type}, not a number")
        for batch in file.iter_batches(batch_size=_ROWS):
            yield np.column_stack([np.asarray(column.cast(pa.float64(), safe=exact)) for column in batch.columns])
    except pa.ArrowException as error:
        raise InputError(f"{path} is not a valid Parquet file of such numbers: {str(error)[:120]}") from None


def _mapped(chunks: Iterator[FloatArray], path: Path, dtype: str, *, exact: bool = False) -> FloatArray:
    """Write chunks of one width to a file that vanishes with the process, and map it."""
    width = rows = 0
    with TemporaryFile() as file:
        for chunk in chunks:
            width, rows = chunk.shape[1], rows + len(chunk)
            with np.errstate(over="ignore"):  # a number beyond the type is infinite, and refused as such
                converted = np.ascontiguousarray(chunk, dtype)
            if exact:
                _require_equal(chunk, converted, path, rows - len(chunk))
            file.write(converted.data)
        if rows * width == 0:
            raise InputError(f"{path} has no rows of numbers")
        file.flush()
        return np.memmap(file, dtype, "r", shape=(rows, width))


def _require_equal(chunk: np.ndarray[Any, Any], converted: FloatArray, path: Path, before: int) -> None:
    """Raise InputError for the first number of a chunk, with `before` rows above it, that is not what it became."""
    if chunk.dtype.kind == "f":
        differ = (chunk != converted) & ~np.isnan(chunk)
    else:
        differ = np.zeros(chunk.shape, dtype=bool)
        for row, column in np.argwhere(np.abs(converted) > _EXACT_INTEGERS):  # They are few, and Python's are exact.
            differ[row, column] = int(chunk[row, column]) != int(converted[row, column])
    if differ.any():
        row, column = np.argwhere(differ)[0]
        raise InputError(
            f"{path}, row {before + row + 1}, column {column + 1}: {chunk[row, column]!s} of type {chunk.dtype} is not "
            f"among the numbers of type {converted.dtype}, and would be rounded: save the data as {converted.dtype}"
        )


_READERS: Mapping[str, Callable[..., FloatArray]] = MappingProxyType(
    {".npy": _read_npy, ".csv": _read_csv, ".parquet": _read_parquet}
)
