"""What a process keeps after a claim of the catalogue."""

from emtheory.reports.catalogue.examination import examine_statement
from emtheory.reports.certificates.verify.limits import outcome_of
from emtheory.reports.certificates.verify.posterior import posterior
from emtheory.theory.claim import Claim


def test_the_tables_of_one_claim_are_not_kept_for_the_next() -> None:
    """They take up to half a gigabyte, and workers have a limit."""
    claim = Claim("kl", "kl_divergence > 1/100", k=(3,), weights=("1/2", "3/10", "1/5"), radius="1")
    found = examine_statement(claim)
    assert found["document"]["standalone"]["outcome"] == "accepted"
    assert outcome_of(found["certificate"])[0] == "accepted"
    assert posterior.cache_info().currsize > 0
    examine_statement(claim)
    assert posterior.cache_info().currsize == 0
