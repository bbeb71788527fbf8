From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction.

Section prob_exp.
Context dd (T : measurableType dd) (R : realType) (P : probability T R).

Definition prob_expectation : expectation R T.
Proof.
refine (@Expectation R T (fun f => P.-integrable setT (EFin \o f)) (fun f => \int[P]_t f t)
  _ _ _ _ _ _ _ _ _).
- by move=> f g fg; rewrite (_ : f = g)//; exact/funext.
- by move=> f g fg; rewrite (_ : f = g)//; exact/funext.
- by move=> c; exact: (finite_measure_integrable_cst P c).
- by move=> f g lf lg; exact: (integrableD measurableT lf lg).
- by move=> c f lf; exact: (integrableZl measurableT c lf).
- move=> f g lf lg; rewrite /Rintegral -fineD; [|exact: (integral_fune_fin_num measurableT lf)|exact: (integral_fune_fin_num measurableT lg)].
  by rewrite -(integralD_EFin measurableT lf lg).
- by move=> c f lf; exact: (RintegralZl c measurableT lf).
- by move=> f lf f0; exact: Rintegral_ge0.
- rewrite (Rintegral_cst P measurableT 1) mul1r; have := @probability_setT _ _ _ P => /= ->; by [].
Defined.

End prob_exp.

Section EMgauss.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation post := (post U w).
Notation vec x := (\col_a x a : 'cV[R]_d).

Let den (theta x : 'cV[R]_d) : R := \sum_l w l * expR (dot x (U l *m theta)).

Let den_gt0 theta x : 0 < den theta x.
Proof. exact: denom_gt0. Qed.

Lemma postE theta x j :
  post theta x j = w j * expR (dot x (U j *m theta) - ln (den theta x)).
Proof. by rewrite expRD expRN lnK ?posrE// mulrA. Qed.

Lemma borel_dot (u : 'cV[R]_d) : borel (fun x => dot (vec x) u).
Proof.
move=> disp T X mX; rewrite /dot; apply: measurable_sum => a.
under eq_fun do rewrite mxE; exact: measurable_funM.
Qed.

Lemma borel_post theta j : borel (fun x => post theta (vec x) j).
Proof.
move=> disp T X mX; under eq_fun do rewrite postE.
apply: measurable_funM => //; apply: measurableT_comp => //.
apply: measurable_funB; first exact: (borel_dot _ mX).
apply: (@measurable_comp _ _ _ _ _ _ [set~ (0 : R)]).
- by apply: measurableC; exact: measurable_set1.
- by move=> _ [t _ <-] /= /eqP; rewrite gt_eqF// den_gt0.
- exact: measurable_ln.
apply: measurable_sum => l; apply: measurable_funM => //; apply: measurableT_comp => //.
exact: (borel_dot _ mX).
Qed.

Definition dpost theta j (i : 'I_d) (x : 'cV[R]_d) : R :=
  post theta x j * ((U j *m theta) i 0 - \sum_l post theta x l * (U l *m theta) i 0).

Lemma borel_dpost theta j i : borel (fun x => dpost theta j i (vec x)).
Proof.
move=> disp T X mX; apply: measurable_funM; first exact: (borel_post _ _ mX).
apply: measurable_funB => //; apply: measurable_sum => l.
by apply: measurable_funM => //; exact: (borel_post _ _ mX).
Qed.

Section deriv.
Variables (theta : 'cV[R]_d) (x : 'I_d -> R) (i : 'I_d).
Let up (s : R) : 'cV[R]_d := \col_a upd x i s a.

Lemma d_dot (u : 'cV[R]_d) (s : R) : is_derive s (1 : R) (fun s => dot (up s) u) (u i 0).
Proof.
rewrite (_ : (fun s => _) = ((id : R -> R) * (cst (u i 0) : R -> R)) + (cst (\sum_(a | a != i) x a * u a 0) : R -> R)); last first.
  apply/funext => t; rewrite /dot (bigD1 i)//= !mxE /upd eqxx; congr (_ + _).
  by apply: eq_bigr => a ai; rewrite mxE /upd ifN_eq.
have h := is_deriveD (is_deriveM (is_derive_id s (1:R)) (is_derive_cst (u i 0) s (1:R)))
  (is_derive_cst (\sum_(a | a != i) x a * u a 0) s (1:R)).
apply: (@is_derive_eq _ _ _ _ _ _ _ _ h).
by rewrite scaler0 add0r addr0 /cst /GRing.scale/= mulr1.
Qed.

Lemma d_den (s : R) : is_derive s (1 : R) (fun s => den theta (up s))
  (\sum_l w l * (expR (dot (up s) (U l *m theta)) * (U l *m theta) i 0)).
Proof.
rewrite (_ : (fun s => _) = \sum_l (w l \*: (expR \o (fun s => dot (up s) (U l *m theta))) : R -> R)); last first.
  by apply/funext => t; rewrite fct_sumE.
apply: is_derive_sum => l; apply: is_deriveZ; apply: is_derive1_comp.
exact: d_dot.
Qed.

Lemma d_post j (s : R) : is_derive s (1 : R) (fun s => post theta (up s) j) (dpost theta j i (up s)).
Proof.
rewrite (_ : (fun s => _) = w j \*: (expR \o ((fun s => dot (up s) (U j *m theta) : R) -
   (@ln R \o (fun s => den theta (up s)) : R -> R)))); last first.
  by apply/funext => t; rewrite postE.
have h := is_deriveZ (w j) (is_derive1_comp (is_derive_expR _)
  (is_deriveB (d_dot (U j *m theta) s) (is_derive1_comp (is_derive1_ln (den_gt0 theta (up s))) (d_den s)))).
apply: (@is_derive_eq _ _ _ _ _ _ _ _ h).
rewrite /dpost postE /GRing.scale/= mulrA; congr (_ * (_ - _)).
rewrite mulr_sumr; apply: eq_bigr => l _.
rewrite /Contraction.post -/(den theta (up s)) [w l * (_ * _)]mulrA [LHS]mulrA.
by congr (_ * _); rewrite mulrC.
Qed.

Lemma c_dpost j : continuous (fun s => dpost theta j i (up s)).
Proof.
move=> s.
have h := is_deriveM (d_post j s) (is_deriveB (is_derive_cst ((U j *m theta) i 0) s (1:R))
  (is_derive_sum (fun l => is_deriveM (d_post l s) (is_derive_cst ((U l *m theta) i 0) s (1:R))))).
apply: differentiable_continuous; apply/derivable1_diffP; have [h1 _] := h.
rewrite (_ : (fun s => _) = (fun s => post theta (up s) j : R) * ((cst ((U j *m theta) i 0) : R -> R) -
  \sum_l ((fun s => post theta (up s) l : R) * (cst ((U l *m theta) i 0) : R -> R)))) //.
apply/funext => t; rewrite /dpost; congr (_ * (_ - _)).
by rewrite fct_sumE.
Qed.

End deriv.

Lemma C1b_post theta j i : exists C : R, C1b i (fun x => post theta (vec x) j)
   (fun x => dpost theta j i (vec x)) C.
Proof.
pose K := \sum_l `|(U l *m theta) i 0|.
have K0 : 0 <= K by apply: sumr_ge0.
have pj1 x l : `|post theta x l| <= 1.
  by rewrite ger0_norm ?post_ge0// post_le1.
exists (1 + K + K); split.
- exact: borel_post.
- exact: borel_dpost.
- split=> x.
    by apply: le_trans (pj1 _ _) _; rewrite -addrA lerDl addr_ge0.
  rewrite /dpost normrM -[leRHS]mul1r ler_pM//.
  apply: le_trans (ler_normB _ _) _; rewrite -addrA -[leLHS]add0r lerD// lerD//.
    by rewrite /K (bigD1 j)//= lerDl sumr_ge0.
  apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _.
  by rewrite normrM ler_piMl.
- by move=> x; exact: c_dpost.
- by move=> x s; exact: d_post.
Qed.

(* X ~ N(0, I_d): the vector of coordinates on the d-fold product space *)
Definition Xg (t : gT (gauss R d)) : 'cV[R]_d := \col_i @gX _ _ (gauss R d) i t.
Definition Eg := prob_expectation (gP (gauss R d)).

Lemma bounded_L (f : 'cV[R]_d -> R) C : borel (fun x => f (vec x)) -> (forall x, `|f x| <= C) ->
  L Eg (fun t => f (Xg t)).
Proof.
move=> bf fC.
have := g_bounded_integrable bf (fun x => fC (vec x)) (g_integrable1 R d).
by apply: eq_integrable => // t _; rewrite mul1r.
Qed.

Let pj1 theta x l : `|post theta x l| <= 1.
Proof. by rewrite ger0_norm ?post_ge0// post_le1. Qed.

Lemma L_post theta j : L Eg (fun t => post theta (Xg t) j).
Proof. exact: (bounded_L (borel_post theta j) (fun x => pj1 theta x j)). Qed.

Lemma L_post2 theta j l : L Eg (fun t => post theta (Xg t) j * post theta (Xg t) l).
Proof.
apply: (@bounded_L (fun x => post theta x j * post theta x l) 1).
  by move=> disp T X mX; apply: measurable_funM; exact: (borel_post _ _ mX).
by move=> x; rewrite normrM mulr_ile1.
Qed.

Lemma L_Xpost theta j a : L Eg (fun t => Xg t a 0 * post theta (Xg t) j).
Proof.
have := g_bounded_integrable (borel_post theta j) (fun x => pj1 theta (vec x) j) (@gX_integrable R d a).
by apply: eq_integrable => // t _; rewrite /= mxE.
Qed.

Lemma Stein_post theta j a :
  E Eg (fun t => Xg t a 0 * post theta (Xg t) j) =
  E Eg (fun t => post theta (Xg t) j *
    ((U j *m theta) a 0 - \sum_l post theta (Xg t) l * (U l *m theta) a 0)).
Proof.
have [C h] := C1b_post theta j a; have s := Stein_gauss h.
rewrite /E/= /Rintegral; congr fine.
transitivity (\int[gP (gauss R d)]_t (@gX _ _ (gauss R d) a t * post theta (vec (fun j0 => @gX _ _ (gauss R d) j0 t)) j)%:E)%E.
  by apply: eq_integral => t _; rewrite mxE.
exact: s.
Qed.

End EMgauss.

(* Gaussian vectors: the mean and the second moment of a coordinate, and what their growth makes integrable *)
Section pointwise.
Variable R : realType.
Implicit Types x z : R.

(* sinh z >= z for z >= 0: its derivative is cosh z - 1 >= 0 *)
Lemma double_le_sinh z : 0 <= z -> 2 * z <= expR z - expR (- z).
Proof.
move=> z0.
pose g (t : R) := expR t - expR (- t) - 2 * t.
have dg (t : R) : is_derive t (1 : R) g (expR t + expR (- t) - 2).
  have h := is_deriveB (is_deriveB (is_derive_expR t)
    (is_derive1_comp (is_derive_expR (- t)) (is_deriveN (is_derive_id t (1 : R)))))
    (is_deriveZ (2 : R) (is_derive_id t (1 : R))).
  apply: (@is_derive_eq _ _ _ _ _ _ _ _ h).
  by rewrite /GRing.scale/=; ring.
have [->|zn0] := eqVneq z 0; first by rewrite mulr0 oppr0 subrr.
have zp : 0 < z by rewrite lt_def zn0.
suff : g 0 <= g z by rewrite /g oppr0 subrr mulr0 subrr; lra.
apply: (@ger0_derive1_ndecr R g 0 z) => //.
- move=> t _; rewrite derive1E; have [_ ->] := dg t.
  by have := expR_ge1Dx t; have := expR_ge1Dx (- t); lra.
- apply: derivable_within_continuous => t _; by have [] := dg t.
Qed.

Lemma sqr_le_cosh x : x ^+ 2 <= expR x + expR (- x) - 2.
Proof.
wlog x0 : x / 0 <= x.
  move=> h; have [/h//|/ltW xN] := leP 0 x.
  by have := h (- x); rewrite sqrrN opprK [expR (- x) + _]addrC => ->//; rewrite oppr_ge0.
have h := @double_le_sinh (x / 2) ltac:(lra).
have e1 : expR x = expR (x / 2) ^+ 2 by rewrite expr2 -expRD; congr expR; lra.
have e2 : expR (- x) = expR (- (x / 2)) ^+ 2 by rewrite expr2 -expRD; congr expR; lra.
have e3 : expR (x / 2) * expR (- (x / 2)) = 1 by rewrite -expRD subrr expR0.
rewrite e1 e2.
have -> : expR (x / 2) ^+ 2 + expR (- (x / 2)) ^+ 2 - 2 = (expR (x / 2) - expR (- (x / 2))) ^+ 2.
  by rewrite sqrrB e3; ring.
have -> : x ^+ 2 = (2 * (x / 2)) ^+ 2 by congr (_ ^+ 2); lra.
by rewrite lerXn2r// nnegrE; lra.
Qed.

End pointwise.

Section gaussian.
Variables (R : realType) (d : nat).
Notation G := (gauss R d).
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).

Lemma L_le (f g : gT G -> R) : measurable_fun setT f -> (forall t, `|f t| <= g t) -> LL g -> LL f.
Proof.
move=> mf fg lg; apply: (@le_integrable _ _ R (gP G) setT measurableT _ (EFin \o g)) => //.
- exact/measurable_EFinP.
- move=> t _ /=; rewrite lee_fin; apply: le_trans (fg t) _; exact: ler_norm.
Qed.

Lemma measurable_X a : measurable_fun setT (fun t => X t a 0).
Proof. by under eq_fun do rewrite mxE; exact: gX_measurable. Qed.

Lemma L_X a : LL (fun t => X t a 0).
Proof.
apply: (@L_ext _ _ (Eg R d) (@gX _ _ G a)); first by move=> t; rewrite mxE.
exact: gX_integrable.
Qed.

Definition unitv (a : 'I_d) : 'cV[R]_d := delta_mx a 0.

Lemma dot_scaled_unit (x : 'cV[R]_d) (s : R) a : dot x (s *: unitv a) = s * x a 0.
Proof.
rewrite /dot (bigD1 a)//= !mxE !eqxx /= mulr1 big1 ?addr0 1?mulrC// => i ia.
by rewrite !mxE (negbTE ia)/= !mulr0.
Qed.

(* the joint moment generating function of N(0, I_d) *)
Lemma mgf_dot (u : 'cV[R]_d) :
  (\int[gP G]_t (expR (dot (X t) u))%:E = (expR (dot u u / 2))%:E)%E.
Proof.
have := mgf (fun i => u i 0).
rewrite -mulr_suml (_ : \sum_i u i 0 ^+ 2 = dot u u); last first.
  by apply: eq_bigr => i _; rewrite expr2.
move=> <-; apply: eq_integral => t _; congr (expR _)%:E.
by apply: eq_bigr => i _; rewrite mxE.
Qed.

Lemma measurable_dot u : measurable_fun setT (fun t => dot (X t) u).
Proof. by apply: measurable_sum => i; apply: measurable_funM => //; exact: measurable_X. Qed.

Lemma L_exp u : LL (fun t => expR (dot (X t) u)).
Proof.
apply/integrableP; split.
  by apply/measurable_EFinP; apply: measurableT_comp => //; exact: measurable_dot.
under eq_integral do rewrite /= ger0_norm ?expR_ge0//.
by rewrite mgf_dot ltry.
Qed.

Lemma E_exp u : EE (fun t => expR (dot (X t) u)) = expR (dot u u / 2).
Proof. by rewrite /E /= /Rintegral mgf_dot. Qed.

(* E<X, u>^2 <= (e^(z|u|^2) - 1)/z <= |u|^2 e^(z|u|^2) for every z > 0, so E<X, u>^2 <= |u|^2 *)
Let L_cosh (u : 'cV[R]_d) : LL (fun t => expR (dot (X t) u) + expR (dot (X t) (- u)) + - 2).
Proof. by apply: L_add; [apply: L_add; exact: L_exp|exact: L_cst]. Qed.

Let cosh_bound (u : 'cV[R]_d) t : dot (X t) u ^+ 2 <= expR (dot (X t) u) + expR (dot (X t) (- u)) + - 2.
Proof. by rewrite -scaleN1r dotZr mulN1r; exact: sqr_le_cosh. Qed.

Lemma L_sqr_dot (u : 'cV[R]_d) : LL (fun t => dot (X t) u ^+ 2).
Proof.
apply: (L_le _ _ (L_cosh u)); first by apply: measurable_funX; exact: measurable_dot.
by move=> t; rewrite ger0_norm ?sqr_ge0//; exact: cosh_bound.
Qed.

Lemma E_sqr_dot_le (u : 'cV[R]_d) : EE (fun t => dot (X t) u ^+ 2) <= dot u u.
Proof.
set v := EE _; set q := dot u u.
have q0 : 0 <= q := dot_ge0 u.
have b s : s ^+ 2 * v <= 2 * (expR (s ^+ 2 * q / 2) - 1).
  have e t : s ^+ 2 * dot (X t) u ^+ 2 = dot (X t) (s *: u) ^+ 2 by rewrite dotZr exprMn.
  have : EE (fun t => s ^+ 2 * dot (X t) u ^+ 2) <= EE (fun t => expR (dot (X t) (s *: u)) + expR (dot (X t) (- (s *: u))) + - 2).
    apply: E_mono; [by apply: L_scale; exact: L_sqr_dot|exact: L_cosh|].
    by move=> t; rewrite e; exact: cosh_bound.
  rewrite E_scale; last exact: L_sqr_dot.
  rewrite E_add; [|by apply: L_add; exact: L_exp|exact: L_cst].
  rewrite E_add; [|exact: L_exp|exact: L_exp].
  have e1 : dot (s *: u) (s *: u) = s ^+ 2 * q by rewrite dotZl dotZr mulrA -expr2.
  have e2 : dot (- (s *: u)) (- (s *: u)) = s ^+ 2 * q by rewrite -scaleN1r dotZl dotZr e1; ring.
  by rewrite !E_exp E_cst e1 e2 -/v; lra.
have c z : 0 < z -> v <= q * expR (z * q).
  move=> z0; have s2 : Num.sqrt (2 * z) ^+ 2 = 2 * z by rewrite sqr_sqrtr// mulr_ge0// ltW.
  have := b (Num.sqrt (2 * z)); rewrite s2.
  have -> : 2 * z * q / 2 = z * q by field.
  have := expR_ge1Dx (- (z * q)); rewrite expRN => h1 h2.
  have e0 := expR_gt0 (z * q).
  have h3 : expR (z * q) - 1 <= z * q * expR (z * q).
    move: h1; rewrite -(ler_pM2r e0) mulVf ?gt_eqF// mulrDl mul1r mulNr => h4; lra.
  rewrite -(ler_pM2l z0) mulrA.
  by move: (expR (z * q)) h2 h3 => w h2 h3; lra.
have [q00|qn] := eqVneq q 0; first by have := c 1 ltr01; rewrite q00 mul0r.

apply/ler_addgt0Pr => e e0.
have qp : 0 < q by rewrite lt_def qn.
have h : 0 < ln (1 + e / q) / q by rewrite divr_gt0// ln_gt0// ltrDl divr_gt0.
apply: le_trans (c _ h) _; rewrite divfK// lnK ?posrE ?addr_gt0 ?divr_gt0//.
by rewrite mulrDr mulr1 mulrC divfK.
Qed.

Lemma dot_unitv x a : dot x (unitv a) = x a 0.
Proof. by rewrite -[unitv a]scale1r dot_scaled_unit mul1r. Qed.

Lemma L_sqrX a : LL (fun t => X t a 0 ^+ 2).
Proof. by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sqr_dot (unitv a))) => t; rewrite dot_unitv. Qed.

Lemma E_sqrX_le1 a : EE (fun t => X t a 0 ^+ 2) <= 1.
Proof.
have := E_sqr_dot_le (unitv a); rewrite dot_unitv mxE !eqxx.
by under E_ext do rewrite dot_unitv.
Qed.

Lemma E_X a : EE (fun t => X t a 0) = 0.
Proof.
have h : C1b a (fun=> 1 : R) (fun=> 0) 1.
  split; [by move=> *; exact: measurable_cst|by move=> *; exact: measurable_cst| | |].
  - by split=> x; rewrite ?normr1 ?normr0.
  - by move=> x; exact: cst_continuous.
  - by move=> x s; exact: is_derive_cst.
have := Stein_gauss h; rewrite integral0 => s.
rewrite /E/= /Rintegral -[RHS]/(fine (0 : \bar R)) -s; congr fine.
by apply: eq_integral => t _; rewrite mxE mulr1.
Qed.

Lemma E_dot u : L (Eg R d) (fun t => dot (X t) u) /\ EE (fun t => dot (X t) u) = 0.
Proof.
have l a : LL (fun t => u a 0 * X t a 0) by apply: L_scale; exact: L_X.
split; first by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum l)) => t; apply: eq_bigr => a _; rewrite mulrC.
transitivity (EE (fun t => \sum_a u a 0 * X t a 0)).
  by apply: E_ext => t; apply: eq_bigr => a _; rewrite mulrC.
by rewrite E_sum// big1// => a _; rewrite E_scale ?E_X ?mulr0//; exact: L_X.
Qed.

Lemma L_sqr_norm : LL (fun t => dot (X t) (X t)).
Proof. by apply: L_sum => a; apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sqrX a)) => t; rewrite expr2. Qed.

Lemma E_sqr_norm_le : EE (fun t => dot (X t) (X t)) <= d%:R.
Proof.
have l a : LL (fun t => X t a 0 * X t a 0) by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sqrX a)) => t; rewrite expr2.
rewrite E_sum//; apply: (@le_trans _ _ (\sum_(a < d) 1)).
  apply: ler_sum => a _; apply: le_trans (E_sqrX_le1 a).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP/E_ext => t; rewrite expr2.
by rewrite sumr_const card_ord.
Qed.

End gaussian.
