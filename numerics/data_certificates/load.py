"""Data files for certificates: read and checked as for a simulation, known by their digest."""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from emtheory.numerics.arithmetic.rational import Exact, exact_integer
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.samples.data_files import checked_columns, read_data, require_rows
from emtheory.numerics.samples.sample_em import Sample, make_sample


def load(path: Path, k: int, weights: str | Sequence[Exact], d: int | None) -> tuple[Case, Sample]:
    """Return the mixture and the checked data, in double precision.

    InputError if the file or the mixture is malformed, they do not fit, a number in the file is no double, or there are
    fewer than d + 1 rows; OSError if the file cannot be read.

    Parameters
    ----------
    path
        A .npy, .csv or .parquet file of n × d numbers.
    k, weights, d
        The mixture; d is the number of columns, or None.
    """
    data = read_data(path, exact=True)
    case = make_case(k, weights, checked_columns(str(path), data, exact_integer(k, "k"), d))
    require_rows(len(data), case.d, case.d + 1)
    return case, make_sample(data, case.d)


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file's bytes, as ``sha256sum`` prints it."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
