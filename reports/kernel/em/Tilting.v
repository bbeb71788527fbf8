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

Section sharp.
Variables (R : realType).

(* tanh(c/2) <= c/2 *)
Lemma tanh_half_le (c : R) : 0 <= c -> 2 * (expR c - 1) <= c * (expR c + 1).
Proof.
move=> c0; pose g (t : R) := t * (expR t + 1) - 2 * (expR t - 1).
have dg (t : R) : is_derive t (1 : R) g (1 + (t - 1) * expR t).
  have h := is_deriveB (is_deriveM (is_derive_id t (1 : R)) (is_deriveD (is_derive_expR t) (is_derive_cst (1 : R) t 1)))
    (is_deriveZ (2 : R) (is_deriveB (is_derive_expR t) (is_derive_cst (1 : R) t 1))).
  by apply: (@is_derive_eq _ _ _ _ _ _ _ _ h); rewrite fctE /GRing.scale/= /cst; ring.
have [->|cn] := eqVneq c 0; first by rewrite expR0 subrr mulr0 mul0r.
suff : g 0 <= g c by rewrite /g expR0 subrr mulr0 mul0r subr0 subr_ge0.
apply: (@ger0_derive1_ndecr R g 0 c) => //.
- move=> t _; rewrite derive1E; have [_ ->] := dg t.
  have := expR_ge1Dx (- t); rewrite expRN => h; have e0 := expR_gt0 t.
  have : (1 - t) * expR t <= 1 by rewrite -ler_pdivlMr// div1r.
  by move: (expR t) => e; lra.
- apply: derivable_within_continuous => t _; by have [] := dg t.
Qed.

Lemma shifted_share (a u s1 s2 : R) : 0 <= a <= 1 -> 1 <= u -> 0 <= s1 -> 0 <= s2 -> s1 <= a * u -> 1 - a <= s2 * u ->
  s1 * (2 - a * (u + 1)) <= s2 * (u - 1 + a * (u + 1)).
Proof.
move=> /andP[a0 a1] u1 p1 p2 h1 h2; have u0 : 0 < u by lra.
have r0 : 0 <= u - 1 + a * (u + 1) by rewrite addr_ge0 ?subr_ge0// mulr_ge0//; lra.
have [l|/ltW g] := leP (2 - a * (u + 1)) 0.
  by apply: le_trans (_ : 0 <= _); [exact: mulr_ge0_le0|exact: mulr_ge0].
rewrite -(ler_pM2r u0); apply: le_trans (_ : a * u * (2 - a * (u + 1)) * u <= _).
  by rewrite ler_pM2r// ler_wpM2r.
have h3 := ler_wpM2r r0 h2; rewrite [leRHS]mulrAC; apply: le_trans h3.
rewrite -subr_ge0.
have -> : (1 - a) * (u - 1 + a * (u + 1)) - a * u * (2 - a * (u + 1)) * u = (u - 1) * (1 - a * (u + 1)) ^+ 2 by ring.
by rewrite mulr_ge0 ?sqr_ge0// subr_ge0.
Qed.

Variables (k : nat) (p y : 'I_k -> R) (c : R).
Hypothesis p_ge0 : forall j, 0 <= p j.
Hypothesis p_sum : \sum_j p j = 1.
Hypothesis c_ge0 : 0 <= c.
Hypothesis y_le : forall j, `|y j| <= c.

(* a tilt by at most c changes a distribution by at most c, in the sum of absolute values *)
Theorem sum_tilt_change_sharp : \sum_j `|tilt p y j - p j| <= c.
Proof.
pose D j := tilt p y j - p j.
have Z0 : 0 < tilt_mass p y := tilt_mass_gt0 p_ge0 p_sum y_le.
have D0 : \sum_j D j = 0 by rewrite sumrB (tilt_sum p_ge0 p_sum y_le) p_sum subrr.
pose S j := 0 <= D j.
set b := \sum_(j | S j) D j.
have Dneg : \sum_(j | ~~ S j) D j = - b.
  by have /eqP := D0; rewrite (bigID S)/= -/b addrC addr_eq0 => /eqP.
have -> : \sum_j `|D j| = 2 * b.
  rewrite (bigID S)/= (eq_bigr D); last by move=> j sj; rewrite ger0_norm.
  rewrite [X in _ + X](eq_bigr (fun j => - D j)); last by move=> j sj; rewrite ltr0_norm// ltNge.
  by rewrite sumrN Dneg opprK -/b; ring.
pose a := \sum_(j | S j) p j.
pose s1 := \sum_(j | S j) p j * expR (y j); pose s2 := \sum_(j | ~~ S j) p j * expR (y j).
have Ze : tilt_mass p y = s1 + s2 by rewrite /tilt_mass (bigID S).
have a1 : \sum_(j | ~~ S j) p j = 1 - a by have := p_sum; rewrite (bigID S)/= -/a => <-; rewrite [a + _]addrC addrK.
have a01 : 0 <= a <= 1.
  by rewrite sumr_ge0//= -subr_ge0 -a1 sumr_ge0.
have be : b * (s1 + s2) = (1 - a) * s1 - a * s2.
  have -> : b = s1 / (s1 + s2) - a.
    by rewrite /b sumrB -/a; congr (_ - _); rewrite -Ze mulr_suml.
  by rewrite mulrBl divfK ?gt_eqF -?Ze// Ze; ring.
have u1 : 1 <= expR c by rewrite -expR0 ler_expR.
have y1 j : expR (y j) <= expR c by rewrite ler_expR; apply: le_trans (y_le j); exact: ler_norm.
have y2 j : 1 <= expR (y j) * expR c.
  rewrite -expRD -expR0 ler_expR; have := y_le j; rewrite ler_norml => /andP[h _]; lra.
have h1 : s1 <= a * expR c by rewrite mulr_suml; apply: ler_sum => j _; rewrite ler_wpM2l.
have h2 : 1 - a <= s2 * expR c.
  by rewrite -a1 mulr_suml; apply: ler_sum => j _; rewrite -mulrA ler_peMr.
have p1 : 0 <= s1 by apply: sumr_ge0 => j _; rewrite mulr_ge0 ?expR_ge0.
have p2 : 0 <= s2 by apply: sumr_ge0 => j _; rewrite mulr_ge0 ?expR_ge0.
have := shifted_share a01 u1 p1 p2 h1 h2; have := tanh_half_le c_ge0.
rewrite Ze in Z0; move: (expR c) u1 be Z0 => u u1 be Z0 th sh.
have ub : b * (u + 1) <= u - 1.
  rewrite -(ler_pM2r Z0); have -> : b * (u + 1) * (s1 + s2) = (b * (s1 + s2)) * (u + 1) by ring.
  rewrite be -subr_ge0; move: sh; rewrite -subr_ge0; congr (0 <= _); ring.
have u2 : 0 < u + 1 by lra.
rewrite -(ler_pM2r u2); apply: le_trans th.
by rewrite -mulrA ler_wpM2l.
Qed.
End sharp.
