From Coq Require Import Reals Lra Lia List.
Require Import Statement.
Import ListNotations.
Open Scope R_scope.

(* Sums of cosines and sines in arithmetic progression, times 2 sin(t / 2), telescope. *)
Lemma cosine_step : forall t x, 2 * sin (t / 2) * cos x = sin (x + t / 2) - sin (x - t / 2).
Proof. intros t x. rewrite sin_plus, sin_minus. ring. Qed.

Lemma sine_step : forall t x, 2 * sin (t / 2) * sin x = cos (x - t / 2) - cos (x + t / 2).
Proof. intros t x. rewrite cos_plus, cos_minus. ring. Qed.

Lemma angle_multiple : forall k j m, angle k j m = INR j * (2 * PI * INR m / INR k).
Proof. intros k j m. unfold angle. rewrite mult_INR. unfold Rdiv. ring. Qed.

Lemma cosine_sum : forall k m w n j, let t := 2 * PI * INR m / INR k in
  2 * sin (t / 2) * weighted_sum (repeat w n) (fun j => cos (angle k j m)) j =
  w * (sin (INR (j + n) * t - t / 2) - sin (INR j * t - t / 2)).
Proof.
  intros k m w n. induction n as [|n IH]; intros j t; simpl repeat; cbn [weighted_sum].
  - rewrite Nat.add_0_r. ring.
  - rewrite Rmult_plus_distr_l. specialize (IH (S j)). cbv zeta in IH. fold t in IH. rewrite IH.
    rewrite angle_multiple. fold t. replace (S j + n)%nat with (j + S n)%nat by lia.
    replace (2 * sin (t / 2) * (w * cos (INR j * t))) with (w * (2 * sin (t / 2) * cos (INR j * t))) by ring.
    rewrite cosine_step, S_INR. replace ((INR j + 1) * t - t / 2) with (INR j * t + t / 2) by field. ring.
Qed.

Lemma sine_sum : forall k m w n j, let t := 2 * PI * INR m / INR k in
  2 * sin (t / 2) * weighted_sum (repeat w n) (fun j => sin (angle k j m)) j =
  w * (cos (INR j * t - t / 2) - cos (INR (j + n) * t - t / 2)).
Proof.
  intros k m w n. induction n as [|n IH]; intros j t; simpl repeat; cbn [weighted_sum].
  - rewrite Nat.add_0_r. ring.
  - rewrite Rmult_plus_distr_l. specialize (IH (S j)). cbv zeta in IH. fold t in IH. rewrite IH.
    rewrite angle_multiple. fold t. replace (S j + n)%nat with (j + S n)%nat by lia.
    replace (2 * sin (t / 2) * (w * sin (INR j * t))) with (w * (2 * sin (t / 2) * sin (INR j * t))) by ring.
    rewrite sine_step, S_INR. replace ((INR j + 1) * t - t / 2) with (INR j * t + t / 2) by field. ring.
Qed.

Lemma constant_sums : forall k m w, (1 <= m < k)%nat ->
  weighted_sum (repeat w k) (fun j => cos (angle k j m)) 0 = 0 /\
  weighted_sum (repeat w k) (fun j => sin (angle k j m)) 0 = 0.
Proof.
  intros k m w Hm. set (t := 2 * PI * INR m / INR k).
  assert (Hk : 0 < INR k) by (apply lt_0_INR; lia).
  assert (Hs : 0 < sin (t / 2)).
  { assert (Hpi := PI_RGT_0).
    assert (H : t / 2 = PI * (INR m / INR k)) by (unfold t; field; lra).
    assert (H0 : 0 < INR m / INR k) by (apply Rdiv_lt_0_compat; [apply lt_0_INR; lia|lra]).
    assert (H1 : INR m / INR k < 1).
    { apply Rmult_lt_reg_r with (INR k); [exact Hk|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_l by lra.
      rewrite Rmult_1_r. apply lt_INR. lia. }
    apply sin_gt_0; rewrite H; nra. }
  assert (Hturn : INR (0 + k) * t - t / 2 = - (t / 2) + 2 * INR m * PI).
  { unfold t. simpl (0 + k)%nat. field. lra. }
  assert (Hzero : INR 0 * t - t / 2 = - (t / 2)) by (simpl; ring).
  assert (Hc := cosine_sum k m w k 0). assert (Hi := sine_sum k m w k 0).
  cbv zeta in Hc, Hi. fold t in Hc, Hi. rewrite Hturn, Hzero in Hc, Hi.
  rewrite sin_period in Hc. rewrite cos_period in Hi.
  set (c := weighted_sum _ (fun j => cos (angle k j m)) 0) in *. set (s := weighted_sum _ (fun j => sin (angle k j m)) 0) in *.
  split; nra.
Qed.

(* One weight of its own: at every frequency but 0 only what it differs by from the others is left. *)
Lemma one_apart : forall h l n m, (1 <= m < S n)%nat -> dft_power (h :: repeat l n) m = (h - l) ^ 2.
Proof.
  intros h l n m Hm. unfold dft_power, real_part, imaginary_part. cbn [length]. rewrite repeat_length.
  destruct (constant_sums (S n) m l Hm) as [C S]. cbn [repeat weighted_sum] in *.
  assert (A : angle (Datatypes.S n) 0 m = 0) by (rewrite angle_multiple; simpl INR; ring).
  rewrite A in *. rewrite cos_0 in *. rewrite sin_0 in *.
  set (c := weighted_sum _ (fun j => cos _) 1) in *. set (s := weighted_sum _ (fun j => sin _) 1) in *.
  replace c with (- l) by lra. replace s with 0 by lra. ring.
Qed.
