"""`emtheory model`: what is derived of a model, and EM in NumPy that does what the derived map says."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from emtheory.reports.cli import program
from emtheory.reports.commands.model import _left

WORKED = Path(__file__).resolve().parents[2] / "examples" / "models"
TIED = """
schema = 1
[models.simplex]
observed = ["x", "y"]
data = [{ weight = "1", x = "normal(0, 1)", y = "normal(0, 1)" }]
fit = [
  { weight = "1/2", x = "normal(a, 1)", y = "normal(b, 1)" },
  { weight = "3/10", x = "normal(-a/2 - sqrt(3)/2*b, 1)", y = "normal(sqrt(3)/2*a - b/2, 1)" },
  { weight = "1/5", x = "normal(-a/2 + sqrt(3)/2*b, 1)", y = "normal(-sqrt(3)/2*a - b/2, 1)" },
]
estimate = ["a", "b"]
parameters = { a = "real", b = "real" }
"""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(program, ["model", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_lines_are_checked_and_conditions_told() -> None:
    text = run(str(WORKED / "two-regressions.toml"))
    assert "em_map(theta) = (E[γ_0 x y] - E[γ_1 x y])/(E[γ_0 x^2] + E[γ_1 x^2])" in text
    assert "theta = truth" in text
    assert "decided: E[γ_0 x^2] + E[γ_1 x^2] is not 0" in text
    document = json.loads(run(str(WORKED / "weights-and-variances.toml"), "two-normals", "--json"))
    (model,) = document["models"]
    assert {each["standing"] for each in model["conditions"]} == {"assumed", "decided"}
    assert {each["derivation"] for each in model["facts"]} == {"general-em"}
    standing = [{each["text"]: each["standing"] for each in fact["premises"]} for fact in model["facts"]]
    assert standing[0] == {"finite mixture": "decided"}
    assert standing[3]["inner M-step"] == standing[4]["well specified"] == "decided"
    assert all(each["checked"] for each in model["lines"] if each["label"] in ("EM's map", "score", "Jacobian"))


def test_the_tied_simplex_has_the_jacobian_of_the_paper_at_the_origin(tmp_path: Path) -> None:
    """J(0) = I − AᵀA = (1 − |π̂_1|²) I, and |π̂_1|² = 7/100 for 1/2, 3/10, 1/5."""
    path = tmp_path / "simplex.toml"
    path.write_text(TIED)
    text = run(str(path))
    for p, q, value in (("a", "a", "93/100"), ("a", "b", "0"), ("b", "a", "0"), ("b", "b", "93/100")):
        assert f"em_jacobian({p}, {q}) at 0 = {value}\n" in text


@pytest.mark.parametrize("name", ["two-regressions", "poisson"])
def test_python_code_is_em(name: str, tmp_path: Path) -> None:
    """The printed module has no other import than NumPy, and its step raises the likelihood of a sample."""
    code = run(str(WORKED / f"{name}.toml"), "--python")
    imports = [line for line in code.splitlines() if "import" in line]
    assert all("numpy" in line for line in imports)
    space: dict[str, object] = {}
    exec(compile(code, str(tmp_path / "em.py"), "exec"), space)  # noqa: S102  # Our own output.
    generator = np.random.default_rng(3)
    step = space["em_step"]
    assert callable(step)
    if name == "two-regressions":
        x = generator.normal(size=4000)
        y = generator.choice([-1, 1], size=4000) * x + generator.normal(size=4000)
        (theta,) = step(x, y, 0.5, 0.0)
        expected = np.mean(x * y * np.tanh(0.5 * x * y)) / np.mean(x * x)
        assert theta == pytest.approx(expected, rel=1e-12)
    else:
        x = generator.poisson(generator.choice([2, 5], size=4000))
        order = next(line for line in code.splitlines() if line.startswith("def em_step"))
        names = order[order.index("(") + 1 : order.index(")")].split(", ")
        place = {"w": 0.4, "a": 1.5, "b": 4.0}
        w, a, b = step(x, *(place[each] for each in names[1:]))
        first = 0.4 * np.exp(-1.5) * 1.5**x
        posterior = first / (first + 0.6 * np.exp(-4.0) * 4.0**x)
        assert (w, a) == pytest.approx((posterior.mean(), (posterior * x).mean() / posterior.mean()), rel=1e-12)
        assert b == pytest.approx(((1 - posterior) * x).mean() / (1 - posterior).mean(), rel=1e-12)


def test_bad_input_is_named() -> None:
    result = CliRunner().invoke(program, ["model", str(WORKED / "poisson.toml"), "NOWHERE"])
    assert result.exit_code
    assert "unknown model" in str(result.exception) + result.output


def test_names_are_written_as_in_formulas() -> None:
    assert _left("∂Q/∂theta") == r"\partial Q/\partial \theta"
    assert _left("em_jacobian(mu_1, v) at 0") == r"\mathrm{em\_jacobian}(\mu_{1}, v) \mathrm{~at~} 0"
