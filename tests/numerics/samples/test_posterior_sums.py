"""Data in files, samples of laws, and sums of posteriors over them by their definition."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyarrow import parquet
from scipy import stats
from scipy.special import logsumexp, softmax

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples import data_files
from emtheory.numerics.samples.data_files import read_data
from emtheory.numerics.samples.distributions import FAMILIES, gaussian_sample, parse_law, sample
from emtheory.numerics.samples.posterior_sums import posterior_sums, sample_blocks, workers

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
        ("x;y\n1;2\n", "line 2, column 1: '1;2' is not a number: cells are separated by commas"),
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


moderate = st.floats(-50, 50, allow_subnormal=False)


def by_definition(points: np.ndarray, mass: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, float]:
    exponents = a + points @ b.T
    return (softmax(exponents, axis=1) * mass[:, None]).T @ points, float(mass @ logsumexp(exponents, axis=1))


@given(st.data())
def test_sums_by_definition(data: st.DataObject) -> None:
    n, d, k = (data.draw(st.integers(1, 6)) for _ in range(3))
    points = data.draw(arrays(np.float64, (n, d), elements=moderate))
    offsets = data.draw(arrays(np.float64, k, elements=moderate))
    slopes = data.draw(arrays(np.float64, (k, d), elements=moderate))
    mass = data.draw(arrays(np.float64, n, elements=st.floats(0, 1)))
    norm = float(np.linalg.norm(points, axis=1).max())
    moments, log_partition = by_definition(points, mass, offsets, slopes)
    for largest_norm in (norm, np.inf):  # without and, as far as exponents are small, with the search for the largest
        found = posterior_sums([(points, mass)], offsets, slopes, largest_norm)
        np.testing.assert_allclose(found[0], moments, atol=1e-10)
        assert found[1] == pytest.approx(log_partition, rel=1e-12, abs=1e-10)


@given(
    n=st.integers(1, 40),
    offset=st.sampled_from([-290.0, -100.0, -37.0, 0.0, 37.0, 100.0, 290.0]),
    scale=st.sampled_from([0.01, 1.0, 3.0]),
    dtype=st.sampled_from([np.float64, np.float32]),
)
def test_logarithms_of_products_do_not_overflow(n: int, offset: float, scale: float, dtype: type) -> None:
    """With equal masses logarithms are taken of products, of any number of points and up to the largest exponents."""
    rng = np.random.default_rng(n)
    points, slopes = rng.standard_normal((n, 2)).astype(dtype), scale * rng.standard_normal((3, 2))
    offsets = offset + np.array([0.0, -1.0, 0.5])
    exact = by_definition(points.astype(np.float64), np.full(n, 1 / n), offsets, slopes)[1]
    double = dtype is np.float64
    for largest_norm in (float(np.linalg.norm(points, axis=1).max()), np.inf):
        found = posterior_sums([(points, 1 / n)], offsets, slopes, largest_norm)[1]
        assert found == pytest.approx(exact, rel=1e-13 if double else 3e-6, abs=1e-12 if double else 1e-6)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_threads_do_not_change_a_bit(dtype: str) -> None:
    rng = np.random.default_rng(2)
    points = rng.standard_normal((30_000, 5)).astype(dtype)
    slopes, offsets = rng.standard_normal((6, 5)), np.log(np.full(6, 1 / 6))
    found = []
    for threads in (1, 3, 64):
        with workers(threads) as share:
            found.append(posterior_sums(sample_blocks(points, 6, 1000), offsets, slopes, 10.0, share))
    one, *others = found
    for other in others:
        assert one[0].tobytes() == other[0].tobytes()
        assert one[1] == other[1]


@pytest.mark.parametrize("limit", [0, 2**28])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed"])
def test_the_layout_of_the_data_does_not_matter(
    layout: str, dtype: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emtheory.numerics.samples.posterior_sums._REORDERED_BYTES", limit)
    rng = np.random.default_rng(5)
    wide = rng.standard_normal((6000, 9)).astype(dtype)
    points = {
        "C": wide[:, :3].copy(),
        "F": np.asfortranarray(wide[:, :3]),
        "strided": wide[::2, ::3],
        "reversed": wide[::-1, 8:5:-1],
    }[layout]
    offsets, slopes, masses = rng.standard_normal(5), rng.standard_normal((5, 3)), rng.random(len(points))
    blocks = sample_blocks(points, 5, 700)
    weighted = [(rows, masses[700 * i : 700 * i + len(rows)]) for i, (rows, _) in enumerate(blocks)]
    tolerance = 1e-13 if dtype == "float64" else 2e-6
    for one, mass in ((blocks, np.full(len(points), 1 / len(points))), (weighted, masses)):
        moments, log_partition = posterior_sums(one, offsets, slopes, 10.0)
        expected = by_definition(points.astype(np.float64), mass, offsets, slopes)
        np.testing.assert_allclose(moments, expected[0], atol=tolerance * mass.sum())
        assert log_partition == pytest.approx(expected[1], abs=tolerance * mass.sum())


@pytest.mark.parametrize("scale", [1e20, 1e60])
def test_exponents_beyond_single_precision_are_safe(scale: float) -> None:
    rng = np.random.default_rng(6)
    points, slopes = rng.standard_normal((300, 2)).astype(np.float32), scale * rng.standard_normal((3, 2))
    expected = by_definition(points.astype(np.float64), np.full(300, 1 / 300), np.zeros(3), slopes)
    for norm in (float(np.linalg.norm(points, axis=1).max()), np.inf):
        moments, log_partition = posterior_sums([(points, 1 / 300)], np.zeros(3), slopes, norm)
        np.testing.assert_allclose(moments, expected[0], atol=1e-6)
        assert log_partition == pytest.approx(expected[1], rel=1e-6)


@pytest.mark.parametrize("bad", [0, 19])
def test_errors_reach_the_caller(bad: int) -> None:
    def reciprocals(items: Iterable[int]) -> list[float]:
        return [1 / (item - bad) for item in items]

    with workers(2) as share, pytest.raises(ZeroDivisionError):
        share(reciprocals, range(20))


@pytest.mark.parametrize("text", ["gaussian", "student:12", "laplace", "ball", "clusters:1.5", "anisotropic:9"])
@pytest.mark.parametrize("variance", [1.0, 0.3])
def test_mean_and_covariance_are_as_stated(text: str, variance: float) -> None:
    law, n, d = parse_law(text, variance), 100_000, 3
    data = sample(law, n, d, 1)
    products = data[:, :, None] * data[:, None, :]
    # 12 means of n values with finite variance: with z = 6, a false alarm has probability 12 · 2e−9 < 1e−6.
    for values, expected in ((data, np.zeros(d)), (products, np.diag(law.variances(d)))):
        error = np.abs(values.mean(axis=0) - expected)
        assert np.all(error <= 6 * values.std(axis=0) / np.sqrt(n))
    assert law.variances(d).mean() == pytest.approx(variance)
    # The control: a covariance one tenth larger is told apart.
    assert abs(np.sum(data**2) / (n * d) - 1.1 * variance) > 6 * np.sum(data**2, axis=1).std() / d / np.sqrt(n)


@pytest.mark.parametrize(
    ("text", "cumulative"),
    [
        ("gaussian", stats.norm.cdf),
        ("laplace", stats.laplace(scale=np.sqrt(0.5)).cdf),
        ("student:5", lambda x: stats.t(5).cdf(x / np.sqrt(3 / 5))),
        ("ball", stats.uniform(-np.sqrt(3), 2 * np.sqrt(3)).cdf),
    ],
)
def test_the_distribution_in_one_dimension(text: str, cumulative: object) -> None:
    data = sample(parse_law(text), 20_000, 1, 5)[:, 0]
    assert stats.kstest(data, cumulative).pvalue > 1e-6  # the false-alarm probability
    assert stats.kstest(1.2 * data, cumulative).pvalue < 1e-6


def test_same_seed_same_bytes_in_memory_and_in_a_file(tmp_path: Path) -> None:
    law, path = parse_law("student:5", 2.0), tmp_path / "sample.npy"
    mapped = sample(law, 70_000, 2, 4, path)
    assert isinstance(mapped, np.memmap)
    mapped.flush()
    assert np.load(path).tobytes() == sample(law, 70_000, 2, 4).tobytes()
    assert sample(law, 100, 2, 5).tobytes() != sample(law, 100, 2, 4).tobytes()
    assert sample(law, 10, 2, 4, dtype="float32").dtype == np.float32


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cauchy", "valid are gaussian"),
        ("studnt:5", "did you mean student"),
        ("gaussian:2", "takes no parameter"),
        ("student:2", "above 2"),
        ("student:x", "degrees of freedom"),
        ("clusters:-1", "above 0"),
        ("clusters:1e200", "at most 1e"),
        ("student:2.0000000000000000000000001", "above 2"),
    ],
)
def test_unknown_laws_and_parameters_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_law(text)


def test_impossible_samples_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 1"):
        gaussian_sample(0, 2, 1)
    with pytest.raises(InputError, match="seed"):
        gaussian_sample(10, 2, -1)
    with pytest.raises(InputError, match="save-data"):
        gaussian_sample(10**12, 10, 1)
    with pytest.raises(InputError, match="GiB left"):
        sample(parse_law("gaussian"), 10**21, 2, 1, tmp_path / "sample.npy")
    assert not any(tmp_path.iterdir())
    with pytest.raises(InputError, match="variance"):
        parse_law("gaussian", 0.0)
    assert set(FAMILIES) == {"gaussian", "student", "laplace", "ball", "clusters", "anisotropic"}


def test_an_interrupted_sample_leaves_no_file_and_the_old_one_whole(tmp_path: Path) -> None:
    def interrupted(*_: object) -> np.ndarray:
        raise KeyboardInterrupt

    law = parse_law("gaussian")
    broken = replace(law, family=replace(law.family, draw=interrupted))
    with pytest.raises(KeyboardInterrupt):
        sample(broken, 100, 2, 0, tmp_path / "new.npy")
    assert not list(tmp_path.iterdir())
    data = np.array(sample(law, 100, 2, 0, tmp_path / "old.npy"))
    with pytest.raises(KeyboardInterrupt):
        sample(broken, 200, 2, 0, tmp_path / "old.npy")
    assert [path.name for path in tmp_path.iterdir()] == ["old.npy"]
    np.testing.assert_array_equal(np.load(tmp_path / "old.npy"), data)
