"""What verdicts rest on is named, the weakest included, through all ancestors."""

from emtheory.reports.catalogue.entry import entry_verdicts, with_ancestors
from emtheory.reports.catalogue.examination import Examined, examine_derivation, examine_statement, examined
from emtheory.reports.certificates.certificate import derived
from emtheory.reports.report.layout import entry_document
from emtheory.theory.claim import Claim, Entry

WEIGHTS = ("1/2", "3/10", "1/5")
EXACT = Claim("exact", "spectral_gap == 7/100", weights=WEIGHTS)
STEIN = Claim("stein", derivation="stein-identity", k=(2,))
OFF = Claim("off", "iterations_to_kl(eps=1/100) < 100", k=(4,), weights="linear", radius="1/2")


def _entry(claim: Claim, *depends: str) -> Entry:
    return Entry(claim.id, "title", "source", "quote", "reading", (claim,), universal=False, depends=depends)


def _found(claim: Claim) -> Examined:
    if claim.derivation:
        return examined(claim, examine_derivation(claim, [derived(claim.derivation, k) for k in claim.k]), 0)
    return examined(claim, examine_statement(claim), 0)


def test_each_checker_is_named_and_ancestors_are_walked() -> None:
    entries = (_entry(EXACT), _entry(STEIN, "exact"), _entry(OFF, "stein"))
    verdicts = entry_verdicts(entries, [_found(EXACT), _found(STEIN), _found(OFF)])
    exact, stein, off = with_ancestors([entry_document(verdict) for verdict in verdicts])
    assert exact["foundations"] == ["standalone verifier"] == [exact["weakest"]]
    assert exact["claims"][0]["standalone"]["outcome"] == "accepted"
    assert stein["foundations"] == ["SymPy", "cited theorem"]
    assert stein["weakest_of_all"] == "cited theorem"
    assert off["foundations"] == ["Arb"]
    assert off["claims"][0]["standalone"] == {
        "outcome": "not covered",
        "reason": "trajectories that leave the regular simplex",
    }
    assert off["ancestors"] == {"stein": ["SymPy", "cited theorem"], "exact": ["standalone verifier"]}
    assert (off["weakest"], off["weakest_of_all"]) == ("Arb", "cited theorem")
