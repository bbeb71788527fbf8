
Lemma on_grid : forall u v w r iu iv iw ir n d n' d', 0 < u -> 0 < v -> 0 < w ->
  u lies_in iu -> v lies_in iv -> w lies_in iw -> r lies_in ir -> (0 < d)%Z -> (0 < d')%Z ->
  I.sign_large (I.sub precision (mean_above square_of scale step start masses_of_grid iu iv iw ir) (quotient n d)) = Xgt ->
  I.sign_large (I.sub precision (mean_above rest_of_square scale step start masses_of_grid iu iv iw ir) (quotient n' d')) = Xgt ->
  (forall x, converges (inner_integrand u v w r x)) /\ converges (outer_integrand u v w r) /\
  IZR n / IZR d <= posterior_power u v w r <= 1 + 3 / 10 ^ 10 - IZR n' / IZR d'.
Proof.
  intros u v w r iu iv iw ir n d n' d' Hu Hv Hw Iu Iv Iw Ir Hd Hd' H H'.
  assert (Hc := transform_continuous u v w r Hu Hv Hw). assert (Hr := transform_range u v w r Hu Hv Hw).
  assert (Hn := transform_near u v w r Hu Hv Hw).
  assert (HK : 0 <= 9 / 2 * Rabs r) by (generalize (Rabs_pos r); lra).
  assert (Bound : forall h value p q, (forall x y, continuous (h x) y) -> (forall x y, 0 <= h x y <= 1) ->
    (forall x x' y, Rabs (h x y - h x' y) <= 9 / 2 * Rabs r * Rabs (x - x')) ->
    (forall a column x y, good_across u r a x -> good_along v w r column y -> h x y lies_in value a column) -> (0 < q)%Z ->
    I.sign_large (I.sub precision (mean_above value scale step start masses_of_grid iu iv iw ir) (quotient p q)) = Xgt ->
    IZR p / IZR q <= over_line (outer h)).
  { intros h value p q Hch Hrh Hnh Hv' Hq Hs.
    apply (mean_above_correct u v w r iu iv iw ir scale step Hv Hw eq_refl eq_refl Iu Iv Iw Ir h (9 / 2 * Rabs r) value start
      masses_of_grid); try assumption.
    - exact grid_is_heavy.
    - unfold start, step, masses_of_grid. cbn [length]. simpl. lra.
    - unfold start. lra.
    - exists (quotient p q). split; [|exact Hs]. apply in_quotient; [|apply integer_in|apply integer_in].
      apply Rgt_not_eq, IZR_lt. lia. }
  split; [intros x; apply (inner_converges _ Hc Hr)|split; [apply (outer_converges _ (9 / 2 * Rabs r)); assumption|]].
  split.
  - apply (Bound (transform_square u v w r) square_of); try assumption. intros; apply transform_in; assumption.
  - apply (mean_below (transform_square u v w r) (9 / 2 * Rabs r)); try assumption.
    apply (Bound (rest_of (transform_square u v w r)) rest_of_square); try assumption.
    + intros x y. apply (continuous_minus (fun _ => 1) (transform_square u v w r x)); [apply continuous_const|apply Hc].
    + intros x y. unfold rest_of. generalize (Hr x y). lra.
    + intros x x' y. unfold rest_of.
      replace (1 - _ - _) with (- (transform_square u v w r x y - transform_square u v w r x' y)) by ring.
      rewrite Rabs_Ropp. apply Hn.
    + intros; apply rest_in; assumption.
Qed.
