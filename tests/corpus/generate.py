"""Writes the corpus: claims whose truth is known from `brute_force` or by hand, as claims files that say so.

``expect`` is the truth: a claim with ``expect = "refuted"`` is false. Run as a script to renew the files.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import algebra
import natural
from brute_force import Weights, at_radius, lloyd_radius, moduli, on_interval

FOLDER = Path(__file__).parent
SEED = 20250611


@dataclass(frozen=True)
class Known:
    """A statement with its truth."""

    statement: str
    k: str
    weights: str
    holds: bool
    more: str = ""


def exact_claims(source: random.Random) -> Iterator[Known]:
    """Yield comparisons of |π̂_m| and what follows from it with numbers as near as 10⁻⁴⁰."""
    for _ in range(40):
        weights = _weights(source, source.randint(2, 12))
        k, text = len(weights), _text(weights)
        m = source.randint(1, k - 1)
        values = moduli(weights)
        gap = min(value**2 for value in values[1:])
        shift = source.choice([-1, 1]) * Fraction(1, 10 ** source.choice([2, 6, 15, 40]))
        quantity, value = source.choice(
            [
                (f"dft_modulus(m={m})", values[m]),
                (f"dft_modulus(m={m})**2", values[m] ** 2),
                ("spectral_gap", gap),
                ("contraction_factor", 1 - gap),
            ]
        )
        near = _decimal(value, 50)
        if near == value:
            continue
        operator = source.choice(["<", "<=", ">", ">="])
        bound = near + shift
        yield Known(f"{quantity} {operator} {bound}", str(k), text, (value < bound) == (operator in ("<", "<=")))
    for _ in range(30):
        weights = _weights(source, source.randint(2, 10))
        k, text = len(weights), _text(weights)
        m = source.randint(1, k - 1)
        yield Known(f"dft_modulus(m={m}) == dft_modulus(m={k - m})", str(k), text, holds=True)
        # Parseval: Σ_m |π̂_m|² = k Σ_j π_j², and π̂_0 = 1.
        powers = " + ".join(f"dft_modulus(m={i})**2" for i in range(1, k))
        total = k * sum(weight**2 for weight in weights) - 1
        yield Known(f"{powers} == {total}", str(k), text, holds=True)
        yield Known(f"{powers} == {total} + 1/10**30", str(k), text, holds=False)
        yield Known(f"{powers} != {total}", str(k), text, holds=False)
    for k in range(2, 14):
        yield Known("spectral_gap == 0", str(k), '"uniform"', holds=True)
        yield Known("spectral_gap > 0", str(k), '"uniform"', holds=False)
        yield Known("spectral_gap == ((k*3/4 - 1)/(k - 1))**2", str(k), '"one-heavy:3/4"', holds=True)
        yield Known("contraction_factor < 1 - ((k*3/4 - 1)/(k - 1))**2", str(k), '"one-heavy:3/4"', holds=False)


def point_claims(source: random.Random) -> Iterator[Known]:
    """Yield comparisons of quantities at a radius with numbers 10⁻³ to 10⁻⁸ away."""
    for _ in range(70):
        k = source.choice([2, 2, 3, 3, 3, 4])
        weights, radius = _weights(source, k), Fraction(source.randint(1, 24), 10)
        if len(set(weights)) == 1:
            continue
        values = at_radius(weights, float(radius))
        m = source.randint(1, k - 1)
        quantity, value = source.choice(
            [
                ("log_partition", values.log_partition),
                ("kl_divergence", values.kl_divergence),
                (f"posterior_power(m={m})", values.posterior_power[m]),
                ("pl_ratio", values.pl_ratio),
                ("hessian_min_eigenvalue", values.hessian_min_eigenvalue),
                ("kl_divergence/radius**2", values.kl_divergence / float(radius) ** 2),
                (f"sqrt(posterior_power(m={m}))", values.posterior_power[m] ** 0.5),
                ("exp(-log_partition)", 1 / 2.718281828459045**values.log_partition),
                (f"max(kl_divergence, posterior_power(m={m}))", max(values.kl_divergence, values.posterior_power[m])),
            ]
        )
        shift = source.choice([-1, 1]) * Fraction(1, 10 ** source.choice([3, 5, 8]))
        bound = Fraction(f"{value:.12f}") + shift
        operator = source.choice(["<", "<=", ">", ">=", "!="])
        holds = operator == "!=" or (shift > 0) == (operator in ("<", "<="))
        yield Known(f"{quantity} {operator} {bound}", str(k), _text(weights), holds, f'radius = "{radius}"')
        yield Known(f"{quantity} == {bound}", str(k), _text(weights), holds=False, more=f'radius = "{radius}"')
    for k in (2, 3, 4, 5, 7, 20, 100):
        value = Fraction(f"{lloyd_radius(k):.10f}")
        for shift in (Fraction(1, 10**7), -Fraction(1, 10**7)):
            yield Known(f"lloyd_radius < {value + shift}", str(k), '"linear"', shift > 0)


def interval_claims(source: random.Random) -> Iterator[Known]:
    """Yield bounds over intervals of radii, just beyond and just inside the extreme on a grid, and of weights and k."""
    for k, count in ((2, 401), (2, 401), (2, 401), (3, 121), (3, 121), (3, 121)):
        weights = _weights(source, k)
        lower, upper = Fraction(source.randint(0, 5), 10), Fraction(source.randint(10, 30), 10)
        grid = on_interval(weights, float(lower), float(upper), count)
        domain = f'for_all = {{ radius = ["{lower}", "{upper}"] }}'
        for quantity, values in (
            ("posterior_power(m=1)", [value.posterior_power[1] for value in grid]),
            ("hessian_min_eigenvalue", [value.hessian_min_eigenvalue for value in grid]),
            ("kl_divergence", [value.kl_divergence for value in grid]),
        ):
            least, most = Fraction(f"{min(values):.4f}"), Fraction(f"{max(values):.4f}")
            # Between neighbours of the grid these functions move by less than 1/1000 beyond the extreme on it.
            for statement, holds in (
                (f"{quantity} > {least - Fraction(1, 500)}", True),
                (f"{quantity} > {least + Fraction(1, 500)}", False),
                (f"{quantity} < {most + Fraction(1, 500)}", True),
                (f"{quantity} < {most - Fraction(1, 500)}", False),
            ):
                yield Known(statement, str(k), _text(weights), holds, domain)
    # By hand: |π̂_m| = |kW − 1|/(k − 1) for one-heavy:W, increasing from W = 1/k on.
    weight = 'for_all = { W = ["1/2", "9/10"] }'
    for k in range(2, 12):
        least = ((Fraction(k, 2) - 1) / (k - 1)) ** 2
        yield Known(f"spectral_gap >= {least}", str(k), '"one-heavy:W"', holds=True, more=weight)
        yield Known(f"spectral_gap > {least}", str(k), '"one-heavy:W"', holds=False, more=weight)
        yield Known("dft_modulus(m=1) == (k*W - 1)/(k - 1)", str(k), '"one-heavy:W"', holds=True, more=weight)
        yield Known("dft_modulus(m=1) <= W - 1/(5*k)", str(k), '"one-heavy:W"', holds=k < 3, more=weight)
    for end in (5, 9, 30):
        for_all = f"for_all = {{ k = [2, {end}] }}"
        yield Known("spectral_gap >= 1/4", "", '"one-heavy:3/4"', holds=True, more=for_all)
        yield Known("spectral_gap >= 1/4 + 1/10**9", "", '"one-heavy:3/4"', holds=False, more=for_all)
        yield Known("contraction_factor == 1", "", '"uniform"', holds=True, more=for_all)


def algebra_claims(source: random.Random) -> Iterator[Known]:
    """Yield statements that are algebraic in one or two variables, made so that their truth is known."""
    for _ in range(150):
        statement, more, holds = algebra.in_one_variable(source)
        yield Known(statement, "3", '"linear"', holds, more)
    for make, number, k, weights in (
        (algebra.with_root, 50, 3, '"linear"'),
        (algebra.in_two_variables, 120, 4, '"linear"'),
        (algebra.in_weights, 40, 3, '["U", "V", "1 - U - V"]'),
    ):
        for _ in range(number):
            statement, more, holds = make(source)
            yield Known(statement, str(k), weights, holds, more)


def natural_claims(source: random.Random) -> Iterator[Known]:
    """Yield claims as people write them."""
    for claim in natural.claims(source):
        yield Known(claim.statement, "", "", claim.holds, claim.more)


FILES = {
    "exact.toml": exact_claims,
    "points.toml": point_claims,
    "intervals.toml": interval_claims,
    "algebra.toml": algebra_claims,
    "natural.toml": natural_claims,
}


def corpus_file(name: str) -> str:
    """Return the text of a file of the corpus; always the same."""
    tables = [f"# Written by {Path(__file__).name}; expect is the truth.\nschema = 1\n"]
    for number, known in enumerate(FILES[name](random.Random(f"{SEED} {name}")), start=1):  # noqa: S311
        lines = [f'id = "{Path(name).stem}-{number}"', f'statement = "{known.statement}"']
        lines += [f"k = {known.k}"] if known.k else []
        lines += [f"weights = {known.weights}"] if known.weights else []
        lines += [known.more, "" if known.holds else 'expect = "refuted"']
        tables.append("\n".join(["[[claim]]", *filter(None, lines), ""]))
    return "\n".join(tables)


def _weights(source: random.Random, k: int) -> Weights:
    parts = [source.randint(1, 12) for _ in range(k)]
    return tuple(Fraction(part, sum(parts)) for part in parts)


def _text(weights: Weights) -> str:
    return "[" + ", ".join(f'"{weight}"' for weight in weights) + "]"


def _decimal(value: Fraction, places: int) -> Fraction:
    return Fraction(round(value * 10**places), 10**places)


if __name__ == "__main__":
    for name in FILES:
        (FOLDER / name).write_text(corpus_file(name), encoding="utf-8")
