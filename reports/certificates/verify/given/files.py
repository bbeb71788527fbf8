"""The data of a certificate, as exact numbers, known by their digest: CSV, NPY and, where pyarrow is, Parquet."""

import ast
import csv
import hashlib
import struct
from operator import eq

from flint import arb

from ..reading import BAD, NOT_COVERED, UNDECIDED, number, require

MAX_DATA = 200_000_000
"""Bytes of a file with data: a choice."""
NPY = b"\x93NUMPY\x01\x00"
KINDS = dict(zip(["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"], "dfeqihbQIHB", strict=True))
"""Of numbers in an array, and what they are called where they are unpacked."""


def rows_of(record, certificate, given=None):
    """Return the rows that a certificate is about: of the file that is given, or of that name beside it."""
    require(set(record) == {"file", "sha256", "n", "d"} and not {"/", "\0"} & set(record["file"]), "data: its record")
    path = given or certificate.parent / record["file"]
    beside = "" if given else " beside the certificate: give the file by --data FILE"
    require(path.is_file() and path.stat().st_size <= MAX_DATA, f"data: no readable {path.name[:60]}{beside}", BAD)
    content = path.read_bytes()
    require(hashlib.sha256(content).hexdigest() == record["sha256"], "data.sha256: the file is another one")
    formats = {".csv": from_csv, ".npy": from_npy, ".parquet": from_parquet}
    suffix = path.suffix.lower()
    require(suffix in formats, f"data in {suffix or 'such'} files", NOT_COVERED)
    rows = formats[suffix](content)
    sizes = len(rows), {len(row) for row in rows}
    require(sizes == (record["n"], {record["d"]}), "data: n or d is not that of the file")
    require(all(arb(x).is_finite() for row in rows for x in row), "data: a number is not finite")
    return rows


def from_csv(content):
    """Return the rows of a table, which may begin with a line of names."""
    lines = [cells for cells in csv.reader(content.decode("utf-8-sig").splitlines()) if any(map(str.strip, cells))]
    has_names = not any(map(is_number, lines[0]))
    return [[float(cell) for cell in cells] for cells in lines[has_names:]]


def is_number(cell):
    """Whether a cell of a table is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def from_npy(content):
    """Return the rows of an array of numbers, as NumPy writes it."""
    require(content.startswith(NPY), "arrays of another version", NOT_COVERED)
    (size,) = struct.unpack_from("<H", content, len(NPY))
    start = len(NPY) + 2 + size
    head = ast.literal_eval(content[len(NPY) + 2 : start].decode("latin-1").strip())
    order, kind = str(head["descr"])[:1].replace("|", "<"), str(head["descr"])[1:]
    known = order in ("<", ">") and kind in KINDS and len(head["shape"]) in (1, 2)
    require(known, "arrays of other numbers than doubles", NOT_COVERED)
    n, d = (*head["shape"], 1)[:2]
    found = struct.unpack(f"{order}{n * d}{KINDS[kind]}", content[start:])
    values = list(map(float, found))
    require(all(map(eq, values, found)), "arrays of other numbers than doubles", NOT_COVERED)
    return [values[i::n] if head["fortran_order"] else values[i * d : (i + 1) * d] for i in range(n)]


def from_parquet(content):
    """Return the rows of a table, of which another library knows the format."""
    try:
        from pyarrow import BufferReader, parquet  # noqa: PLC0415 - the rest needs python-flint alone
    except ImportError:
        require(False, "data in Parquet files without pyarrow installed", NOT_COVERED)
    columns = [column.to_pylist() for column in parquet.read_table(BufferReader(content)).columns]
    plain = all(isinstance(x, int | float) and float(x) == x for column in columns for x in column)
    require(plain, "tables of other numbers than doubles", NOT_COVERED)
    return [list(map(float, row)) for row in zip(*columns, strict=True)]


# Ends that are recorded, and whether they contain what was found


def contains(place, recorded, found):
    """Raise OutcomeError unless recorded ends, in objects and lists, contain what was found."""
    if isinstance(found, dict):
        require(set(recorded) == set(found), f"{place}: other names")
        for name, each in found.items():
            contains(f"{place}.{name}", recorded[name], each)
        return
    require(set(recorded) == {"lower", "upper"}, f"{place}: other keys")
    within(place, recorded["lower"], recorded["upper"], found)


def within(place, lower, upper, found):
    """Raise OutcomeError unless ends contain a ball, or lists of them."""
    if isinstance(found, list):
        require(len(lower) == len(upper) == len(found), f"{place}: another size")
        for low, high, each in zip(lower, upper, found, strict=True):
            within(place, low, high, each)
        return
    low, high = arb(number(lower)), arb(number(upper))
    require(not (found < low or found > high), f"{place}: it is {float(found.mid()):.12g}")
    require(low <= found <= high, f"{place}: it is not known narrowly enough", UNDECIDED)
