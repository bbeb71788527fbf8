"""The verifier accepts what the program certifies, and nothing that has been changed."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import metadata
from itertools import islice
from pathlib import Path

import pytest

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.certificate import Json, certify, fingerprint
from emtheory.reports.certificates.file import RejectedError, read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim
from tests.reports.certificates.tampering import changes

THREE = ("1/2", "3/10", "1/5")
EXACT = Claim("exact", "spectral_gap == 7/100", weights=THREE)
SEVERAL = Claim("several", "0 < spectral_gap < dft_modulus(m=1)", k=(3, 4, 5), weights="linear")
CERTIFIED = Claim("certified", "0 < kl_divergence < pi/20", weights=THREE, radius="1", d=4)
REFUTED = Claim("refuted", "kl_divergence < 1/100", k=(3, 4), weights="linear", radius="1", expect="refuted")
STEPS = Claim("steps", "iterations_to_kl(eps=1/100) <= 40", weights=THREE, radius="1")
EXTREMUM = Claim("extremum", "worst_contraction_factor(radius=1/4) < 1", weights=THREE)
DERIVED = Claim("derived", derivation="simplex", k=(2,))
INTERVAL = Claim(
    "interval", "kl_divergence > 0", weights=THREE, for_all={"radius": ("0", "1/4")}, assume=("radius > 0",)
)
TOUCHING = Claim("touching", "kl_divergence <= radius**2/4", weights=THREE, for_all={"radius": ("0", "1/8")})
WITNESS = Claim(
    "witness", "posterior_power(m=1) >= 9/25", k=(2,), weights=("4/5", "1/5"), for_all={"radius": ("0", "8")}
)
EXCLUDED = Claim("excluded", "spectral_gap > 0", k=(2, 3, 4), weights="linear", assume=("k > 2",))
BY_ENCLOSURES = Claim("by-enclosures", "spectral_gap > 0", k=(6, 7), weights="linear", assume=("lloyd_radius > 1.4",))
BOX = Claim(
    "box",
    "asymptotic_rate <= 1",
    k=(4,),
    weights="linear",
    for_all={"amplitude_1": ("1", "1"), "amplitude_2": ("0", "1")},
)
WEIGHTS = Claim("weights", "dft_modulus(m=1) < 9/10", k=(3,), weights="one-heavy:W", for_all={"W": ("1/10", "9/10")})
PIECES = Claim("pieces", "sqrt(spectral_gap) < exp(W)", k=(3,), weights="one-heavy:W", for_all={"W": ("1/2", "4/5")})
OBSERVED = Claim("observed", "sample_contraction_factor(n=100) < 2", weights=THREE, radius="1")
VERDICTS = (
    (EXACT, "proved"),
    (SEVERAL, "proved"),
    (CERTIFIED, "certified"),
    (REFUTED, "refuted"),
    (STEPS, "certified"),
    (EXTREMUM, "certified"),
    (DERIVED, "proved"),
    (INTERVAL, "certified"),
    (TOUCHING, "certified"),
    (WITNESS, "refuted"),
    (EXCLUDED, "proved"),
    (BY_ENCLOSURES, "certified"),
    (BOX, "supported"),
    (WEIGHTS, "proved"),
    (PIECES, "certified"),
    (OBSERVED, "observed"),
)
CLAIMS = [claim for claim, _ in VERDICTS]
STRIDE = 20
"""The everyday tests take every twentieth change; the long ones every third, and a third of these of …"""
ALIKE = (DERIVED, BOX)
"""… certificates of a thousand and two thousand, in parts that are alike."""

Outcome = Verdict | RejectedError | InputError
Attempt = Callable[[object], Outcome]


@pytest.fixture(scope="module")
def certificates() -> dict[str, Json]:
    return {claim.id: certify(claim, decide_claim(claim)) for claim in CLAIMS}


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    """Replay a document as it is; what is raised beyond the two kinds of refusal is an error of the verifier."""

    def invoke(document: object) -> Outcome:
        path = tmp_path / "certificate.json"
        path.write_text(json.dumps(document))
        try:
            return replay(*read_certificate(path))
        except (RejectedError, InputError) as error:
            return error

    return invoke


def resealed(document: Json) -> Json:
    return document | {"fingerprint": fingerprint(document)}


def rejection(outcome: Outcome) -> str:
    assert isinstance(outcome, RejectedError), outcome
    return str(outcome)


@pytest.mark.parametrize(("claim", "verdict"), VERDICTS, ids=lambda value: getattr(value, "id", value))
def test_what_is_certified_replays(claim: Claim, verdict: str, certificates: dict[str, Json], attempt: Attempt) -> None:
    replayed = attempt(certificates[claim.id])
    assert isinstance(replayed, Verdict), replayed
    assert (replayed.outcome, certificates[claim.id]["verdict"]) == (verdict, verdict)
    assert replayed.margin == certificates[claim.id]["margin"] == decide_claim(claim).margin
    assert replayed.ok is certificates[claim.id]["as_expected"] is (claim.id != "witness")


def accepted(document: Json, attempt: Attempt, every: int) -> Iterator[str]:
    """Yield the changes that are accepted although the fingerprint is made anew."""
    for what, changed in islice(changes(document), 0, None, every):
        as_sealed = changed if "fingerprint" in what else resealed(changed)
        if isinstance(attempt(as_sealed), Verdict):
            yield what


# An id is only a name: the same evidence shows the same claim under another. `--claim` binds it.
HARMLESS = "claim.id: "


@pytest.mark.parametrize("every", [STRIDE, pytest.param(3, marks=pytest.mark.long)])
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_changes_are_rejected_also_with_a_new_fingerprint(
    claim: Claim, every: int, certificates: dict[str, Json], attempt: Attempt
) -> None:
    stride = 3 * every if claim in ALIKE else every
    assert [what for what in accepted(certificates[claim.id], attempt, stride) if HARMLESS not in what] == []


def test_a_wrong_verdict_is_rejected_however_consistent(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["refuted"]).replace("1/100", "1/5"))
    comparison = document["cases"][0]["cells"][0]["comparisons"][0]
    comparison["right"] = {"lower": "0.2", "upper": "0.2"}
    assert rejection(attempt(resealed(document))).startswith("cases.0.cells.0.comparisons.0.holds: false is recorded")


def test_a_gap_in_a_cover_is_rejected(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["interval"]))
    cells = document["cases"][0]["cells"]
    cells[-1]["stretch"]["radius"][1] = "1/5"
    assert "gap" in rejection(attempt(resealed(document)))


def test_a_cell_cannot_vouch_for_the_origin(certificates: dict[str, Json], attempt: Attempt) -> None:
    # KL > 0 on (0, 1/4] and not at 0: the same cells do not show it for [0, 1/4].
    document = json.loads(json.dumps(certificates["interval"]))
    del document["claim"]["assume"]
    document["cases"][0]["for_all"] = {"radius": "[0, 1/4]"}
    assert rejection(attempt(resealed(document))).startswith("cases.0.cells.0")


def test_a_model_is_not_used_outside_its_window(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["interval"]))
    cell = document["cases"][0]["cells"][-1]
    document["cases"][0]["cells"] = [cell | {"stretch": {"radius": ["0", "1/4"]}, "window": {"radius": ["0", "1/8"]}}]
    assert "window" in rejection(attempt(resealed(document)))
    document["cases"][0]["cells"][0]["window"] = ["0", "1/4"]
    assert "which box" in rejection(attempt(resealed(document)))


def test_steps_beyond_those_of_a_search_are_not_followed(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["steps"]))
    document["cases"][0]["cells"][0]["quantities"][0] |= {"lower": "1000000000000", "upper": "1000000000000"}
    assert "not proved" in rejection(attempt(resealed(document)))


def test_a_sample_does_not_pass_for_the_whole(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["box"]).replace("supported", "proved"))
    assert rejection(attempt(resealed(document))).startswith("verdict: ")


def test_a_derivation_for_no_k_proves_nothing(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["derived"])) | {"derivations": []}
    document["claim"]["k"] = []
    assert rejection(attempt(resealed(document))).startswith("claim.k: ")


def test_a_witness_must_satisfy_the_assumptions(certificates: dict[str, Json], attempt: Attempt) -> None:
    claim = Claim("a", "spectral_gap == 0", k=(3, 2), weights="linear", assume=("k > 2",))
    document = certify(claim, decide_claim(claim))
    assert isinstance(attempt(document), Verdict)
    document["cases"].reverse()
    document["claim"]["k"].reverse()
    cell = document["cases"][1]["cells"].pop()
    document["cases"][0]["cells"].append(cell)
    document["cases"][0]["assumptions"], document["cases"][1]["assumptions"] = document["cases"][1]["assumptions"], []
    assert isinstance(attempt(resealed(document)), RejectedError)


def test_other_versions_are_rejected(
    certificates: dict[str, Json], attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "emtheory.numerics.fingerprint._version", lambda name: "0.0" if name == "mpmath" else metadata.version(name)
    )
    assert rejection(attempt(certificates["exact"])).startswith("versions.mpmath: ")


def test_a_wrong_enclosure_of_a_searching_quantity_is_not_proved(
    certificates: dict[str, Json], attempt: Attempt
) -> None:
    document = json.loads(json.dumps(certificates["extremum"]))
    quantity = document["cases"][0]["cells"][0]["quantities"][0]
    below = Fraction(quantity["lower"]) - Fraction(1, 10**12)
    quantity["upper"] = quantity["lower"]
    quantity["lower"] = f"{float(below):.15f}"
    assert "is not proved" in rejection(attempt(resealed(document)))


def test_the_verifier_does_not_search(
    certificates: dict[str, Json], attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> Enclosure:
        raise AssertionError("the verifier searches")

    for searching in (
        "emtheory.reports.decide.point.decide_at",
        "emtheory.reports.decide.boxes.whole_box.decide_on_box",
        "emtheory.numerics.ray.scan.minimum",
        "emtheory.numerics.ray.scan.first_crossing",
        "emtheory.numerics.trajectories.ball_radius.iterations_to_kl",
        "emtheory.numerics.ray.ball_values.extremum",
    ):
        monkeypatch.setattr(searching, forbidden)
    # Constants of a statement on a box are computed to the digits of its cell, by the route that gives them.
    assert isinstance(attempt(certificates[INTERVAL.id]), Verdict)
    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", forbidden)
    for claim in (EXACT, CERTIFIED, REFUTED, STEPS, EXTREMUM, WITNESS):
        assert isinstance(attempt(certificates[claim.id]), Verdict)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"claim": "/etc/passwd"},
        {"claim": {}},
        {"claim": {"id": "x", "statement": "spectral_gap > 0", "k": [10**9], "expect": "holds"}},
        {"claim": {"id": "x", "statement": "(" * 10**5, "k": [3], "expect": "holds"}},
        {"claim": {"id": "x", "statement": "9**9**9 > 1", "k": [3], "expect": "holds"}},
        {"claim": {"id": "x", "statement": "spectral_gap == 7/100", "derivation": "dft", "k": [3], "expect": "holds"}},
        {"claim": {"id": "x", "derivation": "../../etc", "k": [3], "expect": "holds"}},
        {"claim": {"id": "x", "derivation": "dft", "k": [3000], "expect": "holds"}},
        {"claim": {"id": "\N{PILE OF POO}\u202e", "statement": "π̂ > 0", "k": [3], "expect": "holds"}},
        {"cases": []},
        {"cases": [{}] * 10**6},
        {"cases": None},
        {"verdict": "inconclusive"},
        {"verdict": ["proved"]},
        {"versions": {}},
        {"derivations": [{"k": {"k": {"k": []}}}]},
        {"fingerprint": None},
    ],
    ids=lambda change: repr(change)[:60],
)
def test_malformed_certificates_are_rejected(change: Json, certificates: dict[str, Json], attempt: Attempt) -> None:
    document = certificates["exact"] | change
    sealed = document if "fingerprint" in change else resealed(document)
    assert len(rejection(attempt(sealed))) < 1000


@pytest.mark.parametrize(
    "change",
    [
        {"lower": "1e99999"},
        {"upper": "inf"},
        {"lower": "-inf", "upper": "inf"},
        {"lower": "1e-99999"},
        {"at": "1/" + "9" * 900},
        {"at": "100"},
        {"at": None},
        {"arguments": {"radius": "1/3"}},
        {"arguments": {}},
        {"quantity": "pl_constant"},
        {"quantity": "__import__"},
        {"route": "exact"},
        {"route": "mp"},
    ],
    ids=repr,
)
def test_malformed_quantities_are_rejected(change: Json, certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["extremum"]))
    document["cases"][0]["cells"][0]["quantities"][0] |= change
    rejection(attempt(resealed(document)))


def test_too_many_cells_are_refused_at_once(certificates: dict[str, Json], tmp_path: Path) -> None:
    document = json.loads(json.dumps(certificates["exact"]))
    document["cases"][0]["cells"] *= 10**4
    path = tmp_path / "x.json"
    path.write_text(json.dumps(resealed(document)))
    with pytest.raises(RejectedError, match="cells"):
        replay(*read_certificate(path))
    path.write_text(json.dumps(document).replace('"cells": [', '"cells": [' + "{}," * 10**5))
    with pytest.raises(RejectedError, match="cells"):
        read_certificate(path)
