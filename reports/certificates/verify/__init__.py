"""A verifier of emtheory's certificates that stands by itself: ``python verify CERTIFICATE|FOLDER…``.

It needs Python and python-flint (and pyarrow, for data in Parquet files), and shares nothing with the program that made
the certificates. The claim is read anew, the cells are checked to leave out nothing of its domain, and on each the
statement is shown, or at the witness refuted, by enclosures found here; what is recorded must contain what is found.

To be read in this order: `reading` (a file, and what can come of it), `certificate` (what must be in it, and its
cells), `case` (the mixture), `proof` (halving boxes until a statement is shown), `expressions` (what a statement says),
`quantities` (at a point, and what searches have found), `place` (means on a box), `posterior` and `tiles` (how they are
found), `samples`, `shells` and `moments` (the theorem on samples), `boxes`, `forms` and `balls` (exact fractions in
what is known by balls), and `command`.

Of models, mixtures of normals on a line that a claim writes down or names, in the folder `models`: `model` and
`families.toml` (what they are), `scheme` (means, and their derivatives, as forms), `steps` (EM's step, score,
information), `mixture` and `line` (means on a box), `expansion` (where a statement's sides touch), `quantities`,
`roots` and `deviation` (EM's map on samples).

Of data beside a certificate, in the folder `given`: `files`, `jets` (derivatives, and matrices), `families` and
`written` (mixtures), `fits` (a point where the likelihood is stationary, EM's rate and ball), `simplex` (tied means:
fixed points, and balls on which EM contracts), `regions` (a function on boxes) and `mixing` (how far a mixing
distribution is from the best).

It rests on Python's integers and fractions, on FLINT's polynomials, on Arb's balls, and on these theorems; their proofs
are in docs/error-bounds.md, by section. Each is named where it is used, as (T1).

T1   A differentiable function on a box lies within its value at the centre plus the ranges of its slopes times the
     half-widths (mean value theorem). balls.py given/regions.py models/line.py
T2   The sign of a fraction of polynomials is that of the product of both, and a polynomial has the sign of its terms
     where these agree (section 17). boxes.py
T3   The trapezoidal rule with step h errs by at most 2N/(e^{2πa/h} − 1) for a function that is analytic for
     |Im z| ≤ a, with N a bound of its integrals along the edges (section 1). posterior.py
T4   With S = Σ π_j e^{sZ_j}, the mean of a product of N of γ̂_m is ∫ E[(e^u S)^N … exp(−e^u S)] du / Γ(N), a sum
     over joint cumulants of independent terms (sections 2 to 4). posterior.py
T5   E log S = ∫ (E exp(−e^{u + sZ}) − E exp(−e^u S)) du, with tails on both sides (section 5). posterior.py
T6   ∇²ℓ has the eigenvalues β_m, 2m < k, and those of δ_mn β_m + ρ_m ρ_n t_mn (section 6). quantities.py place.py
T7   Lloyd's radius is √(k/(k − 1)) E max(Z_1, …, Z_k) (section 7). posterior.py
T8   Interpolation of an analytic function in n Chebyshev points errs by at most 4Mρ^{1−n}/(ρ − 1), and means over the
     posterior are bounded for complex arguments (sections 8 and 13). tiles.py
T9   Far out means differ from 1 by at most c/s, by pairs of components or as densities are log-concave, and r²/2 − KL
     is between R_0r + Σ log π_j/k and R_0r (sections 9, 10 and 13). place.py
T10  Off the simplex E log S is one Gaussian integral for each direction, and of two components so are all means
     (section 11). posterior.py
T11  Near radius 0 the derivatives of β_m in squared amplitudes are couplings t_mn, which change by at most 37r², and
     λ_min(∇²ℓ) by at most 9r²/2 (section 12). place.py quantities.py
T12  On the ball of radius r, EM contracts by 1 − c min |π̂_m|², c the largest
     ((1 + 2α)/(1 + α)²)^{D/2} exp(−r²/((1 + α)(1 + 2α))) (section 9). quantities.py shells.py
T13  The finite-sample theorem, by contraction, by shells, and anywhere (section 16).
     samples.py shells.py moments.py
T14  ½‖∇ℓ‖²/KL = Σ w_m β_m²/B on the simplex, with the shares w_m of the frequencies, and EM takes r to (1 − β)r where
     all β_m are one β; KL falls at each step. place.py quantities.py
T15  With l_i − l_j of degree 2 in z and slopes of at most φ/a for |z| ≤ Z, posteriors are at most sec(φ/2) for
     |Im z| ≤ a, and the rule with the half of a step beyond its last node errs by what the edges leave (section 18).
     models/line.py
T16  A function that is known to order n − 1 at b is that and (p − b)^n times a mean of its n-th derivative between b
     and p (Taylor); where the fit is the law of the data, EM rests, and KL, which is never negative (Gibbs), and its
     derivative are 0; of a fit that is even in x EM sees |x| only (section 18). models/expansion.py models/scheme.py
     models/quantities.py
T17  The M-step is the zero of the derivative of E Σ_j γ_j l_j, linear in weights, means and variances in turn; ∂γ_j =
     γ_j Σ_i γ_i ∂(l_j − l_i); from infinity two means go to E|X| (sections 15 and 18). models/steps.py
     models/quantities.py
T18  On an interval where EM's map has a slope above, or below, 1 there is at most one fixed point; none is farther than
     E max_j |c_j(x)| for a map E Σ_j γ_j c_j(x) (section 18). models/roots.py
T19  A box that m − Yf(m) + (1 − Yf′(box))(box − m) lies inside of has one zero of f (Krawczyk). models/roots.py
T20  Of a balanced fit from infinity the relative error falls with the separation (section 15). models/quantities.py
T21  A covariance under posteriors is Σ γ_jγ_m (T_j − T_m)(…)ᵀ over pairs, and what log-ratios of γ may change bounds
     γ_jγ_m (section 14). given/fits.py
T22  The complete information of normal mixtures in natural parameters (section 14). given/families.py
T23  Along a segment from the point EM's step is as far as the mean of its derivative allows (section 14).
     given/fits.py
T24  The likelihood of no mixing distribution is larger by more than log(1 + sup D); where D is concave around each
     atom and negative elsewhere, the distribution is the best, and the only one (section 19). given/mixing.py
T25  Gershgorin's discs hold the eigenvalues, as many as discs where they meet. given/jets.py
T26  e^{−(v − s)²/2} = Σ_k e^{−v²/2} He_k(v) s^k/k!, with coefficients of at most e^{−v²/4}(e/k)^{k/2} (section 19).
     given/regions.py
T27  Of two and of three components ∇²ℓ is positive definite at every point but the origin, and of four at every point
     of the ray (derivations `convexity-two`, `convexity-three` and `convexity-four`). place.py
T28  A covariance under posteriors is at most a second moment about any point, and e^v at most 1 + v + v²/(2 − 2a/3) for
     |v| ≤ a < 3 (section 14). given/simplex.py
T29  EM's map on a sample is as far from the population's as Bernstein's inequality on a grid, what moments cut off, and
     slopes between say (section 16). models/deviation.py
"""
