
(* Integrals over the cells of a grid. A cell's moments are enclosures of its integrals of the weights. *)
Definition moments : Type := (I.type * I.type * I.type)%type.
Definition moment (n : nat) (ms : moments) : I.type := match n with O => fst (fst ms) | S O => snd (fst ms) | _ => snd ms end.
Definition inside (step m : Z) (x : R) : Prop := IZR m / IZR step <= x <= IZR (m + 1) / IZR step.
Definition heavy (scale step m p : Z) : Prop :=
  IZR p / IZR scale <= RInt density (IZR m / IZR step) (IZR (m + 1) / IZR step) <= IZR (p + 8) / IZR scale.
Fixpoint chain {T : Type} (good : T -> R -> Prop) (step m : Z) (cells : list (moments * T)) : Prop :=
  match cells with
  | nil => True
  | (ms, t) :: rest =>
    (forall n, (n <= 2)%nat -> RInt (weight n) (IZR m / IZR step) (IZR (m + 1) / IZR step) lies_in moment n ms) /\
    (forall x, inside step m x -> good t x) /\ chain good step (m + 1) rest
  end.
Fixpoint masses (scale step m : Z) (ps : list Z) : Prop :=
  match ps with nil => True | p :: rest => heavy scale step m p /\ masses scale step (m + 1) rest end.
Fixpoint summed {T : Type} (f : T -> I.type) (cells : list T) : I.type :=
  match cells with nil => integer 0 | t :: rest => I.add precision (f t) (summed f rest) end.
Definition weighed {T : Type} (value : T -> I.type) (n : nat) (cells : list (moments * T)) : I.type :=
  summed (fun cell => I.mul precision (value (snd cell)) (moment n (fst cell))) cells.

(* The integral of 1 is known; those of x and x^2 are - density, and the integral of 1 less x times the density. *)
Definition density_at (step m : Z) : I.type :=
  I.div precision (I.exp precision (I.neg (I.div precision (I.sqr precision (quotient m step)) (integer 2))))
    (I.sqrt precision (I.mul precision (integer 2) (I.pi precision))).
Definition moments_of (scale step m p : Z) : moments :=
  let a := density_at step m in
  let b := density_at step (m + 1) in
  let mass := hull p scale (p + 8) scale in
  (mass, I.sub precision a b,
    I.add precision mass (I.sub precision (I.mul precision (quotient m step) a) (I.mul precision (quotient (m + 1) step) b))).
Fixpoint build {T : Type} (cell : Z -> T) (scale step m : Z) (ps : list Z) : list (moments * T) :=
  match ps with nil => nil | p :: rest => (moments_of scale step m p, cell m) :: build cell scale step (m + 1) rest end.

Lemma density_reflected : forall a b, RInt density (- b) (- a) = RInt density a b.
Proof.
  intros a b. symmetry. apply is_RInt_unique.
  apply (is_RInt_ext (fun y => opp (opp (density (- y))))).
  { intros x _. rewrite density_even. apply (opp_opp (density x)). }
  replace (RInt density (- b) (- a)) with (opp (RInt density (- a) (- b))).
  2:{ apply (opp_RInt_swap density (- a) (- b)), integrable_of, density_continuous. }
  apply (is_RInt_opp (fun y => opp (density (- y)))). apply (is_RInt_comp_opp density).
  apply (RInt_correct density), integrable_of, density_continuous.
Qed.

Lemma heavy_reflected : forall scale step m p, heavy scale step m p -> heavy scale step (- m - 1) p.
Proof.
  intros scale step m p H. unfold heavy. replace (- m - 1 + 1)%Z with (- m)%Z by lia.
  replace (- m - 1)%Z with (- (m + 1))%Z by lia. rewrite !opp_IZR, !Ropp_div, density_reflected. exact H.
Qed.

Lemma density_at_in : forall step m, (0 < step)%Z -> density (IZR m / IZR step) lies_in density_at step m.
Proof.
  intros step m Hs. assert (IZR step <> 0) by (apply Rgt_not_eq, IZR_lt; lia).
  unfold density, density_at. apply in_quotient.
  - apply Rgt_not_eq, sqrt_lt_R0. generalize PI_RGT_0. lra.
  - apply in_exponential. replace (- (IZR m / IZR step) ^ 2 / 2) with (- ((IZR m / IZR step) ^ 2 / 2)) by (field; assumption).
    apply in_opposite, in_quotient; [lra| |apply (integer_in 2)]. apply in_square, in_quotient; auto using integer_in.
  - apply (I.sqrt_correct precision _ (Xreal (2 * PI))), in_product; [apply (integer_in 2)|apply I.pi_correct].
Qed.

Lemma moments_in : forall scale step m p n, (0 < scale)%Z -> (0 < step)%Z -> (n <= 2)%nat -> heavy scale step m p ->
  RInt (weight n) (IZR m / IZR step) (IZR (m + 1) / IZR step) lies_in moment n (moments_of scale step m p).
Proof.
  intros scale step m p n Hc Hs Hn H.
  assert (M : RInt density (IZR m / IZR step) (IZR (m + 1) / IZR step) lies_in hull p scale (p + 8) scale) by (apply in_hull; assumption).
  assert (A := density_at_in step m Hs). assert (B := density_at_in step (m + 1) Hs).
  assert (IZR step <> 0) by (apply Rgt_not_eq, IZR_lt; lia).
  set (a := IZR m / IZR step) in *. set (b := IZR (m + 1) / IZR step) in *.
  assert (E0 : RInt (weight 0) a b = RInt density a b).
  { apply RInt_ext. intros x _. unfold weight. simpl. apply Rmult_1_l. }
  assert (D1 : is_RInt (weight 1) a b (density a - density b)).
  { replace (density a - density b) with (minus (- density b) (- density a)) by (unfold minus, plus, opp; simpl; ring).
    apply (is_RInt_derive (fun x => - density x) (weight 1)); [|intros; apply weight_continuous].
    intros x _. replace (weight 1 x) with (opp (- x * density x)) by (unfold weight, opp; simpl; ring).
    apply (is_derive_opp density), density_derive. }
  assert (D2 : is_RInt (fun x => weight 2 x - density x) a b (a * density a - b * density b)).
  { replace (a * density a - b * density b) with (minus (- (b * density b)) (- (a * density a))) by (unfold minus, plus, opp; simpl; ring).
    apply (is_RInt_derive (fun x => - (x * density x)) (fun x => weight 2 x - density x)).
    - intros x _. replace (weight 2 x - density x) with (opp (1 * density x + x * (- x * density x))) by (unfold weight, opp; simpl; ring).
      apply (is_derive_opp (fun x => x * density x)). apply (is_derive_mult (fun x : R => x) density).
      + apply (is_derive_id (K := R_AbsRing)).
      + apply density_derive.
      + intros; apply Rmult_comm.
    - intros x _. apply (continuous_minus (weight 2) density); [apply weight_continuous|apply density_continuous]. }
  assert (E2 : RInt (weight 2) a b = RInt density a b + (a * density a - b * density b)).
  { apply is_RInt_unique. apply (is_RInt_ext (fun x => plus (density x) (weight 2 x - density x))).
    - intros x _. change (density x + (weight 2 x - density x) = weight 2 x). ring.
    - apply (is_RInt_plus (V := R_NormedModule) density (fun x => weight 2 x - density x)); [|exact D2].
      apply (RInt_correct density), integrable_of, density_continuous. }
  each n; unfold moment, moments_of; cbn [fst snd].
  - rewrite E0. exact M.
  - rewrite (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ D1). apply in_difference; assumption.
  - rewrite E2. apply in_sum; [exact M|]. apply in_difference; apply in_product; try assumption; apply in_quotient; auto using integer_in.
Qed.

Lemma build_chain : forall (T : Type) (good : T -> R -> Prop) (cell : Z -> T) scale step ps m, (0 < scale)%Z -> (0 < step)%Z ->
  (forall i x, inside step i x -> good (cell i) x) -> masses scale step m ps -> chain good step m (build cell scale step m ps).
Proof.
  intros T good cell scale step ps m Hc Hs Hg. revert m. induction ps as [|p ps IH]; intros m H; simpl in *; [trivial|].
  split; [intros n Hn; apply moments_in; tauto|split; [intros x; apply Hg|apply IH, H]].
Qed.

Lemma build_length : forall (T : Type) (cell : Z -> T) scale step ps m, length (build cell scale step m ps) = length ps.
Proof. intros T cell scale step ps. induction ps as [|p ps IH]; intros m; simpl; [reflexivity|rewrite IH; reflexivity]. Qed.

Lemma mean_value : forall h g a b, a <= b -> (forall x, continuous h x) -> (forall x, continuous g x) ->
  (forall x, a <= x <= b -> 0 <= g x) ->
  exists z x1 x2, a <= x1 <= b /\ a <= x2 <= b /\ h x1 <= z <= h x2 /\ RInt (fun x => h x * g x) a b = z * RInt g a b.
Proof.
  intros h g a b Hab Hh Hg P.
  assert (Hp : forall c, a <= c <= b -> continuity_pt h c) by (intros c _; apply continuity_pt_filterlim, Hh).
  destruct (continuity_ab_maj h a b Hab Hp) as [x2 [H2 I2]]. destruct (continuity_ab_min h a b Hab Hp) as [x1 [H1 I1]].
  assert (Hi : forall x, continuous (fun x => h x * g x) x) by (intros x; apply (continuous_mult h g); auto).
  assert (S : forall c, RInt (fun x => c * g x) a b = c * RInt g a b).
  { intros c. apply (RInt_scal (V := R_CompleteNormedModule) g), integrable_of, Hg. }
  assert (Sc : forall c x, continuous (fun x => c * g x) x).
  { intros c x. apply (continuous_mult (fun _ => c) g); [apply continuous_const|apply Hg]. }
  assert (L : h x1 * RInt g a b <= RInt (fun x => h x * g x) a b).
  { rewrite <- S. apply RInt_le; [exact Hab|apply integrable_of, Sc|apply integrable_of, Hi|].
    intros x Hx. apply Rmult_le_compat_r; [apply P; lra|apply H1; lra]. }
  assert (U : RInt (fun x => h x * g x) a b <= h x2 * RInt g a b).
  { rewrite <- S. apply RInt_le; [exact Hab|apply integrable_of, Hi|apply integrable_of, Sc|].
    intros x Hx. apply Rmult_le_compat_r; [apply P; lra|apply H2; lra]. }
  assert (M : 0 <= RInt g a b) by (apply RInt_ge_0; [exact Hab|apply integrable_of, Hg|intros; apply P; lra]).
  destruct (Req_dec (RInt g a b) 0) as [Z|Z].
  - exists (h x1), x1, x2. rewrite Z in *. repeat split; try apply I1; try apply I2; try lra. apply H1, I2.
  - exists (RInt (fun x => h x * g x) a b / RInt g a b), x1, x2. repeat split; try apply I1; try apply I2.
    + apply Rle_div_r; lra.
    + apply Rle_div_l; lra.
    + unfold Rdiv. rewrite Rmult_assoc, Rinv_l by exact Z. symmetry. apply Rmult_1_r.
Qed.

Lemma enclosed_cell : forall h n step m vi mi, (n <= 2)%nat -> (0 < step)%Z -> (forall x, continuous h x) ->
  (forall x, inside step m x -> h x lies_in vi) -> RInt (weight n) (IZR m / IZR step) (IZR (m + 1) / IZR step) lies_in mi ->
  RInt (fun x => h x * weight n x) (IZR m / IZR step) (IZR (m + 1) / IZR step) lies_in I.mul precision vi mi.
Proof.
  intros h n step m vi mi Hn Hs Hh Hv Hm. assert (Ht : 0 < IZR step) by (apply IZR_lt; lia).
  set (a := IZR m / IZR step) in *. set (b := IZR (m + 1) / IZR step) in *.
  assert (Hab : a <= b). { apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Ht|]. apply IZR_le. lia. }
  assert (G : exists s, (s = 1 \/ s = -1) /\ forall x, a <= x <= b -> 0 <= s * weight n x).
  { destruct (Z_le_gt_dec 0 m) as [Z|Z].
    - exists 1. split; [tauto|]. intros x Hx. assert (0 <= a) by (apply Rdiv_le_0_compat; [apply IZR_le, Z|exact Ht]).
      rewrite Rmult_1_l. apply Rmult_le_pos; [apply pow_le; lra|left; apply density_positive].
    - exists ((-1) ^ n). split; [each n; simpl; lra|]. intros x Hx.
      assert (B : b <= 0).
      { unfold b, Rdiv. rewrite <- (Rmult_0_l (/ IZR step)). apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Ht|].
        apply (IZR_le _ 0). lia. }
      unfold weight. rewrite <- Rmult_assoc, <- Rpow_mult_distr.
      apply Rmult_le_pos; [apply pow_le; lra|left; apply density_positive]. }
  destruct G as [s [Hsign G]].
  assert (Hg : forall x, continuous (fun x => s * weight n x) x).
  { intros x. apply (continuous_mult (fun _ => s) (weight n)); [apply continuous_const|apply weight_continuous]. }
  destruct (mean_value h _ a b Hab Hh Hg G) as [z [x1 [x2 [I1 [I2 [Hz E]]]]]].
  assert (Q : RInt (fun x => h x * weight n x) a b = z * RInt (weight n) a b).
  { assert (S : forall f, (forall x, continuous f x) -> RInt (fun x => s * f x) a b = s * RInt f a b).
    { intros f Hf. apply (RInt_scal (V := R_CompleteNormedModule) f), integrable_of, Hf. }
    rewrite S in E by apply weight_continuous.
    rewrite (RInt_ext _ (fun x => s * (h x * weight n x))) in E
      by (intros x _; change (h x * (s * weight n x) = s * (h x * weight n x)); ring).
    rewrite S in E by (intros x; apply (continuous_mult h (weight n)); [apply Hh|apply weight_continuous]).
    destruct Hsign; subst s; lra. }
  rewrite Q. apply in_product; [|exact Hm].
  apply (contains_connected (I.convert vi) (h x1) (h x2)); [apply Hv; exact I1|apply Hv; exact I2|exact Hz].
Qed.

Lemma cells_in : forall (T : Type) (good : T -> R -> Prop) (value : T -> I.type) (h : R -> R) n step cells m, (n <= 2)%nat ->
  (0 < step)%Z -> (forall x, continuous h x) -> (forall t x, good t x -> h x lies_in value t) -> chain good step m cells ->
  RInt (fun x => h x * weight n x) (IZR m / IZR step) (IZR (m + Z.of_nat (length cells)) / IZR step) lies_in weighed value n cells.
Proof.
  intros T good value h n step cells m Hn Hs Hc Hv. revert m.
  assert (Hi : forall x, continuous (fun x => h x * weight n x) x).
  { intros x. apply (continuous_mult h (weight n)); [apply Hc|apply weight_continuous]. }
  unfold weighed. induction cells as [|[ms t] cells IH]; intros m H; cbn [summed length Z.of_nat].
  - rewrite Z.add_0_r, (RInt_point (V := R_CompleteNormedModule)). apply (integer_in 0).
  - destruct H as [Hm [Hx H]]. specialize (IH (m + 1)%Z H).
    replace (m + Z.pos (Pos.of_succ_nat (length cells)))%Z with (m + 1 + Z.of_nat (length cells))%Z by lia.
    rewrite <- (chasles _ Hi _ (IZR (m + 1) / IZR step)). apply in_sum; [|exact IH]. cbn [fst snd].
    apply enclosed_cell; auto.
Qed.

Lemma near_in : forall x y bound, (0 < bound)%Z -> y - 1 / IZR bound <= x <= y + 1 / IZR bound -> forall i, y lies_in i ->
  x lies_in I.add precision i (hull (-1) bound 1 bound).
Proof.
  intros x y bound Hb H i Hy. replace x with (y + (x - y)) by ring. apply in_sum; [exact Hy|].
  apply in_hull; try assumption. unfold Rdiv in *. lra.
Qed.

(* The checker: what is known in a cell of x, the first part; and in one of y, 1 / (b + c) and (b - c) / (b + c). *)
Definition cell_of (step m : Z) : I.type := hull m step (m + 1) step.
Definition exponential (rate radius : I.type) (step m : Z) : I.type :=
  I.exp precision (I.mul precision (I.mul precision rate radius) (cell_of step m)).
Definition across (u radius : I.type) (step m : Z) : I.type :=
  I.mul precision u (exponential (quotient 3 2) radius step m).
Definition half_root : I.type := I.div precision (I.sqrt precision (integer 3)) (integer 2).
Definition along (v w radius : I.type) (step m : Z) : I.type * I.type :=
  let g := exponential half_root radius step m in
  let s := I.inv precision (I.add precision (I.mul precision v g) (I.mul precision w (I.inv precision g))) in
  (* (b - c) / (b + c) = 1 - 2 / (1 + v / w g^2), which grows with g *)
  let q := I.mul precision (I.div precision v w) (I.sqr precision g) in
  (s, I.sub precision (integer 1) (I.div precision (integer 2) (I.add precision (integer 1) q))).
Definition share_of (a : I.type) (column : I.type * I.type) : I.type :=
  I.inv precision (I.add precision (integer 1) (I.mul precision a (fst column))).

(* For each row of cells the sums of a polynomial, weighed in three ways; and the sum of these. *)
Definition row (value : I.type -> I.type -> I.type) (columns : list (moments * (I.type * I.type))) (a : I.type) : moments :=
  let values := map (fun column => (fst column, value (share_of a (snd column)) (snd (snd column)))) columns in
  let total := fun m => weighed (fun value => value) m values in
  (total 0%nat, total 1%nat, total 2%nat).
Definition rows (value : I.type -> I.type -> I.type) (scale step m : Z) (ps : list Z) (u v w radius : I.type) :
  list (moments * moments) :=
  let columns := build (along v w radius step) scale step m ps in
  map (fun cell => (fst cell, row value columns (snd cell))) (build (across u radius step) scale step m ps).
Definition sum_of (bound : Z) (n m : nat) (cells : list (moments * moments)) : I.type :=
  I.add precision (weighed (fun sums => I.add precision (moment m sums) (hull (-1) bound 1 bound)) n cells) (hull (-1) bound 1 bound).

Lemma weighed_map : forall (T U : Type) (f : T -> U) (value : U -> I.type) n cells,
  weighed value n (map (fun cell => (fst cell, f (snd cell))) cells) = weighed (fun t => value (f t)) n cells.
Proof. intros T U f value n cells. unfold weighed. induction cells as [|cell cells IH]; cbn [map summed fst snd]; [reflexivity|]. rewrite IH. reflexivity. Qed.

Lemma row_moment : forall value columns a m, (m <= 2)%nat ->
  moment m (row value columns a) = weighed (fun column => value (share_of a column) (snd column)) m columns.
Proof.
  intros value columns a m Hm. unfold row. cbv zeta. each m; unfold moment; cbn [fst snd];
    apply (weighed_map _ _ (fun column => value (share_of a column) (snd column)) (fun value => value)).
Qed.

Section Checked.
Variables (u v w r : R) (iu iv iw ir : I.type) (scale step start bound : Z) (ps : list Z).
Hypotheses (Hu : 0 < u) (Hv : 0 < v) (Hw : 0 < w) (Hscale : (0 < scale)%Z) (Hstep : (0 < step)%Z) (Hbound : (0 < bound)%Z).
Hypotheses (Iu : u lies_in iu) (Iv : v lies_in iv) (Iw : w lies_in iw) (Ir : r lies_in ir).
Hypotheses (Hps : masses scale step start ps) (Hstart : (start < 0)%Z).
Hypotheses (Hends : (start + Z.of_nat (length ps) = - start)%Z).
Hypotheses (Htails : forall n, (n <= 2)%nat -> 3 * tail_of n (IZR (- start) / IZR step) <= 1 / IZR bound).

Definition good_across (a : I.type) (x : R) : Prop := first u r x lies_in a.
Definition good_along (column : I.type * I.type) (y : R) : Prop :=
  / (second v r y + third w r y) lies_in fst column /\ apart v w r y lies_in snd column.

Lemma in_exponential_of : forall rate irate m x, rate lies_in irate -> inside step m x ->
  exp (rate * r * x) lies_in exponential irate ir step m.
Proof.
  intros rate irate m x Hr Hx. apply in_exponential, in_product; [apply in_product; assumption|].
  apply in_hull; assumption.
Qed.

Lemma across_good : forall m x, inside step m x -> good_across (across iu ir step m) x.
Proof.
  intros m x Hx. apply in_product; [exact Iu|]. apply in_exponential_of; [|exact Hx].
  apply in_quotient; [lra|apply (integer_in 3)|apply (integer_in 2)].
Qed.

Lemma along_good : forall m y, inside step m y -> good_along (along iv iw ir step m) y.
Proof.
  intros m y Hy. unfold good_along, along, apart. cbn [fst snd].
  assert (Hg : exp (sqrt 3 / 2 * r * y) lies_in exponential half_root ir step m).
  { apply in_exponential_of; [|exact Hy]. apply in_quotient; [lra|apply (in_root 3)|apply (integer_in 2)]. }
  assert (H0 := exp_pos (sqrt 3 / 2 * r * y)).
  unfold second, third. rewrite exp_Ropp. set (g := exp (sqrt 3 / 2 * r * y)) in *.
  assert (Hi : 0 < / g) by (apply Rinv_0_lt_compat, H0).
  assert (Hb : 0 < v * g) by (apply Rmult_lt_0_compat; assumption).
  assert (Hc : 0 < w * / g) by (apply Rmult_lt_0_compat; assumption).
  split.
  - apply in_inverse; [lra|]. apply in_sum; apply in_product; try assumption. apply in_inverse; [lra|exact Hg].
  - assert (Hq : 0 < v / w * g ^ 2).
    { apply Rmult_lt_0_compat; [apply Rdiv_lt_0_compat; assumption|apply pow_lt, H0]. }
    replace ((v * g - w * / g) / (v * g + w * / g)) with (1 - 2 / (1 + v / w * g ^ 2)).
    + apply in_difference; [apply (integer_in 1)|].
      apply in_quotient; [lra|apply (integer_in 2)|]. apply in_sum; [apply (integer_in 1)|].
      apply in_product; [apply in_quotient; [lra|assumption|assumption]|apply in_square, Hg].
    + assert (0 < v * g ^ 2 + w) by (assert (0 < v * g ^ 2) by (apply Rmult_lt_0_compat; [exact Hv|apply pow_lt, H0]); lra).
      field. repeat split; lra.
Qed.

Lemma share_in : forall a column x y, good_across a x -> good_along column y -> share u v w r x y lies_in share_of a column.
Proof.
  intros a column x y Ha [Hs _]. unfold share, share_of.
  assert (H1 := first_positive u r Hu x). assert (H2 := second_positive v r Hv y). assert (H3 := third_positive w r Hw y).
  unfold good_across in Ha. set (p := first u r x) in *. set (b := second v r y) in *. set (c := third w r y) in *.
  replace ((b + c) / (p + b + c)) with (/ (1 + p * / (b + c))) by (field; lra).
  apply in_inverse.
  - assert (0 < p * / (b + c)) by (apply Rmult_lt_0_compat; [|apply Rinv_0_lt_compat]; lra). lra.
  - apply in_sum; [apply (integer_in 1)|apply in_product; assumption].
Qed.

Theorem sum_correct : forall p value n m, smooth p -> (n <= 2)%nat -> (m <= 2)%nat ->
  (forall t d it id, t lies_in it -> d lies_in id -> p t d lies_in value it id) ->
  mean_exists (monomial n m (at_point u v w r p)) /\
  mean (monomial n m (at_point u v w r p)) lies_in sum_of bound n m (rows value scale step start ps iu iv iw ir).
Proof.
  intros p value n m Hp Hn Hm Hvalue. set (F := at_point u v w r p).
  assert (Hc : forall x y, continuous (F x) y) by (intros; apply point_continuous; assumption).
  assert (Hr : forall x y, Rabs (F x y) <= 1) by (intros; apply point_range; assumption).
  assert (Hd : forall x x' y, Rabs (F x y - F x' y) <= 9 / 2 * Rabs r * Rabs (x - x')) by (intros; apply point_near; assumption).
  destruct (monomial_mean F (9 / 2 * Rabs r) n m Hn Hm Hc Hr Hd) as [E ->]. split; [exact E|].
  assert (Hl := line_mean_continuous F (9 / 2 * Rabs r) m Hm Hc Hr Hd).
  assert (Ht : 0 < IZR step) by (apply IZR_lt; lia).
  set (T := IZR (- start) / IZR step) in *.
  assert (HT : 0 < T) by (apply Rdiv_lt_0_compat; [apply IZR_lt; lia|exact Ht]).
  assert (End : - T = IZR start / IZR step) by (unfold T; rewrite opp_IZR; field; lra).
  assert (Near : forall i f, (i <= 2)%nat -> (forall x, continuous f x) -> (forall x, Rabs (f x) <= 3) ->
    RInt (fun x => f x * weight i x) (- T) T - 1 / IZR bound <= over_line (fun x => f x * weight i x) <=
    RInt (fun x => f x * weight i x) (- T) T + 1 / IZR bound).
  { intros i f Hi Hf Hb. destruct (weighted_line i f 3 Hi Hf Hb) as [_ [_ B]]. specialize (B T HT). specialize (Htails i Hi).
    apply Rabs_le_between in B. lra. }
  unfold sum_of. apply (near_in _ (RInt (fun x => line_mean m F x * weight n x) (- T) T) bound Hbound).
  { apply Near; [exact Hn|exact Hl|]. intros x. apply (line_mean_range F m); assumption. }
  unfold rows. cbv zeta. rewrite weighed_map, End. unfold T.
  rewrite <- Hends, <- (build_length _ (across iu ir step) scale step ps start).
  apply (cells_in _ good_across); [exact Hn|exact Hstep|exact Hl| |apply build_chain; try assumption; intros i x; apply across_good].
  intros a x Ha. rewrite row_moment by exact Hm.
  apply (near_in _ (RInt (fun y => F x y * weight m y) (- T) T) bound Hbound).
  { apply Near; [exact Hm|apply Hc|]. intros y. specialize (Hr x y). lra. }
  rewrite End. unfold T. rewrite <- Hends, <- (build_length _ (along iv iw ir step) scale step ps start).
  apply (cells_in _ good_along); [exact Hm|exact Hstep|apply Hc| |apply build_chain; try assumption; intros i y; apply along_good].
  intros column y Hy. apply Hvalue; [apply share_in; assumption|apply Hy].
Qed.
End Checked.
