from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.distributions import FAMILIES, gaussian_sample, parse_law, sample


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
        ("clusters:-1e900", "above 0"),
        ("student:2.0000000000000000000000001", "above 2"),
        ("student:", "degrees of freedom"),
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
