
Lemma density_right : forall r x, density (x - r) = density x * exp (- r ^ 2 / 2) * exp (r * x).
Proof.
  intros r x. unfold density.
  replace (- (x - r) ^ 2 / 2) with (- x ^ 2 / 2 + - r ^ 2 / 2 + r * x) by field.
  rewrite !exp_plus. unfold Rdiv. ring.
Qed.

Lemma density_left : forall r x, density (x + r) = density x * exp (- r ^ 2 / 2) * exp (- (r * x)).
Proof.
  intros r x. replace (x + r) with (x - - r) by ring. rewrite density_right.
  replace ((- r) ^ 2) with (r ^ 2) by ring. replace (- r * x) with (- (r * x)) by ring. reflexivity.
Qed.

Lemma factor_positive : forall r x, 0 < density x * exp (- r ^ 2 / 2).
Proof. intros r x. apply Rmult_lt_0_compat. apply density_positive. apply exp_pos. Qed.

(* Twice an exponent, as a square. *)
Lemma exp_double : forall r x, exp (2 * r * x) = exp (r * x) * exp (r * x).
Proof. intros r x. rewrite <- exp_plus. f_equal. ring. Qed.

Definition power_form (q r x : R) : R := (1 - 2 / (1 + q * exp (2 * r * x))) ^ 2 * (exp (- x ^ 2 / 2) / sqrt (2 * PI)).

(* The difference of the posteriors. *)
Lemma difference_is : forall w v q r x, 0 < w -> 0 < v -> q * v = w ->
  posterior_0 w v r x - posterior_1 w v r x = 1 - 2 / (1 + q * exp (2 * r * x)) /\
  posterior_0 w v r x + posterior_1 w v r x = 1.
Proof.
  intros w v q r x Hw Hv Hq. unfold posterior_0, posterior_1, mixture.
  rewrite density_right, density_left, exp_double, exp_Ropp.
  assert (He := exp_pos (r * x)). assert (Hf := factor_positive r x).
  set (f := density x * exp (- r ^ 2 / 2)) in *. set (e := exp (r * x)) in *.
  assert (Hpos : 0 < w * e * e + v) by (apply Rplus_lt_0_compat; [repeat apply Rmult_lt_0_compat|]; assumption).
  assert (Hq' : q = w / v) by (rewrite <- Hq; field; lra). rewrite Hq'.
  split; field; repeat split; try lra.
  all: apply Rgt_not_eq.
  all: try (replace (w * (f * e) * e + v * f) with (f * (w * e * e + v)) by ring; apply Rmult_lt_0_compat; assumption).
  all: try nra.
Qed.

Lemma difference_square : forall q r x, 0 < q -> 0 <= (1 - 2 / (1 + q * exp (2 * r * x))) ^ 2 <= 1.
Proof.
  intros q r x Hq. assert (H : 0 < q * exp (2 * r * x)) by (apply Rmult_lt_0_compat; [lra|apply exp_pos]).
  set (y := q * exp (2 * r * x)) in *.
  assert (H1 : 0 < / (1 + y) < 1).
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_lt_contravar; lra. }
  split; [apply pow2_ge_0|]. unfold Rdiv. nra.
Qed.

Lemma power_is : forall w v q r x, 0 < w -> 0 < v -> q * v = w -> power_integrand w v r x = power_form q r x.
Proof.
  intros w v q r x Hw Hv Hq. unfold power_integrand, power_form. rewrite (proj1 (difference_is w v q r x Hw Hv Hq)). reflexivity.
Qed.

Lemma power_form_continuous : forall q r x, 0 < q -> continuous (power_form q r) x.
Proof.
  intros q r x Hq. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold power_form. auto_derive.
  assert (H := exp_pos (2 * r * x)).
  apply Rgt_not_eq. apply Rplus_lt_0_compat; [lra|apply Rmult_lt_0_compat; lra].
Qed.

Lemma power_form_bound : forall q r x, 0 < q -> Rabs (power_form q r x) <= (1 + 0 * Rabs x) * density x.
Proof.
  intros q r x Hq. unfold power_form. fold (density x).
  rewrite Rmult_0_l, Rplus_0_r, Rmult_1_l, Rabs_mult, (Rabs_pos_eq (density x)) by (left; apply density_positive).
  rewrite <- (Rmult_1_l (density x)) at 2. apply Rmult_le_compat_r; [left; apply density_positive|].
  rewrite Rabs_pos_eq by apply pow2_ge_0. apply difference_square, Hq.
Qed.

(* A quantity from its integral between -T and T. *)
Definition beyond (T A B : R) : R := 2 * (A / T + B) * (exp (- T ^ 2 / 2) / sqrt (2 * PI)).

Lemma power_bounds : forall w v q r T lower upper, 0 < w -> 0 < v -> q * v = w -> 0 < T ->
  lower <= RInt (power_form q r) (- T) T <= upper ->
  converges (power_integrand w v r) /\ lower - beyond T 1 0 <= posterior_power w v r <= upper + beyond T 1 0.
Proof.
  intros w v q r T lower upper Hw Hv Hq HT HI.
  assert (Hq0 : 0 < q). { replace q with (w / v) by (rewrite <- Hq; field; lra). apply Rdiv_lt_0_compat; assumption. }
  assert (Heq : forall x, power_integrand w v r x = power_form q r x) by (intros x; apply power_is; assumption).
  destruct (whole_line (power_integrand w v r) 1 0) as [Hc Hb]; try lra.
  - intros x. apply (continuous_ext (power_form q r)); [intros y; symmetry; apply Heq|apply power_form_continuous, Hq0].
  - intros x. rewrite Heq. apply power_form_bound, Hq0.
  - split; [exact Hc|]. specialize (Hb T HT). rewrite (RInt_ext _ (power_form q r)) in Hb by (intros x _; apply Heq).
    fold (posterior_power w v r) in Hb. unfold beyond. unfold density in Hb.
    apply Rabs_le_between in Hb. lra.
Qed.

Definition curvature_form (q r x : R) : R :=
  (1 - (1 - (1 - 2 / (1 + q * exp (2 * r * x))) ^ 2) * x ^ 2) * (exp (- x ^ 2 / 2) / sqrt (2 * PI)).
Definition beyond_square (T : R) : R := 2 * (1 / T + 1 / T * (T ^ 2 + 2)) * (exp (- T ^ 2 / 2) / sqrt (2 * PI)).

Lemma curvature_bounds : forall w v q r T lower upper, 0 < w -> 0 < v -> q * v = w -> 0 < T ->
  lower <= RInt (curvature_form q r) (- T) T <= upper ->
  converges (curvature_integrand w v r) /\ lower - beyond_square T <= hessian_min_eigenvalue w v r <= upper + beyond_square T.
Proof.
  intros w v q r T lower upper Hw Hv Hq HT HI.
  assert (Hq0 : 0 < q). { replace q with (w / v) by (rewrite <- Hq; field; lra). apply Rdiv_lt_0_compat; assumption. }
  assert (Heq : forall x, curvature_integrand w v r x = curvature_form q r x).
  { intros x. unfold curvature_integrand, curvature_form. fold (density x). f_equal.
    destruct (difference_is w v q r x Hw Hv Hq) as [<- Hs].
    replace (posterior_1 w v r x) with (1 - posterior_0 w v r x) by lra. ring. }
  destruct (whole_line_square (curvature_integrand w v r) 1 0 1) as [Hc Hb]; try lra.
  - intros x. apply (continuous_ext (curvature_form q r)); [intros y; symmetry; apply Heq|].
    apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold curvature_form. auto_derive.
    assert (H := exp_pos (2 * r * x)). apply Rgt_not_eq. apply Rplus_lt_0_compat; [lra|apply Rmult_lt_0_compat; lra].
  - intros x. rewrite Heq. unfold curvature_form. fold (density x).
    rewrite Rabs_mult, (Rabs_pos_eq (density x)) by (left; apply density_positive).
    apply Rmult_le_compat_r; [left; apply density_positive|].
    assert (H := difference_square q r x Hq0). assert (Hx := pow2_ge_0 x). apply Rabs_le_between. split; nra.
  - split; [exact Hc|]. specialize (Hb T HT). rewrite (RInt_ext _ (curvature_form q r)) in Hb by (intros x _; apply Heq).
    fold (hessian_min_eigenvalue w v r) in Hb. unfold beyond_square. unfold tail, density in Hb.
    apply Rabs_le_between in Hb. lra.
Qed.

Definition divergence_form (w v r x : R) : R :=
  (r ^ 2 / 2 - ln (w * exp (r * x) + v * exp (- (r * x)))) * (exp (- x ^ 2 / 2) / sqrt (2 * PI)).

Lemma sum_positive : forall w v r x, 0 < w -> 0 < v -> 0 < w * exp (r * x) + v * exp (- (r * x)).
Proof. intros. apply Rplus_lt_0_compat; apply Rmult_lt_0_compat; auto using exp_pos. Qed.

Lemma divergence_is : forall w v r x, 0 < w -> 0 < v -> divergence_integrand w v r x = divergence_form w v r x.
Proof.
  intros w v r x Hw Hv. unfold divergence_integrand, divergence_form, mixture. fold (density x). f_equal.
  rewrite density_right, density_left.
  assert (Hs := sum_positive w v r x Hw Hv). assert (Hd := density_positive x). assert (Hr := exp_pos (- r ^ 2 / 2)).
  replace (w * _ + v * _) with (density x * (exp (- r ^ 2 / 2) * (w * exp (r * x) + v * exp (- (r * x))))) by ring.
  set (s := w * exp (r * x) + v * exp (- (r * x))) in *.
  replace (density x / _) with (/ (exp (- r ^ 2 / 2) * s)) by (field; lra).
  rewrite ln_Rinv by (apply Rmult_lt_0_compat; assumption). rewrite ln_mult, ln_exp by assumption. field.
Qed.

Lemma divergence_form_continuous : forall w v r x, 0 < w -> 0 < v -> continuous (divergence_form w v r) x.
Proof.
  intros w v r x Hw Hv. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold divergence_form.
  auto_derive. apply sum_positive; assumption.
Qed.

Lemma divergence_form_bound : forall w v r x, 0 < w -> 0 < v -> w + v = 1 -> 0 <= r ->
  Rabs (divergence_form w v r x) <= (r ^ 2 / 2 + r * Rabs x) * density x.
Proof.
  intros w v r x Hw Hv H1 Hr. unfold divergence_form. fold (density x).
  rewrite Rabs_mult, (Rabs_pos_eq (density x)) by (left; apply density_positive).
  apply Rmult_le_compat_r; [left; apply density_positive|].
  assert (Hx : - (r * Rabs x) <= r * x <= r * Rabs x).
  { assert (Ha := Rle_abs x). assert (Hb := Rle_abs (- x)). rewrite Rabs_Ropp in Hb. nra. }
  set (b := r * Rabs x) in *. set (y := r * x) in *.
  assert (Hmono : forall a c, a <= c -> exp a <= exp c).
  { intros a c [H| ->]; [left; apply exp_increasing, H|right; reflexivity]. }
  assert (Hlow := Hmono (- b) y ltac:(lra)). assert (Hlow' := Hmono (- b) (- y) ltac:(lra)).
  assert (Hupp := Hmono y b ltac:(lra)). assert (Hupp' := Hmono (- y) b ltac:(lra)).
  assert (Hs : exp (- b) <= w * exp y + v * exp (- y) <= exp b) by (split; nra).
  assert (Hln : - b <= ln (w * exp y + v * exp (- y)) <= b).
  { split; [rewrite <- (ln_exp (- b))|rewrite <- (ln_exp b)]; apply ln_le; try apply Hs; try apply exp_pos.
    eapply Rlt_le_trans; [apply exp_pos|apply Hs]. }
  assert (0 <= r ^ 2 / 2) by (assert (Hp := pow2_ge_0 r); lra).
  apply Rabs_le_between. lra.
Qed.

Lemma divergence_bounds : forall w v r T lower upper, 0 < w -> 0 < v -> w + v = 1 -> 0 <= r -> 0 < T ->
  lower <= RInt (divergence_form w v r) (- T) T <= upper ->
  converges (divergence_integrand w v r) /\
  lower - beyond T (r ^ 2 / 2) r <= kl_divergence w v r <= upper + beyond T (r ^ 2 / 2) r.
Proof.
  intros w v r T lower upper Hw Hv H1 Hr HT HI.
  assert (Heq : forall x, divergence_integrand w v r x = divergence_form w v r x)
    by (intros x; apply divergence_is; assumption).
  destruct (whole_line (divergence_integrand w v r) (r ^ 2 / 2) r) as [Hc Hb]; try lra.
  - intros x. apply (continuous_ext (divergence_form w v r)); [intros y; symmetry; apply Heq|].
    apply divergence_form_continuous; assumption.
  - assert (Hp := pow2_ge_0 r). lra.
  - intros x. rewrite Heq. apply divergence_form_bound; assumption.
  - split; [exact Hc|]. specialize (Hb T HT). rewrite (RInt_ext _ (divergence_form w v r)) in Hb by (intros x _; apply Heq).
    fold (kl_divergence w v r) in Hb. unfold beyond. unfold density in Hb.
    apply Rabs_le_between in Hb. lra.
Qed.
