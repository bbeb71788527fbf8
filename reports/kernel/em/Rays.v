(* KL of a mixture with means L_j theta along rays: its derivative is that of its gradient, so it grows, and for
   orthogonal maps at least as fast as |theta|^4/(4(D + 2|theta|^2)). *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting Likelihood Densities Tying Tied.

Section expansion.
Variables (R : realType) (d q k : nat) (L : 'I_k -> 'M[R]_(d, q)) (w : 'I_k -> R).
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (Expectation.L (Eg R d)).
Notation X := (@Xg R d).
Notation ratio := (ratio L w).
Notation p := (tied_post L w).
Notation kl := (tied_kl L w).
Notation gradient := (tied_gradient L w).

Variable K : R.
Hypothesis K_ge0 : 0 <= K.
Hypothesis L_le : forall j x, norm (L j *m x) <= K * norm x.

Let y (theta h : 'cV[R]_q) (x : 'cV[R]_d) (j : 'I_k) : R := dot (x - L j *m theta) (L j *m h) - dot (L j *m h) (L j *m h) / 2.

Let p_ge0 theta x j : 0 <= p theta x j. Proof. exact: tied_post_ge0. Qed.
Let p_sum theta x : \sum_j p theta x j = 1. Proof. exact: tied_post_sum. Qed.

Let change theta h x : ratio (theta + h) x = ratio theta x * tilt_mass (p theta x) (y theta h x).
Proof.
rewrite /tilt_mass mulr_sumr; apply: eq_bigr => j _.
rewrite tied_post_ratio// mulrA [ratio theta x * _]mulrC divfK ?gt_eqF ?ratio_gt0//.
rewrite -mulrA -expRD; congr (_ * expR _).
rewrite /y mulmxDr dotBl dotDl !dotDr [dot (L j *m h) (L j *m theta)]dotC.
by move: (dot x (L j *m theta)) (dot x (L j *m h)) (dot (L j *m theta) (L j *m theta)) (dot (L j *m theta) (L j *m h))
  (dot (L j *m h) (L j *m h)) => *; field.
Qed.

Let c (theta h : 'cV[R]_q) (x : 'cV[R]_d) : R := (norm x + K * norm theta) * (K * norm h) + K ^+ 2 * norm h ^+ 2 / 2.

Let Kh_ge0 (h : 'cV[R]_q) : 0 <= K * norm h. Proof. by rewrite mulr_ge0 ?norm_ge0. Qed.

Let c_ge0 theta h x : 0 <= c theta h x.
Proof. by rewrite /c addr_ge0 ?mulr_ge0 ?addr_ge0 ?norm_ge0 ?sqr_ge0. Qed.

Let sqr_le j h : dot (L j *m h) (L j *m h) <= K ^+ 2 * norm h ^+ 2.
Proof. by rewrite -exprMn -sqr_norm lerXn2r ?nnegrE ?norm_ge0. Qed.

Let y_le theta h x j : `|y theta h x j| <= c theta h x.
Proof.
apply: le_trans (ler_normB _ _) _; apply: lerD.
  apply: le_trans (dot_le_norm _ _) _; apply: ler_pM; rewrite ?norm_ge0//.
  apply: le_trans (norm_triangle _ _) _; rewrite lerD2l.
  by rewrite -[norm (- _)]/(Num.sqrt _) -scaleN1r dotZl dotZr !mulN1r opprK; exact: L_le.
rewrite ger0_norm; last by rewrite divr_ge0 ?dot_ge0.
by rewrite ler_pM2r ?invr_gt0.
Qed.

Let remainder theta h x :
  0 <= ln (ratio (theta + h) x) - ln (ratio theta x) - \sum_j p theta x j * y theta h x j <= 4 * c theta h x ^+ 2.
Proof.
have t0 := tilt_mass_gt0 (p_ge0 theta x) (p_sum theta x) (y_le theta h x).
have h1 := jensen_ln (y theta h x) (p_ge0 theta x) (p_sum theta x).
have h2 := ln_tilt_mass_le (p_ge0 theta x) (p_sum theta x) (c_ge0 theta h x) (y_le theta h x).
have r0 : 0 < ratio theta x by exact: ratio_gt0.
rewrite change lnM ?posrE//; clear t0 r0; rewrite -/(tilt_mass _ _) in h1.
move: h1 h2; move: (\sum_j _) (ln (tilt_mass _ _)) (ln _) (4 * _) => a b e f h1 h2.
by apply/andP; split; lra.
Qed.

Let bound (theta h : 'cV[R]_q) : R := 8 * (K ^+ 2 * norm h ^+ 2) * (d%:R + K ^+ 2 * (norm theta + norm h / 2) ^+ 2).

Let c_sqr theta h x : 4 * c theta h x ^+ 2 <=
  8 * (K ^+ 2 * norm h ^+ 2) * dot x x + 8 * (K ^+ 2 * norm h ^+ 2) * (K ^+ 2 * (norm theta + norm h / 2) ^+ 2).
Proof.
have -> : c theta h x = K * norm h * (norm x + K * (norm theta + norm h / 2)) by rewrite /c; field.
rewrite -sqr_norm -[K ^+ 2 * norm h ^+ 2]exprMn -[K ^+ 2 * _ ^+ 2]exprMn.
move: (K * norm h) (norm x) (K * (norm theta + norm h / 2)) => a b e; rewrite -subr_ge0.
have -> : 8 * a ^+ 2 * b ^+ 2 + 8 * a ^+ 2 * e ^+ 2 - 4 * (a * (b + e)) ^+ 2 = 4 * (a ^+ 2 * (b - e) ^+ 2) by ring.
by rewrite mulr_ge0// mulr_ge0 ?sqr_ge0.
Qed.

Let arith (a b g s : R) : a - b - (- g - s / 2) = - b - - a + g + s / 2.
Proof. ring. Qed.

Let arith2 (a b g s r m : R) : 0 <= s <= m -> 0 <= a - b + g + s / 2 <= r -> `|b - a - g| <= r + m.
Proof. by move=> /andP[? ?] /andP[? ?]; rewrite ler_norml; apply/andP; split; lra. Qed.

(* the gradient is the gradient *)
Theorem tied_expansion theta h :
  `|kl (theta + h) - kl theta - dot (gradient theta) h| <= bound theta h + K ^+ 2 * norm h ^+ 2.
Proof.
have [lg eg] := tied_gradient_dot L w_gt0 w_sum theta h.
have l0 := L_ln_ratio L w_gt0 w_sum theta; have l1 := L_ln_ratio L w_gt0 w_sum (theta + h).
pose s t := \sum_j p theta (X t) j * dot (L j *m h) (L j *m h).
have ls : LL s.
  apply: L_sum => j; apply: (@L_ext _ _ (Eg R d) (fun t => dot (L j *m h) (L j *m h) * p theta (X t) j)).
    by move=> t; rewrite mulrC.
  by apply: L_scale; exact: L_tied_post.
have ly : LL (fun t => \sum_j p theta (X t) j * y theta h (X t) j).
  apply: (@L_ext _ _ (Eg R d) (fun t => -1 * (\sum_j p theta (X t) j * dot (L j *m theta - X t) (L j *m h)) + - (1 / 2) * s t)).
    move=> t; rewrite mulN1r -sumrN mulr_sumr -big_split/=; apply: eq_bigr => j _.
    by rewrite /y !dotBl; field.
  by apply: L_add; exact: L_scale.
have Ey : EE (fun t => \sum_j p theta (X t) j * y theta h (X t) j) = - dot (gradient theta) h - EE s / 2.
  have e t : \sum_j p theta (X t) j * y theta h (X t) j =
     -1 * (\sum_j p theta (X t) j * dot (L j *m theta - X t) (L j *m h)) + - (1 / 2) * s t.
    rewrite mulN1r -sumrN mulr_sumr -big_split/=; apply: eq_bigr => j _.
    by rewrite /y !dotBl; field.
  by rewrite (E_ext _ e) E_add ?E_scale -?eg//; [lra|exact: L_scale|exact: L_scale].
pose r t := ln (ratio (theta + h) (X t)) - ln (ratio theta (X t)) - \sum_j p theta (X t) j * y theta h (X t) j.
have lr : LL r by apply: L_sub => //; exact: L_sub.
have Er : EE r = kl theta - kl (theta + h) + dot (gradient theta) h + EE s / 2.
  have e1 : EE r = _ := E_sub (L_sub l1 l0) ly; have e2 := E_sub l1 l0.
  rewrite e1 e2 Ey (tied_klE L w_gt0 w_sum theta) (tied_klE L w_gt0 w_sum (theta + h)).
  exact: arith.
have s0 : 0 <= EE s <= K ^+ 2 * norm h ^+ 2.
  apply/andP; split; first by apply: E_ge0 => // t; apply: sumr_ge0 => j _; rewrite mulr_ge0 ?dot_ge0.
  rewrite -(E_cst (Eg R d) (K ^+ 2 * _)); apply: E_mono => //; first exact: L_cst.
  move=> t; rewrite -[leRHS]mul1r -(p_sum theta (X t)) mulr_suml; apply: ler_sum => j _.
  by rewrite ler_wpM2l.
have r0 : 0 <= EE r by apply: E_ge0 => // t; have /andP[] := remainder theta h (X t).
have r1 : EE r <= bound theta h.
  have ln2 := L_sqr_norm R d.
  pose g t := 8 * (K ^+ 2 * norm h ^+ 2) * dot (X t) (X t) + 8 * (K ^+ 2 * norm h ^+ 2) * (K ^+ 2 * (norm theta + norm h / 2) ^+ 2).
  have lg2 : LL g by apply: L_add; [exact: L_scale|exact: L_cst].
  have : EE r <= EE g.
    apply: E_mono => // t; have /andP[_ h1] := remainder theta h (X t).
    exact: le_trans h1 (c_sqr theta h (X t)).
  have -> : EE g = 8 * (K ^+ 2 * norm h ^+ 2) * EE (fun t => dot (X t) (X t)) +
      8 * (K ^+ 2 * norm h ^+ 2) * (K ^+ 2 * (norm theta + norm h / 2) ^+ 2).
    by rewrite /g E_add; [rewrite E_cst E_scale|exact: L_scale|exact: L_cst].
  move=> h1.
  apply: le_trans h1 _; rewrite /bound [leRHS]mulrDr lerD2r ler_wpM2l ?E_sqr_norm_le//.
  by rewrite mulr_ge0// mulr_ge0// sqr_ge0.
apply: arith2 s0 _; by rewrite -Er r0 r1.
Qed.

Let scaled_norm (s : R) (x : 'cV[R]_q) : norm (s *: x) ^+ 2 = s ^+ 2 * norm x ^+ 2.
Proof. by rewrite !sqr_norm dotZl dotZr; ring. Qed.

Let arith3 (a n s b b' : R) : 0 <= a * n -> b <= b' ->
  8 * (a * (s ^+ 2 * n)) * b + a * (s ^+ 2 * n) <= (8 * (a * n) * b' + a * n) * s ^+ 2.
Proof.
move=> an bb; rewrite -subr_ge0.
have -> : (8 * (a * n) * b' + a * n) * s ^+ 2 - (8 * (a * (s ^+ 2 * n)) * b + a * (s ^+ 2 * n)) =
  8 * (a * n) * s ^+ 2 * (b' - b) by ring.
by rewrite mulr_ge0 ?subr_ge0// mulr_ge0 ?sqr_ge0// mulr_ge0.
Qed.

Theorem tied_ray theta t : is_derive t (1 : R) (fun t => kl (t *: theta)) (dot (gradient (t *: theta)) theta).
Proof.
pose C := 8 * (K ^+ 2 * norm theta ^+ 2) * (d%:R + K ^+ 2 * (norm (t *: theta) + norm theta / 2) ^+ 2) + K ^+ 2 * norm theta ^+ 2.
apply: (@derive_of_quadratic _ _ _ _ C).
  have a0 : 0 <= K ^+ 2 * norm theta ^+ 2 by rewrite mulr_ge0 ?sqr_ge0.
  apply: addr_ge0 => //; apply: mulr_ge0; first exact: mulr_ge0.
  by rewrite addr_ge0 ?ler0n// mulr_ge0 ?sqr_ge0.
move=> s s1; have := tied_expansion (t *: theta) (s *: theta).
rewrite scalerDl dotZr => h; apply: le_trans h _.
rewrite /bound scaled_norm /C; apply: arith3; first by rewrite mulr_ge0 ?sqr_ge0.
have s2 : norm (s *: theta) <= norm theta.
  rewrite /norm ler_wsqrtr// dotZl dotZr mulrA -expr2 ler_piMl ?dot_ge0//.
  by rewrite -real_normK ?num_real// exprn_ile1.
rewrite lerD2l ler_wpM2l ?sqr_ge0// lerXn2r ?nnegrE ?addr_ge0 ?divr_ge0 ?norm_ge0//.
by rewrite lerD2l ler_pM2r ?invr_gt0.
Qed.

End expansion.

Section rays.
Variables (R : realType) (d q k : nat) (L : 'I_k -> 'M[R]_(d, q)) (w : 'I_k -> R).
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation kl := (tied_kl L w).
Notation gradient := (tied_gradient L w).

Let common_bound : exists2 K, 0 <= K & forall j x, norm (L j *m x) <= K * norm x.
Proof.
have [K h] := choice (fun j => let: ex_intro2 K a b := mulmx_bounded (L j) in ex_intro _ K (conj a b)).
exists (\sum_j K j); first by apply: sumr_ge0 => j _; have [] := h j.
move=> j x; have [h0 h1] := h j; apply: le_trans (h1 x) _; rewrite ler_wpM2r ?norm_ge0//.
by rewrite (bigD1 j)//= lerDl sumr_ge0// => l _; have [] := h l.
Qed.

Theorem tied_gradient_expansion theta : exists C, forall h, norm h <= 1 ->
  `|kl (theta + h) - kl theta - dot (gradient theta) h| <= C * norm h ^+ 2.
Proof.
have [K K0 LK] := common_bound.
exists (8 * K ^+ 2 * (d%:R + K ^+ 2 * (norm theta + 1) ^+ 2) + K ^+ 2) => h h1.
apply: le_trans (tied_expansion w_gt0 w_sum K0 LK theta h) _.
have n0 := norm_ge0 theta; have h0 := norm_ge0 h; have d0 : 0 <= d%:R :> R by rewrite ler0n.
have le1 : (norm theta + norm h / 2) ^+ 2 <= (norm theta + 1) ^+ 2.
  by rewrite lerXn2r ?nnegrE ?addr_ge0 ?divr_ge0// lerD2l; lra.
rewrite [leRHS]mulrDl lerD2r.
have -> : 8 * (K ^+ 2 * norm h ^+ 2) * (d%:R + K ^+ 2 * (norm theta + norm h / 2) ^+ 2) =
  8 * K ^+ 2 * (d%:R + K ^+ 2 * (norm theta + norm h / 2) ^+ 2) * norm h ^+ 2 by ring.
by rewrite ler_wpM2r ?sqr_ge0// ler_wpM2l ?mulr_ge0 ?sqr_ge0// lerD2l ler_wpM2l ?sqr_ge0.
Qed.

Theorem tied_ray_derive theta t : is_derive t (1 : R) (fun t => kl (t *: theta)) (dot (gradient (t *: theta)) theta).
Proof. have [K K0 LK] := common_bound; exact: (tied_ray w_gt0 w_sum K0 LK). Qed.

(* KL grows along every ray on which some mean is not 0 *)
Theorem tied_ray_increasing theta j s t : L j *m theta != 0 -> 0 <= s -> s < t -> kl (s *: theta) < kl (t *: theta).
Proof.
move=> mj s0 st.
apply: (@gtr0_derive1_incr R (fun t => kl (t *: theta)) 0 t) => //.
- by move=> x _; have [] := tied_ray_derive theta x.
- move=> x; rewrite in_itv/= => /andP[x0 _]; rewrite derive1E; have [_ ->] := tied_ray_derive theta x.
  have h : 0 < dot (x *: theta) (gradient (x *: theta)).
    by apply: (tied_outward w_gt0 w_sum (j := j)); rewrite -scalemxAr scaler_eq0 negb_or mj gt_eqF.
  by rewrite dotZl pmulr_rgt0// dotC in h.
- apply: derivable_within_continuous => x _; by have [] := tied_ray_derive theta x.
Qed.

Let at_zero x j : tied_post L w 0 x j = w j.
Proof.
have e l : w l * expR (dot x (L l *m 0) - dot (L l *m 0) (L l *m 0) / 2) = w l.
  by rewrite mulmx0 dot0l mul0r subr0 dotC dot0l expR0 mulr1.
by rewrite (tied_post_ratio L w_gt0 w_sum) /ratio (eq_bigr _ (fun l _ => e l)) w_sum divr1 e.
Qed.

Let gradient0 : gradient 0 = 0.
Proof.
apply/eqP; rewrite -dot_eq0; set g := gradient 0.
have [_ ->] := tied_gradient_dot L w_gt0 w_sum 0 g.
have e t : \sum_j tied_post L w 0 (@Xg R d t) j * dot (L j *m 0 - Xg t) (L j *m g) =
    \sum_j - w j * dot (Xg t) (L j *m g).
  by apply: eq_bigr => j _; rewrite at_zero mulmx0 dotBl dot0l sub0r mulrN mulNr.
have l j := E_dot (L j *m g).
rewrite (E_ext _ e) E_sum; last by move=> j; apply: L_scale; have [] := l j.
by apply/eqP/big1 => j _; have [l1 l2] := l j; rewrite E_scale// l2 mulr0.
Qed.

Theorem tied_kl0 : kl 0 = 0.
Proof.
rewrite (tied_klE L w_gt0 w_sum); apply/eqP; rewrite oppr_eq0; apply/eqP; rewrite -[RHS](E_cst (Eg R d)).
apply: E_ext => t; rewrite -(ln1 R); congr ln; rewrite /ratio -[RHS]w_sum; apply: eq_bigr => l _.
by rewrite mulmx0 dot0l mul0r subr0 dotC dot0l expR0 mulr1.
Qed.

Lemma some_mean (theta : 'cV[R]_q) : (\sum_j w j *: ((L j)^T *m L j)) \in unitmx -> theta != 0 -> exists j, L j *m theta != 0.
Proof.
move=> N t0; apply/existsP; apply: contraT; rewrite negb_exists => /forallP z.
have : (\sum_j w j *: ((L j)^T *m L j)) *m theta = 0.
  rewrite mulmx_suml big1// => j _; have := z j; rewrite negbK => /eqP zj.
  by rewrite -scalemxAl -mulmxA zj mulmx0 scaler0.
by move/(congr1 (mulmx (invmx (\sum_j w j *: ((L j)^T *m L j))))); rewrite mulKmx// mulmx0 => t1; rewrite t1 eqxx in t0.
Qed.

(* where sum_j w_j L_j^T L_j is invertible 0 is the only stationary point *)
Theorem tied_stationary theta : (\sum_j w j *: ((L j)^T *m L j)) \in unitmx -> (gradient theta = 0 <-> theta = 0).
Proof.
move=> N; split=> [g|->]; last exact: gradient0.
apply/eqP; apply: contraT => t0; have [j mj] := some_mean N t0.
by have := tied_outward w_gt0 w_sum mj; rewrite g dotC dot0l ltxx.
Qed.

End rays.

(* orthogonal maps: KL exceeds |theta|^4/(4(D + 2|theta|^2)) *)
Section orthogonal.
Variables (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.

Lemma orthogonal_spent (theta : 'cV[R]_d) : tied_spent U w theta = dot theta theta.
Proof.
rewrite /tied_spent (@E_ext _ _ (Eg R d) _ (fun=> dot theta theta)) ?E_cst// => s.
under eq_bigr do rewrite (dot_U U_orth).
by rewrite -mulr_suml (tied_post_sum U w_gt0 w_sum) mul1r.
Qed.

Variables (theta : 'cV[R]_d) (P : 'M[R]_d) (D : R).
Hypothesis theta_n0 : theta != 0.
Hypothesis P_sym : P^T = P.
Hypothesis P_idem : P *m P = P.
Hypothesis P_differences : forall i j, P *m (U i *m theta - U j *m theta) = U i *m theta - U j *m theta.
Hypothesis D_gt0 : 0 < D.
Hypothesis D_ge : \tr P <= D.
Notation kl := (tied_kl U w).
Notation gradient := (tied_gradient U w).
Let q := dot theta theta.

Let q_gt0 : 0 < q. Proof. by rewrite lt_def dot_ge0 dot_eq0 theta_n0. Qed.

Let slope (t : R) : 0 < t -> (t ^+ 2 * q) ^+ 2 <= (D + 2 * (t ^+ 2 * q)) * (t * dot (gradient (t *: theta)) theta).
Proof.
move=> t0; have e : dot (t *: theta) (t *: theta) = t ^+ 2 * q by rewrite dotZl dotZr mulrA -expr2.
have S : tied_spent U w (t *: theta) = t ^+ 2 * q by rewrite orthogonal_spent.
have Pd i j : P *m (U i *m (t *: theta) - U j *m (t *: theta)) = U i *m (t *: theta) - U j *m (t *: theta).
  by rewrite -!scalemxAr -scalerBr -scalemxAr P_differences.
have := tied_lower w_gt0 w_sum P_sym P_idem Pd D_gt0 D_ge.
by rewrite S dotZl [dot theta _]dotC.
Qed.

Theorem orthogonal_kl : q ^+ 2 / (4 * (D + 2 * q)) < kl theta.
Proof.
pose c := q ^+ 2 / (4 * (D + 2 * q)).
pose f t := kl (t *: theta) - c * t ^+ 4.
have df (t : R) : is_derive t (1 : R) f (dot (gradient (t *: theta)) theta - c * (4 * t ^+ 3)).
  have h := is_deriveB (tied_ray_derive U w_gt0 w_sum theta t) (is_deriveZ c (is_deriveX 3 (is_derive_id t (1 : R)))).
  by apply: (@is_derive_eq _ _ _ _ _ _ _ _ h); rewrite /GRing.scale/= mulr1.
have f0 : f 0 = 0 by rewrite /f scale0r tied_kl0// expr0n/= mulr0 subr0.
have : f 0 < f 1.
  apply: (@gtr0_derive1_incr R f 0 1) => //.
  - move=> x; rewrite in_itv/= => /andP[x0 x1]; rewrite derive1E; have [_ ->] := df x.
    have := slope x0; move: (dot (gradient _) _) => g h; rewrite subr_gt0.
    have x2 : x ^+ 2 < 1 by rewrite expr_lt1// ltW.
    have D1 : 0 < D + 2 * (x ^+ 2 * q) by rewrite addr_gt0// !mulr_gt0// exprn_gt0.
    have D2 : 0 < D + 2 * q by rewrite addr_gt0// mulr_gt0.
    have low : x ^+ 3 * q ^+ 2 <= (D + 2 * (x ^+ 2 * q)) * g.
      rewrite -(ler_pM2l x0); apply: le_trans (le_trans _ h) _.
        by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
      by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
    have -> : c * (4 * x ^+ 3) = x ^+ 3 * q ^+ 2 / (D + 2 * q) by rewrite /c; field; rewrite gt_eqF.
    have g0 : 0 < g by rewrite -(pmulr_rgt0 _ D1); apply: lt_le_trans low; rewrite mulr_gt0// exprn_gt0.
    rewrite ltr_pdivrMr// [ltRHS]mulrC; apply: le_lt_trans low _.
    rewrite ltr_pM2r// ltrD2l ltr_pM2l// -[ltRHS]mul1r ltr_pM2r//.
  - apply: derivable_within_continuous => x _; by have [] := df x.
by rewrite f0 /f scale1r expr1n mulr1 subr_gt0.
Qed.
End orthogonal.
