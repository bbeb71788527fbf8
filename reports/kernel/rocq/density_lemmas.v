From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
Require Import Statement.
Open Scope R_scope.

Lemma density_positive : forall x, 0 < density x.
Proof.
  intros x. unfold density. apply Rdiv_lt_0_compat. apply exp_pos.
  apply sqrt_lt_R0. generalize PI_RGT_0; lra.
Qed.

Lemma density_even : forall x, density (- x) = density x.
Proof. intros x. unfold density. replace ((- x) ^ 2) with (x ^ 2) by ring. reflexivity. Qed.

Lemma density_derive : forall x, is_derive density x (- x * density x).
Proof.
  intros x. unfold density. auto_derive; [trivial|].
  replace (- x ^ 2 / 2) with (- (x * (x * 1)) * / 2) by (simpl; unfold Rdiv; ring).
  unfold Rdiv; field. apply Rgt_not_eq, sqrt_lt_R0. generalize PI_RGT_0; lra.
Qed.

Lemma density_continuous : forall x, continuous density x.
Proof. intros x. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule) density x). exists (- x * density x). apply density_derive. Qed.

Lemma density_small : forall eps, 0 < eps -> exists b, 0 < b /\ forall x, b <= x -> density x < eps.
Proof.
  intros eps Heps.
  assert (Hpi : 1 < sqrt (2 * PI)) by interval.
  exists (1 + 2 / eps). split.
  - assert (0 < 2 / eps) by (apply Rdiv_lt_0_compat; lra). lra.
  - intros x Hx. unfold density.
    assert (H2 : 0 < 2 / eps) by (apply Rdiv_lt_0_compat; lra).
    assert (Hx1 : 1 < x) by lra.
    assert (He : exp (x ^ 2 / 2) > x / 2).
    { assert (H := exp_ineq1_le (x ^ 2 / 2)). nra. }
    replace (- x ^ 2 / 2) with (- (x ^ 2 / 2)) by field.
    rewrite exp_Ropp.
    assert (H0 : 0 < exp (x ^ 2 / 2)) by apply exp_pos.
    assert (H3 : 1 / eps < x / 2).
    { replace (1 / eps) with ((2 / eps) / 2) by (field; lra). lra. }
    assert (H4 : / exp (x ^ 2 / 2) < eps).
    { rewrite <- (Rinv_inv eps). apply Rinv_lt_contravar.
      - apply Rmult_lt_0_compat; [apply Rinv_0_lt_compat|]; lra.
      - unfold Rdiv in H3. rewrite Rmult_1_l in H3. lra. }
    apply Rle_lt_trans with (/ exp (x ^ 2 / 2)); [|exact H4].
    apply Rmult_le_reg_r with (sqrt (2 * PI)); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
    assert (0 < / exp (x ^ 2 / 2)) by (apply Rinv_0_lt_compat; lra). nra.
Qed.

Lemma integrable_of : forall g : R -> R, (forall x, continuous g x) -> forall a b, ex_RInt g a b.
Proof. intros g Hc a b. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros x _. apply Hc. Qed.

Lemma chasles : forall g : R -> R, (forall x, continuous g x) -> forall a b c : R, RInt g a b + RInt g b c = RInt g a c.
Proof. intros g Hc a b c. apply (RInt_Chasles g a b c); apply integrable_of, Hc. Qed.

Lemma square_small : forall eps, 0 < eps -> exists b, 0 < b /\ forall x, b <= x -> (x ^ 2 + 3) * density x < eps.
Proof.
  intros eps Heps. destruct (density_small (eps / 6)) as [b [Hb H]]; [lra|]. exists (2 * b). split; [lra|]. intros x Hx.
  assert (Hd : density x = density (x / 2) * exp (- (3 * x ^ 2 / 8))).
  { unfold density. replace (- x ^ 2 / 2) with (- (x / 2) ^ 2 / 2 + - (3 * x ^ 2 / 8)) by field.
    rewrite exp_plus. unfold Rdiv. ring. }
  assert (Hp := density_positive (x / 2)). assert (Hs : density (x / 2) < eps / 6) by (apply H; lra).
  assert (He : (x ^ 2 + 3) * exp (- (3 * x ^ 2 / 8)) <= 6).
  { assert (E := exp_ineq1_le (3 * x ^ 2 / 8)). assert (P := exp_pos (3 * x ^ 2 / 8)). assert (Q := pow2_ge_0 x).
    rewrite exp_Ropp. apply Rle_div_l; [exact P|]. lra. }
  rewrite Hd. nra.
Qed.

(* The integral of a function with |g x| <= (A + B |x| + C x^2) density x converges, with a bound on what lies beyond T. *)
Section HalfLine.
Variables (g : R -> R) (A B C : R).
Hypothesis Hc : forall x, continuous g x.
Hypothesis HA : 0 <= A.
Hypothesis HB : 0 <= B.
Hypothesis HC : 0 <= C.
Hypothesis Hg : forall x, 0 <= x -> Rabs (g x) <= (A + B * x + C * x ^ 2) * density x.

(* (A / T + B) x + C / T x^3 is more than A + B x + C x^2 beyond T, and - tail T is the integral of it times the density. *)
Definition tail (T x : R) : R := (A / T + B + C / T * (x ^ 2 + 2)) * density x.

Lemma integrable : forall a b, ex_RInt g a b.
Proof. intros a b. apply integrable_of, Hc. Qed.

Lemma slice : forall T u v, 0 < T -> T <= u -> u <= v -> Rabs (RInt g u v) <= tail T u.
Proof.
  intros T u v HT Hu Hv.
  assert (HA' : 0 <= A / T) by (apply Rdiv_le_0_compat; lra). assert (HC' : 0 <= C / T) by (apply Rdiv_le_0_compat; lra).
  set (m := fun x => ((A / T + B) * x + C / T * x ^ 3) * density x).
  assert (HI : is_RInt m u v (tail T u - tail T v)).
  { replace (tail T u - tail T v) with (minus (- tail T v) (- tail T u)) by (unfold minus, plus, opp; simpl; ring).
    apply (is_RInt_derive (fun x => - tail T x) m).
    - intros x _. replace (m x) with (opp (C / T * (2 * x) * density x + (A / T + B + C / T * (x ^ 2 + 2)) * (- x * density x)))
        by (unfold m, opp; simpl; ring).
      apply (is_derive_opp (tail T)). apply (is_derive_mult (fun x => A / T + B + C / T * (x ^ 2 + 2)) density).
      + auto_derive; [trivial|]. ring.
      + apply density_derive.
      + intros; apply Rmult_comm.
    - intros x _. apply (continuous_mult (fun x : R => (A / T + B) * x + C / T * x ^ 3) density); [|apply density_continuous].
      apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). auto_derive. trivial. }
  apply Rle_trans with (tail T u - tail T v).
  - apply (norm_RInt_le g m u v); [exact Hv| |apply (RInt_correct g), integrable|exact HI].
    intros x Hx. unfold norm; simpl; unfold abs; simpl.
    apply Rle_trans with ((A + B * x + C * x ^ 2) * density x); [apply Hg; lra|].
    apply Rmult_le_compat_r; [left; apply density_positive|].
    replace A with (A / T * T) at 1 by (field; lra). replace C with (C / T * T) at 1 by (field; lra).
    assert (A / T * T <= A / T * x) by (apply Rmult_le_compat_l; lra).
    assert (C / T * T * x ^ 2 <= C / T * x ^ 3).
    { replace (x ^ 3) with (x * x ^ 2) by ring. rewrite Rmult_assoc. apply Rmult_le_compat_l; [exact HC'|].
      apply Rmult_le_compat_r; [apply pow2_ge_0|lra]. }
    lra.
  - assert (0 <= tail T v); [|lra]. apply Rmult_le_pos; [|left; apply density_positive].
    assert (0 <= C / T * (v ^ 2 + 2)); [|lra]. apply Rmult_le_pos; [exact HC'|]. generalize (pow2_ge_0 v). lra.
Qed.

Lemma half_line : exists l, is_RInt_gen g (at_point 0) (Rbar_locally p_infty) l /\
  forall T, 0 < T -> Rabs (l - RInt g 0 T) <= tail T T.
Proof.
  assert (Hlim : exists l, filterlim (fun b => RInt g 0 b) (Rbar_locally p_infty) (locally l)).
  { apply filterlim_locally_cauchy. intros eps.
    assert (HAB : 0 < A + B + C + 1) by lra.
    destruct (square_small (eps / (A + B + C + 1))) as [b [Hb Hs]].
    { apply Rdiv_lt_0_compat; [apply cond_pos|lra]. }
    assert (Hball : forall u v, Rmax 1 b <= u -> u <= v -> Rabs (RInt g 0 v - RInt g 0 u) < eps).
    { intros u v Hu Hv.
      assert (H1 : 1 <= u) by (eapply Rle_trans; [apply (Rmax_l 1 b)|exact Hu]).
      assert (Hbu : b <= u) by (eapply Rle_trans; [apply (Rmax_r 1 b)|exact Hu]).
      replace (RInt g 0 v - RInt g 0 u) with (RInt g u v).
      2:{ generalize (chasles g Hc 0 u v); lra. }
      eapply Rle_lt_trans; [apply (slice 1 u v); lra|].
      assert (Hd := density_positive u). assert (Hu2 := pow2_ge_0 u).
      apply Rle_lt_trans with ((A + B + C + 1) * ((u ^ 2 + 3) * density u)).
      - unfold tail. rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [lra|].
        replace (A / 1) with A by field. replace (C / 1) with C by field. nra.
      - apply Rlt_le_trans with ((A + B + C + 1) * (eps / (A + B + C + 1))); [|right; field; lra].
        apply Rmult_lt_compat_l; [lra|apply Hs; lra]. }
    exists (fun u => Rmax 1 b <= u). split.
    - exists (Rmax 1 b). intros x Hx. left. exact Hx.
    - intros u v Hu Hv. unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
      destruct (Rle_or_lt u v) as [H|H].
      + apply Hball; assumption.
      + replace (RInt g 0 v + - RInt g 0 u) with (- (RInt g 0 u - RInt g 0 v)) by ring. rewrite Rabs_Ropp.
        apply Hball; lra. }
  destruct Hlim as [l Hl]. exists l. split.
  - intros P HP. specialize (Hl P HP).
    apply (Filter_prod _ _ _ (fun a => a = 0) (fun b => P (RInt g 0 b))).
    + reflexivity.
    + exact Hl.
    + intros a c -> Hb. exists (RInt g 0 c). split; [apply (RInt_correct g), integrable|exact Hb].
  - intros T HT.
    apply (filterlim_le (F := Rbar_locally p_infty) (fun b => Rabs (RInt g 0 b - RInt g 0 T)) (fun _ => tail T T)
      (Rabs (l - RInt g 0 T)) (tail T T)).
    + exists T. intros b Hb.
      replace (RInt g 0 b - RInt g 0 T) with (RInt g T b).
      apply slice; lra.
      generalize (chasles g Hc 0 T b); lra.
    + apply (filterlim_comp _ _ _ (fun b => RInt g 0 b - RInt g 0 T) Rabs _ (locally (l - RInt g 0 T))).
      * apply (filterlim_comp _ _ _ (fun b => RInt g 0 b) (fun y => y - RInt g 0 T) _ (locally l)); [exact Hl|].
        apply (continuous_minus (fun y : R => y) (fun _ => RInt g 0 T)); [apply continuous_id|apply continuous_const].
      * apply (continuous_Rabs (l - RInt g 0 T)).
    + apply filterlim_const.
Qed.
End HalfLine.

Lemma whole_line_square : forall (g : R -> R) (A B C : R), (forall x, continuous g x) -> 0 <= A -> 0 <= B -> 0 <= C ->
  (forall x, Rabs (g x) <= (A + B * Rabs x + C * x ^ 2) * density x) ->
  converges g /\ forall T, 0 < T -> Rabs (over_line g - RInt g (- T) T) <= 2 * tail A B C T T.
Proof.
  intros g A B C Hc HA HB HC Hg.
  destruct (half_line g A B C Hc HA HB HC) as [l [Hl HT]].
  { intros x Hx. specialize (Hg x). rewrite (Rabs_pos_eq x) in Hg by exact Hx. exact Hg. }
  assert (Hc' : forall x, continuous (fun y => g (- y)) x).
  { intros x. apply (continuous_comp Ropp g). apply (continuous_opp (fun y : R => y)). apply continuous_id. apply Hc. }
  destruct (half_line (fun y => g (- y)) A B C Hc' HA HB HC) as [l' [Hl' HT']].
  { intros x Hx. specialize (Hg (- x)). rewrite density_even, Rabs_Ropp, (Rabs_pos_eq x) in Hg by exact Hx.
    replace ((- x) ^ 2) with (x ^ 2) in Hg by ring. exact Hg. }
  assert (Hsym : forall a b, RInt g a b = RInt (fun y => g (- y)) (- b) (- a)).
  { intros a b. symmetry. apply is_RInt_unique.
    apply (is_RInt_ext (fun y => opp (opp (g (- y))))).
    { intros x _. apply (opp_opp (g (- x))). }
    replace (RInt g a b) with (opp (RInt g b a)).
    2:{ apply (opp_RInt_swap g b a), integrable_of, Hc. }
    apply (is_RInt_opp (fun y => opp (g (- y)))). apply (is_RInt_comp_opp g).
    rewrite !Ropp_involutive. apply (RInt_correct g), integrable_of, Hc. }
  assert (Hneg : is_RInt_gen g (Rbar_locally m_infty) (at_point 0) l').
  { intros P HP. destruct (Hl' P HP) as [Q S HQ [M HM] H].
    apply (Filter_prod _ _ _ (fun a => S (- a)) (fun b => b = 0)).
    - exists (- M). intros x Hx. apply HM. lra.
    - reflexivity.
    - intros a b Ha ->. destruct (H 0 (- a) HQ Ha) as [y [Hy HPy]]. simpl in Hy |- *.
      exists y. split; [|exact HPy].
      replace y with (RInt g a 0).
      + apply (RInt_correct g), integrable_of, Hc.
      + rewrite Hsym, Ropp_0. apply (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ Hy). }
  assert (Hall : is_RInt_gen g (Rbar_locally m_infty) (Rbar_locally p_infty) (plus l' l)).
  { apply (is_RInt_gen_Chasles g 0); assumption. }
  split.
  - exists (plus l' l). exact Hall.
  - intros T HTp. unfold over_line. rewrite (is_RInt_gen_unique _ _ Hall).
    rewrite <- (chasles g Hc (- T) 0 T).
    rewrite (Hsym (- T) 0), Ropp_0, Ropp_involutive.
    specialize (HT T HTp). specialize (HT' T HTp).
    unfold plus; simpl.
    replace (l' + l - (RInt (fun y => g (- y)) 0 T + RInt g 0 T)) with
      ((l' - RInt (fun y => g (- y)) 0 T) + (l - RInt g 0 T)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Lemma whole_line : forall (g : R -> R) (A B : R), (forall x, continuous g x) -> 0 <= A -> 0 <= B ->
  (forall x, Rabs (g x) <= (A + B * Rabs x) * density x) ->
  converges g /\ forall T, 0 < T -> Rabs (over_line g - RInt g (- T) T) <= 2 * (A / T + B) * density T.
Proof.
  intros g A B Hc HA HB Hg. destruct (whole_line_square g A B 0 Hc HA HB (Rle_refl 0)) as [C H].
  { intros x. rewrite Rmult_0_l, Rplus_0_r. apply Hg. }
  split; [exact C|]. intros T HT. replace (2 * (A / T + B) * density T) with (2 * tail A B 0 T T) by (unfold tail; field; lra).
  apply H, HT.
Qed.
