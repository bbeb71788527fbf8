from emtheory.reports.render.inline_figure import inline_figure


def test_figures_do_not_share_ids() -> None:
    svg = '<?xml version="1.0"?>\n<svg><g id="a"/><g id="b"/><use href="#a"/><path clip-path="url(#b)"/></svg>'
    made = '<svg><g id="one-0"/><g id="one-1"/><use href="#one-0"/><path clip-path="url(#one-1)"/></svg>'
    assert inline_figure("one", svg) == made


def test_lines_of_figures_are_coarser_but_labels_and_styles_as_they_were() -> None:
    svg = '<svg><path d="M 1.2345 2\nL 3.99 4" style="opacity: 0.25"/>\n  <text>0.15</text><metadata>m</metadata></svg>'
    assert inline_figure("f", svg) == '<svg><path d="M 1.2 2 L 3.9 4" style="opacity: 0.25"/> <text>0.15</text> </svg>'


def test_styles_that_are_repeated_are_classes_of_the_figure() -> None:
    svg = '<svg a="b"><path style="fill: red"/><path style="fill: red"/><path style="fill: blue"/></svg>'
    path = '<path class="f-s0"/>'
    expected = f'<svg a="b"><style>.f-s0{{fill: red}}</style>{path}{path}<path style="fill: blue"/></svg>'
    assert inline_figure("f", svg) == expected
