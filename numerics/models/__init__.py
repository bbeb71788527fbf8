"""Quantities of a mixture that a user writes down: each is a function of means, and its routes follow from that.

`targets` says what each quantity is in symbols, `ball_values`, `mp_values`, `float_values` and `exact_values` compute
it, `box_forms` follows it over boxes, and `family` makes a family of a model.
"""
