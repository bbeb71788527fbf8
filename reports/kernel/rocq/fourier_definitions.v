From Coq Require Import Reals List.
Import ListNotations.
Open Scope R_scope.

(* The Fourier transform of k weights w_0, w_1, ... : the real part is the sum of w_j cos(2 pi j m / k), the imaginary part
   the same with sin. *)
Definition angle (k j m : nat) : R := 2 * PI * INR (j * m) / INR k.
Fixpoint weighted_sum (weights : list R) (f : nat -> R) (j : nat) : R :=
  match weights with [] => 0 | w :: rest => w * f j + weighted_sum rest f (S j) end.
Definition real_part (weights : list R) (m : nat) : R :=
  weighted_sum weights (fun j => cos (angle (length weights) j m)) 0.
Definition imaginary_part (weights : list R) (m : nat) : R :=
  weighted_sum weights (fun j => sin (angle (length weights) j m)) 0.
Definition dft_power (weights : list R) (m : nat) : R := real_part weights m ^ 2 + imaginary_part weights m ^ 2.
Definition dft_modulus (weights : list R) (m : nat) : R := sqrt (dft_power weights m).

(* The least of f 1, ..., f (n + 1). *)
Fixpoint least (f : nat -> R) (n : nat) : R :=
  match n with O => f 1%nat | S i => Rmin (least f i) (f (S n)) end.
(* The least of |transform|^2 at the frequencies 1, ..., k - 1; and what it leaves of 1. *)
Definition spectral_gap (weights : list R) : R := least (dft_power weights) (length weights - 2).
Definition contraction_factor (weights : list R) : R := 1 - spectral_gap weights.
