(* How posteriors change with the parameter: tilted averages, by Jensen's inequality alone. *)
From EM Require Import Prelude.

Section tilt.
Variables (R : realType) (k : nat).
Variables (p y : 'I_k -> R) (c : R).
Hypothesis p_ge0 : forall j, 0 <= p j.
Hypothesis p_sum : \sum_j p j = 1.

(* Jensen: the mean of y is at most the logarithm of the mean of e^y *)
Lemma jensen_ln : \sum_j p j * y j <= ln (\sum_j p j * expR (y j)).
Proof.
set m := \sum_j p j * y j.
have h : expR m <= \sum_j p j * expR (y j).
  have -> : \sum_j p j * expR (y j) = expR m * \sum_j p j * expR (y j - m).
    rewrite mulr_sumr; apply: eq_bigr => j _.
    by rewrite mulrCA -expRD addrC subrK.
  rewrite ler_peMr ?expR_ge0//.
  have -> : 1 = \sum_j p j * (1 + (y j - m)).
    under eq_bigr do rewrite mulrDr mulrBr mulr1.
    by rewrite big_split/= sumrB p_sum -mulr_suml p_sum mul1r -/m subrr addr0.
  by apply: ler_sum => j _; rewrite ler_wpM2l// expR_ge1Dx.
by rewrite -ler_expR lnK// posrE (lt_le_trans _ h)// expR_gt0.
Qed.

Hypothesis c_ge0 : 0 <= c.
Hypothesis y_le : forall j, `|y j| <= c.

Definition tilt_mass : R := \sum_j p j * expR (y j).
Definition tilt (j : 'I_k) : R := p j * expR (y j) / tilt_mass.

Lemma tilt_mass_bounds : expR (- c) <= tilt_mass <= expR c.
Proof.
have e b : b = \sum_j p j * b by rewrite -mulr_suml p_sum mul1r.
rewrite (e (expR (- c))) (e (expR c)); apply/andP; split; apply: ler_sum => j _;
  by rewrite ler_wpM2l// ler_expR; have := y_le j; rewrite ler_norml => /andP[].
Qed.

Lemma tilt_mass_gt0 : 0 < tilt_mass.
Proof. by have /andP[h _] := tilt_mass_bounds; exact: lt_le_trans (expR_gt0 _) h. Qed.

Lemma tilt_ge0 j : 0 <= tilt j.
Proof. by have Z0 := tilt_mass_gt0; rewrite divr_ge0 ?mulr_ge0 ?expR_ge0// ltW. Qed.

Lemma tilt_sum : \sum_j tilt j = 1.
Proof. by rewrite -mulr_suml divff// gt_eqF ?tilt_mass_gt0. Qed.

(* a tilt by at most c changes a probability by at most 2c times the sum of both *)
Lemma tilt_change j : `|tilt j - p j| <= 2 * c * (p j + tilt j).
Proof.
have Z0 := tilt_mass_gt0; have /andP[Zl Zu] := tilt_mass_bounds.
have q0 := tilt_ge0 j; have := y_le j; rewrite ler_norml => /andP[yl yu].
have e2 : 1 - 2 * c <= expR (- c) * expR (- c).
  by rewrite -expRD; have := expR_ge1Dx (- c + - c); lra.
have l1 : (1 - 2 * c) * p j <= tilt j.
  rewrite /tilt -mulrA mulrC ler_wpM2l//; apply: le_trans e2 _.
  apply: ler_pM; rewrite ?expR_ge0// ?ler_expR; first by lra.
  by rewrite expRN lef_pV2// posrE ?expR_gt0.
have l2 : (1 - 2 * c) * tilt j <= p j.
  have -> : p j = tilt j * (tilt_mass * expR (- y j)).
    rewrite /tilt mulrA divfK ?gt_eqF// -mulrA -expRD subrr expR0 mulr1 //.
  rewrite mulrC ler_wpM2l//; apply: le_trans e2 _.
  by apply: ler_pM; rewrite ?expR_ge0// ler_expR; lra.
have cp := mulr_ge0 c_ge0 (p_ge0 j); have cq := mulr_ge0 c_ge0 q0.
by rewrite ler_norml; apply/andP; split; lra.
Qed.

Lemma sum_tilt_change : \sum_j `|tilt j - p j| <= 4 * c.
Proof.
apply: le_trans (ler_sum _ (fun j _ => tilt_change j)) _.
by rewrite -mulr_sumr big_split/= p_sum tilt_sum; lra.
Qed.

End tilt.

Section second_order.
Variables (R : realType) (k : nat).
Variables (p y : 'I_k -> R) (c : R).
Hypothesis p_ge0 : forall j, 0 <= p j.
Hypothesis p_sum : \sum_j p j = 1.
Hypothesis c_ge0 : 0 <= c.
Hypothesis y_le : forall j, `|y j| <= c.
Let Z := tilt_mass p y.
Let q := tilt p y.

(* Jensen the other way round, with the tilted probabilities *)
Lemma ln_tilt_mass_le_tilted : ln Z <= \sum_j q j * y j.
Proof.
have Z0 : 0 < Z := tilt_mass_gt0 p_ge0 p_sum y_le.
have := jensen_ln (fun j => - y j) (tilt_ge0 p_ge0 p_sum y_le) (tilt_sum p_ge0 p_sum y_le).
have -> : \sum_j tilt p y j * expR (- y j) = Z^-1.
  rewrite -[RHS]mul1r -p_sum mulr_suml; apply: eq_bigr => j _.
  by rewrite /tilt mulrAC -[p j * _ * _]mulrA -expRD subrr expR0 mulr1.
rewrite lnV ?posrE// (_ : \sum_j _ = - \sum_j q j * y j); first by rewrite lerN2.
by rewrite -sumrN; apply: eq_bigr => j _; rewrite mulrN.
Qed.

Lemma ln_tilt_mass_le : ln Z <= \sum_j p j * y j + 4 * c ^+ 2.
Proof.
apply: le_trans ln_tilt_mass_le_tilted _.
rewrite -lerBlDl -sumrB; under eq_bigr do rewrite -mulrBl.
apply: (@le_trans _ _ (\sum_j `|q j - p j| * c)).
  apply: ler_sum => j _; apply: le_trans (ler_norm _) _.
  by rewrite normrM ler_wpM2l.
rewrite -mulr_suml expr2 mulrA ler_wpM2r//.
exact: sum_tilt_change.
Qed.
End second_order.
