
(* Two components on a line, k = 2 and d = 1: X is standard normal, the fitted means are r and -r, with weights w and v. *)
Definition mixture (w v r x : R) : R := w * density (x - r) + v * density (x + r).

(* The probability of each component, given the point x. *)
Definition posterior_0 (w v r x : R) : R := w * density (x - r) / mixture w v r x.
Definition posterior_1 (w v r x : R) : R := v * density (x + r) / mixture w v r x.

(* beta_1 = E |posterior_0 - posterior_1|^2, for the Fourier transform of the posterior at frequency 1 is their difference. *)
Definition power_integrand (w v r x : R) : R := (posterior_0 w v r x - posterior_1 w v r x) ^ 2 * density x.
Definition posterior_power (w v r : R) : R := over_line (power_integrand w v r).

(* KL(N(0, 1) || mixture) = E ln (density / mixture), in nats. *)
Definition divergence_integrand (w v r x : R) : R := ln (density x / mixture w v r x) * density x.
Definition kl_divergence (w v r : R) : R := over_line (divergence_integrand w v r).

(* The second derivative of the divergence with respect to r, which on a line is its Hessian: E (1 - V), where V is the
   variance of x and -x that are taken with the posterior probabilities, 4 posterior_0 posterior_1 x^2. *)
Definition curvature_integrand (w v r x : R) : R := (1 - 4 * posterior_0 w v r x * posterior_1 w v r x * x ^ 2) * density x.
Definition hessian_min_eigenvalue (w v r : R) : R := over_line (curvature_integrand w v r).

(* The Fourier transform of the weights at frequency 1 is w - v. *)
Definition dft_modulus (w v : R) : R := Rabs (w - v).
Definition spectral_gap (w v : R) : R := dft_modulus w v ^ 2.
Definition contraction_factor (w v : R) : R := 1 - spectral_gap w v.
