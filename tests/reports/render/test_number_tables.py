from emtheory.reports.render.number_tables import Cell, NumberTable, tables_of

ROW = {
    "k": 2,
    "weights": "7/10, 3/10",
    "d": 1,
    "quantities": {
        "spectral_gap": {"value": "0.16", "level": "exact"},
        "contraction_factor": {"value": "0.84", "level": "exact"},
        "asymptotic_rate": {"value": None, "reason": "too slow"},
        "lloyd_radius": {"value": "1.128", "level": "certified"},
        "strong_convexity_radius": {"value": "inf", "level": "exact", "note": "everywhere"},
    },
    "floating": {
        "population_factor": "0.84",
        "sample_factor": "0.85",
        "low": "0.8",
        "high": "0.9",
        "contains_exact": False,
    },
}


def number_tables(*rows: object) -> list[NumberTable]:
    """Return the tables of a report's numbers."""
    made = tables_of({"numbers": rows, "left_out": ["laws"], "pending": []})
    return list(made["number_tables"].values())


def test_every_row_has_a_cell_for_each_header_and_what_is_missing_is_a_dash() -> None:
    for table in number_tables(ROW, ROW | {"floating": {"population_factor": None, "reason": "k is large"}}):
        assert [len(row) for row in table.rows] == [len(table.headers)] * 2
    factors, radii = number_tables(ROW)
    assert Cell("–") in factors.rows[0]
    assert "too slow" not in str(factors)
    assert Cell("0.85", "[0.8, 0.9] misses it") in factors.rows[0]
    assert Cell("∞", "exact") in radii.rows[0]
