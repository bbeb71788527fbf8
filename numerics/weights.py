"""Mixture weights: exact lists and the named families."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_numbers, parse_rational
from emtheory.numerics.errors import InputError
from emtheory.theory.near_miss import near_misses

MAX_COMPONENTS = 65536
"""A choice: exact lists of so many weights are still parsed and summed in well under a second."""
MAX_UNIFORM = 1_000_000
"""So many equal weights are still held in a few megabytes, for quantities whose cost does not grow with k."""
MAX_WEIGHT_DIGITS = 4000
"""The longest numerator or denominator of a weight; `geometric` with many components reaches it first."""

Weights = tuple[Fraction, ...]


def parse_weights(weights: str | Sequence[Exact], k: int, *, many: bool = False) -> Weights:
    """Return the k exact weights described by `weights`.

    InputError if the weights are not k positive exact numbers with sum exactly 1, or the family or its parameter is
    unknown.

    `weights`: a family name (see `FAMILIES`) with its parameter after a colon, a comma-separated list of exact numbers,
    or a sequence of exact numbers: text, integers or fractions; `k`: number of components, 2 ≤ k ≤ 65536; `many`:
    whether uniform weights may be up to a million.
    """
    k = exact_integer(k, "k")
    if many and MAX_COMPONENTS < k <= MAX_UNIFORM:
        if weights != "uniform":
            raise InputError(f"beyond {MAX_COMPONENTS} components the weights have to be 'uniform'")
        return (Fraction(1, k),) * k
    if not 2 <= k <= MAX_COMPONENTS:
        raise InputError(
            f"k = {k} is out of range: a mixture here has 2 to {MAX_UNIFORM if many else MAX_COMPONENTS} components"
        )
    if isinstance(weights, str):
        name, colon, parameter = weights.strip().partition(":")
        if name in FAMILIES:
            return _checked(_from_family(name, parameter if colon else None, k), k)
        if name[:1].isalpha() and "," not in weights:
            hint = near_misses(name, FAMILIES, f"valid are {', '.join(FAMILIES)}, or a list")
            raise InputError(f"unknown weight family {name[:40]!r}{hint}")
    return _checked(exact_numbers(weights, "weight"), k)


def _checked(weights: Weights, k: int) -> Weights:
    if len(weights) != k:
        raise InputError(f"{len(weights)} weights were given for k = {k} components")
    # Of thousands of weights most are one object: each is looked at once.
    distinct, counts = {id(weight): weight for weight in weights}, Counter(map(id, weights))
    if any(weight <= 0 for weight in distinct.values()):
        index, weight = next((index, weight) for index, weight in enumerate(weights) if weight <= 0)
        raise InputError(f"weight {weight} of component {index} is not positive")
    total = sum((count * distinct[name] for name, count in counts.items()), Fraction(0))
    if total != 1:
        excess = total - 1
        about = f"about 1 {'+' if excess > 0 else '-'} {decimal_text(abs(excess), 3)}"
        raise InputError(f"the weights sum to {str(total) if len(str(total)) <= 60 else about}, not to 1")
    return weights


def _from_family(name: str, parameter: str | None, k: int) -> Weights:
    family, needs = FAMILIES[name]
    if needs is None:
        if parameter is not None:
            raise InputError(f"the weight family {name!r} takes no parameter, but {parameter[:40]!r} was given")
        return family(k, Fraction(0))
    if not parameter:
        raise InputError(f"the weight family {name!r} needs {needs}: write {name}:1/2")
    return family(k, parse_rational(parameter, f"{name} parameter"))


def _one_heavy(k: int, heavy: Fraction) -> Weights:
    _between_zero_and_one("one-heavy", heavy)
    return (heavy, *((1 - heavy) / (k - 1),) * (k - 1))


def _geometric(k: int, ratio: Fraction) -> Weights:
    if ratio <= 0:
        raise InputError(f"geometric ratio {ratio} is not positive")
    # π_j = p^j q^(k-1-j) / Σ_i p^i q^(k-1-i) for the ratio p/q: integers over one denominator.
    p, q = ratio.numerator, ratio.denominator
    if (k - 1) * len(str(max(p, q) + 1)) > MAX_WEIGHT_DIGITS and max(p, q) > 1:
        raise InputError(
            f"geometric:{ratio} with k = {k} has weights of more than {MAX_WEIGHT_DIGITS} digits; "
            "take a ratio with fewer digits or a smaller k"
        )
    terms = [p**j * q ** (k - 1 - j) for j in range(k)]
    total = sum(terms)
    return tuple(Fraction(term, total) for term in terms)


def _difference_set_weights(k: int, total: Fraction) -> Weights:
    _between_zero_and_one("difference-set", total)
    members = difference_set(k)
    inside, outside = total / len(members), (1 - total) / (k - len(members))
    return tuple(inside if j in members else outside for j in range(k))


def _between_zero_and_one(name: str, weight: Fraction) -> None:
    if not 0 < weight < 1:
        raise InputError(f"{name} weight {weight} is not strictly between 0 and 1")


FAMILIES: dict[str, tuple[Callable[[int, Fraction], Weights], str | None]] = {
    "uniform": (lambda k, _: (Fraction(1, k),) * k, None),
    "one-heavy": (_one_heavy, "the weight of component 0"),
    "geometric": (_geometric, "the ratio of successive weights"),
    "linear": (lambda k, _: tuple(Fraction(2 * (j + 1), k * (k + 1)) for j in range(k)), None),
    "difference-set": (_difference_set_weights, "the total weight on the difference set"),
}
"""Family name → (constructor, meaning of its parameter or None)."""


def difference_set(k: int) -> frozenset[int]:
    """Return a set D ⊂ Z/k in which every non-zero residue is a difference equally often.

    For a prime k ≡ 3 (mod 4) the quadratic residues (Paley); for k = n² + n + 1 the lexicographically first planar
    difference set with n + 1 elements, found by search for n ≤ 9 (Singer's theorem gives one for prime powers n).
    InputError if none is found that way.
    """
    if k > 3 and k % 4 == 3 and all(k % p for p in range(2, int(k**0.5) + 1)):
        return frozenset(j * j % k for j in range(1, k))
    order = next((n for n in range(2, 10) if n * n + n + 1 == k), None)
    found = _planar((0, 1), frozenset({1, k - 1}), order + 1, k) if order else None
    if found is None:
        raise InputError(
            f"no perfect difference set modulo {k} was found; one is known here for primes k = 4n + 3 > 3 "
            "and for k = 13, 21, 57, 73, 91"
        )
    return frozenset(found)


def _planar(chosen: tuple[int, ...], differences: frozenset[int], size: int, k: int) -> tuple[int, ...] | None:
    """Extend `chosen` in increasing order to `size` residues whose differences are all distinct."""
    if len(chosen) == size:
        return chosen
    for candidate in range(chosen[-1] + 1, k):
        new = {(candidate - old) % k for old in chosen} | {(old - candidate) % k for old in chosen}
        if len(new) == 2 * len(chosen) and not new & differences:
            found = _planar((*chosen, candidate), differences | new, size, k)
            if found:
                return found
    return None


def is_difference_set(members: frozenset[int], k: int) -> bool:
    """Whether every non-zero residue modulo k is a difference of two members equally often."""
    counts = [0] * k
    for first, second in combinations(members, 2):
        counts[(first - second) % k] += 1
        counts[(second - first) % k] += 1
    return len(set(counts[1:])) == 1
