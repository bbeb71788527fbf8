
(* Enclosures of the Fourier transform of weights, of which enclosures are given: the index n is j m modulo k, for the weights
   from w_j on. *)
Definition part_of_turn (k n : Z) : I.type :=
  I.mul precision (I.mul precision (integer 2) (I.pi precision)) (quotient n k).
Fixpoint enclosed_sum (f : I.type -> I.type) (k m n : Z) (weights : list I.type) : I.type :=
  match weights with
  | nil => integer 0
  | w :: rest => I.add precision (I.mul precision w (f (part_of_turn k n))) (enclosed_sum f k m (Z.modulo (n + m) k) rest)
  end.
Definition enclosed_power (k m : Z) (weights : list I.type) : I.type :=
  I.add precision (I.sqr precision (enclosed_sum (I.cos precision) k m 0 weights))
    (I.sqr precision (enclosed_sum (I.sin precision) k m 0 weights)).

Lemma turn_in : forall k n, (0 < k)%nat -> turn k n lies_in part_of_turn (Z.of_nat k) (Z.of_nat n).
Proof.
  intros k n Hk. unfold turn, part_of_turn. rewrite !INR_IZR_INZ. unfold Rdiv. rewrite Rmult_assoc.
  apply in_product; [apply in_product; [apply (integer_in 2)|apply I.pi_correct]|].
  apply in_quotient; [apply Rgt_not_eq, IZR_lt; lia|apply integer_in|apply integer_in].
Qed.

Lemma enclosed_sum_correct : forall (f : R -> R) (g : I.type -> I.type) k m,
  (forall x i, x lies_in i -> f x lies_in g i) ->
  (forall j n q, (j * m = n + q * k)%nat -> f (angle k j m) = f (turn k n)) -> (0 < k)%nat ->
  forall weights enclosures j, Forall2 (fun w i => w lies_in i) weights enclosures ->
  weighted_sum weights (fun j => f (angle k j m)) j lies_in
    enclosed_sum g (Z.of_nat k) (Z.of_nat m) (Z.of_nat ((j * m) mod k)) enclosures.
Proof.
  intros f g k m Hf Hperiod Hk weights enclosures j H. revert j.
  induction H as [|w i weights enclosures Hw H IH]; intros j; cbn [weighted_sum enclosed_sum]; [apply (integer_in 0)|].
  apply in_sum.
  - apply in_product; [exact Hw|]. rewrite (Hperiod j ((j * m) mod k)%nat (j * m / k)%nat).
    + apply Hf, turn_in, Hk.
    + rewrite (Nat.div_mod (j * m) k) at 1 by lia. lia.
  - replace ((Z.of_nat ((j * m) mod k) + Z.of_nat m) mod Z.of_nat k)%Z with (Z.of_nat ((S j * m) mod k)); [apply IH|].
    rewrite !Nat2Z.inj_mod, Z.add_mod_idemp_l by lia. f_equal. lia.
Qed.

Lemma enclosed_power_correct : forall weights enclosures m, (0 < length weights)%nat ->
  Forall2 (fun w i => w lies_in i) weights enclosures ->
  dft_power weights m lies_in enclosed_power (Z.of_nat (length weights)) (Z.of_nat m) enclosures.
Proof.
  intros weights enclosures m Hk H. unfold dft_power, real_part, imaginary_part, enclosed_power.
  assert (H0 : Z.of_nat ((0 * m) mod length weights) = 0%Z) by (rewrite Nat.mul_0_l, Nat.mod_0_l by lia; reflexivity).
  apply in_sum; apply in_square; rewrite <- H0.
  - apply enclosed_sum_correct; [|intros j n q; apply cos_angle, Hk|exact Hk|exact H].
    intros x i Hx. exact (I.cos_correct precision i (Xreal x) Hx).
  - apply enclosed_sum_correct; [|intros j n q; apply sin_angle, Hk|exact Hk|exact H].
    intros x i Hx. exact (I.sin_correct precision i (Xreal x) Hx).
Qed.

(* Both bounds at once, by computation. *)
Lemma power_between : forall weights enclosures m a b c d,
  Forall2 (fun w i => w lies_in i) weights enclosures -> (0 < length weights)%nat -> (0 < b)%Z -> (0 < d)%Z ->
  (let p := enclosed_power (Z.of_nat (length weights)) (Z.of_nat m) enclosures in
   (I.sign_large (I.sub precision p (quotient a b)), I.sign_large (I.sub precision (quotient c d) p)) = (Xgt, Xgt)) ->
  IZR a / IZR b <= dft_power weights m <= IZR c / IZR d.
Proof.
  intros weights enclosures m a b c d H Hk Hb Hd Hs. assert (P := enclosed_power_correct weights enclosures m Hk H).
  cbv zeta in Hs. injection Hs as Hlow Hhigh.
  assert (IZR b <> 0) by (apply Rgt_not_eq, IZR_lt; lia). assert (IZR d <> 0) by (apply Rgt_not_eq, IZR_lt; lia).
  assert (A : IZR a / IZR b lies_in quotient a b) by (apply in_quotient; auto using integer_in).
  assert (C : IZR c / IZR d lies_in quotient c d) by (apply in_quotient; auto using integer_in).
  generalize (not_below_zero _ _ (in_difference _ _ _ _ P A) Hlow) (not_below_zero _ _ (in_difference _ _ _ _ C P) Hhigh).
  lra.
Qed.

Ltac by_computation H :=
  apply (power_between _ _ _ _ _ _ _ H); [simpl; lia|reflexivity|reflexivity|vm_compute; reflexivity].
