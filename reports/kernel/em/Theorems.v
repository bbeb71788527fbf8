(* The statements, proved. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood Population Necessity Origin Cyclic Frequencies Densities Convexity Projection Tied Rays GradientSteps Vanishing Simplex Statements.

Section squares.
Variables (R : realType) (d : nat).

Lemma norm_le_mul (x y : 'cV[R]_d) (c : R) : 0 <= c -> dot x x <= c ^+ 2 * dot y y -> norm x <= c * norm y.
Proof.
move=> c0 h; rewrite -(@ler_pXn2r _ 2)// ?nnegrE ?mulr_ge0 ?norm_ge0//.
by rewrite exprMn !sqr_norm.
Qed.

Lemma ball (x : 'cV[R]_d) rho : norm x <= rho -> dot x x <= rho ^+ 2.
Proof. by move=> h; rewrite -sqr_norm lerXn2r// nnegrE ?norm_ge0// (le_trans (norm_ge0 x)). Qed.

Lemma damped (q s : R) : 0 <= q -> 0 <= s <= 1 -> 0 <= 1 - expR (- q) * s.
Proof.
move=> q0 /andP[s0 s1]; rewrite subr_ge0 mulr_ile1 ?expR_ge0// -expR0 ler_expR oppr_le0//.
Qed.

End squares.

Section mixtures.
Variables (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis o : orthogonal_maps U.
Hypothesis w0 : forall j, 0 < w j.
Hypothesis w1 : \sum_j w j = 1.

Lemma gradientE theta : gradient U w theta = B U w theta *m theta.
Proof. by rewrite /gradient /M (gauss_EM_identity o w0 w1) opprB addrC subrK. Qed.

Lemma KLE theta : KL U w theta = loss U w theta.
Proof. exact: kl_loss. Qed.

End mixtures.

Theorem posteriors_by_bayes_proved : posteriors_by_bayes.
Proof. by move=> R d k U w o [w0 w1] theta x j; exact: posterior_bayes. Qed.

Theorem em_maximises_proved : em_maximises.
Proof. by move=> R d k U w o [w0 w1] theta theta'; exact: surrogate_maximised. Qed.

Theorem em_maximises_on_samples_proved : em_maximises_on_samples.
Proof. by move=> R d k U w o [w0 w1] n x theta theta'; exact: sample_maximised. Qed.

Theorem em_is_gradient_descent_proved : em_is_gradient_descent.
Proof.
move=> R d k U w o [w0 w1] theta h; have := Lam_gradient o w0 w1 theta h; have := dot_ge0 h.
rewrite !KLE// /loss /gradient /M dotDl !dotDr dotBl [dot h theta]dotC.
move: (Lam U w (theta + h)) (Lam U w theta) (dot theta theta) (dot theta h) (dot h h) (dot (em_map _ _ _ _ _) h).
by move=> a b c e f g h0 /andP[h1 h2]; apply/andP; split; lra.
Qed.

Theorem em_identity_proved : em_identity.
Proof.
move=> R d k U w o [w0 w1] theta; split.
- exact: gauss_EM_identity.
- exact: gauss_B_sym.
- by move=> h; exact: gauss_B_psd.
- exact: gauss_B0.
Qed.

Theorem posterior_lower_bound_proved : posterior_lower_bound.
Proof. by move=> R d k U w o [w0 w1] theta h; exact: gauss_B_lower. Qed.

Theorem em_never_diverges_proved : em_never_diverges.
Proof.
move=> R d k U w o [w0 w1] theta; rewrite -[leRHS]mul1r; apply: norm_le_mul => //.
by rewrite expr1n mul1r; exact: gauss_EM_nonexpansive.
Qed.

Theorem em_contracts_proved : em_contracts.
Proof.
move=> R d k U w o [w0 w1] sigma2 rho theta s hA hr; apply: norm_le_mul; first by apply: damped => //; exact: sqr_ge0.
by apply: gauss_EM_contraction_sharp => //; exact: ball.
Qed.

Theorem em_converges_proved : em_converges.
Proof.
move=> R d k U w o [w0 w1] sigma2 theta n s hA; rewrite sqr_norm; apply: norm_le_mul.
  by apply: exprn_ge0; apply: damped => //; exact: dot_ge0.
exact: gauss_EM_converges_sharp.
Qed.

Theorem kl_descends_proved : kl_descends.
Proof.
move=> R d k U w o [w0 w1] theta; rewrite !KLE// gradientE//; split; first exact: loss_bounds.
exact: loss_descent.
Qed.

Theorem polyak_lojasiewicz_proved : polyak_lojasiewicz.
Proof.
move=> R d k U w o [w0 w1] sigma2 rho theta s hA hr; rewrite KLE// gradientE//.
have -> : expR (- (2 * rho ^+ 2)) * sigma2 ^+ 2 = (expR (- rho ^+ 2) * sigma2) ^+ 2.
  by rewrite exprMn; congr (_ * _); rewrite [RHS]expr2 -expRD; congr expR; ring.
by apply: pl_inequality => //; exact: ball.
Qed.

Theorem kl_converges_proved : kl_converges.
Proof.
move=> R d k U w o [w0 w1] mu theta m01 pl.
have {}pl eta : dot eta eta <= dot theta theta -> mu * loss U w eta <= dot (B U w eta *m eta) (B U w eta *m eta) / 2.
  move=> h; rewrite -gradientE// -KLE//; apply: pl.
  by rewrite /norm ler_wsqrtr.
split=> [n|eps n e0]; rewrite !KLE//.
  by apply: (loss_converges o w0 w1 n _ pl); case/andP: m01 => m0 m1; rewrite !ltW.
by move=> l0 hn; exact: (steps_to_loss o w0 w1 m01 e0 l0 pl hn).
Qed.

Theorem invertible_has_spectrum_proved : invertible_has_spectrum.
Proof.
move=> R d k U w o [w0 w1] Ai; have [K K0 Kb] := mulmx_bounded (invmx (A U w)).
have K1 : 0 < K ^+ 2 + 1 by rewrite ltr_wpDl// sqr_ge0.
exists (K ^+ 2 + 1)^-1.
  by rewrite invr_gt0 K1/= invf_le1// lerDr sqr_ge0.
move=> h; rewrite mulrC ler_pdivrMr// -!sqr_norm.
have := Kb (A U w *m h); rewrite mulKmx// => hh.
apply: (@le_trans _ _ ((K * norm (A U w *m h)) ^+ 2)).
  by rewrite lerXn2r// nnegrE ?mulr_ge0 ?norm_ge0.
by rewrite exprMn mulrC ler_wpM2l ?sqr_ge0// lerDl.
Qed.

Theorem only_stationary_point_proved : only_stationary_point.
Proof.
move=> R d k U w o [w0 w1] theta; split; first exact: stationary_only.
by rewrite gradientE//; exact: gradient_lower_radius.
Qed.

Theorem no_exponential_rate_proved : no_exponential_rate.
Proof.
move=> R d k U w o [w0 w1] P theta Ps Pc AP Pt; split=> -[C [q [q01 h]]].
  exact: (no_rate_of_norm o w0 w1 Ps Pc AP Pt q01 h).
by apply: (no_rate_of_loss o w0 w1 Ps Pc AP Pt q01 (C := C)) => n; rewrite -KLE//; exact: h.
Qed.

Theorem jacobian_at_origin_proved : jacobian_at_origin.
Proof. by move=> R d k U w o [w0 w1] theta; exact: em_near_origin. Qed.

Theorem strongly_convex_near_origin_proved : strongly_convex_near_origin.
Proof.
move=> R d k U w o [w0 w1] sigma2 a b s hA ar br; rewrite !KLE// gradientE//.
exact: convex_near_origin.
Qed.

Theorem approximate_maps_proved : approximate_maps.
Proof. by move=> R d k U V w e s [w0 w1] near h x; exact: nearby_lower. Qed.

Theorem no_rate_near_origin_proved : no_rate_near_origin.
Proof. by move=> R d k U w o [w0 w1] u C q rho Au un q01 r0; exact: (Origin.no_rate_near_origin o w0 w1 C Au un q01 r0). Qed.

Theorem spectrum_of_A_proved : spectrum_of_A.
Proof.
move=> R d k' T w To Tk [w0 w1] m; have [h1 h2] := mixed_PQ Tk m w.
by split; [exact: h1|exact: h2|exact: Pm_sym|exact: sum_Pm|move=> h; rewrite !sqr_norm; exact: A_frequency].
Qed.

Theorem transforms_below_spectrum_proved : transforms_below_spectrum.
Proof. by move=> R d k' T w To Tk [w0 w1] sigma2 s1 h; exact: A_lower. Qed.

Theorem simplex_has_all_frequencies_proved : simplex_has_all_frequencies.
Proof. by move=> R d k' T w To Tk _ v m mk vn vs; exact: vertex_frequency. Qed.

Theorem definite_on_simplex_proved : definite_on_simplex.
Proof. by move=> R d k' T w To Tk [w0 w1] v vn vs; exact: Simplex.definite_on_simplex. Qed.

Theorem simplex_not_kept_proved : simplex_not_kept.
Proof. by move=> R d k' T w To Tk [w0 w1] m n theta mk nk tn ts far; exact: (simplex_lost To Tk w0 w1 mk nk tn ts far). Qed.

Theorem a_simplex_is_lost_proved : a_simplex_is_lost.
Proof. by move=> R; exact: simplex4_lost. Qed.

Theorem frequencies_do_not_mix_proved : frequencies_do_not_mix.
Proof.
move=> R d k' T w To Tk [w0 w1] m theta; split; first exact: em_frequency.
exact: beta_bounds.
Qed.

Theorem uniform_weights_vanish_proved : uniform_weights_vanish.
Proof. by move=> R k' m h; exact: dft_uniform. Qed.

Theorem dft_condition_proved : dft_condition.
Proof.
move=> R d k' T w To Tk [w0 w1]; have o := orbit_orth (k' := k') To; split; last first.
  move=> m theta wm Pt; split=> -[C [q [q01 h]]].
    by have [n _] := no_rate To Tk w0 w1 C wm Pt q01; exact: n h.
  have [_ n] := no_rate To Tk w0 w1 C wm Pt q01; apply: n => n; rewrite -KLE//; exact: h.
move=> wp theta; set s := \big[Order.min/1]_(m < k'.+1 | (0 < m)%N) dft_sqr m w.
have s01 : 0 < s <= 1 by rewrite lt_bigmin ?ltr01//= bigmin_le_id.
have hA : below_spectrum (@orbit R d k' T) w s.
  by apply: A_lower => //; [case/andP: s01|move=> m m0; exact: bigmin_le_cond].
have /andP[s0 s1] := s01; set f := 1 - expR (- dot theta theta) * s.
have e1 : expR (- dot theta theta) <= 1 by rewrite -expR0 ler_expR oppr_le0 dot_ge0.
have fq : 0 < expR (- dot theta theta) * s <= 1.
  by rewrite mulr_gt0 ?expR_gt0//= mulr_ile1 ?expR_ge0// ltW.
split.
  exists (norm theta), f; split; first by case/andP: fq => f0 f1; rewrite subr_ge0 f1/= ltrBlDr ltrDl.
  move=> n; rewrite mulrC /f -[dot theta theta]sqr_norm; apply: em_converges_proved => //; rewrite (ltW s0) s1//.
exists (loss (@orbit R d k' T) w theta), (1 - (expR (- dot theta theta) * s) ^+ 2); split.
  case/andP: fq => f0 f1; have h1 := exprn_gt0 2 f0; have h2 := exprn_ile1 2 (ltW f0) f1.
  by move: (_ ^+ 2) h1 h2 => y h1 h2; apply/andP; split; lra.
move=> n; rewrite KLE// mulrC; apply: loss_converges_explicit => //; rewrite (ltW s0) s1//.
Qed.

Theorem differences_have_dimension_proved : differences_have_dimension.
Proof.
move=> R d q [|k] L w [w0 w1] theta.
  by move: w1; rewrite big_ord0 => /eqP; rewrite eq_sym oner_eq0.
pose V : 'M[R]_(k.+1, d) := \matrix_(i, a) (L i *m theta - L 0 *m theta) a 0.
have row_V i : row i V = (L i *m theta - L 0 *m theta)^T by apply/rowP => a; rewrite !mxE.
exists V; split.
  move=> i j; have -> : L i *m theta - L j *m theta = (L i *m theta - L 0 *m theta) - (L j *m theta - L 0 *m theta).
    by rewrite opprB addrA subrK.
  by rewrite linearB/= -!row_V addmx_sub ?eqmx_opp ?row_sub.
rewrite leq_min rank_leq_col /=.
have : (V <= row' 0 V)%MS.
  apply/row_subP => i; have [->|i0] := eqVneq i 0; first by rewrite row_V subrr trmx0 sub0mx.
  have [j ->] : exists j, i = lift 0 j by case: (unliftP 0 i) i0 => [j ->|->]; [exists j|rewrite eqxx].
  by have -> : row (lift 0 j) V = row j (row' 0 V) by [apply/rowP => a; rewrite !mxE|]; exact: row_sub.
by move=> /mxrankS h; apply: leq_trans h _; exact: rank_leq_row.
Qed.

Theorem gradient_of_tied_kl_proved : gradient_of_tied_kl.
Proof. by move=> R d q k L w [w0 w1] theta; exact: tied_gradient_expansion. Qed.

Theorem gradient_points_outward_proved : gradient_points_outward.
Proof.
move=> R d q k L w [w0 w1] theta n V D VD D0 VD1; have [P [P1 P2 P3 P4]] := projection V.
split; first exact: tied_identity.
by apply: (tied_lower w0 w1 P1 P2 _ D0); [move=> i j; exact: P3|rewrite P4].
Qed.

Theorem only_zero_is_stationary_proved : only_zero_is_stationary.
Proof.
move=> R d q k L w [w0 w1] theta N; split; first exact: tied_stationary.
- by move=> t0; have [j mj] := some_mean N t0; exact: tied_spent_gt0 mj.
- by move=> t0 s t s0 st; have [j mj] := some_mean N t0; exact: tied_ray_increasing mj s0 st.
Qed.

Theorem kl_exceeds_quartic_proved : kl_exceeds_quartic.
Proof.
move=> R d k U w o [w0 w1] theta n V D t0 VD D0 VD1; have [P [P1 P2 P3 P4]] := projection V.
split; last exact: orthogonal_spent.
by apply: (orthogonal_kl o w0 w1 t0 P1 P2 _ D0); [move=> i j; exact: P3|rewrite P4].
Qed.

Theorem vanishing_power_proved : vanishing_power.
Proof. by move=> R d k' T w To Tk [w0 w1] m theta wm; rewrite sqr_norm; exact: beta_vanishes. Qed.

Theorem sums_diverge_proved : sums_diverge.
Proof.
move=> R d k' T w To Tk [w0 w1] m theta wm Pt C; have o := orbit_orth (k' := k') To.
have sq C' : exists n : nat, C' < \sum_(t < n) norm (iter t (M (@orbit R d k' T) w) theta) ^+ 2.
  have [n h] := squares_diverge To Tk w0 w1 wm Pt C'; exists n.
  by rewrite (eq_bigr _ (fun t _ => sqr_norm _)).
split; first exact: sq.
pose x t := dot (iter t (M (@orbit R d k' T) w) theta) (iter t (M (@orbit R d k' T) w) theta).
pose c : R := 2 * Num.sqrt (d%:R + 1 + 2 * dot theta theta).
have D0 : 0 < d%:R + 1 :> R by rewrite ltr_wpDl// ler0n.
have c0 : 0 < c by rewrite mulr_gt0// sqrtr_gt0 ltr_wpDr// mulr_ge0// dot_ge0.
have root t : x t <= c * Num.sqrt (KL (@orbit R d k' T) w (iter t (M (@orbit R d k' T) w) theta)).
  set y := iter t _ theta; have x0 : 0 <= x t := dot_ge0 y.
  have [y0|yn] := eqVneq y 0; first by rewrite /x -/y y0 dot0l mulr_ge0 ?sqrtr_ge0// ltW.
  have V1 : has_differences (@orbit R d k' T) y (1%:M : 'M[R]_d) by move=> i j; exact: submx1.
  have r1 : (\rank (1%:M : 'M[R]_d))%:R <= d%:R + 1 :> R by rewrite mxrank1 lerDl.
  have [h _] := kl_exceeds_quartic_proved o (conj w0 w1) yn V1 D0 r1.
  have ball : x t <= dot theta theta := iterates_in_ball o w0 w1 theta t.
  have q : (x t) ^+ 2 <= c ^+ 2 * KL (@orbit R d k' T) w y.
    have s0 : 0 <= d%:R + 1 + 2 * dot theta theta by rewrite addr_ge0 ?mulr_ge0 ?dot_ge0// ltW.
    rewrite /c exprMn sqr_sqrtr//; have p0 : 0 < 4 * (d%:R + 1 + 2 * x t) by rewrite mulr_gt0// ltr_wpDr// mulr_ge0.
    have := ltW h; rewrite ler_pdivrMr// -/(x t) => h1; apply: le_trans h1 _.
    have K0 : 0 <= KL (@orbit R d k' T) w y.
      by rewrite KLE//; have /andP[] := loss_bounds o w0 w1 y.
    rewrite mulrC ler_wpM2r// -[2 ^+ 2]/(2 * 2) -natrM ler_wpM2l// lerD2l ler_wpM2l//.
  rewrite -(@ler_pXn2r _ 2)// ?nnegrE ?mulr_ge0 ?sqrtr_ge0 ?(ltW c0)// exprMn sqr_sqrtr//.
  by rewrite KLE//; have /andP[] := loss_bounds o w0 w1 y.
have [n h] := sq (c * C); exists n; rewrite -(ltr_pM2l c0); apply: lt_le_trans h _.
by rewrite mulr_sumr; apply: ler_sum => t _; rewrite sqr_norm; exact: root.
Qed.

Theorem gradient_steps_converge_proved : gradient_steps_converge.
Proof.
move=> R d k U w o [w0 w1] s D sigma2 theta n /andP[s0 s2] square.
have e : (fun eta => eta - s *: gradient U w eta) = gradient_step U w s.
  by apply/funext => eta; rewrite gradientE.
rewrite /square e /= !sqr_norm; split.
- exact: steps_in_ball.
- move=> D0 span; apply: steps_sublinear => // eta; have [V [h1 h2]] := span eta; by exists k, V.
- move=> s01 h; exact: steps_linear.
Qed.
