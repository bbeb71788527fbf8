
Ltac each i := destruct i as [|[|[|[|i]]]]; try lia.
Ltac entries := cbn -[Rplus Rmult Rminus Ropp Rdiv sqrt INR PI cos sin third]; simpl INR.

Lemma third_cosine : cos third = - 1 / 2.
Proof. unfold third. rewrite (cos_angle 3 1 1 1 0 ltac:(lia) eq_refl), (proj1 part_3_1). lra. Qed.

Lemma third_sine : (2 * sin third) * (2 * sin third) = 3.
Proof. assert (H := sin2_cos2 third). unfold Rsqr in H. rewrite third_cosine in H. lra. Qed.

Lemma quarter_sine : sin (turn 4 1) * sin (turn 4 1) = 1.
Proof. assert (H := turn_circle 4). rewrite (proj1 part_4_1) in H. lra. Qed.

Lemma rotates_2 : rotates 2 rotation_2 vertices_2.
Proof.
  split; intros i j Hi Hj; each i; each j; unfold rotation_2, vertices_2, product, rows; entries; field.
Qed.

Lemma rotates_3 : rotates 3 rotation_3 vertices_3.
Proof.
  assert (Hs := third_sine). assert (Hc := third_cosine).
  split; intros i j Hi Hj; each i; each j; unfold rotation_3, vertices_3, product, rows; entries;
    rewrite ?Hc; set (q := sin third) in *; nra.
Qed.

Lemma rotates_4 : rotates 4 rotation_4 vertices_4.
Proof.
  assert (H2 : sqrt 2 * sqrt 2 = 2) by (apply sqrt_sqrt; lra).
  assert (H3 : sqrt 3 * sqrt 3 = 3) by (apply sqrt_sqrt; lra).
  assert (H0 : sqrt 3 <> 0) by (apply Rgt_not_eq, sqrt_lt_R0; lra).
  split; intros i j Hi Hj; each i; each j; unfold rotation_4, vertices_4, product, rows; entries;
    set (a := sqrt 2) in *; set (b := sqrt 3) in *; field [H2 H3]; exact H0 || (repeat split; try exact H0; lra).
Qed.

Theorem checked : claim.
Proof.
  split; [split; [exact rotates_2|split; [exact rotates_3|exact rotates_4]]|split; [|split]].
  - intros w0 w1. unfold dft_power, real_part, imaginary_part, gram, averaged, rotation_2, rows. entries.
    rewrite (cos_angle 2 0 1 0 0 ltac:(lia) eq_refl), (cos_angle 2 1 1 1 0 ltac:(lia) eq_refl).
    rewrite (sin_angle 2 0 1 0 0 ltac:(lia) eq_refl), (sin_angle 2 1 1 1 0 ltac:(lia) eq_refl).
    rewrite (proj1 part_2_0), (proj2 part_2_0), (proj1 part_2_1).
    assert (Hs := turn_circle 2). rewrite (proj1 part_2_1) in Hs.
    assert (H : sin (turn 2 1) = 0) by nra. rewrite H. ring.
  - intros w0 w1 w2 i j Hi Hj.
    assert (Hs := third_sine). assert (Hc := third_cosine).
    assert (H1 : sin (turn 3 1) = sin third) by (symmetry; apply (sin_angle 3 1 1 1 0 ltac:(lia) eq_refl)).
    assert (H2 : sin (turn 3 2) = - sin third).
    { rewrite (proj2 part_3_2), <- H1. unfold s_3. ring. }
    each i; each j; unfold dft_power, real_part, imaginary_part, gram, averaged, rotation_3, rows, product; entries;
      rewrite ?(cos_angle 3 0 1 0 0 ltac:(lia) eq_refl), ?(cos_angle 3 1 1 1 0 ltac:(lia) eq_refl),
        ?(cos_angle 3 2 1 2 0 ltac:(lia) eq_refl), ?(sin_angle 3 0 1 0 0 ltac:(lia) eq_refl),
        ?(sin_angle 3 1 1 1 0 ltac:(lia) eq_refl), ?(sin_angle 3 2 1 2 0 ltac:(lia) eq_refl);
      rewrite ?(proj1 part_3_0), ?(proj2 part_3_0), ?(proj1 part_3_1), ?(proj1 part_3_2), ?H1, ?H2, ?Hc;
      replace (sin third) with (2 * sin third / 2) by field; set (q := 2 * sin third) in *; clearbody q; field [Hs].
  - intros w0 w1 w2 w3 i j Hi Hj.
    assert (Hs := quarter_sine).
    assert (H3 : sin (turn 4 3) = - sin (turn 4 1)). { rewrite (proj2 part_4_3). unfold s_4. ring. }
    assert (H2 : sin (turn 4 2) = 0). { rewrite (proj2 part_4_2). ring. }
    each i; each j; unfold dft_power, real_part, imaginary_part, gram, averaged, rotation_4, rows, product; entries;
      rewrite ?(cos_angle 4 0 1 0 0 ltac:(lia) eq_refl), ?(cos_angle 4 1 1 1 0 ltac:(lia) eq_refl),
        ?(cos_angle 4 2 1 2 0 ltac:(lia) eq_refl), ?(cos_angle 4 3 1 3 0 ltac:(lia) eq_refl),
        ?(sin_angle 4 0 1 0 0 ltac:(lia) eq_refl), ?(sin_angle 4 1 1 1 0 ltac:(lia) eq_refl),
        ?(sin_angle 4 2 1 2 0 ltac:(lia) eq_refl), ?(sin_angle 4 3 1 3 0 ltac:(lia) eq_refl);
      rewrite ?(cos_angle 4 0 2 0 0 ltac:(lia) eq_refl), ?(cos_angle 4 1 2 2 0 ltac:(lia) eq_refl),
        ?(cos_angle 4 2 2 0 1 ltac:(lia) eq_refl), ?(cos_angle 4 3 2 2 1 ltac:(lia) eq_refl),
        ?(sin_angle 4 0 2 0 0 ltac:(lia) eq_refl), ?(sin_angle 4 1 2 2 0 ltac:(lia) eq_refl),
        ?(sin_angle 4 2 2 0 1 ltac:(lia) eq_refl), ?(sin_angle 4 3 2 2 1 ltac:(lia) eq_refl);
      rewrite ?(proj1 part_4_0), ?(proj2 part_4_0), ?(proj1 part_4_1), ?(proj1 part_4_2), ?(proj1 part_4_3), ?H2, ?H3;
      set (q := sin (turn 4 1)) in *; clearbody q; ring [Hs].
Qed.
