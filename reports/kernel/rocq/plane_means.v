From Coq Require Import FunctionalExtensionality Lia.

(* Integrals over the line of bounded functions, with the weights 1, x and x^2 times the density. *)
Definition weight (n : nat) (x : R) : R := x ^ n * density x.
Definition unit (n i : nat) : R := if Nat.eqb n i then 1 else 0.
Definition tail_of (n : nat) (T : R) : R := 2 * tail (unit n 0) (unit n 1) (unit n 2) T T.

Ltac each n := destruct n as [|[|[|n]]]; [| | |lia].

Lemma weight_continuous : forall n x, continuous (weight n) x.
Proof.
  intros n x. apply (continuous_mult (fun x => x ^ n) density); [|apply density_continuous].
  apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). auto_derive. trivial.
Qed.

Lemma weight_size : forall n x, (n <= 2)%nat ->
  Rabs (weight n x) = (unit n 0 + unit n 1 * Rabs x + unit n 2 * x ^ 2) * density x.
Proof.
  intros n x Hn. unfold weight. rewrite Rabs_mult, (Rabs_pos_eq (density x)) by (left; apply density_positive). f_equal.
  rewrite <- RPow_abs. each n; unfold unit; simpl Nat.eqb; cbv iota; try ring. rewrite RPow_abs, Rabs_pos_eq by apply pow2_ge_0. ring.
Qed.

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

Lemma weighted_line : forall n f M, (n <= 2)%nat -> (forall x, continuous f x) -> (forall x, Rabs (f x) <= M) ->
  converges (fun x => f x * weight n x) /\ Rabs (over_line (fun x => f x * weight n x)) <= 3 * M /\
  forall T, 0 < T -> Rabs (over_line (fun x => f x * weight n x) - RInt (fun x => f x * weight n x) (- T) T) <= M * tail_of n T.
Proof.
  intros n f M Hn Hc Hf. assert (HM : 0 <= M) by (eapply Rle_trans; [apply Rabs_pos|apply (Hf 0)]).
  assert (U : forall i, 0 <= unit n i) by (intros i; unfold unit; destruct Nat.eqb; lra).
  assert (Hg : forall x, continuous (fun x => f x * weight n x) x).
  { intros x. apply (continuous_mult f (weight n)); [apply Hc|apply weight_continuous]. }
  destruct (whole_line_square (fun x => f x * weight n x) (M * unit n 0) (M * unit n 1) (M * unit n 2)) as [C H].
  - exact Hg.
  - apply Rmult_le_pos; auto.
  - apply Rmult_le_pos; auto.
  - apply Rmult_le_pos; auto.
  - intros x. rewrite Rabs_mult, weight_size by exact Hn.
    apply Rle_trans with (M * ((unit n 0 + unit n 1 * Rabs x + unit n 2 * x ^ 2) * density x)); [|right; ring].
    apply Rmult_le_compat_r; [|apply Hf]. rewrite <- weight_size by exact Hn. apply Rabs_pos.
  - assert (B : forall T, 0 < T -> Rabs (over_line (fun x => f x * weight n x) - RInt (fun x => f x * weight n x) (- T) T) <= M * tail_of n T).
    { intros T HT. replace (M * tail_of n T) with (2 * tail (M * unit n 0) (M * unit n 1) (M * unit n 2) T T).
      - apply H, HT.
      - unfold tail_of, tail. field. lra. }
    split; [exact C|split; [|exact B]]. specialize (B 1 Rlt_0_1). replace (- (1)) with (-1) in B by ring.
    assert (D : density 1 <= 1 / 4) by (unfold density; interval).
    assert (I : Rabs (RInt (fun x => f x * weight n x) (-1) 1) <= (1 - -1) * (M * (1 / 2))).
    { apply abs_RInt_le_const; [lra|apply integrable_of, Hg|]. intros x Hx. rewrite Rabs_mult.
      apply Rmult_le_compat; [apply Rabs_pos|apply Rabs_pos|apply Hf|]. unfold weight.
      assert (P := density_positive x). rewrite Rabs_mult, (Rabs_pos_eq (density x)) by lra.
      rewrite <- (Rmult_1_l (1 / 2)). apply Rmult_le_compat; [apply Rabs_pos|lra| |apply density_below].
      rewrite <- RPow_abs, <- (pow1 n). apply pow_incr. split; [apply Rabs_pos|]. apply Rabs_le_between. lra. }
    assert (T : Rabs (over_line (fun x => f x * weight n x)) <=
      Rabs (over_line (fun x => f x * weight n x) - RInt (fun x => f x * weight n x) (-1) 1) + Rabs (RInt (fun x => f x * weight n x) (-1) 1)).
    { eapply Rle_trans; [|apply Rabs_triang]. right. f_equal. ring. }
    assert (tail_of n 1 <= 2).
    { assert (P := density_positive 1). unfold tail_of, tail, unit. each n; simpl Nat.eqb; cbv iota; lra. }
    assert (M * tail_of n 1 <= M * 2) by (apply Rmult_le_compat_l; assumption). lra.
Qed.

Lemma over_line_ext : forall f g : R -> R, (forall x, f x = g x) -> over_line f = over_line g.
Proof. intros f g H. f_equal. apply functional_extensionality, H. Qed.

Lemma line_combined : forall f g c, converges f -> converges g ->
  converges (fun x => f x + c * g x) /\ over_line (fun x => f x + c * g x) = over_line f + c * over_line g.
Proof.
  intros f g c Hf Hg.
  assert (H : is_RInt_gen (V := R_NormedModule) (fun x => f x + c * g x) (Rbar_locally m_infty) (Rbar_locally p_infty)
    (over_line f + c * over_line g)).
  { apply (is_RInt_gen_plus (V := R_NormedModule) f (fun x => c * g x)); [|apply (is_RInt_gen_scal (V := R_NormedModule) g)];
      apply (RInt_gen_correct (V := R_CompleteNormedModule)); assumption. }
  split; [exists (over_line f + c * over_line g); exact H|].
  unfold over_line at 1. apply (is_RInt_gen_unique (V := R_CompleteNormedModule)). exact H.
Qed.

(* Means of sums are sums of means. *)
Lemma mean_combined : forall h g c, mean_exists h -> mean_exists g ->
  mean_exists (fun x y => h x y + c * g x y) /\ mean (fun x y => h x y + c * g x y) = mean h + c * mean g.
Proof.
  intros h g c [Hi Ho] [Gi Go].
  assert (E : forall x, inner (fun x y => h x y + c * g x y) x = fun y => inner h x y + c * inner g x y).
  { intros x. apply functional_extensionality. intros y. unfold inner. ring. }
  assert (O : outer (fun x y => h x y + c * g x y) = fun x => outer h x + c * outer g x).
  { apply functional_extensionality. intros x. unfold outer. rewrite E, (proj2 (line_combined _ _ c (Hi x) (Gi x))). ring. }
  unfold mean_exists, mean. rewrite O. destruct (line_combined _ _ c Ho Go) as [C L].
  split; [split; [|exact C]|exact L]. intros x. rewrite E. apply line_combined; auto.
Qed.

Lemma mean_ext : forall h g : R -> R -> R, (forall x y, h x y = g x y) -> h = g.
Proof. intros h g H. apply functional_extensionality. intros x. apply functional_extensionality, H. Qed.

(* The mean of x^n y^m F where |F| <= 1 changes by at most K |x - x'| in x. *)
Definition monomial (n m : nat) (F : R -> R -> R) (x y : R) : R := x ^ n * y ^ m * F x y.
Definition line_mean (m : nat) (F : R -> R -> R) (x : R) : R := over_line (fun y => F x y * weight m y).

Section Averaged.
Variables (F : R -> R -> R) (K : R) (n m : nat).
Hypotheses (Hn : (n <= 2)%nat) (Hm : (m <= 2)%nat).
Hypotheses (F_continuous : forall x y, continuous (F x) y) (F_range : forall x y, Rabs (F x y) <= 1).
Hypotheses (F_near : forall x x' y, Rabs (F x y - F x' y) <= K * Rabs (x - x')).

Lemma line_mean_near : forall x x', Rabs (line_mean m F x - line_mean m F x') <= 3 * K * Rabs (x - x').
Proof.
  intros x x'. unfold line_mean.
  assert (E := proj2 (line_combined _ _ (-1) (proj1 (weighted_line m (F x) 1 Hm (F_continuous x) (F_range x)))
    (proj1 (weighted_line m (F x') 1 Hm (F_continuous x') (F_range x'))))).
  replace (_ - _) with (over_line (fun y => F x y * weight m y) + -1 * over_line (fun y => F x' y * weight m y)) by ring.
  rewrite <- E, (over_line_ext _ (fun y => (F x y - F x' y) * weight m y)) by (intros y; ring).
  rewrite Rmult_assoc. apply (weighted_line m (fun y => F x y - F x' y)); [exact Hm| |intros y; apply F_near].
  intros y. apply (continuous_minus (F x) (F x')); apply F_continuous.
Qed.

Lemma line_mean_continuous : forall x, continuous (line_mean m F) x.
Proof.
  intros x. apply filterlim_locally. intros eps.
  assert (HK : 0 <= K).
  { assert (H := F_near 1 0 0). assert (P := Rabs_pos (F 1 0 - F 0 0)). rewrite Rminus_0_r, Rabs_R1 in H. lra. }
  assert (Hd : 0 < eps / (3 * K + 1)) by (apply Rdiv_lt_0_compat; [apply cond_pos|lra]).
  exists (mkposreal _ Hd). intros x' Hx.
  change (Rabs (x' - x) < eps / (3 * K + 1)) in Hx. change (Rabs (line_mean m F x' - line_mean m F x) < eps).
  eapply Rle_lt_trans; [apply line_mean_near|].
  apply Rle_lt_trans with (3 * K * (eps / (3 * K + 1))).
  - apply Rmult_le_compat_l; lra.
  - assert (He := cond_pos eps). apply Rlt_le_trans with ((3 * K + 1) * (eps / (3 * K + 1))); [|right; field; lra].
    apply Rmult_lt_compat_r; lra.
Qed.

Lemma line_mean_range : forall x, Rabs (line_mean m F x) <= 3.
Proof. intros x. rewrite <- (Rmult_1_r 3). apply (weighted_line m (F x) 1); auto. Qed.

Lemma monomial_mean : mean_exists (monomial n m F) /\ mean (monomial n m F) = over_line (fun x => line_mean m F x * weight n x).
Proof.
  assert (C : forall x, converges (fun y => F x y * weight m y)) by (intros x; apply (weighted_line m (F x) 1); auto).
  assert (I : forall x, inner (monomial n m F) x = fun y => 0 + x ^ n * (F x y * weight m y)).
  { intros x. apply functional_extensionality. intros y. unfold inner, monomial, weight. ring. }
  assert (Z : converges (fun _ => 0) /\ over_line (fun _ => 0) = 0).
  { assert (E : (fun _ : R => 0) = (fun y => F 0 y * weight m y + -1 * (F 0 y * weight m y))).
    { apply functional_extensionality. intros y. ring. }
    rewrite E. destruct (line_combined _ _ (-1) (C 0) (C 0)) as [A ->]. split; [exact A|ring]. }
  destruct Z as [Z Z0].
  assert (O : outer (monomial n m F) = fun x => line_mean m F x * weight n x).
  { apply functional_extensionality. intros x. unfold outer. rewrite I, (proj2 (line_combined _ _ _ Z (C x))), Z0.
    unfold line_mean, weight. ring. }
  unfold mean_exists, mean. rewrite O. split; [split|reflexivity].
  - intros x. rewrite I. apply line_combined; auto.
  - apply (weighted_line n (line_mean m F) 3); auto using line_mean_continuous, line_mean_range.
Qed.
End Averaged.

Lemma mean_of_five : forall h g1 g2 g3 g4 c1 c2 c3 c4,
  mean_exists h -> mean_exists g1 -> mean_exists g2 -> mean_exists g3 -> mean_exists g4 ->
  mean_exists (fun x y => h x y + c1 * g1 x y + c2 * g2 x y + c3 * g3 x y + c4 * g4 x y) /\
  mean (fun x y => h x y + c1 * g1 x y + c2 * g2 x y + c3 * g3 x y + c4 * g4 x y) =
    mean h + c1 * mean g1 + c2 * mean g2 + c3 * mean g3 + c4 * mean g4.
Proof.
  intros h g1 g2 g3 g4 c1 c2 c3 c4 H H1 H2 H3 H4. destruct (mean_combined h g1 c1 H H1) as [X1 M1].
  destruct (mean_combined _ g2 c2 X1 H2) as [X2 M2]. destruct (mean_combined _ g3 c3 X2 H3) as [X3 M3].
  destruct (mean_combined _ g4 c4 X3 H4) as [X4 M4]. cbv beta in *. rewrite M4, M3, M2, M1. split; [exact X4|reflexivity].
Qed.

(* The mass of the density is nearly 1. *)
Lemma unit_mean : mean_exists (monomial 0 0 (fun _ _ => 1)) /\ 1 - 1 / 10 ^ 6 <= mean (monomial 0 0 (fun _ _ => 1)) <= 1 + 1 / 10 ^ 6.
Proof.
  assert (C : forall x : R, continuous (fun _ : R => 1) x) by (intros; apply continuous_const).
  assert (A : forall x : R, Rabs 1 <= 1) by (intros; rewrite Rabs_R1; lra).
  destruct (monomial_mean (fun _ _ => 1) 0 0 0) as [E ->]; [lia|lia|intros; apply C|intros; apply A, 0| |].
  { intros. rewrite Rminus_diag, Rabs_R0. lra. }
  split; [exact E|]. unfold line_mean. destruct (weighted_line 0 (fun _ => 1) 1 ltac:(lia) C A) as [L [_ B]].
  specialize (B 8 ltac:(lra)). set (N := over_line (fun x => 1 * weight 0 x)) in *.
  assert (D : 1 * tail_of 0 8 <= 1 / 10 ^ 8) by (unfold tail_of, tail, unit, density; simpl Nat.eqb; cbv iota; interval).
  assert (I : - (1 / 10 ^ 7) <= RInt (fun x => 1 * weight 0 x) (- (8)) 8 - 1 <= 1 / 10 ^ 7).
  { rewrite (RInt_ext _ density) by (intros x _; apply (f_equal (fun y : R => y)); unfold weight; simpl; ring).
    assert (I : - (1 / 10 ^ 7) <= RInt density (- (8)) 8 - 1 <= 1 / 10 ^ 7); [|exact I].
    unfold density. integral with (i_prec 40, i_degree 6). }
  assert (S : over_line (fun x => N * weight 0 x) = N * N).
  { destruct (line_combined _ _ (-1) L L) as [LZ EZ]. destruct (line_combined _ _ N LZ L) as [_ EN]. rewrite EZ in EN. fold N in EN.
    transitivity (N + -1 * N + N * N); [|ring]. rewrite <- EN. apply over_line_ext. intros x. ring. }
  rewrite S. apply Rabs_le_between in B. assert (N - 1 <= 2 / 10 ^ 7) by lra. assert (- (2 / 10 ^ 7) <= N - 1) by lra.
  set (e := N - 1) in *. replace N with (1 + e) by (unfold e; ring). split; nra.
Qed.
