from emtheory.reports.render.inline_figure import inline_figure


def test_figures_do_not_share_ids_and_what_nothing_refers_to_has_none() -> None:
    svg = (
        '<?xml version="1.0"?>\n<svg><g id="a"/><g id="b"/><g id="c"/><use href="#a"/><path clip-path="url(#b)"/></svg>'
    )
    made = '<g id="one-0"/><g id="one-1"/><g/><use href="#one-0"/><path clip-path="url(#one-1)"/></svg>'
    assert inline_figure("one", svg) == f'<svg id="figure-one"><style></style>{made}'
