from emtheory.reports.render.inline_figure import inline_figure


def test_figures_do_not_share_ids_and_what_nothing_refers_to_has_none() -> None:
    svg = (
        '<?xml version="1.0"?>\n<svg><g id="a"/><g id="b"/><g id="c"/><use href="#a"/><path clip-path="url(#b)"/></svg>'
    )
    made = '<g id="one-0"/><g id="one-1"/><g/><use href="#one-0"/><path clip-path="url(#one-1)"/></svg>'
    assert inline_figure("one", svg) == f'<svg id="figure-one"><style></style>{made}'


def test_places_are_coarser_but_labels_and_styles_as_they_were() -> None:
    svg = (
        '<svg><path d="M 1.2345 2\nL 3.99 4" style="opacity: 0.25"/>\n  <text x="1.234" transform="rotate(-0 1.234 5)">'
        "0.15</text><metadata>m</metadata><!-- 0.15 --></svg>"
    )
    shown = '<path d="M1.2 2L3.9 4" style="opacity: 0.25"/><text x="1.2">0.15</text></svg>'
    assert inline_figure("f", svg) == f'<svg id="figure-f"><style></style>{shown}'


def test_a_cell_is_drawn_by_its_two_sides_and_groups_without_attributes_go() -> None:
    cell = '<path d="M 1.5 2 L 3 2 L 3 4 L 1.5 4 L 1.5 2 "/>'
    svg = f'<svg><g id="a"><g class="b">{cell}</g></g><path d="M 1 2 L 3 2"/></svg>'
    shown = '<g class="b"><path d="M1.5 2H3V4H1.5z"/></g><path d="M1 2L3 2"/></svg>'
    assert inline_figure("f", svg) == f'<svg id="figure-f"><style></style>{shown}'


def test_styles_that_are_repeated_are_classes_of_the_figure() -> None:
    svg = '<svg a="b"><path style="fill: red"/><path style="fill: red"/><path style="fill: blue"/></svg>'
    path = '<path class="s0"/>'
    expected = f'<style>#figure-f .s0{{fill: red}}</style>{path}{path}<path style="fill: blue"/></svg>'
    assert inline_figure("f", svg) == f'<svg id="figure-f" a="b">{expected}'
