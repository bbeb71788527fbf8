import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.render.markdown import code
from emtheory.reports.render.prose import markdown_text as text


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
