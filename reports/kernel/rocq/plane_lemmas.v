From Coq Require Import FunctionalExtensionality.

Lemma density_below : forall x, density x <= 1 / 2.
Proof.
  intros x. unfold density.
  assert (Hs : 2 <= sqrt (2 * PI)) by interval.
  assert (He : exp (- x ^ 2 / 2) <= 1).
  { rewrite <- exp_0. destruct (Rle_lt_or_eq_dec 0 (x ^ 2) (pow2_ge_0 x)) as [H|H].
    - left. apply exp_increasing. lra.
    - rewrite <- H. right. f_equal. field. }
  apply Rle_trans with (1 / sqrt (2 * PI)).
  - apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|exact He].
  - apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra.
Qed.

(* The integral of a function with |f x| <= M density x is at most 2 M, and not below that over an interval if f >= 0. *)
Lemma line_of : forall (f : R -> R) M, (forall x, continuous f x) -> 0 <= M -> (forall x, Rabs (f x) <= M * density x) ->
  converges f /\ Rabs (over_line f) <= 2 * M.
Proof.
  intros f M Hc HM Hf.
  destruct (whole_line f M 0 Hc HM (Rle_refl 0)) as [C H].
  { intros x. rewrite Rmult_0_l, Rplus_0_r. apply Hf. }
  split; [exact C|]. specialize (H 1 Rlt_0_1). replace (- (1)) with (-1) in H by ring.
  assert (D : density 1 <= 1 / 4) by (unfold density; interval).
  assert (I : Rabs (RInt f (-1) 1) <= (1 - -1) * (M / 2)).
  { apply abs_RInt_le_const; [lra|apply integrable_of, Hc|]. intros x _. eapply Rle_trans; [apply Hf|].
    generalize (density_below x). nra. }
  assert (T : Rabs (over_line f) <= Rabs (over_line f - RInt f (-1) 1) + Rabs (RInt f (-1) 1)).
  { eapply Rle_trans; [|apply Rabs_triang]. right. f_equal. ring. }
  assert (2 * (M / 1 + 0) * density 1 <= M). { unfold Rdiv. rewrite Rinv_1. nra. }
  lra.
Qed.

Lemma line_above : forall (f : R -> R) M T, (forall x, continuous f x) -> 0 <= M -> (forall x, 0 <= f x <= M * density x) ->
  0 < T -> RInt f (- T) T <= over_line f.
Proof.
  intros f M T Hc HM Hf HT.
  destruct (whole_line f M 0 Hc HM (Rle_refl 0)) as [_ H].
  { intros x. rewrite Rmult_0_l, Rplus_0_r. rewrite Rabs_pos_eq; apply Hf. }
  apply Rnot_lt_le. intros L. set (eps := RInt f (- T) T - over_line f).
  assert (He : 0 < eps / (2 * M + 1)) by (unfold eps; apply Rdiv_lt_0_compat; lra).
  destruct (density_small _ He) as [b [Hb D]].
  set (S := Rmax 1 (Rmax b T)).
  assert (S1 : 1 <= S) by apply Rmax_l.
  assert (Sb : b <= S) by (eapply Rle_trans; [apply Rmax_l|apply Rmax_r]).
  assert (ST : T <= S) by (eapply Rle_trans; [apply Rmax_r|apply Rmax_r]).
  specialize (H S ltac:(lra)). specialize (D S Sb).
  assert (G : RInt f (- T) T <= RInt f (- S) S).
  { rewrite <- (chasles f Hc (- S) (- T) S), <- (chasles f Hc (- T) T S).
    assert (0 <= RInt f (- S) (- T)) by (apply RInt_ge_0; [lra|apply integrable_of, Hc|intros; apply Hf]).
    assert (0 <= RInt f T S) by (apply RInt_ge_0; [lra|apply integrable_of, Hc|intros; apply Hf]). lra. }
  assert (B : 2 * (M / S + 0) * density S < eps).
  { apply Rle_lt_trans with (2 * M * density S).
    - apply Rmult_le_compat_r; [left; apply density_positive|]. rewrite Rplus_0_r.
      apply Rmult_le_compat_l; [lra|]. apply Rle_div_l; [lra|]. nra.
    - apply Rle_lt_trans with ((2 * M) * (eps / (2 * M + 1))); [apply Rmult_le_compat_l; lra|].
      replace eps with ((2 * M + 1) * (eps / (2 * M + 1))) at 2 by (field; lra). nra. }
  apply Rabs_le_between in H. unfold eps in B. lra.
Qed.

Lemma line_minus : forall f g, converges f -> converges g -> over_line (fun x => f x - g x) = over_line f - over_line g.
Proof.
  intros f g Hf Hg. unfold over_line. apply (is_RInt_gen_unique (V := R_CompleteNormedModule)).
  apply (is_RInt_gen_minus f g); apply (RInt_gen_correct (V := R_CompleteNormedModule)); assumption.
Qed.

(* The transform in exponentials: a = u e^(3 r x / 2), b = v e^(s y), c = w e^(- s y), s = sqrt 3 r / 2. *)
Definition first (u r x : R) : R := u * exp (3 / 2 * r * x).
Definition second (v r y : R) : R := v * exp (sqrt 3 / 2 * r * y).
Definition third (w r y : R) : R := w * exp (- (sqrt 3 / 2 * r * y)).
Definition of_parts (a b c : R) : R := ((a - (b + c) / 2) / (a + b + c)) ^ 2 + 3 / 4 * ((b - c) / (a + b + c)) ^ 2.
Definition form (u v w r x y : R) : R := of_parts (first u r x) (second v r y) (third w r y).

Lemma density_shifted : forall x a, density (x + a) = density x * exp (- a ^ 2 / 2) * exp (- (a * x)).
Proof.
  intros x a. unfold density. replace (- (x + a) ^ 2 / 2) with (- x ^ 2 / 2 + - a ^ 2 / 2 + - (a * x)) by field.
  rewrite !exp_plus. unfold Rdiv. ring.
Qed.

Section Three.
Variables (u v w r : R).
Hypotheses (Hu : 0 < u) (Hv : 0 < v) (Hw : 0 < w).

Lemma first_positive : forall x, 0 < first u r x.
Proof. intros x. apply Rmult_lt_0_compat; [exact Hu|apply exp_pos]. Qed.

Lemma second_positive : forall y, 0 < second v r y.
Proof. intros y. apply Rmult_lt_0_compat; [exact Hv|apply exp_pos]. Qed.

Lemma third_positive : forall y, 0 < third w r y.
Proof. intros y. apply Rmult_lt_0_compat; [exact Hw|apply exp_pos]. Qed.

Definition common (x y : R) : R := density x * density y * exp (- r ^ 2 / 2) * exp (- (r / 2 * x)).

Lemma common_positive : forall x y, 0 < common x y.
Proof.
  intros x y. apply Rmult_lt_0_compat; [|apply exp_pos]. apply Rmult_lt_0_compat; [|apply exp_pos].
  apply Rmult_lt_0_compat; apply density_positive.
Qed.

Lemma component_0_is : forall x y, component_0 u v w r x y = common x y * first u r x.
Proof.
  intros x y. unfold component_0, common, first. replace (x - r) with (x + - r) by ring. rewrite density_shifted.
  replace (- (- r * x)) with (- (r / 2 * x) + 3 / 2 * r * x) by field. rewrite exp_plus.
  replace ((- r) ^ 2) with (r ^ 2) by ring. ring.
Qed.

Lemma sides : exp (- (r / 2) ^ 2 / 2) * exp (- (sqrt 3 / 2 * r) ^ 2 / 2) = exp (- r ^ 2 / 2).
Proof.
  rewrite <- exp_plus. f_equal. replace ((sqrt 3 / 2 * r) ^ 2) with (sqrt 3 ^ 2 * (r / 2) ^ 2) by field.
  rewrite pow2_sqrt by lra. field.
Qed.

Lemma component_1_is : forall x y, component_1 u v w r x y = common x y * second v r y.
Proof.
  intros x y. unfold component_1, common, second.
  replace (y - sqrt 3 / 2 * r) with (y + - (sqrt 3 / 2 * r)) by ring. rewrite !density_shifted.
  replace (- (- (sqrt 3 / 2 * r) * y)) with (sqrt 3 / 2 * r * y) by ring.
  replace ((- (sqrt 3 / 2 * r)) ^ 2) with ((sqrt 3 / 2 * r) ^ 2) by ring. rewrite <- sides. ring.
Qed.

Lemma component_2_is : forall x y, component_2 u v w r x y = common x y * third w r y.
Proof.
  intros x y. unfold component_2, common, third. rewrite !density_shifted, <- sides. ring.
Qed.

Lemma transform_is : forall x y, transform_square u v w r x y = form u v w r x y.
Proof.
  intros x y. unfold transform_square, posterior_0, posterior_1, posterior_2, mixture.
  rewrite component_0_is, component_1_is, component_2_is. unfold form, of_parts.
  assert (Hf := common_positive x y). assert (Ha := first_positive x).
  assert (Hb := second_positive y). assert (Hc := third_positive y).
  set (f := common x y) in *. set (a := first u r x) in *. set (b := second v r y) in *. set (c := third w r y) in *.
  rewrite (Rpow_mult_distr (sqrt 3 / 2)). replace ((sqrt 3 / 2) ^ 2) with (3 / 4).
  - field. split; nra.
  - replace ((sqrt 3 / 2) ^ 2) with (sqrt 3 ^ 2 / 4) by field. rewrite pow2_sqrt; lra.
Qed.

Lemma of_parts_range : forall a b c, 0 < a -> 0 < b -> 0 < c -> 0 <= of_parts a b c <= 1.
Proof.
  intros a b c Ha Hb Hc. unfold of_parts. split.
  - generalize (pow2_ge_0 ((a - (b + c) / 2) / (a + b + c))) (pow2_ge_0 ((b - c) / (a + b + c))). lra.
  - replace (((a - (b + c) / 2) / (a + b + c)) ^ 2 + 3 / 4 * ((b - c) / (a + b + c)) ^ 2) with
      (1 - 3 * (a * b + b * c + a * c) / (a + b + c) ^ 2) by (field; lra).
    assert (0 <= 3 * (a * b + b * c + a * c) / (a + b + c) ^ 2); [|lra].
    apply Rdiv_le_0_compat; [nra|]. apply pow_lt. lra.
Qed.

(* It changes by at most 3 |t - t'| with t = (b + c) / (a + b + c). *)
Lemma of_parts_near : forall a a' b c, 0 < a -> a <= a' -> 0 < b -> 0 < c ->
  Rabs (of_parts a b c - of_parts a' b c) <= 3 * (1 - a / a').
Proof.
  intros a a' b c Ha Haa Hb Hc.
  set (t := (b + c) / (a + b + c)). set (t' := (b + c) / (a' + b + c)). set (q := 9 / 4 + 3 / 4 * ((b - c) / (b + c)) ^ 2).
  assert (Ht : 0 <= t <= 1). { unfold t. split; [apply Rdiv_le_0_compat; lra|apply Rle_div_l; lra]. }
  assert (Ht' : 0 <= t' <= 1). { unfold t'. split; [apply Rdiv_le_0_compat; lra|apply Rle_div_l; lra]. }
  assert (Hq : 0 <= q <= 3).
  { unfold q. assert (0 <= ((b - c) / (b + c)) ^ 2 <= 1); [|lra]. split; [apply pow2_ge_0|].
    replace (((b - c) / (b + c)) ^ 2) with (1 - 4 * (b * c) / (b + c) ^ 2) by (field; lra).
    assert (0 <= 4 * (b * c) / (b + c) ^ 2); [|lra]. apply Rdiv_le_0_compat; [nra|apply pow_lt; lra]. }
  replace (of_parts a b c - of_parts a' b c) with ((t - t') * (q * (t + t') - 3)) by (unfold of_parts, t, t', q; field; lra).
  assert (Hd : 0 <= t - t' <= 1 - a / a').
  { assert (Hm : 0 < (a + b + c) * (a' + b + c)) by (apply Rmult_lt_0_compat; lra).
    replace (t - t') with ((a' - a) * (b + c) / ((a + b + c) * (a' + b + c))) by (unfold t, t'; field; lra).
    replace (1 - a / a') with ((a' - a) / a') by (field; lra).
    split; [apply Rdiv_le_0_compat; [apply Rmult_le_pos; lra|exact Hm]|].
    apply Rle_div_l; [exact Hm|].
    replace ((a' - a) / a' * ((a + b + c) * (a' + b + c))) with
      ((a' - a) * (b + c) + (a' - a) * (a + (b + c) * (a + b + c) / a')) by (field; lra).
    assert (0 <= (b + c) * (a + b + c) / a') by (apply Rdiv_le_0_compat; [apply Rmult_le_pos|]; lra). nra. }
  rewrite Rabs_mult, (Rabs_pos_eq (t - t')) by lra.
  assert (Rabs (q * (t + t') - 3) <= 3) by (apply Rabs_le_between; nra).
  apply Rle_trans with ((t - t') * 3); [apply Rmult_le_compat_l; lra|lra].
Qed.

Lemma form_near : forall x x' y, Rabs (form u v w r x y - form u v w r x' y) <= 9 / 2 * Rabs r * Rabs (x - x').
Proof.
  assert (H : forall x x' y, first u r x <= first u r x' ->
    Rabs (form u v w r x y - form u v w r x' y) <= 9 / 2 * Rabs r * Rabs (x - x')).
  { intros x x' y H. unfold form.
    eapply Rle_trans; [apply of_parts_near; auto using first_positive, second_positive, third_positive|].
    replace (first u r x / first u r x') with (exp (3 / 2 * r * (x - x'))).
    - assert (E := exp_ineq1_le (3 / 2 * r * (x - x'))).
      assert (A := Rle_abs (- (r * (x - x')))). rewrite Rabs_Ropp, Rabs_mult in A. lra.
    - unfold first. replace (3 / 2 * r * (x - x')) with (3 / 2 * r * x + - (3 / 2 * r * x')) by ring.
      rewrite exp_plus, exp_Ropp. field. split; apply Rgt_not_eq; [apply exp_pos|exact Hu]. }
  intros x x' y. destruct (Rle_or_lt (first u r x) (first u r x')) as [L|L].
  - apply H, L.
  - rewrite Rabs_minus_sym, (Rabs_minus_sym x). apply H. lra.
Qed.

Lemma transform_near : forall x x' y,
  Rabs (transform_square u v w r x y - transform_square u v w r x' y) <= 9 / 2 * Rabs r * Rabs (x - x').
Proof. intros x x' y. rewrite !transform_is. apply form_near. Qed.

Lemma transform_continuous : forall x y, continuous (transform_square u v w r x) y.
Proof.
  intros x y. apply (continuous_ext (form u v w r x)); [intros z; symmetry; apply transform_is|].
  apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)).
  unfold form, of_parts, second, third. auto_derive.
  assert (Ha := first_positive x). assert (Hb := second_positive y). assert (Hc := third_positive y).
  unfold second, third in *. lra.
Qed.

Lemma transform_range : forall x y, 0 <= transform_square u v w r x y <= 1.
Proof.
  intros x y. rewrite transform_is. apply of_parts_range; auto using first_positive, second_positive, third_positive.
Qed.
End Three.

(* The mean over the plane of a function h between 0 and 1, as two integrals over the line, one inside the other. *)
Definition inner (h : R -> R -> R) (x y : R) : R := h x y * density y.
Definition outer (h : R -> R -> R) (x : R) : R := over_line (inner h x) * density x.
Definition rest_of (h : R -> R -> R) (x y : R) : R := 1 - h x y.

Section Averaged.
Variables (h : R -> R -> R) (K : R).
Hypotheses (h_continuous : forall x y, continuous (h x) y) (h_range : forall x y, 0 <= h x y <= 1).
Hypotheses (K_positive : 0 <= K) (h_near : forall x x' y, Rabs (h x y - h x' y) <= K * Rabs (x - x')).

Lemma inner_continuous : forall x y, continuous (inner h x) y.
Proof. intros x y. apply (continuous_mult (h x) density); [apply h_continuous|apply density_continuous]. Qed.

Lemma inner_range : forall x y, 0 <= inner h x y <= 1 * density y.
Proof. intros x y. unfold inner. generalize (h_range x y) (density_positive y). nra. Qed.

Lemma inner_converges : forall x, converges (inner h x) /\ 0 <= over_line (inner h x) <= 2.
Proof.
  intros x. destruct (line_of (inner h x) 1) as [C B].
  - intros y. apply inner_continuous.
  - lra.
  - intros y. rewrite Rabs_pos_eq; apply inner_range.
  - split; [exact C|]. apply Rabs_le_between in B. split; [|lra].
    eapply Rle_trans; [|apply (line_above _ 1 1); auto using inner_continuous, inner_range; lra].
    apply RInt_ge_0; [lra|apply integrable_of, inner_continuous|intros; apply inner_range].
Qed.

Lemma inner_near : forall x x', Rabs (over_line (inner h x) - over_line (inner h x')) <= 2 * K * Rabs (x - x').
Proof.
  intros x x'. rewrite <- line_minus by apply inner_converges.
  replace (2 * K * Rabs (x - x')) with (2 * (K * Rabs (x - x'))) by ring.
  apply line_of.
  - intros y. apply (continuous_minus (inner h x) (inner h x')); apply inner_continuous.
  - generalize (Rabs_pos (x - x')). nra.
  - intros y. unfold inner. rewrite <- Rmult_minus_distr_r, Rabs_mult, (Rabs_pos_eq (density y)) by (left; apply density_positive).
    apply Rmult_le_compat_r; [left; apply density_positive|apply h_near].
Qed.

Lemma inner_line_continuous : forall x, continuous (fun x => over_line (inner h x)) x.
Proof.
  intros x. apply filterlim_locally. intros eps.
  assert (Hd : 0 < eps / (2 * K + 1)) by (apply Rdiv_lt_0_compat; [apply cond_pos|lra]).
  exists (mkposreal _ Hd). intros x' Hx.
  unfold ball in *; simpl in *; unfold AbsRing_ball, abs, minus, plus, opp in *; simpl in *.
  fold (x' - x) in Hx. change (Rabs (over_line (inner h x') - over_line (inner h x)) < eps).
  eapply Rle_lt_trans; [apply inner_near|]. change (Rabs (x' - x) < eps / (2 * K + 1)) in Hx.
  apply Rle_lt_trans with (2 * K * (eps / (2 * K + 1))).
  - apply Rmult_le_compat_l; lra.
  - assert (He := cond_pos eps). apply Rlt_le_trans with ((2 * K + 1) * (eps / (2 * K + 1))); [|right; field; lra].
    apply Rmult_lt_compat_r; lra.
Qed.

Lemma outer_continuous : forall x, continuous (outer h) x.
Proof.
  intros x. apply (continuous_mult (fun x => over_line (inner h x)) density).
  - apply inner_line_continuous.
  - apply density_continuous.
Qed.

Lemma outer_range : forall x, 0 <= outer h x <= 2 * density x.
Proof. intros x. unfold outer. generalize (proj2 (inner_converges x)) (density_positive x). nra. Qed.

Lemma outer_converges : converges (outer h).
Proof.
  apply (line_of (outer h) 2); [apply outer_continuous|lra|]. intros x. rewrite Rabs_pos_eq; apply outer_range.
Qed.
End Averaged.

(* What is below h is above 1 - h, up to the mass of the density, which is 1. *)
Lemma density_converges : converges density.
Proof.
  apply (line_of density 1); [apply density_continuous|lra|]. intros x.
  rewrite Rabs_pos_eq by (left; apply density_positive). lra.
Qed.

Lemma mass_near_1 : 0 <= over_line density <= 1 + 1 / 10 ^ 10.
Proof.
  destruct (whole_line density 1 0 density_continuous Rle_0_1 (Rle_refl 0)) as [_ H].
  { intros x. rewrite Rabs_pos_eq by (left; apply density_positive). lra. }
  specialize (H 8 ltac:(lra)). apply Rabs_le_between in H.
  assert (I : 0 <= RInt density (- (8)) 8 - 1 / 2 <= 1 / 2 + 1 / 10 ^ 11) by (unfold density; integral with (i_prec 60, i_degree 10)).
  assert (D : 2 * (1 / 8 + 0) * density 8 <= 1 / 10 ^ 11) by (unfold density; interval).
  lra.
Qed.

Lemma over_line_ext : forall f g : R -> R, (forall x, f x = g x) -> over_line f = over_line g.
Proof. intros f g H. f_equal. apply functional_extensionality, H. Qed.

Lemma over_line_scaled : forall c f, converges f ->
  converges (fun x => c * f x) /\ over_line (fun x => c * f x) = c * over_line f.
Proof.
  intros c f Hf.
  assert (H : is_RInt_gen (V := R_NormedModule) (fun x => c * f x) (Rbar_locally m_infty) (Rbar_locally p_infty) (c * over_line f)).
  { apply (is_RInt_gen_scal (V := R_NormedModule) f c (over_line f)), (RInt_gen_correct (V := R_CompleteNormedModule)), Hf. }
  split.
  - exists (c * over_line f). exact H.
  - unfold over_line at 1. apply (is_RInt_gen_unique (V := R_CompleteNormedModule)). exact H.
Qed.

Lemma mean_below : forall h K c, (forall x y, continuous (h x) y) -> (forall x y, 0 <= h x y <= 1) -> 0 <= K ->
  (forall x x' y, Rabs (h x y - h x' y) <= K * Rabs (x - x')) ->
  c <= over_line (outer (rest_of h)) -> over_line (outer h) <= 1 + 3 / 10 ^ 10 - c.
Proof.
  intros h K c Hc Hr HK Hn H. assert (Ho := outer_converges h K Hc Hr HK Hn). assert (Hm := mass_near_1).
  assert (Hi : forall x, over_line (inner (rest_of h) x) = over_line density - over_line (inner h x)).
  { intros x. rewrite <- line_minus; [|apply density_converges|apply inner_converges; assumption].
    apply over_line_ext. intros y. unfold inner, rest_of. ring. }
  rewrite (over_line_ext _ (fun x => over_line density * density x - outer h x)) in H.
  2:{ intros x. unfold outer. rewrite Hi. ring. }
  destruct (over_line_scaled (over_line density) density density_converges) as [C E].
  rewrite (line_minus (fun x => over_line density * density x) (outer h) C Ho), E in H.
  set (N := over_line density) in *. assert (N * N <= 1 + 3 / 10 ^ 10) by nra. lra.
Qed.
