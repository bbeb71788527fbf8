
Lemma on_grid : forall u v w r iu iv iw ir n d, 0 < u -> 0 < v -> 0 < w ->
  u lies_in iu -> v lies_in iv -> w lies_in iw -> r lies_in ir -> (0 < d)%Z ->
  I.sign_large (I.sub precision (power_above scale step start masses_of_grid iu iv iw ir) (quotient n d)) = Xgt ->
  (forall x, converges (inner_integrand u v w r x)) /\ converges (outer_integrand u v w r) /\
  IZR n / IZR d <= posterior_power u v w r <= 4.
Proof.
  intros u v w r iu iv iw ir n d Hu Hv Hw Iu Iv Iw Ir Hd H.
  apply (power_above_correct u v w r iu iv iw ir scale step Hu Hv Hw eq_refl eq_refl Iu Iv Iw Ir start masses_of_grid).
  - exact grid_is_heavy.
  - unfold start, step, masses_of_grid. cbn [length]. simpl. lra.
  - unfold start. lra.
  - exists (quotient n d). split; [|exact H]. apply in_quotient; [|apply integer_in|apply integer_in].
    apply Rgt_not_eq, IZR_lt. lia.
Qed.

