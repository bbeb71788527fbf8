From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* The density of the standard normal law on the line. *)
Definition density (x : R) : R := exp (- x ^ 2 / 2) / sqrt (2 * PI).

(* Improper integrals over the whole line: that they converge, and their values. *)
Definition converges (f : R -> R) : Prop := ex_RInt_gen f (Rbar_locally m_infty) (Rbar_locally p_infty).
Definition over_line (f : R -> R) : R := RInt_gen f (Rbar_locally m_infty) (Rbar_locally p_infty).
