
(* The Hessian's entries are sums of five terms, and its smaller eigenvalue is bounded by bounds on them. *)
Definition spread_value (t _ : I.type) : I.type :=
  I.sub precision (quotient 9 16) (I.mul precision (quotient 9 4) (I.sqr precision (I.sub precision t (quotient 1 2)))).
Definition rest_value (t d : I.type) : I.type :=
  I.mul precision (quotient 3 4) (I.mul precision (I.sqr precision t) (I.sub precision (integer 1) (I.sqr precision d))).
Definition skew_value (t d : I.type) : I.type :=
  I.mul precision (I.div precision (integer 2) (I.sqrt precision (integer 3))) (I.mul precision (spread_value t d) d).

(* A sum of five terms, the first with coefficient 1. *)
Definition entry (i : I.type) (c1 d1 : Z) (i1 : I.type) (c2 d2 : Z) (i2 : I.type) (c3 d3 : Z) (i3 : I.type) (c4 d4 : Z) (i4 : I.type)
  : I.type :=
  I.add precision (I.add precision (I.add precision (I.add precision i (I.mul precision (quotient c1 d1) i1))
    (I.mul precision (quotient c2 d2) i2)) (I.mul precision (quotient c3 d3) i3)) (I.mul precision (quotient c4 d4) i4).
Definition entries_between (a20 a02 a11 b20 b02 b11 c20 c02 c11 : I.type) (xx xx' yy yy' xy xy' : Z) : bool :=
  (between (entry (hull 999999 1000000 1000001 1000000) (-1) 1 a20 (-1) 3 a02 (-1) 1 b02 1 1 c11) xx xx' &&
   between (entry (hull 999999 1000000 1000001 1000000) (-1) 3 a20 (-1) 1 a02 (-1) 1 b20 (-1) 1 c11) yy yy' &&
   between (entry b11 (-2) 3 a11 (-1) 2 c20 1 2 c02 0 1 b11) xy xy')%bool.

Lemma spread_in : forall t d it id, t lies_in it -> d lies_in id -> spread t d lies_in spread_value it id.
Proof.
  intros t d it id Ht _. apply in_difference; [apply (constant_in 9 16 eq_refl)|]. apply in_product; [apply (constant_in 9 4 eq_refl)|].
  apply in_square, in_difference; [exact Ht|apply (constant_in 1 2 eq_refl)].
Qed.

Lemma rest_in : forall t d it id, t lies_in it -> d lies_in id -> rest t d lies_in rest_value it id.
Proof.
  intros t d it id Ht Hd. apply in_product; [apply (constant_in 3 4 eq_refl)|]. apply in_product; [apply in_square, Ht|].
  apply in_difference; [apply (integer_in 1)|apply in_square, Hd].
Qed.

Lemma skew_in : forall t d it id, t lies_in it -> d lies_in id -> skew t d lies_in skew_value it id.
Proof.
  intros t d it id Ht Hd. apply in_product.
  - apply in_quotient; [apply Rgt_not_eq, sqrt_lt_R0; lra|apply (integer_in 2)|apply (in_root 3)].
  - apply in_product; [apply spread_in with (id := id); assumption|exact Hd].
Qed.

Lemma entry_in : forall x0 i0 c1 d1 x1 i1 c2 d2 x2 i2 c3 d3 x3 i3 c4 d4 x4 i4,
  x0 lies_in i0 -> x1 lies_in i1 -> x2 lies_in i2 -> x3 lies_in i3 -> x4 lies_in i4 ->
  (0 < d1)%Z -> (0 < d2)%Z -> (0 < d3)%Z -> (0 < d4)%Z ->
  x0 + IZR c1 / IZR d1 * x1 + IZR c2 / IZR d2 * x2 + IZR c3 / IZR d3 * x3 + IZR c4 / IZR d4 * x4 lies_in
    entry i0 c1 d1 i1 c2 d2 i2 c3 d3 i3 c4 d4 i4.
Proof.
  intros. assert (K : forall n d x i, (0 < d)%Z -> x lies_in i -> IZR n / IZR d * x lies_in I.mul precision (quotient n d) i).
  { intros n d x i Hd Hx. apply in_product; [apply constant_in, Hd|exact Hx]. }
  apply in_sum; [|apply K; assumption]. apply in_sum; [|apply K; assumption].
  apply in_sum; [|apply K; assumption]. apply in_sum; [assumption|apply K; assumption].
Qed.

Lemma entries_correct : forall a20 a02 a11 b20 b02 b11 c20 c02 c11 i20 i02 i11 j20 j02 j11 k20 k02 k11 e xx xx' yy yy' xy xy',
  1 - 1 / 10 ^ 6 <= e <= 1 + 1 / 10 ^ 6 -> a20 lies_in i20 -> a02 lies_in i02 -> a11 lies_in i11 -> b20 lies_in j20 ->
  b02 lies_in j02 -> b11 lies_in j11 -> c20 lies_in k20 -> c02 lies_in k02 -> c11 lies_in k11 ->
  entries_between i20 i02 i11 j20 j02 j11 k20 k02 k11 xx xx' yy yy' xy xy' = true ->
  IZR xx / IZR parts <= e + -1 * a20 + -1 / 3 * a02 + -1 * b02 + 1 * c11 <= IZR xx' / IZR parts /\
  IZR yy / IZR parts <= e + -1 / 3 * a20 + -1 * a02 + -1 * b20 + -1 * c11 <= IZR yy' / IZR parts /\
  IZR xy / IZR parts <= b11 + -2 / 3 * a11 + -1 / 2 * c20 + 1 / 2 * c02 + 0 * b11 <= IZR xy' / IZR parts.
Proof.
  intros a20 a02 a11 b20 b02 b11 c20 c02 c11 i20 i02 i11 j20 j02 j11 k20 k02 k11 e xx xx' yy yy' xy xy' He A20 A02 A11 B20 B02 B11
    C20 C02 C11 H. apply andb_prop in H. destruct H as [H Hxy]. apply andb_prop in H. destruct H as [Hxx Hyy].
  assert (E : e lies_in hull 999999 1000000 1000001 1000000).
  { apply in_hull; [reflexivity|reflexivity|lra]. }
  split; [|split].
  - replace (_ + _ + _ + _ + _) with (e + -1 / 1 * a20 + -1 / 3 * a02 + -1 / 1 * b02 + 1 / 1 * c11) by field.
    apply (fun I => between_correct _ _ _ _ I Hxx). apply entry_in; auto; reflexivity.
  - replace (_ + _ + _ + _ + _) with (e + -1 / 3 * a20 + -1 / 1 * a02 + -1 / 1 * b20 + -1 / 1 * c11) by field.
    apply (fun I => between_correct _ _ _ _ I Hyy). apply entry_in; auto; reflexivity.
  - replace (_ + _ + _ + _ + _) with (b11 + -2 / 3 * a11 + -1 / 2 * c20 + 1 / 2 * c02 + 0 / 1 * b11) by field.
    apply (fun I => between_correct _ _ _ _ I Hxy). apply entry_in; auto; reflexivity.
Qed.

(* The smaller eigenvalue from bounds on the entries. *)
Lemma eigenvalue_between : forall p q h p0 p1 q0 q1 h0 h1 low high, p0 <= p <= p1 -> q0 <= q <= q1 -> h0 <= h <= h1 ->
  low <= p0 -> low <= q0 -> h0 ^ 2 <= (p0 - low) * (q0 - low) -> h1 ^ 2 <= (p0 - low) * (q0 - low) -> p1 <= high \/ q1 <= high ->
  low <= smaller_eigenvalue p q h <= high.
Proof.
  intros p q h p0 p1 q0 q1 h0 h1 low high Hp Hq Hh Lp Lq H0 H1 U. unfold smaller_eigenvalue.
  assert (G := pow2_ge_0 ((p - q) / 2)). assert (K := pow2_ge_0 h).
  assert (M : (p0 - low) * (q0 - low) <= (p - low) * (q - low)) by (apply Rmult_le_compat; lra).
  assert (S : sqrt (((p - q) / 2) ^ 2 + h ^ 2) <= (p + q) / 2 - low).
  { apply Rsqr_incr_0_var; [|lra]. rewrite Rsqr_sqrt by lra. unfold Rsqr. destruct (Rle_or_lt 0 h); nra. }
  assert (D : Rabs ((p - q) / 2) <= sqrt (((p - q) / 2) ^ 2 + h ^ 2)).
  { rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt. unfold Rsqr. lra. }
  assert (A := Rle_abs ((p - q) / 2)). assert (B := Rle_abs (- ((p - q) / 2))). rewrite Rabs_Ropp in B.
  destruct U; lra.
Qed.

Section Hessian.
Variables (u v w r : R) (iu iv iw ir : I.type).
Hypotheses (Hu : 0 < u) (Hv : 0 < v) (Hw : 0 < w).
Hypotheses (Iu : u lies_in iu) (Iv : v lies_in iv) (Iw : w lies_in iw) (Ir : r lies_in ir).

Lemma hessian_min_eigenvalue_on_grid : forall xx xx' yy yy' xy xy',
  (let a := sums spread_value iu iv iw ir in let b := sums rest_value iu iv iw ir in let c := sums skew_value iu iv iw ir in
    entries_between (sum_of bound 2 0 a) (sum_of bound 0 2 a) (sum_of bound 1 1 a) (sum_of bound 2 0 b) (sum_of bound 0 2 b)
      (sum_of bound 1 1 b) (sum_of bound 2 0 c) (sum_of bound 0 2 c) (sum_of bound 1 1 c) xx xx' yy yy' xy xy') = true ->
  (mean_exists (curvature_xx u v w r) /\ mean_exists (curvature_yy u v w r) /\ mean_exists (curvature_xy u v w r)) /\
  IZR xx / IZR parts <= mean (curvature_xx u v w r) <= IZR xx' / IZR parts /\
  IZR yy / IZR parts <= mean (curvature_yy u v w r) <= IZR yy' / IZR parts /\
  IZR xy / IZR parts <= mean (curvature_xy u v w r) <= IZR xy' / IZR parts.
Proof.
  intros xx xx' yy yy' xy xy' H.
  destruct (curvatures_are u v w r Hu Hv Hw) as [-> [-> ->]].
  destruct unit_mean as [E1 M1].
  assert (A := fun n m Hn Hm => sum_in u v w r iu iv iw ir Hu Hv Hw Iu Iv Iw Ir spread spread_value n m spread_smooth Hn Hm spread_in).
  assert (B := fun n m Hn Hm => sum_in u v w r iu iv iw ir Hu Hv Hw Iu Iv Iw Ir rest rest_value n m rest_smooth Hn Hm rest_in).
  assert (C := fun n m Hn Hm => sum_in u v w r iu iv iw ir Hu Hv Hw Iu Iv Iw Ir skew skew_value n m skew_smooth Hn Hm skew_in).
  destruct (A 2 0 ltac:(lia) ltac:(lia))%nat as [A20 a20]. destruct (A 0 2 ltac:(lia) ltac:(lia))%nat as [A02 a02].
  destruct (A 1 1 ltac:(lia) ltac:(lia))%nat as [A11 a11]. destruct (B 2 0 ltac:(lia) ltac:(lia))%nat as [B20 b20].
  destruct (B 0 2 ltac:(lia) ltac:(lia))%nat as [B02 b02]. destruct (B 1 1 ltac:(lia) ltac:(lia))%nat as [B11 b11].
  destruct (C 2 0 ltac:(lia) ltac:(lia))%nat as [C20 c20]. destruct (C 0 2 ltac:(lia) ltac:(lia))%nat as [C02 c02].
  destruct (C 1 1 ltac:(lia) ltac:(lia))%nat as [C11 c11].
  destruct (mean_of_five _ _ _ _ _ (-1) (-1 / 3) (-1) 1 E1 A20 A02 B02 C11) as [X MX].
  destruct (mean_of_five _ _ _ _ _ (-1 / 3) (-1) (-1) (-1) E1 A20 A02 B20 C11) as [Y MY].
  destruct (mean_of_five _ _ _ _ _ (-2 / 3) (-1 / 2) (1 / 2) 0 B11 A11 C20 C02 B11) as [Z MZ].
  split; [split; [exact X|split; [exact Y|exact Z]]|]. rewrite MX, MY, MZ.
  exact (entries_correct _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ M1 a20 a02 a11 b20 b02 b11 c20 c02 c11 H).
Qed.
End Hessian.

Ltac by_entries B :=
  unfold parts in B;
  destruct B as [X [Y Z]]; apply (eigenvalue_between _ _ _ _ _ _ _ _ _ _ _ X Y Z); first [lra | left; lra | right; lra].
