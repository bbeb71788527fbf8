
(* Three components in the plane, k = 3 and d = 2: X = (x, y) is standard normal; the fitted means are r times the vertices
   (1, 0), (-1/2, sqrt 3 / 2), (-1/2, - sqrt 3 / 2) of a regular triangle, with weights u, v, w. *)
Definition component_0 (u v w r x y : R) : R := u * (density (x - r) * density y).
Definition component_1 (u v w r x y : R) : R := v * (density (x + r / 2) * density (y - sqrt 3 / 2 * r)).
Definition component_2 (u v w r x y : R) : R := w * (density (x + r / 2) * density (y + sqrt 3 / 2 * r)).
Definition mixture (u v w r x y : R) : R := component_0 u v w r x y + component_1 u v w r x y + component_2 u v w r x y.

(* The probability of each component, given the point. *)
Definition posterior_0 (u v w r x y : R) : R := component_0 u v w r x y / mixture u v w r x y.
Definition posterior_1 (u v w r x y : R) : R := component_1 u v w r x y / mixture u v w r x y.
Definition posterior_2 (u v w r x y : R) : R := component_2 u v w r x y / mixture u v w r x y.

(* |posterior_0 + posterior_1 z + posterior_2 z^2|^2 at z = e^(2 pi i / 3) = -1/2 + i sqrt 3 / 2. *)
Definition transform_square (u v w r x y : R) : R :=
  (posterior_0 u v w r x y - (posterior_1 u v w r x y + posterior_2 u v w r x y) / 2) ^ 2 +
  (sqrt 3 / 2 * (posterior_1 u v w r x y - posterior_2 u v w r x y)) ^ 2.

(* beta_1 = beta_2 = E |transform of the posterior|^2, integrated over y for each x, and then over x. *)
Definition inner_integrand (u v w r x y : R) : R := transform_square u v w r x y * density y.
Definition outer_integrand (u v w r x : R) : R := over_line (inner_integrand u v w r x) * density x.
Definition posterior_power (u v w r : R) : R := over_line (outer_integrand u v w r).

(* The modulus of u + v z + w z^2, the same at both frequencies. *)
Definition dft_modulus (u v w : R) : R := sqrt ((u - (v + w) / 2) ^ 2 + (sqrt 3 / 2 * (v - w)) ^ 2).
Definition spectral_gap (u v w : R) : R := dft_modulus u v w ^ 2.
Definition contraction_factor (u v w : R) : R := 1 - spectral_gap u v w.
