
Definition sums (value : I.type -> I.type -> I.type) : I.type -> I.type -> I.type -> I.type -> list (moments * moments) :=
  rows value scale step start masses_of_grid.
Definition parts : Z := 1000000000.
Definition between (i : I.type) (low high : Z) : bool :=
  match I.sign_large (I.sub precision i (quotient low parts)), I.sign_large (I.sub precision (quotient high parts) i) with
  | Xgt, Xgt => true
  | _, _ => false
  end.

(* The polynomials, enclosed. *)
Definition square_value (t d : I.type) : I.type :=
  I.add precision (I.sqr precision (I.sub precision (integer 1) (I.mul precision (quotient 3 2) t)))
    (I.mul precision (quotient 3 4) (I.sqr precision (I.mul precision t d))).

Lemma constant_in : forall n d, (0 < d)%Z -> IZR n / IZR d lies_in quotient n d.
Proof. intros n d Hd. apply in_quotient; auto using integer_in. apply Rgt_not_eq, IZR_lt. lia. Qed.

Lemma between_correct : forall x i low high, x lies_in i -> between i low high = true ->
  IZR low / IZR parts <= x <= IZR high / IZR parts.
Proof.
  intros x i low high Hx H. unfold between in H.
  destruct (I.sign_large (I.sub precision i (quotient low parts))) eqn:L; try discriminate.
  destruct (I.sign_large (I.sub precision (quotient high parts) i)) eqn:U; try discriminate.
  generalize (not_below_zero _ _ (in_difference _ _ _ _ Hx (constant_in low parts eq_refl)) L)
    (not_below_zero _ _ (in_difference _ _ _ _ (constant_in high parts eq_refl) Hx) U). lra.
Qed.

Lemma square_in : forall t d it id, t lies_in it -> d lies_in id -> square t d lies_in square_value it id.
Proof.
  intros t d it id Ht Hd. apply in_sum.
  - apply in_square, in_difference; [apply (integer_in 1)|apply in_product; [apply (constant_in 3 2 eq_refl)|exact Ht]].
  - apply in_product; [apply (constant_in 3 4 eq_refl)|apply in_square, in_product; assumption].
Qed.

Section Grid.
Variables (u v w r : R) (iu iv iw ir : I.type).
Hypotheses (Hu : 0 < u) (Hv : 0 < v) (Hw : 0 < w).
Hypotheses (Iu : u lies_in iu) (Iv : v lies_in iv) (Iw : w lies_in iw) (Ir : r lies_in ir).

Lemma sum_in : forall p value n m, smooth p -> (n <= 2)%nat -> (m <= 2)%nat ->
  (forall t d it id, t lies_in it -> d lies_in id -> p t d lies_in value it id) ->
  mean_exists (monomial n m (at_point u v w r p)) /\
  mean (monomial n m (at_point u v w r p)) lies_in sum_of bound n m (sums value iu iv iw ir).
Proof.
  intros. apply (sum_correct u v w r iu iv iw ir scale step start bound); try assumption; try reflexivity.
  - exact grid_is_heavy.
  - exact tails_of_grid.
Qed.

Lemma posterior_power_on_grid : forall low high, between (sum_of bound 0 0 (sums square_value iu iv iw ir)) low high = true ->
  mean_exists (transform_square u v w r) /\ IZR low / IZR parts <= posterior_power u v w r <= IZR high / IZR parts.
Proof.
  intros low high H. unfold posterior_power. rewrite transform_is by assumption.
  destruct (sum_in square square_value 0 0 square_smooth ltac:(lia) ltac:(lia) square_in) as [E M].
  split; [exact E|]. apply (between_correct _ _ _ _ M H).
Qed.
End Grid.
