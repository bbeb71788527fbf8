From Coq Require Import Reals Lra Lia List.
From Interval Require Import Tactic.
Require Import Statement.
Import ListNotations.
Open Scope R_scope.

(* The angle of n of k parts of a turn. *)
Definition turn (k n : nat) : R := 2 * PI * INR n / INR k.

Lemma turn_next : forall k n, turn k (S n) = turn k n + turn k 1.
Proof. intros k n. unfold turn. rewrite S_INR. change (INR 1) with 1. unfold Rdiv. ring. Qed.

Lemma angle_is : forall k j m n q, (0 < k)%nat -> (j * m = n + q * k)%nat -> angle k j m = turn k n + 2 * INR q * PI.
Proof.
  intros k j m n q Hk H. unfold angle, turn. rewrite H, plus_INR, mult_INR. field.
  apply not_0_INR. lia.
Qed.

Lemma cos_angle : forall k j m n q, (0 < k)%nat -> (j * m = n + q * k)%nat -> cos (angle k j m) = cos (turn k n).
Proof. intros k j m n q Hk H. rewrite (angle_is k j m n q Hk H). apply cos_period. Qed.

Lemma sin_angle : forall k j m n q, (0 < k)%nat -> (j * m = n + q * k)%nat -> sin (angle k j m) = sin (turn k n).
Proof. intros k j m n q Hk H. rewrite (angle_is k j m n q Hk H). apply sin_period. Qed.

Lemma turn_cos_next : forall k n, cos (turn k (S n)) = cos (turn k n) * cos (turn k 1) - sin (turn k n) * sin (turn k 1).
Proof. intros k n. rewrite turn_next. apply cos_plus. Qed.

Lemma turn_sin_next : forall k n, sin (turn k (S n)) = sin (turn k n) * cos (turn k 1) + cos (turn k n) * sin (turn k 1).
Proof. intros k n. rewrite turn_next. apply sin_plus. Qed.

Lemma by_multiples : forall x y a b p q : R, p = 0 -> q = 0 -> x = y + a * p + b * q -> x = y.
Proof. intros x y a b p q -> -> ->. ring. Qed.

Lemma turn_circle : forall k, sin (turn k 1) * sin (turn k 1) + cos (turn k 1) * cos (turn k 1) - 1 = 0.
Proof. intros k. generalize (sin2_cos2 (turn k 1)). unfold Rsqr. lra. Qed.

Lemma turn_reflected : forall k n i, (0 < k)%nat -> (n + i = k)%nat -> cos (turn k n) = cos (turn k i).
Proof.
  intros k n i Hk H. replace (turn k n) with (- turn k i + 2 * INR 1 * PI).
  - rewrite cos_period. apply cos_neg.
  - unfold turn. replace (INR n) with (INR k - INR i).
    + change (INR 1) with 1. field. apply not_0_INR. lia.
    + rewrite <- H, plus_INR. ring.
Qed.

(* The frequencies m and k - m have the same power. *)
Lemma angle_reflected : forall k j m n, (0 < k)%nat -> (m + n = k)%nat -> angle k j m = - angle k j n + 2 * INR j * PI.
Proof.
  intros k j m n Hk H. unfold angle. replace (INR (j * m)) with (INR j * INR k - INR (j * n)).
  - field. apply not_0_INR. lia.
  - rewrite <- H, !mult_INR, plus_INR. ring.
Qed.

Lemma weighted_sum_same : forall weights f g, (forall j, f j = g j) -> forall j, weighted_sum weights f j = weighted_sum weights g j.
Proof. intros weights f g H. induction weights as [|w rest IH]; intros j; simpl; [reflexivity|rewrite H, IH; reflexivity]. Qed.

Lemma weighted_sum_opposite : forall weights f g, (forall j, f j = - g j) ->
  forall j, weighted_sum weights f j = - weighted_sum weights g j.
Proof. intros weights f g H. induction weights as [|w rest IH]; intros j; simpl; [ring|rewrite H, IH; ring]. Qed.

Lemma power_reflected : forall weights m n, (0 < length weights)%nat -> (m + n = length weights)%nat ->
  dft_power weights m = dft_power weights n.
Proof.
  intros weights m n Hk H. unfold dft_power.
  assert (Hr : real_part weights m = real_part weights n).
  { apply weighted_sum_same. intros j. rewrite (angle_reflected _ j m n Hk H), cos_period. apply cos_neg. }
  assert (Hi : imaginary_part weights m = - imaginary_part weights n).
  { apply weighted_sum_opposite. intros j. rewrite (angle_reflected _ j m n Hk H), sin_period. apply sin_neg. }
  rewrite Hr, Hi. ring.
Qed.

Lemma power_not_negative : forall weights m, 0 <= dft_power weights m.
Proof. intros weights m. unfold dft_power. generalize (pow2_ge_0 (real_part weights m)) (pow2_ge_0 (imaginary_part weights m)). lra. Qed.

Lemma modulus_square : forall weights m, dft_modulus weights m ^ 2 = dft_power weights m.
Proof. intros weights m. unfold dft_modulus. rewrite <- Rsqr_pow2. apply Rsqr_sqrt, power_not_negative. Qed.

Lemma modulus_not_negative : forall weights m, 0 <= dft_modulus weights m.
Proof. intros weights m. apply sqrt_pos. Qed.

(* The least of several numbers. *)
Lemma least_below : forall f n m, (1 <= m <= S n)%nat -> least f n <= f m.
Proof.
  intros f n. induction n as [|n IH]; intros m Hm; simpl.
  - replace m with 1%nat by lia. apply Rle_refl.
  - destruct (Nat.eq_dec m (S (S n))) as [->|H]; [apply Rmin_r|].
    eapply Rle_trans; [apply Rmin_l|apply IH; lia].
Qed.

Lemma least_among : forall f n (bound : R), (forall m, (1 <= m <= S n)%nat -> bound <= f m) -> bound <= least f n.
Proof.
  intros f n bound. induction n as [|n IH]; intros H; simpl.
  - apply H; lia.
  - apply Rmin_glb; [apply IH; intros; apply H; lia|apply H; lia].
Qed.

Lemma gap_below : forall weights m, (2 <= length weights)%nat -> (1 <= m < length weights)%nat ->
  spectral_gap weights <= dft_power weights m.
Proof. intros weights m Hk Hm. apply least_below. lia. Qed.

Lemma gap_among : forall weights (bound : R), (2 <= length weights)%nat ->
  (forall m, (1 <= m < length weights)%nat -> bound <= dft_power weights m) -> bound <= spectral_gap weights.
Proof. intros weights bound Hk H. apply least_among. intros m Hm. apply H. lia. Qed.

(* Only the frequencies up to k / 2 need to be looked at. *)
Lemma gap_among_half : forall weights (bound : R), (2 <= length weights)%nat ->
  (forall m, (1 <= m)%nat -> (2 * m <= length weights)%nat -> bound <= dft_power weights m) -> bound <= spectral_gap weights.
Proof.
  intros weights bound Hk H. apply gap_among; [exact Hk|]. intros m Hm.
  destruct (Nat.le_gt_cases (2 * m) (length weights)) as [Hl|Hl]; [apply H; lia|].
  rewrite (power_reflected weights m (length weights - m)) by lia. apply H; lia.
Qed.

Lemma gap_case : forall weights, (2 <= length weights)%nat ->
  exists m, (1 <= m < length weights)%nat /\ spectral_gap weights = dft_power weights m.
Proof.
  intros weights Hk. unfold spectral_gap.
  assert (H : forall f n, exists m, (1 <= m <= S n)%nat /\ least f n = f m).
  { intros f n. induction n as [|n [m [Hm IH]]].
    - exists 1%nat. split; [lia|reflexivity].
    - simpl. unfold Rmin. destruct (Rle_dec (least f n) (f (S (S n)))).
      + exists m. split; [lia|exact IH].
      + exists (S (S n)). split; [lia|reflexivity]. }
  destruct (H (dft_power weights) (length weights - 2)%nat) as [m [Hm Heq]]. exists m. split; [lia|exact Heq].
Qed.
