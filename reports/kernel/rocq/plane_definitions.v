
(* Means over the plane, of X = (x, y) standard normal: integrated over y for each x, and then over x. *)
Definition inner (h : R -> R -> R) (x y : R) : R := h x y * density y.
Definition outer (h : R -> R -> R) (x : R) : R := over_line (inner h x) * density x.
Definition mean_exists (h : R -> R -> R) : Prop := (forall x, converges (inner h x)) /\ converges (outer h).
Definition mean (h : R -> R -> R) : R := over_line (outer h).

(* Three components in the plane, k = 3 and d = 2: the fitted means are r times the vertices (1, 0), (-1/2, sqrt 3 / 2),
   (-1/2, - sqrt 3 / 2) of a regular triangle, with weights u, v, w. *)
Definition component_0 (u v w r x y : R) : R := u * (density (x - r) * density y).
Definition component_1 (u v w r x y : R) : R := v * (density (x + r / 2) * density (y - sqrt 3 / 2 * r)).
Definition component_2 (u v w r x y : R) : R := w * (density (x + r / 2) * density (y + sqrt 3 / 2 * r)).
Definition mixture (u v w r x y : R) : R := component_0 u v w r x y + component_1 u v w r x y + component_2 u v w r x y.

(* The probability of each component, given the point. *)
Definition posterior_0 (u v w r x y : R) : R := component_0 u v w r x y / mixture u v w r x y.
Definition posterior_1 (u v w r x y : R) : R := component_1 u v w r x y / mixture u v w r x y.
Definition posterior_2 (u v w r x y : R) : R := component_2 u v w r x y / mixture u v w r x y.

(* |posterior_0 + posterior_1 z + posterior_2 z^2|^2 at z = e^(2 pi i / 3) = -1/2 + i sqrt 3 / 2, and beta_1 = beta_2, its mean. *)
Definition transform_square (u v w r x y : R) : R :=
  (posterior_0 u v w r x y - (posterior_1 u v w r x y + posterior_2 u v w r x y) / 2) ^ 2 +
  (sqrt 3 / 2 * (posterior_1 u v w r x y - posterior_2 u v w r x y)) ^ 2.
Definition posterior_power (u v w r : R) : R := mean (transform_square u v w r).

(* The Hessian of the divergence with respect to the first mean, from which the others are turned by 120 and 240 degrees: the
   mean of I - C, where C is the covariance, with the posterior probabilities, of the point turned by 0, -120 and -240 degrees,
   (x, y), (x_1, y_1) and (x_2, y_2). *)
Definition x_1 (x y : R) : R := - x / 2 + sqrt 3 / 2 * y.
Definition y_1 (x y : R) : R := - (sqrt 3 / 2 * x) - y / 2.
Definition x_2 (x y : R) : R := - x / 2 - sqrt 3 / 2 * y.
Definition y_2 (x y : R) : R := sqrt 3 / 2 * x - y / 2.
Definition averaged (u v w r x y a b c : R) : R :=
  posterior_0 u v w r x y * a + posterior_1 u v w r x y * b + posterior_2 u v w r x y * c.
Definition curvature_xx (u v w r x y : R) : R :=
  1 - (averaged u v w r x y (x ^ 2) (x_1 x y ^ 2) (x_2 x y ^ 2) - averaged u v w r x y x (x_1 x y) (x_2 x y) ^ 2).
Definition curvature_yy (u v w r x y : R) : R :=
  1 - (averaged u v w r x y (y ^ 2) (y_1 x y ^ 2) (y_2 x y ^ 2) - averaged u v w r x y y (y_1 x y) (y_2 x y) ^ 2).
Definition curvature_xy (u v w r x y : R) : R :=
  0 - (averaged u v w r x y (x * y) (x_1 x y * y_1 x y) (x_2 x y * y_2 x y) -
    averaged u v w r x y x (x_1 x y) (x_2 x y) * averaged u v w r x y y (y_1 x y) (y_2 x y)).

(* The smaller eigenvalue of the symmetric matrix with the entries p, h; h, q. *)
Definition smaller_eigenvalue (p q h : R) : R := (p + q) / 2 - sqrt (((p - q) / 2) ^ 2 + h ^ 2).
Definition hessian_min_eigenvalue (u v w r : R) : R :=
  smaller_eigenvalue (mean (curvature_xx u v w r)) (mean (curvature_yy u v w r)) (mean (curvature_xy u v w r)).

(* The modulus of u + v z + w z^2, the same at both frequencies. *)
Definition dft_modulus (u v w : R) : R := sqrt ((u - (v + w) / 2) ^ 2 + (sqrt 3 / 2 * (v - w)) ^ 2).
Definition spectral_gap (u v w : R) : R := dft_modulus u v w ^ 2.
Definition contraction_factor (u v w : R) : R := 1 - spectral_gap u v w.
