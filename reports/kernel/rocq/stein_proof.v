From Coq Require Import FunctionalExtensionality.

(* What is below every multiple of the density far out is zero. *)
Lemma vanishes : forall y C, 0 <= C -> (forall n, 1 <= n -> Rabs y <= C * density n) -> y = 0.
Proof.
  intros y C HC H. destruct (Req_dec y 0) as [->|Hy]; [reflexivity|exfalso].
  assert (Ha := Rabs_pos_lt y Hy).
  destruct (density_small (Rabs y / (C + 1))) as [b [Hb Hs]]; [apply Rdiv_lt_0_compat; lra|].
  specialize (H (Rmax 1 b) (Rmax_l 1 b)). specialize (Hs (Rmax 1 b) (Rmax_r 1 b)).
  assert (Hd := density_positive (Rmax 1 b)).
  assert (C * density (Rmax 1 b) <= (C + 1) * density (Rmax 1 b)) by nra.
  assert ((C + 1) * density (Rmax 1 b) < (C + 1) * (Rabs y / (C + 1))) by (apply Rmult_lt_compat_l; lra).
  assert ((C + 1) * (Rabs y / (C + 1)) = Rabs y) by (field; lra). lra.
Qed.

Definition difference (q r x : R) : R := 1 - 2 / (1 + q * exp (2 * r * x)).

Lemma posteriors_apart : forall w v r x, 0 < w -> 0 < v ->
  posterior_0 w v r x - posterior_1 w v r x = difference (w / v) r x.
Proof. intros w v r x Hw Hv. apply difference_is; [exact Hw|exact Hv|field; lra]. Qed.

Section Step.
Variables q r : R.
Hypothesis Hq : 0 < q.

Lemma inner_positive : forall x, 0 < q * exp (2 * r * x).
Proof. intros x. apply Rmult_lt_0_compat; [exact Hq|apply exp_pos]. Qed.

Lemma difference_bound : forall x, - 1 <= difference q r x <= 1.
Proof.
  intros x. unfold difference. assert (H := inner_positive x). set (y := q * exp (2 * r * x)) in *.
  assert (H1 : 0 < / (1 + y) < 1).
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_lt_contravar; lra. }
  unfold Rdiv. lra.
Qed.

Lemma difference_derive : forall x, is_derive (difference q r) x (r * (1 - difference q r x ^ 2)).
Proof.
  intros x. assert (H := inner_positive x). unfold difference. auto_derive; [apply Rgt_not_eq; lra|].
  field. apply Rgt_not_eq; lra.
Qed.

Lemma difference_continuous : forall x, continuous (difference q r) x.
Proof.
  intros x. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). eexists. apply difference_derive.
Qed.

Definition first (x : R) : R := difference q r x * x * density x.
Definition second (x : R) : R := (1 - difference q r x ^ 2) * density x.
Definition squared (x : R) : R := difference q r x ^ 2 * density x.

Lemma first_continuous : forall x, continuous first x.
Proof.
  intros x. apply (continuous_mult (fun x => difference q r x * x) density); [|apply density_continuous].
  apply (continuous_mult (difference q r) (fun x : R => x)); [apply difference_continuous|apply continuous_id].
Qed.

Lemma squared_continuous : forall x, continuous squared x.
Proof.
  intros x. apply (continuous_mult (fun x => difference q r x ^ 2) density); [|apply density_continuous].
  apply (continuous_ext (fun x => difference q r x * difference q r x)); [intros y; simpl; ring|].
  apply (continuous_mult (difference q r) (difference q r)); apply difference_continuous.
Qed.

Lemma second_continuous : forall x, continuous second x.
Proof.
  intros x. apply (continuous_ext (fun x => density x - squared x)); [intros y; unfold second, squared; simpl; ring|].
  apply (continuous_minus density squared); [apply density_continuous|apply squared_continuous].
Qed.

Lemma absolute : forall a b x, - a <= b <= a -> Rabs (b * density x) <= a * density x.
Proof.
  intros a b x H. rewrite Rabs_mult, (Rabs_pos_eq (density x)) by (left; apply density_positive).
  apply Rmult_le_compat_r; [left; apply density_positive|]. apply Rabs_le_between. exact H.
Qed.

Lemma first_line : converges first /\ forall T, 0 < T -> Rabs (over_line first - RInt first (- T) T) <= 2 * (0 / T + 1) * density T.
Proof.
  apply whole_line; [apply first_continuous|lra|lra|]. intros x. apply absolute.
  assert (Hd := difference_bound x). assert (Ha := Rle_abs x). assert (Hb := Rle_abs (- x)). rewrite Rabs_Ropp in Hb.
  assert (Hc := Rabs_pos x). split; nra.
Qed.

Lemma square_bound : forall x, 0 <= difference q r x ^ 2 <= 1.
Proof. intros x. assert (Hd := difference_bound x). split; [apply pow2_ge_0|nra]. Qed.

Lemma second_line : converges second /\ forall T, 0 < T -> Rabs (over_line second - RInt second (- T) T) <= 2 * (1 / T + 0) * density T.
Proof.
  apply whole_line; [apply second_continuous|lra|lra|]. intros x. apply absolute. assert (H := square_bound x). lra.
Qed.

Lemma squared_line : converges squared /\ forall T, 0 < T -> Rabs (over_line squared - RInt squared (- T) T) <= 2 * (1 / T + 0) * density T.
Proof.
  apply whole_line; [apply squared_continuous|lra|lra|]. intros x. apply absolute. assert (H := square_bound x). lra.
Qed.

Lemma by_parts : forall T, 0 < T -> Rabs (RInt first (- T) T - r * RInt second (- T) T) <= 2 * density T.
Proof.
  intros T HT.
  assert (H : is_RInt (fun x => first x - r * second x) (- T) T
    (- (difference q r T * density T) - - (difference q r (- T) * density (- T)))).
  { apply (is_RInt_derive (fun x => - (difference q r x * density x)) (fun x => first x - r * second x)).
    - intros x _.
      assert (Hx : first x - r * second x =
        - ((r * (1 - difference q r x ^ 2)) * density x + difference q r x * (- x * density x))) by (unfold first, second; ring).
      rewrite Hx. apply (is_derive_opp (fun x => difference q r x * density x)).
      apply (is_derive_mult (difference q r) density); [apply difference_derive|apply density_derive|].
      intros; apply Rmult_comm.
    - intros x _. apply (continuous_minus first (fun x => r * second x)); [apply first_continuous|].
      apply (continuous_mult (fun _ => r) second); [apply continuous_const|apply second_continuous]. }
  assert (H' : is_RInt (fun x => first x - r * second x) (- T) T (RInt first (- T) T - r * RInt second (- T) T)).
  { apply (is_RInt_minus first (fun x => r * second x)).
    - apply (RInt_correct first), integrable_of, first_continuous.
    - apply (is_RInt_scal second _ _ r), (RInt_correct second), integrable_of, second_continuous. }
  apply (is_RInt_unique (V := R_CompleteNormedModule)) in H. apply (is_RInt_unique (V := R_CompleteNormedModule)) in H'.
  rewrite <- H', H, density_even.
  assert (H1 := difference_bound T). assert (H2 := difference_bound (- T)). assert (Hd := density_positive T).
  apply Rabs_le_between. split; nra.
Qed.

Lemma stein : over_line first = r * over_line second.
Proof.
  apply Rminus_diag_uniq, (vanishes _ (4 + 2 * Rabs r)); [assert (H := Rabs_pos r); lra|]. intros n Hn.
  assert (H1 := proj2 first_line n ltac:(lra)). assert (H2 := proj2 second_line n ltac:(lra)). assert (H3 := by_parts n ltac:(lra)).
  assert (Hd := density_positive n).
  assert (Hi : 1 / n <= 1). { unfold Rdiv. rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; lra. }
  replace (2 * (0 / n + 1) * density n) with (2 * density n) in H1 by (unfold Rdiv; ring).
  assert (H2' : Rabs (over_line second - RInt second (- n) n) <= 2 * density n) by nra.
  replace (over_line first - r * over_line second) with
    ((over_line first - RInt first (- n) n) + (RInt first (- n) n - r * RInt second (- n) n) +
     - (r * (over_line second - RInt second (- n) n))) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, Rabs_mult.
  assert (Ht := Rabs_triang (over_line first - RInt first (- n) n) (RInt first (- n) n - r * RInt second (- n) n)).
  assert (Hr := Rabs_pos r). nra.
Qed.

Lemma density_line : converges density /\ forall T, 0 < T -> Rabs (over_line density - RInt density (- T) T) <= 2 * (1 / T + 0) * density T.
Proof.
  apply whole_line; [apply density_continuous|lra|lra|]. intros x.
  rewrite Rabs_pos_eq by (left; apply density_positive). right. ring.
Qed.

Lemma split_line : over_line second = over_line density - over_line squared.
Proof.
  apply Rminus_diag_uniq, (vanishes _ 6); [lra|]. intros n Hn.
  assert (H1 := proj2 density_line n ltac:(lra)). assert (H2 := proj2 second_line n ltac:(lra)). assert (H3 := proj2 squared_line n ltac:(lra)).
  assert (Hd := density_positive n).
  assert (Hi : 1 / n <= 1). { unfold Rdiv. rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; lra. }
  assert (Hs : RInt second (- n) n = RInt density (- n) n - RInt squared (- n) n).
  { apply (is_RInt_unique (V := R_CompleteNormedModule)).
    apply (is_RInt_ext (fun x => minus (density x) (squared x))); [intros x _; unfold second, squared, minus, plus, opp; simpl; ring|].
    apply (is_RInt_minus density squared); [apply (RInt_correct density), integrable_of, density_continuous|].
    apply (RInt_correct squared), integrable_of, squared_continuous. }
  apply Rabs_le_between in H1. apply Rabs_le_between in H2. apply Rabs_le_between in H3. apply Rabs_le_between. nra.
Qed.
End Step.

(* The density integrates to 1: the square of the integral up to t, plus an integral over [0, 1], does not depend on t. *)
Definition bell (x : R) : R := exp (- x ^ 2 / 2).
Definition area (t : R) : R := RInt bell 0 t.
Definition wedge (u x : R) : R := exp (- u ^ 2 * (1 + x ^ 2) / 2) / (1 + x ^ 2).
Definition rest (t : R) : R := RInt (wedge t) 0 1.

Lemma positive_square : forall x, 0 < 1 + x ^ 2.
Proof. intros x. assert (H := pow2_ge_0 x). lra. Qed.

Lemma bell_continuous : forall x, continuous bell x.
Proof.
  intros x. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold bell. auto_derive. trivial.
Qed.

Lemma wedge_continuous : forall u x, continuous (wedge u) x.
Proof.
  intros u x. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold wedge. auto_derive.
  apply Rgt_not_eq. assert (H := positive_square x). simpl in H. simpl. lra.
Qed.

Lemma area_derive : forall t : R, is_derive area t (bell t).
Proof.
  intros t. apply (is_derive_RInt bell area 0 t); [|apply bell_continuous].
  exists (mkposreal 1 Rlt_0_1). intros y _. apply (RInt_correct bell), integrable_of, bell_continuous.
Qed.

Lemma wedge_derive : forall u x : R, is_derive (fun u => wedge u x) u (- u * exp (- u ^ 2 * (1 + x ^ 2) / 2)).
Proof.
  intros u x. assert (H := positive_square x). unfold wedge. auto_derive; [trivial|].
  replace (- (u * (u * 1)) * (1 + x * (x * 1)) * / 2) with (- u ^ 2 * (1 + x ^ 2) / 2) by (simpl; field).
  field. simpl in H. apply Rgt_not_eq; lra.
Qed.

Lemma rest_derive : forall t : R, is_derive rest t (- bell t * area t).
Proof.
  intros t.
  replace (- bell t * area t) with (RInt (fun x => Derive (fun u => wedge u x) t) 0 1).
  - apply (is_derive_RInt_param wedge 0 1 t).
    + exists (mkposreal 1 Rlt_0_1). intros y _ x _. eexists. apply wedge_derive.
    + intros x _. apply (continuity_2d_pt_ext (fun u v => - u * exp (- u ^ 2 * (1 + v ^ 2) / 2))).
      { intros u v. symmetry. apply is_derive_unique, wedge_derive. }
      apply continuity_2d_pt_mult.
      * apply continuity_2d_pt_opp, continuity_2d_pt_id1.
      * apply (continuity_1d_2d_pt_comp exp (fun u v => - u ^ 2 * (1 + v ^ 2) / 2)).
        { apply derivable_continuous_pt, derivable_pt_exp. }
        unfold Rdiv. apply continuity_2d_pt_mult; [|apply continuity_2d_pt_const].
        simpl. repeat first [apply continuity_2d_pt_mult | apply continuity_2d_pt_plus | apply continuity_2d_pt_opp
          | apply continuity_2d_pt_id1 | apply continuity_2d_pt_id2 | apply continuity_2d_pt_const].
    + exists (mkposreal 1 Rlt_0_1). intros y _. apply integrable_of, wedge_continuous.
  - rewrite (RInt_ext _ (fun x => scal (- bell t) (scal t (bell (t * x + 0))))).
    2:{ intros x _. etransitivity; [exact (is_derive_unique _ _ _ (wedge_derive t x))|].
        change (- t * exp (- t ^ 2 * (1 + x ^ 2) / 2) = - bell t * (t * bell (t * x + 0))). unfold bell.
        replace (- t ^ 2 * (1 + x ^ 2) / 2) with (- t ^ 2 / 2 + - (t * x + 0) ^ 2 / 2) by field. rewrite exp_plus. ring. }
    assert (Hc : forall x, continuous (fun x => scal t (bell (t * x + 0))) x).
    { intros x. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold bell, scal; simpl; unfold mult; simpl.
      auto_derive. trivial. }
    rewrite (RInt_scal (fun x => scal t (bell (t * x + 0)))) by (apply integrable_of, Hc).
    assert (Hl := RInt_comp_lin bell t 0 0 1 (integrable_of bell bell_continuous _ _)).
    replace (t * 0 + 0) with 0 in Hl by ring. replace (t * 1 + 0) with t in Hl by ring.
    apply (f_equal (fun y : R => - bell t * y)). exact Hl.
Qed.

Lemma rest_start : rest 0 = PI / 4.
Proof.
  rewrite <- atan_1. replace (atan 1) with (minus (atan 1) (atan 0)) by (rewrite atan_0; unfold minus, plus, opp; simpl; ring).
  apply (is_RInt_unique (V := R_CompleteNormedModule)). apply (is_RInt_derive atan (wedge 0)).
  - intros x _. unfold wedge. replace (exp _ / _) with (/ (1 + Rsqr x)); [apply is_derive_atan|].
    unfold Rsqr. replace (x * x) with (x ^ 2) by ring. replace (- 0 ^ 2 * (1 + x ^ 2) / 2) with 0 by (simpl; field). rewrite exp_0. unfold Rdiv. ring.
  - intros x _. apply wedge_continuous.
Qed.

Lemma area_square : forall T, 0 < T -> area T ^ 2 + 2 * rest T = PI / 2.
Proof.
  intros T HT.
  replace (PI / 2) with (area 0 ^ 2 + 2 * rest 0).
  2:{ rewrite rest_start. unfold area. rewrite RInt_point. unfold zero; simpl. field. }
  symmetry. apply (eq_is_derive (fun t => area t ^ 2 + 2 * rest t) 0 T); [|exact HT].
  intros t _. assert (Ha := area_derive t). assert (Hr := rest_derive t).
  assert (Hzero : bell t * (2 * area t) + 2 * (- bell t * area t) = 0) by ring.
  change (is_derive (fun t : R => area t ^ 2 + 2 * rest t) t 0). rewrite <- Hzero.
  apply (is_derive_plus (fun t => area t ^ 2) (fun t => 2 * rest t)).
  - apply (is_derive_ext (fun t => area t * area t)); [intros y; simpl; ring|].
    replace (bell t * (2 * area t)) with (bell t * area t + area t * bell t) by ring.
    apply (is_derive_mult area area); [exact Ha|exact Ha|intros; apply Rmult_comm].
  - apply (is_derive_scal rest t 2). exact Hr.
Qed.

Lemma rest_small : forall T, 0 <= rest T <= bell T.
Proof.
  intros T. assert (Hb := exp_pos (- T ^ 2 / 2)). split.
  - apply (RInt_ge_0 (wedge T) 0 1); [lra|apply integrable_of, wedge_continuous|].
    intros x _. unfold wedge. left. apply Rdiv_lt_0_compat; [apply exp_pos|apply positive_square].
  - replace (bell T) with (RInt (fun _ => bell T) 0 1) by (rewrite RInt_const; unfold scal; simpl; unfold mult; simpl; ring).
    apply RInt_le; [lra|apply integrable_of, wedge_continuous|apply integrable_of; intros; apply continuous_const|].
    intros x _. unfold wedge, bell. assert (H := positive_square x). assert (Hx := pow2_ge_0 x). assert (HT := pow2_ge_0 T).
    apply Rle_trans with (exp (- T ^ 2 * (1 + x ^ 2) / 2)).
    + rewrite <- (Rmult_1_r (exp _)) at 2. unfold Rdiv at 1. apply Rmult_le_compat_l; [left; apply exp_pos|].
      rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
    + assert (Hle : - T ^ 2 * (1 + x ^ 2) / 2 <= - T ^ 2 / 2) by nra.
      destruct Hle as [Hlt|Heq]; [left; apply exp_increasing, Hlt|rewrite Heq; apply Rle_refl].
Qed.

Lemma density_symmetric : forall T, RInt density (- T) T = 2 * RInt density 0 T.
Proof.
  intros T. rewrite <- (chasles density density_continuous (- T) 0 T).
  assert (H := RInt_comp_lin density (- 1) 0 T 0 (integrable_of density density_continuous _ _)).
  replace (- 1 * T + 0) with (- T) in H by ring. replace (- 1 * 0 + 0) with 0 in H by ring. rewrite <- H.
  rewrite (RInt_ext _ (fun x => scal (- 1) (density x))).
  - rewrite (RInt_scal density) by (apply integrable_of, density_continuous).
    assert (Hs := chasles density density_continuous 0 T 0). rewrite RInt_point in Hs. unfold zero in Hs; simpl in Hs.
    unfold scal; simpl; unfold mult; simpl. lra.
  - intros x _. replace (- 1 * x + 0) with (- x) by ring. rewrite density_even. reflexivity.
Qed.

Lemma density_area : forall T, RInt density 0 T = / sqrt (2 * PI) * area T.
Proof.
  intros T. transitivity (RInt (fun x => scal (/ sqrt (2 * PI)) (bell x)) 0 T).
  - apply RInt_ext. intros x _. change (density x = / sqrt (2 * PI) * bell x). unfold density, bell, Rdiv. ring.
  - exact (RInt_scal bell 0 T (/ sqrt (2 * PI)) (integrable_of bell bell_continuous 0 T)).
Qed.

Lemma density_total : over_line density = 1.
Proof.
  assert (Hpi := PI_RGT_0). assert (Hroot : 0 < sqrt (2 * PI)) by (apply sqrt_lt_R0; lra).
  assert (Hsq : sqrt (2 * PI) * sqrt (2 * PI) = 2 * PI) by (apply sqrt_sqrt; lra).
  set (q := sqrt (2 * PI)) in *.
  apply Rminus_diag_uniq, (vanishes _ (2 + 4 * q / PI)).
  { assert (0 < 4 * q / PI) by (apply Rdiv_lt_0_compat; lra). lra. }
  intros n Hn. assert (H1 := proj2 density_line n ltac:(lra)). assert (H2 := area_square n ltac:(lra)).
  assert (H3 := rest_small n). assert (H4 := density_symmetric n). rewrite density_area in H4. fold q in H4.
  assert (Hd := density_positive n). assert (Hbell : bell n = q * density n) by (unfold bell, density; fold q; field; lra).
  assert (Hi : 1 / n <= 1). { unfold Rdiv. rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; lra. }
  assert (Ha : 0 <= area n).
  { apply (RInt_ge_0 bell 0 n); [lra|apply integrable_of, bell_continuous|]. intros x _. left. apply exp_pos. }
  set (m := RInt density (- n) n) in *. rewrite Hbell in H3.
  assert (Hm : m * m = 1 - 4 * rest n / PI).
  { rewrite H4. replace (2 * (/ q * area n) * (2 * (/ q * area n))) with (4 * area n ^ 2 / (q * q)) by (field; lra).
    rewrite Hsq. replace (area n ^ 2) with (PI / 2 - 2 * rest n) by lra. field. lra. }
  assert (Hm0 : 0 <= m). { rewrite H4. assert (0 < / q) by (apply Rinv_0_lt_compat; lra). nra. }
  assert (Hsmall : 0 <= 4 * rest n / PI <= 4 * q / PI * density n).
  { split; [apply Rdiv_le_0_compat; lra|]. unfold Rdiv. assert (0 < / PI) by (apply Rinv_0_lt_compat; lra). nra. }
  assert (Hclose : - (4 * q / PI * density n) <= m - 1 <= 0) by (split; nra).
  apply Rabs_le_between in H1. apply Rabs_le_between. nra.
Qed.

Theorem checked : claim.
Proof.
  intros w v r Hw Hv. assert (Hq : 0 < w / v) by (apply Rdiv_lt_0_compat; assumption).
  assert (H1 : forall x, step_integrand w v r x = first (w / v) r x).
  { intros x. unfold step_integrand, first. rewrite posteriors_apart by assumption. reflexivity. }
  assert (H2 : forall x, power_integrand w v r x = squared (w / v) r x).
  { intros x. unfold power_integrand, squared. rewrite posteriors_apart by assumption. reflexivity. }
  assert (E1 : step_integrand w v r = first (w / v) r) by (apply FunctionalExtensionality.functional_extensionality, H1).
  assert (E2 : power_integrand w v r = squared (w / v) r) by (apply FunctionalExtensionality.functional_extensionality, H2).
  unfold em_map, posterior_power. rewrite E1, E2.
  split; [apply first_line, Hq|split; [apply squared_line, Hq|]].
  rewrite (stein _ _ Hq), (split_line _ _ Hq), density_total. ring.
Qed.
