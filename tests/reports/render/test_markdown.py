import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.checking.claim_document import cases_text
from emtheory.reports.render.markdown import code
from emtheory.reports.render.prose import margin_text
from emtheory.reports.render.prose import markdown_text as text
from emtheory.theory.claim import Claim


@given(st.text())
def test_no_special_character_is_left_bare(content: str) -> None:
    escaped = text(content)
    assert "\n" not in escaped
    bare = re.sub(r"\\[\\`*_{}\[\]<>#|~&!^$]", "", escaped)
    assert not set(bare) & set("\\`*_{}[]<>#|~&!^$")


@pytest.mark.parametrize(
    ("content", "span"),
    [
        ("a < b", "`a < b`"),
        ("abs(x) | y", r"`abs(x) \| y`"),
        ("a ` b", "``a ` b``"),
        ("`", "`` ` ``"),
        ("a\nb", "`a b`"),
    ],
)
def test_code_spans(content: str, span: str) -> None:
    assert code(content) == span


def test_what_is_infinite_is_shown_by_its_sign() -> None:
    claim = Claim(id="c", statement="k < 4", weights="uniform", for_all={"radius": ("1", "inf")})
    assert cases_text(claim).endswith("every radius in [1, ∞)")
    assert [margin_text(margin) for margin in ("inf", "-inf", "0.1", None)] == ["∞", "−∞", "0.1", "–"]
