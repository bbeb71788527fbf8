
(* Sums over cells. A cell has a mass, an integer: so many parts of a scale; and what is known of the points in it. *)
Fixpoint weighted {T : Type} (l : T -> R) (cells : list (Z * T)) : R :=
  match cells with nil => 0 | (p, t) :: rest => IZR p * l t + weighted l rest end.
Definition inside (step m : Z) (x : R) : Prop := IZR m / IZR step <= x <= IZR (m + 1) / IZR step.
Definition heavy (scale step m p : Z) : Prop :=
  0 <= IZR p /\ IZR p / IZR scale <= RInt density (IZR m / IZR step) (IZR (m + 1) / IZR step).
Fixpoint chain {T : Type} (good : T -> R -> Prop) (scale step m : Z) (cells : list (Z * T)) : Prop :=
  match cells with
  | nil => True
  | (p, t) :: rest => heavy scale step m p /\ (forall x, inside step m x -> good t x) /\ chain good scale step (m + 1) rest
  end.
Fixpoint masses (scale step m : Z) (ps : list Z) : Prop :=
  match ps with nil => True | p :: rest => heavy scale step m p /\ masses scale step (m + 1) rest end.
Fixpoint build {T : Type} (cell : Z -> T) (m : Z) (ps : list Z) : list (Z * T) :=
  match ps with nil => nil | p :: rest => (p, cell m) :: build cell (m + 1) rest end.

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
  intros scale step m p [Hp H]. split; [exact Hp|]. replace (- m - 1 + 1)%Z with (- m)%Z by lia.
  replace (- m - 1)%Z with (- (m + 1))%Z by lia. rewrite !opp_IZR, !Ropp_div, density_reflected. exact H.
Qed.

Lemma build_chain : forall (T : Type) (good : T -> R -> Prop) (cell : Z -> T) scale step ps m,
  (forall i x, inside step i x -> good (cell i) x) -> masses scale step m ps -> chain good scale step m (build cell m ps).
Proof.
  intros T good cell scale step ps. induction ps as [|p ps IH]; intros m Hg H; simpl in *; [trivial|].
  split; [apply H|split; [intros x; apply Hg|apply IH; [exact Hg|apply H]]].
Qed.

Lemma build_length : forall (T : Type) (cell : Z -> T) ps m, length (build cell m ps) = length ps.
Proof. intros T cell ps. induction ps as [|p ps IH]; intros m; simpl; [reflexivity|rewrite IH; reflexivity]. Qed.

Lemma cells_below : forall (T : Type) (good : T -> R -> Prop) (l : T -> R) (h : R -> R) scale step cells m,
  (0 < scale)%Z -> (0 < step)%Z -> (forall x, continuous h x) -> (forall x, 0 <= h x) ->
  (forall t x, good t x -> l t <= h x) -> chain good scale step m cells ->
  weighted l cells / IZR scale <=
    RInt (fun x => h x * density x) (IZR m / IZR step) (IZR (m + Z.of_nat (length cells)) / IZR step).
Proof.
  intros T good l h scale step cells m Hscale Hstep Hc Hh Hl. revert m.
  assert (Hs : 0 < IZR scale) by (apply IZR_lt; lia). assert (Ht : 0 < IZR step) by (apply IZR_lt; lia).
  assert (Hi : forall x, continuous (fun x => h x * density x) x).
  { intros x. apply (continuous_mult h density); [apply Hc|apply density_continuous]. }
  induction cells as [|[p t] cells IH]; intros m H; cbn [weighted length Z.of_nat].
  - rewrite Z.add_0_r, (RInt_point (V := R_CompleteNormedModule)). unfold Rdiv. rewrite Rmult_0_l. apply Rle_refl.
  - destruct H as [[Hp Hm] [Hx H]]. specialize (IH (m + 1)%Z H).
    replace (m + Z.pos (Pos.of_succ_nat (length cells)))%Z with (m + 1 + Z.of_nat (length cells))%Z by lia.
    rewrite <- (chasles _ Hi _ (IZR (m + 1) / IZR step)).
    assert (Hle : IZR m / IZR step <= IZR (m + 1) / IZR step).
    { apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Ht|]. apply IZR_le. lia. }
    assert (First : Rmax 0 (l t) * RInt density (IZR m / IZR step) (IZR (m + 1) / IZR step) <=
      RInt (fun x => h x * density x) (IZR m / IZR step) (IZR (m + 1) / IZR step)).
    { rewrite <- (RInt_scal (V := R_CompleteNormedModule) density); [|apply integrable_of, density_continuous].
      apply RInt_le; [exact Hle| |apply integrable_of, Hi|].
      - apply (ex_RInt_scal (V := R_NormedModule) density), integrable_of, density_continuous.
      - intros x Hin. apply Rmult_le_compat_r; [left; apply density_positive|].
        apply Rmax_lub; [apply Hh|apply Hl, Hx; split; lra]. }
    assert (H0 : IZR p / IZR scale * l t <= Rmax 0 (l t) * RInt density (IZR m / IZR step) (IZR (m + 1) / IZR step)).
    { rewrite Rmult_comm. assert (Hq : 0 <= IZR p / IZR scale) by (apply Rdiv_le_0_compat; lra).
      apply Rle_trans with (Rmax 0 (l t) * (IZR p / IZR scale)).
      - apply Rmult_le_compat_r; [exact Hq|apply Rmax_r].
      - apply Rmult_le_compat_l; [apply Rmax_l|exact Hm]. }
    replace ((IZR p * l t + weighted l cells) / IZR scale) with (IZR p / IZR scale * l t + weighted l cells / IZR scale) by (field; lra).
    exact (Rplus_le_compat _ _ _ _ (Rle_trans _ _ _ H0 First) IH).
Qed.

(* The checker: what is known in a cell of x, the first part; and in one of y, 1 / (b + c) and 3/4 ((b - c) / (b + c))^2. *)
Definition cell_of (step m : Z) : I.type := hull m step (m + 1) step.
Definition exponential (rate radius : I.type) (step m : Z) : I.type :=
  I.exp precision (I.mul precision (I.mul precision rate radius) (cell_of step m)).
Definition across (u radius : I.type) (step m : Z) : I.type :=
  I.mul precision u (exponential (quotient 3 2) radius step m).
Definition half_root : I.type := I.div precision (I.sqrt precision (integer 3)) (integer 2).
Definition along (v w radius : I.type) (step m : Z) : I.type * I.type :=
  let g := exponential half_root radius step m in
  let b := I.mul precision v g in
  let c := I.mul precision w (I.inv precision g) in
  let s := I.inv precision (I.add precision b c) in
  (* (b - c) / (b + c) = 1 - 2 / (1 + v / w g^2), which grows with g *)
  let q := I.mul precision (I.div precision v w) (I.sqr precision g) in
  let d := I.sub precision (integer 1) (I.div precision (integer 2) (I.add precision (integer 1) q)) in
  (s, I.mul precision (quotient 3 4) (I.sqr precision d)).
Definition square_of (a : I.type) (column : I.type * I.type) : I.type :=
  let t := I.inv precision (I.add precision (integer 1) (I.mul precision a (fst column))) in
  I.add precision (I.sqr precision (I.sub precision (integer 1) (I.mul precision (quotient 3 2) t)))
    (I.mul precision (snd column) (I.sqr precision t)).
Fixpoint summed {T : Type} (i : T -> I.type) (cells : list (Z * T)) : I.type :=
  match cells with nil => integer 0 | (p, t) :: rest => I.add precision (I.mul precision (integer p) (i t)) (summed i rest) end.
Definition row (value : I.type -> I.type * I.type -> I.type) (scale : Z) (columns : list (Z * (I.type * I.type))) (a : I.type) : I.type :=
  I.div precision (summed (fun column => floor (value a column)) columns) (integer scale).
Definition mean_above (value : I.type -> I.type * I.type -> I.type) (scale step m : Z) (ps : list Z) (u v w radius : I.type) : I.type :=
  let columns := build (along v w radius step) m ps in
  I.div precision (summed (row value scale columns) (build (across u radius step) m ps)) (integer scale).
Definition rest_of_square (a : I.type) (column : I.type * I.type) : I.type := I.sub precision (integer 1) (square_of a column).

Lemma in_summed : forall (T : Type) (l : T -> R) (i : T -> I.type) cells, (forall t, l t lies_in i t) -> weighted l cells lies_in summed i cells.
Proof.
  intros T l i cells H. induction cells as [|[p t] cells IH]; cbn [weighted summed]; [apply (integer_in 0)|].
  apply in_sum; [apply in_product; [apply integer_in|apply H]|exact IH].
Qed.

Section Checked.
Variables (u v w r : R) (iu iv iw ir : I.type) (scale step : Z).
Hypotheses (Hu : 0 < u) (Hv : 0 < v) (Hw : 0 < w) (Hscale : (0 < scale)%Z) (Hstep : (0 < step)%Z).
Hypotheses (Iu : u lies_in iu) (Iv : v lies_in iv) (Iw : w lies_in iw) (Ir : r lies_in ir).

Definition good_across (a : I.type) (x : R) : Prop := first u r x lies_in a.
Definition good_along (column : I.type * I.type) (y : R) : Prop :=
  / (second v r y + third w r y) lies_in fst column /\
  3 / 4 * ((second v r y - third w r y) / (second v r y + third w r y)) ^ 2 lies_in snd column.

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
  intros m y Hy. unfold good_along, along. cbn [fst snd].
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
    + apply in_product; [apply in_quotient; [lra|apply (integer_in 3)|apply (integer_in 4)]|].
      apply in_square, in_difference; [apply (integer_in 1)|].
      apply in_quotient; [lra|apply (integer_in 2)|]. apply in_sum; [apply (integer_in 1)|].
      apply in_product; [apply in_quotient; [lra|assumption|assumption]|apply in_square, Hg].
    + assert (0 < v * g ^ 2 + w) by (assert (0 < v * g ^ 2) by (apply Rmult_lt_0_compat; [exact Hv|apply pow_lt, H0]); lra).
      field. repeat split; lra.
Qed.

Lemma square_in : forall a column x y, good_across a x -> good_along column y -> form u v w r x y lies_in square_of a column.
Proof.
  intros a [s d] x y Ha [Hs Hd]. cbn [fst snd] in *. unfold square_of, form, of_parts. cbn [fst snd].
  assert (H1 := first_positive u r Hu x). assert (H2 := second_positive v r Hv y). assert (H3 := third_positive w r Hw y).
  unfold good_across in Ha.
  set (p := first u r x) in *. set (b := second v r y) in *. set (c := third w r y) in *.
  assert (Ht : / (1 + p * / (b + c)) lies_in I.inv precision (I.add precision (integer 1) (I.mul precision a s))).
  { apply in_inverse.
    - assert (0 < p * / (b + c)) by (apply Rmult_lt_0_compat; [|apply Rinv_0_lt_compat]; lra). lra.
    - apply in_sum; [apply (integer_in 1)|apply in_product; assumption]. }
  replace (((p - (b + c) / 2) / (p + b + c)) ^ 2 + 3 / 4 * ((b - c) / (p + b + c)) ^ 2) with
    ((1 - 3 / 2 * / (1 + p * / (b + c))) ^ 2 + 3 / 4 * ((b - c) / (b + c)) ^ 2 * (/ (1 + p * / (b + c))) ^ 2)
    by (field; lra).
  apply in_sum.
  - apply in_square, in_difference; [apply (integer_in 1)|]. apply in_product; [|exact Ht].
    apply in_quotient; [lra|apply (integer_in 3)|apply (integer_in 2)].
  - apply in_product; [exact Hd|apply in_square, Ht].
Qed.

Lemma transform_in : forall a column x y, good_across a x -> good_along column y ->
  transform_square u v w r x y lies_in square_of a column.
Proof. intros a column x y Ha Hc. rewrite transform_is by assumption. apply square_in; assumption. Qed.

Lemma rest_in : forall a column x y, good_across a x -> good_along column y ->
  rest_of (transform_square u v w r) x y lies_in rest_of_square a column.
Proof. intros a column x y Ha Hc. apply in_difference; [apply (integer_in 1)|apply transform_in; assumption]. Qed.

Theorem mean_above_correct : forall h K value m ps (c : R),
  (forall x y, continuous (h x) y) -> (forall x y, 0 <= h x y <= 1) -> 0 <= K ->
  (forall x x' y, Rabs (h x y - h x' y) <= K * Rabs (x - x')) ->
  (forall a column x y, good_across a x -> good_along column y -> h x y lies_in value a column) ->
  masses scale step m ps -> IZR m / IZR step = - (IZR (m + Z.of_nat (length ps)) / IZR step) -> IZR m < 0 ->
  (exists ic, c lies_in ic /\ I.sign_large (I.sub precision (mean_above value scale step m ps iu iv iw ir) ic) = Xgt) ->
  c <= over_line (outer h).
Proof.
  intros h K value m ps c Hcont Hrange HK Hnear Hvalue Hm Hends Hneg [ic [Hc Hsign]].
  assert (Hs : IZR scale <> 0) by (apply Rgt_not_eq, IZR_lt; lia).
  assert (Ht : 0 < IZR step) by (apply IZR_lt; lia).
  set (columns := build (along iv iw ir step) m ps).
  set (least := fun a => weighted (fun column => least_of (value a column)) columns / IZR scale).
  set (rows := build (across iu ir step) m ps).
  assert (Hin : weighted least rows / IZR scale lies_in mean_above value scale step m ps iu iv iw ir).
  { apply in_quotient; [exact Hs| |apply integer_in]. apply in_summed. intros a.
    apply in_quotient; [exact Hs| |apply integer_in]. apply in_summed. intros column. apply in_floor. }
  apply Rle_trans with (weighted least rows / IZR scale).
  { generalize (not_below_zero _ _ (in_difference _ _ _ _ Hin Hc) Hsign). lra. }
  set (T := IZR (m + Z.of_nat (length ps)) / IZR step) in *.
  assert (HT : 0 < T).
  { assert (0 < - (IZR m / IZR step)); [|lra]. unfold Rdiv. rewrite <- Ropp_mult_distr_l_reverse.
    apply Rmult_lt_0_compat; [lra|apply Rinv_0_lt_compat, Ht]. }
  apply Rle_trans with (RInt (outer h) (- T) T).
  2:{ apply (line_above _ 2 T); [apply (outer_continuous h K); assumption|lra|apply outer_range; assumption|exact HT]. }
  assert (Inner : forall a x, good_across a x -> least a <= over_line (inner h x)).
  { intros a x Ha. apply Rle_trans with (RInt (inner h x) (- T) T).
    2:{ apply (line_above _ 1 T); [apply inner_continuous; assumption|lra|apply inner_range; assumption|exact HT]. }
    rewrite <- Hends. unfold least, T. rewrite <- (build_length _ (along iv iw ir step) ps m). fold columns.
    apply (cells_below _ good_along _ (h x)); [exact Hscale|exact Hstep|apply Hcont|apply Hrange| |].
    - intros column y Hy. apply least_of_below; [apply Hrange|apply Hvalue; assumption].
    - apply build_chain; [intros i y; apply along_good|exact Hm]. }
  rewrite <- Hends. unfold T. rewrite <- (build_length _ (across iu ir step) ps m). fold rows.
  apply (cells_below _ good_across least (fun x => over_line (inner h x))); [exact Hscale|exact Hstep| | | |].
  - intros x. apply (inner_line_continuous h K); assumption.
  - intros x. apply inner_converges; assumption.
  - intros a x Ha. apply Inner, Ha.
  - apply build_chain; [intros i x; apply across_good|exact Hm].
Qed.
End Checked.
