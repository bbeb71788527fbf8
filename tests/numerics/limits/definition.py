"""Two means from the definition, by sums over a grid in mpmath: it shares nothing with the package."""

from fractions import Fraction

import mpmath


class Definition:
    """Everything at one law and one fit, to about 25 digits.

    Parameters
    ----------
    separation, truth_weight, fit_weight, fit_variance
        μ, W₀, W and v.
    fineness
        Nodes in a unit: the rule is exact to e^{−2πdn} where the nearest pole is at the distance d, π v/(2θ) of a fit.
    """

    def __init__(
        self, separation: str, truth_weight: str, fit_weight: str, fit_variance: str = "1", fineness: int = 32
    ) -> None:
        self.context = mpmath.MPContext()
        self.context.dps = 30
        self.mu, self.w0, self.w = map(self.number, (separation, truth_weight, fit_weight))
        self.v = self.number(fit_variance)
        step = self.context.mpf(1) / fineness
        self.nodes = [j * step for j in range(int(-15 / step), int(15 / step) + 1)]
        self.masses = [step * self.density(x, self.w0, self.mu) for x in self.nodes]

    def number(self, text: str) -> mpmath.mpf:
        value = Fraction(text)
        return self.context.mpf(value.numerator) / value.denominator

    def density(self, x: mpmath.mpf, weight: mpmath.mpf, mean: mpmath.mpf, variance: mpmath.mpf = 1) -> mpmath.mpf:
        scale = self.context.sqrt(variance)
        return weight * self.context.npdf(x, mean, scale) + (1 - weight) * self.context.npdf(x, -mean, scale)

    def posterior(self, x: mpmath.mpf, theta: mpmath.mpf) -> mpmath.mpf:
        scale = self.context.sqrt(self.v)
        return self.w * self.context.npdf(x, theta, scale) / self.density(x, self.w, theta, self.v)

    def em_map(self, theta: mpmath.mpf) -> mpmath.mpf:
        """The M-step: each point counted with its sign, by its posterior probability."""
        return self.context.fsum(
            m * x * (2 * self.posterior(x, theta) - 1) for x, m in zip(self.nodes, self.masses, strict=True)
        )

    def em_map_derivative(self, theta: mpmath.mpf) -> mpmath.mpf:
        h = self.context.mpf(10) ** -8
        return (self.em_map(theta + h) - self.em_map(theta - h)) / (2 * h)

    def kl_divergence(self, theta: mpmath.mpf) -> mpmath.mpf:
        return self.context.fsum(
            m * self.context.log(self.density(x, self.w0, self.mu) / self.density(x, self.w, theta, self.v))
            for x, m in zip(self.nodes, self.masses, strict=True)
        )

    def step(self, theta: mpmath.mpf) -> mpmath.mpf:
        """Both M-steps, of θ and of the variance, which is kept; each point counted for both components."""
        posteriors = [self.posterior(x, theta) for x in self.nodes]
        after = self.em_map(theta)
        self.v = self.context.fsum(
            m * (g * (x - after) ** 2 + (1 - g) * (x + after) ** 2)
            for x, m, g in zip(self.nodes, self.masses, posteriors, strict=True)
        )
        return after

    def mean_modulus(self) -> mpmath.mpf:
        """E|X|, by quadrature on both sides of the kink."""
        return self.context.quad(lambda x: abs(x) * self.density(x, self.w0, self.mu), [-15, -2, 0, 2, 15])
