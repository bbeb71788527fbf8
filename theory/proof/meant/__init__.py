"""Steps that follow from what names stand for, by the laws of the hypotheses that they are under, and limits."""
