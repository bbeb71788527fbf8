"""Jin, Zhang, Balakrishnan, Wainwright and Jordan (2016): statements on three means."""

from emtheory.theory.source import Source

SOURCE = Source(
    title="Jin, Zhang, Balakrishnan, Wainwright and Jordan (2016)",
    reference="Local Maxima in the Likelihood of Gaussian Mixture Models: Structural Results and Algorithmic "
    "Consequences, NeurIPS 2016, arXiv 1609.00978",
    scope="One dimension, unit variance: data $(N(m₁, 1) + N(m₂, 1) + N(m₃, 1))/3$, fitted by three components with "
    "free means and the same weights 1/3; population likelihood. Judged are examples with exact laws.",
    not_judged="That the gap exceeds every number (five examples of growing gap are certified); that random starts "
    "fail with a probability of at least $1 − e^{−Ω(M)}$; first-order EM and saddle points; samples.",
)
