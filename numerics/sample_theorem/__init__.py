"""The finite-sample theorem in numbers: every constant from k, the weights, d, n, δ and the ball of the starts."""
