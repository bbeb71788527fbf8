
(* The posteriors in exponentials: a = u e^(3 r x / 2), b = v e^(s y), c = w e^(- s y), s = sqrt 3 r / 2. Their polynomials
   are those in the share t = (b + c) / (a + b + c) and in d = (b - c) / (b + c). *)
Definition first (u r x : R) : R := u * exp (3 / 2 * r * x).
Definition second (v r y : R) : R := v * exp (sqrt 3 / 2 * r * y).
Definition third (w r y : R) : R := w * exp (- (sqrt 3 / 2 * r * y)).
Definition share (u v w r x y : R) : R := (second v r y + third w r y) / (first u r x + second v r y + third w r y).
Definition apart (v w r y : R) : R := (second v r y - third w r y) / (second v r y + third w r y).

Definition smooth (p : R -> R -> R) : Prop :=
  (forall t d, 0 <= t <= 1 -> -1 <= d <= 1 -> Rabs (p t d) <= 1) /\
  (forall t t' d, 0 <= t <= 1 -> 0 <= t' <= 1 -> -1 <= d <= 1 -> Rabs (p t d - p t' d) <= 3 * Rabs (t - t')) /\
  (forall f g y, ex_derive f y -> ex_derive g y -> ex_derive (fun y => p (f y) (g y)) y).
Definition square (t d : R) : R := (1 - 3 / 2 * t) ^ 2 + 3 / 4 * (t * d) ^ 2.
Definition spread (t d : R) : R := 9 / 16 - 9 / 4 * (t - 1 / 2) ^ 2.
Definition rest (t d : R) : R := 3 / 4 * (t ^ 2 * (1 - d ^ 2)).
Definition skew (t d : R) : R := 2 / sqrt 3 * (spread t d * d).

Lemma near_by : forall a t t' q, a = (t - t') * q -> Rabs q <= 3 -> Rabs a <= 3 * Rabs (t - t').
Proof. intros a t t' q -> H. rewrite Rabs_mult, Rmult_comm. apply Rmult_le_compat_r; [apply Rabs_pos|exact H]. Qed.

Lemma square_unit : forall d, -1 <= d <= 1 -> 0 <= d ^ 2 <= 1.
Proof. intros d H. split; [apply pow2_ge_0|nra]. Qed.

Lemma square_smooth : smooth square.
Proof.
  split; [|split].
  - intros t d Ht Hd. unfold square. rewrite Rpow_mult_distr. assert (H := square_unit d Hd). apply Rabs_le_between. nra.
  - intros t t' d Ht Ht' Hd. assert (H := square_unit d Hd).
    apply (near_by _ _ _ (-3 + (9 / 4 + 3 / 4 * d ^ 2) * (t + t'))); [unfold square; field|]. apply Rabs_le_between. nra.
  - intros f g y Hf Hg. unfold square. auto_derive. tauto.
Qed.

Lemma spread_range : forall t d, 0 <= t <= 1 -> 0 <= spread t d <= 9 / 16.
Proof.
  intros t d Ht. unfold spread. assert (P : 0 <= t * (1 - t)) by (apply Rmult_le_pos; lra). assert (H := pow2_ge_0 (t - 1 / 2)). split; nra.
Qed.

Lemma spread_smooth : smooth spread.
Proof.
  split; [|split].
  - intros t d Ht _. assert (H := spread_range t d Ht). apply Rabs_le_between. lra.
  - intros t t' d Ht Ht' _. apply (near_by _ _ _ (9 / 4 * (1 - t - t'))); [unfold spread; field|]. apply Rabs_le_between. lra.
  - intros f g y Hf Hg. unfold spread. auto_derive. tauto.
Qed.

Lemma rest_smooth : smooth rest.
Proof.
  split; [|split].
  - intros t d Ht Hd. assert (H := square_unit d Hd). assert (T := square_unit t ltac:(lra)). unfold rest. apply Rabs_le_between. nra.
  - intros t t' d Ht Ht' Hd. assert (H := square_unit d Hd).
    apply (near_by _ _ _ (3 / 4 * ((1 - d ^ 2) * (t + t')))); [unfold rest; field|]. apply Rabs_le_between. nra.
  - intros f g y Hf Hg. unfold rest. auto_derive. tauto.
Qed.

Lemma skew_smooth : smooth skew.
Proof.
  assert (S : 0 < 2 / sqrt 3 <= 6 / 5) by (split; interval).
  assert (D : forall d, -1 <= d <= 1 -> - (6 / 5) <= 2 / sqrt 3 * d <= 6 / 5) by (intros d Hd; split; nra).
  split; [|split].
  - intros t d Ht Hd. specialize (D d Hd). unfold skew. assert (P := spread_range t d Ht).
    replace (2 / sqrt 3 * (spread t d * d)) with (spread t d * (2 / sqrt 3 * d)) by ring.
    set (c := 2 / sqrt 3 * d) in *. set (e := spread t d) in *. apply Rabs_le_between. nra.
  - intros t t' d Ht Ht' Hd. specialize (D d Hd).
    apply (near_by _ _ _ ((2 / sqrt 3 * d) * (9 / 4 * (1 - t - t')))); [unfold skew, spread; field; apply Rgt_not_eq, sqrt_lt_R0; lra|].
    set (c := 2 / sqrt 3 * d) in *. assert (Q : - (9 / 4) <= 9 / 4 * (1 - t - t') <= 9 / 4) by lra.
    set (e := 9 / 4 * (1 - t - t')) in *. apply Rabs_le_between. nra.
  - intros f g y Hf Hg. unfold skew, spread. auto_derive. tauto.
Qed.

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

Lemma posteriors_are : forall x y, let t := share u v w r x y in let d := apart v w r y in
  posterior_0 u v w r x y = 1 - t /\ posterior_1 u v w r x y = t * (1 + d) / 2 /\ posterior_2 u v w r x y = t * (1 - d) / 2.
Proof.
  intros x y. cbv zeta. unfold posterior_0, posterior_1, posterior_2, mixture, share, apart.
  rewrite component_0_is, component_1_is, component_2_is.
  assert (Hf := common_positive x y). assert (Ha := first_positive x).
  assert (Hb := second_positive y). assert (Hc := third_positive y).
  set (f := common x y) in *. set (a := first u r x) in *. set (b := second v r y) in *. set (c := third w r y) in *.
  repeat split; field; repeat split; nra.
Qed.

Lemma share_range : forall x y, 0 <= share u v w r x y <= 1.
Proof.
  intros x y. assert (Ha := first_positive x). assert (Hb := second_positive y). assert (Hc := third_positive y).
  unfold share. split; [apply Rdiv_le_0_compat; lra|apply Rle_div_l; lra].
Qed.

Lemma apart_range : forall y, -1 <= apart v w r y <= 1.
Proof.
  intros y. assert (Hb := second_positive y). assert (Hc := third_positive y).
  unfold apart. split; [apply Rle_div_r; lra|apply Rle_div_l; lra].
Qed.

Lemma share_near : forall x x' y, Rabs (share u v w r x y - share u v w r x' y) <= 3 / 2 * Rabs r * Rabs (x - x').
Proof.
  assert (H : forall x x' y, first u r x <= first u r x' ->
    Rabs (share u v w r x y - share u v w r x' y) <= 3 / 2 * Rabs r * Rabs (x - x')).
  { intros x x' y H. assert (Ha := first_positive x). assert (Ha' := first_positive x').
    assert (Hb := second_positive y). assert (Hc := third_positive y).
    apply Rle_trans with (1 - first u r x / first u r x').
    - unfold share. set (a := first u r x) in *. set (a' := first u r x') in *. set (s := second v r y + third w r y).
      assert (Hs : 0 < s) by (unfold s; lra). rewrite !Rplus_assoc. fold s.
      assert (Hm : 0 < (a + s) * (a' + s)) by (apply Rmult_lt_0_compat; lra).
      replace (s / (a + s) - s / (a' + s)) with ((a' - a) * s / ((a + s) * (a' + s))) by (field; lra).
      replace (1 - a / a') with ((a' - a) / a') by (field; lra).
      assert (0 <= (a' - a) * s) by (apply Rmult_le_pos; lra).
      rewrite Rabs_pos_eq by (apply Rdiv_le_0_compat; assumption). apply Rle_div_l; [exact Hm|].
      replace ((a' - a) / a' * ((a + s) * (a' + s))) with ((a' - a) * s + (a' - a) * (a + s * (a + s) / a')) by (field; lra).
      assert (0 <= s * (a + s) / a') by (apply Rdiv_le_0_compat; [apply Rmult_le_pos|]; lra). nra.
    - replace (first u r x / first u r x') with (exp (3 / 2 * r * (x - x'))).
      + assert (E := exp_ineq1_le (3 / 2 * r * (x - x'))).
        assert (A := Rle_abs (- (r * (x - x')))). rewrite Rabs_Ropp, Rabs_mult in A. lra.
      + unfold first. replace (3 / 2 * r * (x - x')) with (3 / 2 * r * x + - (3 / 2 * r * x')) by ring.
        rewrite exp_plus, exp_Ropp. field. split; apply Rgt_not_eq; [apply exp_pos|exact Hu]. }
  intros x x' y. destruct (Rle_or_lt (first u r x) (first u r x')) as [L|L].
  - apply H, L.
  - rewrite Rabs_minus_sym, (Rabs_minus_sym x). apply H. lra.
Qed.

(* A polynomial at a point. *)
Definition at_point (p : R -> R -> R) (x y : R) : R := p (share u v w r x y) (apart v w r y).

Section Point.
Variable p : R -> R -> R.
Hypothesis Hp : smooth p.

Lemma point_continuous : forall x y, continuous (at_point p x) y.
Proof.
  intros x y. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold at_point.
  assert (Ha := first_positive x). assert (Hb := second_positive y). assert (Hc := third_positive y).
  apply (proj2 (proj2 Hp)); unfold share, apart, second, third in *; auto_derive; lra.
Qed.

Lemma point_range : forall x y, Rabs (at_point p x y) <= 1.
Proof. intros x y. apply Hp; [apply share_range|apply apart_range]. Qed.

Lemma point_near : forall x x' y, Rabs (at_point p x y - at_point p x' y) <= 9 / 2 * Rabs r * Rabs (x - x').
Proof.
  intros x x' y. eapply Rle_trans; [apply (proj1 (proj2 Hp)); auto using share_range, apart_range|].
  assert (H := share_near x x' y). lra.
Qed.
End Point.

Lemma transform_is : transform_square u v w r = monomial 0 0 (at_point square).
Proof.
  apply mean_ext. intros x y. unfold transform_square, monomial, at_point, square.
  destruct (posteriors_are x y) as [-> [-> ->]].
  assert (S : sqrt 3 * sqrt 3 = 3) by (apply sqrt_sqrt; lra). set (s := sqrt 3) in *.
  set (t := share u v w r x y). set (d := apart v w r y). field [S].
Qed.

Lemma curvatures_are : curvature_xx u v w r = (fun x y => monomial 0 0 (fun _ _ => 1) x y + -1 * monomial 2 0 (at_point spread) x y +
    -1 / 3 * monomial 0 2 (at_point spread) x y + -1 * monomial 0 2 (at_point rest) x y + 1 * monomial 1 1 (at_point skew) x y) /\
  curvature_yy u v w r = (fun x y => monomial 0 0 (fun _ _ => 1) x y + -1 / 3 * monomial 2 0 (at_point spread) x y +
    -1 * monomial 0 2 (at_point spread) x y + -1 * monomial 2 0 (at_point rest) x y + -1 * monomial 1 1 (at_point skew) x y) /\
  curvature_xy u v w r = (fun x y => monomial 1 1 (at_point rest) x y + -2 / 3 * monomial 1 1 (at_point spread) x y +
    -1 / 2 * monomial 2 0 (at_point skew) x y + 1 / 2 * monomial 0 2 (at_point skew) x y + 0 * monomial 1 1 (at_point rest) x y).
Proof.
  repeat split; apply mean_ext; intros x y;
    unfold curvature_xx, curvature_yy, curvature_xy, averaged, x_1, x_2, y_1, y_2, monomial, at_point, skew, rest, spread;
    destruct (posteriors_are x y) as [-> [-> ->]];
    assert (S : sqrt 3 * sqrt 3 = 3) by (apply sqrt_sqrt; lra);
    assert (N : sqrt 3 <> 0) by (apply Rgt_not_eq, sqrt_lt_R0; lra); set (s := sqrt 3) in *;
    set (t := share u v w r x y); set (d := apart v w r y); clearbody s t d; field [S]; exact N.
Qed.
End Three.
