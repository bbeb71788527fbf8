From EM Require Import Prelude Vectors Expectation.

Section EM.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.

Definition post (theta x : 'cV[R]_d) (j : 'I_k) : R :=
  w j * expR (dot x (U j *m theta)) / \sum_l w l * expR (dot x (U l *m theta)).

Definition Gmap (theta x : 'cV[R]_d) : 'M[R]_d := \sum_j post theta x j *: U j.

Variables (T : Type) (X : T -> 'cV[R]_d) (P : expectation R T).

(* entrywise expectation of a random matrix *)
Definition Emx m n (F : T -> 'M[R]_(m, n)) : 'M[R]_(m, n) := \matrix_(a, b) E P (fun t => F t a b).

Definition em_map (theta : 'cV[R]_d) : 'cV[R]_d :=
  Emx (fun t => \sum_j post theta (X t) j *: ((U j)^T *m X t)).

Definition Bmx (theta : 'cV[R]_d) : 'M[R]_d :=
  Emx (fun t => (Gmap theta (X t))^T *m Gmap theta (X t)).

Lemma denom_gt0 theta x : 0 < \sum_l w l * expR (dot x (U l *m theta)).
Proof.
case: k U w w_gt0 w_sum => [|k'] V v v0 v1.
  by move: v1; rewrite big_ord0 => /eqP; rewrite eq_sym oner_eq0.
rewrite big_ord_recl ltr_wpDr ?mulr_gt0 ?expR_gt0//.
by apply: sumr_ge0 => i _; rewrite mulr_ge0 ?expR_ge0// ltW.
Qed.

Lemma post_ge0 theta x j : 0 <= post theta x j.
Proof. by rewrite divr_ge0 ?mulr_ge0 ?expR_ge0 ?ltW ?denom_gt0. Qed.

Lemma post_sum theta x : \sum_j post theta x j = 1.
Proof. by rewrite -mulr_suml divff// gt_eqF ?denom_gt0. Qed.

Lemma post_le1 theta x j : post theta x j <= 1.
Proof.
rewrite -(post_sum theta x) (bigD1 j)//= lerDl.
by apply: sumr_ge0 => i _; exact: post_ge0.
Qed.

Hypothesis L_post : forall theta j, L P (fun t => post theta (X t) j).
Hypothesis L_post2 : forall theta j l, L P (fun t => post theta (X t) j * post theta (X t) l).
Hypothesis L_Xpost : forall theta j a, L P (fun t => X t a 0 * post theta (X t) j).

(* Stein's identity for the posteriors: E[X_a g_j] = E[d g_j / d x_a] *)
Hypothesis Stein_post : forall theta j a,
  E P (fun t => X t a 0 * post theta (X t) j) =
  E P (fun t => post theta (X t) j *
    ((U j *m theta) a 0 - \sum_l post theta (X t) l * (U l *m theta) a 0)).

Let g theta j := E P (fun t => post theta (X t) j).
Let g2 theta j l := E P (fun t => post theta (X t) j * post theta (X t) l).

Lemma g_sum theta : \sum_j g theta j = 1.
Proof.
rewrite -E_sum // -[RHS](E_one P); apply: E_ext => t; exact: post_sum.
Qed.

Lemma Gmap_tr theta x : (Gmap theta x)^T = \sum_j post theta x j *: (U j)^T.
Proof.
rewrite /Gmap (linear_sum (@trmx R d d)); apply: eq_bigr => j _.
by rewrite linearZ.
Qed.

Lemma Bmx_E theta : Bmx theta = \sum_j \sum_l g2 theta j l *: ((U j)^T *m U l).
Proof.
apply/matrixP => a b; rewrite mxE.
transitivity (E P (fun t => \sum_j \sum_l ((U j)^T *m U l) a b * (post theta (X t) j * post theta (X t) l))).
  apply: E_ext => t; rewrite Gmap_tr mulmx_suml summxE.
  apply: eq_bigr => j _; rewrite /Gmap mulmx_sumr summxE; apply: eq_bigr => l _.
  by rewrite -scalemxAl -scalemxAr scalerA mxE mulrC.
rewrite E_sum; last by move=> j; apply: L_sum => l; exact: L_scale.
rewrite summxE; apply: eq_bigr => j _; rewrite E_sum; last by move=> l; exact: L_scale.
by rewrite summxE; apply: eq_bigr => l _; rewrite E_scale// [RHS]mxE mulrC.
Qed.

Theorem EM_identity theta : em_map theta = theta - Bmx theta *m theta.
Proof.
have E1 j a : E P (fun t => X t a 0 * post theta (X t) j) =
    (g theta j *: (U j *m theta) - \sum_l g2 theta j l *: (U l *m theta)) a 0.
  rewrite Stein_post.
  transitivity (E P (fun t => (U j *m theta) a 0 * post theta (X t) j +
     \sum_l (- (U l *m theta) a 0) * (post theta (X t) j * post theta (X t) l))).
    apply: E_ext => t; rewrite mulrBr mulrC; congr (_ + _).
    rewrite mulr_sumr -sumrN; apply: eq_bigr => l _.
    by rewrite mulNr mulrA mulrC.
  rewrite E_add; [|exact: L_scale|by apply: L_sum => l; exact: L_scale].
  rewrite E_scale// E_sum; last by move=> l; exact: L_scale.
  rewrite !mxE summxE -sumrN; congr (_ + _); first by rewrite mulrC.
  by apply: eq_bigr => l _; rewrite E_scale// !mxE mulNr mulrC.
have E2 : em_map theta = \sum_j (U j)^T *m (g theta j *: (U j *m theta) - \sum_l g2 theta j l *: (U l *m theta)).
  apply/colP => p; rewrite mxE.
  transitivity (E P (fun t => \sum_j \sum_c (U j)^T p c * (X t c 0 * post theta (X t) j))).
    apply: E_ext => t; rewrite summxE; apply: eq_bigr => j _.
    rewrite !mxE mulr_sumr; apply: eq_bigr => c _.
    by rewrite mulrC mulrA.
  rewrite E_sum; last by move=> j; apply: L_sum => c; exact: L_scale.
  rewrite summxE; apply: eq_bigr => j _.
  rewrite E_sum; last by move=> c; exact: L_scale.
  rewrite [RHS]mxE; apply: eq_bigr => c _.
  by rewrite E_scale// E1.
rewrite E2 Bmx_E mulmx_suml.
under eq_bigr do rewrite mulmxBr.
rewrite sumrB; congr (_ - _).
  under eq_bigr do rewrite -scalemxAr mulmxA U_orth mul1mx.
  by rewrite -scaler_suml g_sum scale1r.
apply: eq_bigr => j _; rewrite mulmx_sumr mulmx_suml; apply: eq_bigr => l _.
by rewrite -scalemxAr -scalemxAl mulmxA.
Qed.

Lemma Bmx_sym theta : (Bmx theta)^T = Bmx theta.
Proof.
apply/matrixP => a b; rewrite !mxE; apply: E_ext => t.
by rewrite -[in LHS](trmxK (Gmap theta (X t))) -trmx_mul trmxK mxE.
Qed.

(* h^T B h = E |G h|^2 *)
Lemma Bmx_quad theta (h : 'cV[R]_d) :
  dot h (Bmx theta *m h) = E P (fun t => dot (Gmap theta (X t) *m h) (Gmap theta (X t) *m h))
  /\ L P (fun t => dot (Gmap theta (X t) *m h) (Gmap theta (X t) *m h)).
Proof.
have Ee t : dot (Gmap theta (X t) *m h) (Gmap theta (X t) *m h) =
   \sum_j \sum_l (dot (U j *m h) (U l *m h)) * (post theta (X t) j * post theta (X t) l).
  have Gh : Gmap theta (X t) *m h = \sum_l post theta (X t) l *: (U l *m h).
    by rewrite /Gmap mulmx_suml; apply: eq_bigr => l _; rewrite scalemxAl.
  have Ght : (Gmap theta (X t) *m h)^T = \sum_l post theta (X t) l *: (U l *m h)^T.
    by rewrite Gh (linear_sum (@trmx R d 1)); apply: eq_bigr => l _; rewrite linearZ.
  rewrite dotE Ght Gh mulmx_suml summxE; apply: eq_bigr => j _.
  rewrite mulmx_sumr summxE; apply: eq_bigr => l _.
  by rewrite -scalemxAl -scalemxAr scalerA mxE dotE mulrC.
have LL : L P (fun t => \sum_j \sum_l (dot (U j *m h) (U l *m h)) * (post theta (X t) j * post theta (X t) l)).
  by apply: L_sum => j; apply: L_sum => l; exact: L_scale.
split; last exact: L_ext LL.
rewrite (E_ext _ Ee) E_sum; last by move=> j; apply: L_sum => l; exact: L_scale.
rewrite dotE Bmx_E mulmx_suml mulmx_sumr summxE; apply: eq_bigr => j _.
rewrite E_sum; last by move=> l; exact: L_scale.
rewrite mulmx_suml mulmx_sumr summxE; apply: eq_bigr => l _.
by rewrite E_scale// dotE trmx_mul -scalemxAl -scalemxAr mxE mulrC -!mulmxA.
Qed.


Lemma Bmx_ge0 theta h : 0 <= dot h (Bmx theta *m h).
Proof.
have [-> l] := Bmx_quad theta h.
by apply: E_ge0 => // t; exact: dot_ge0.
Qed.

Lemma Gmap_le theta x h : dot (Gmap theta x *m h) (Gmap theta x *m h) <= dot h h.
Proof.
have Gh a : (Gmap theta x *m h) a 0 = \sum_l post theta x l * (U l *m h) a 0.
  rewrite /Gmap mulmx_suml summxE; apply: eq_bigr => l _.
  by rewrite -scalemxAl mxE.
apply: (@le_trans _ _ (\sum_a \sum_l post theta x l * ((U l *m h) a 0) ^+ 2)).
  apply: ler_sum => a _; rewrite -expr2 Gh; apply: jensen.
    by move=> j; exact: post_ge0.
  exact: post_sum.
rewrite exchange_big/=.
have -> : dot h h = \sum_l post theta x l * dot h h by rewrite -mulr_suml post_sum mul1r.
apply: ler_sum => l _; rewrite -mulr_sumr ler_wpM2l ?post_ge0//.
have -> : dot h h = dot (U l *m h) (U l *m h).
  by rewrite !dotE trmx_mul -mulmxA [(U l)^T *m _]mulmxA U_orth mul1mx.
by rewrite le_eqVlt /dot; under [X in _ == X]eq_bigr do rewrite -expr2; rewrite eqxx.
Qed.

Lemma Bmx_le1 theta h : dot h (Bmx theta *m h) <= dot h h.
Proof.
have [-> l] := Bmx_quad theta h.
rewrite -[leRHS](E_cst P); apply: E_mono => //; first exact: L_cst.
by move=> t; exact: Gmap_le.
Qed.

Lemma dot_Bmx theta x y : dot x (Bmx theta *m y) = dot (Bmx theta *m x) y.
Proof. by rewrite !dotE trmx_mul Bmx_sym mulmxA. Qed.

Lemma Bmx_sqr_le theta h :
  dot (Bmx theta *m h) (Bmx theta *m h) <= dot h (Bmx theta *m h).
Proof.
have h1 := Bmx_le1 theta (Bmx theta *m h).
have := Bmx_ge0 theta (h - Bmx theta *m h).
rewrite mulmxBr dotBl !dotBr -[dot h (Bmx theta *m (Bmx theta *m h))]/(dot h (Bmx theta *m (Bmx theta *m h))).
rewrite [dot h (Bmx theta *m (_ *m _))]dot_Bmx => h2.
rewrite -subr_ge0; apply: le_trans h2 _.
by rewrite lerBlDr lerDl subr_ge0.
Qed.

(* em_map contracts by at least E|G theta|^2 *)
Theorem EM_decrease theta :
  dot (em_map theta) (em_map theta) <= dot theta theta - dot theta (Bmx theta *m theta).
Proof.
rewrite EM_identity dotBl !dotBr [dot (_ *m _) theta]dotC.
by rewrite lerBlDr lerDl subr_ge0; exact: Bmx_sqr_le.
Qed.

Theorem EM_nonexpansive theta : dot (em_map theta) (em_map theta) <= dot theta theta.
Proof.
by apply: le_trans (EM_decrease theta) _; rewrite lerBlDr lerDl Bmx_ge0.
Qed.

Theorem Bmx0 : Bmx 0 = (\sum_j w j *: U j)^T *m (\sum_j w j *: U j).
Proof.
have G0 x : Gmap 0 x = \sum_j w j *: U j.
  apply: eq_bigr => j _; congr (_ *: _); rewrite /post.
  have e l : expR (dot x (U l *m 0)) = 1.
    rewrite mulmx0 /dot big1 ?expR0// => i _; by rewrite mxE mulr0.
  rewrite e mulr1; under eq_bigr do rewrite e mulr1.
  by rewrite w_sum divr1.
apply/matrixP => a b; rewrite mxE -[RHS](E_cst P); apply: E_ext => t.
by rewrite G0.
Qed.


Section contraction.
Variable theta : 'cV[R]_d.
Let e (u : 'cV[R]_d) (t : T) := expR (dot (X t) u).
Hypothesis L_exp : forall u, L P (e u).
Hypothesis E_exp : forall u, E P (e u) = expR (dot u u / 2).

Let S t := \sum_l w l * e (U l *m theta) t.
Let A : 'M[R]_d := \sum_j w j *: U j.
Let C := expR (2 * dot theta theta).

Lemma dot_U j h : dot (U j *m h) (U j *m h) = dot h h.
Proof. by rewrite !dotE trmx_mul -mulmxA [(U j)^T *m _]mulmxA U_orth mul1mx. Qed.

Lemma eD u v t : e u t * e v t = e (u + v) t.
Proof. by rewrite /e -expRD dotDr. Qed.

Lemma SSE t : S t * S t = \sum_l \sum_m (w l * w m) * e (U l *m theta + U m *m theta) t.
Proof.
rewrite {1}/S mulr_suml; apply: eq_bigr => l _; rewrite /S mulr_sumr; apply: eq_bigr => m _.
by rewrite -eD mulrACA.
Qed.

Lemma L_SS : L P (fun t => S t * S t).
Proof.
apply: (@L_ext _ _ P (fun t => \sum_l \sum_m (w l * w m) * e (U l *m theta + U m *m theta) t)).
  by move=> t; rewrite SSE.
by apply: L_sum => l; apply: L_sum => m; exact: L_scale.
Qed.

Lemma E_SS : E P (fun t => S t * S t) <= C.
Proof.
rewrite (E_ext P SSE) E_sum; last by move=> l; apply: L_sum => m; exact: L_scale.
have -> : C = \sum_l w l * \sum_m w m * C.
  by rewrite -!mulr_suml w_sum !mul1r.
apply: ler_sum => l _; rewrite E_sum; last by move=> m; exact: L_scale.
rewrite mulr_sumr; apply: ler_sum => m _.
rewrite E_scale// mulrA; apply: ler_wpM2l; first by rewrite mulr_ge0// ltW.
rewrite E_exp /C ler_expR.
rewrite ler_pdivrMr//.
have := dot_ge0 (U l *m theta - U m *m theta).
rewrite dotBl !dotBr dotDl !dotDr !dot_U [dot (U m *m theta) (U l *m theta)]dotC.
set q := dot theta theta; set p := dot _ _.
move=> h0; rewrite -subr_ge0; apply: le_trans h0 _.
have -> : 2 * q * 2 = (q + p + (p + q)) + (q - p - (p - q)).
  have qe : (q + p) + (q - p) = q + q by rewrite addrACA subrr addr0.
  by rewrite opprB addrACA [p + q]addrC !qe -[q + q]mulr2n -mulr2n mulr_natr mulr_natl.
by rewrite [leRHS]addrAC subrr add0r.
Qed.

Let F (h : 'cV[R]_d) a t := (Gmap theta (X t) *m h) a 0.

Lemma FE h a t : F h a t = \sum_l (U l *m h) a 0 * post theta (X t) l.
Proof.
rewrite /F /Gmap mulmx_suml summxE; apply: eq_bigr => l _.
by rewrite -scalemxAl [LHS]mxE mulrC.
Qed.

Lemma SFE h a t : S t * F h a t = \sum_l (w l * (U l *m h) a 0) * e (U l *m theta) t.
Proof.
rewrite FE mulr_sumr; apply: eq_bigr => l _.
rewrite /post -/(S t) mulrCA [S t * _]mulrC divfK ?gt_eqF//; last exact: denom_gt0.
by rewrite mulrA [_ * w l]mulrC.
Qed.

Lemma L_SF h a : L P (fun t => S t * F h a t).
Proof.
apply: (@L_ext _ _ P (fun t => \sum_l (w l * (U l *m h) a 0) * e (U l *m theta) t)).
  by move=> t; rewrite SFE.
by apply: L_sum => l; exact: L_scale.
Qed.

Lemma E_SF h a : E P (fun t => S t * F h a t) = expR (dot theta theta / 2) * (A *m h) a 0.
Proof.
rewrite (E_ext P (SFE h a)) E_sum; last by move=> l; exact: L_scale.
rewrite /A mulmx_suml summxE mulr_sumr; apply: eq_bigr => l _.
by rewrite E_scale// E_exp dot_U -scalemxAl [X in _ = _ * X]mxE mulrC.
Qed.

Lemma L_FF h a : L P (fun t => F h a t * F h a t).
Proof.
apply: (@L_ext _ _ P (fun t => \sum_l \sum_m ((U l *m h) a 0 * (U m *m h) a 0) * (post theta (X t) l * post theta (X t) m))).
  move=> t; rewrite FE mulr_suml; apply: eq_bigr => l _; rewrite mulr_sumr; apply: eq_bigr => m _.
  by rewrite mulrACA.
by apply: L_sum => l; apply: L_sum => m; exact: L_scale.
Qed.

Lemma cauchy_schwarz h a : (E P (fun t => S t * F h a t)) ^+ 2 <= C * E P (fun t => F h a t * F h a t).
Proof.
set v := E P (fun t => S t * F h a t); set q := E P (fun t => F h a t * F h a t).
have C0 : 0 < C by exact: expR_gt0.
have l1 : L P (fun t => C ^+ 2 * (F h a t * F h a t)) by apply: L_scale; exact: L_FF.
have l2 : L P (fun t => - (C * v *+ 2) * (S t * F h a t)) by apply: L_scale; exact: L_SF.
have l3 : L P (fun t => v ^+ 2 * (S t * S t)) by apply: L_scale; exact: L_SS.
have pt t : (C * F h a t - v * S t) ^+ 2 =
  C ^+ 2 * (F h a t * F h a t) + (- (C * v *+ 2) * (S t * F h a t) + v ^+ 2 * (S t * S t)).
  rewrite sqrrB !exprMn -!expr2 -addrA; congr (_ + (_ + _)).
  by rewrite mulNr mulrnAl mulrACA [F h a t * S t]mulrC.
have : 0 <= E P (fun t => (C * F h a t - v * S t) ^+ 2).
  apply: E_ge0; last by move=> t; exact: sqr_ge0.
  by apply: (L_ext _ (L_add l1 (L_add l2 l3))) => t; rewrite pt.
rewrite (E_ext P pt) E_add//; last exact: L_add.
rewrite E_add// !E_scale//; do ?[exact: L_SS|exact: L_SF|exact: L_FF].
rewrite -/v -/q => h0.
have h1 : 0 <= C ^+ 2 * q + (- (C * v *+ 2) * v + v ^+ 2 * C).
  by apply: le_trans h0 _; rewrite !lerD2l ler_wpM2l ?sqr_ge0// E_SS.
rewrite -subr_ge0 -(pmulr_rge0 _ C0); apply: le_trans h1 _.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
rewrite mulrBr mulrA -expr2; congr (_ + _).
rewrite mulNr mulrnAl -mulrA -expr2 [v ^+ 2 * C]mulrC mulr2n opprD -addrA.
by rewrite [- (C * v ^+ 2) + C * v ^+ 2]addrC subrr addr0.
Qed.

(* E|G h|^2 >= exp(-|theta|^2) |A h|^2 *)
Theorem Bmx_lower h : expR (- dot theta theta) * dot (A *m h) (A *m h) <= dot h (Bmx theta *m h).
Proof.
have [-> _] := Bmx_quad theta h.
have -> : E P (fun t => dot (Gmap theta (X t) *m h) (Gmap theta (X t) *m h)) =
    \sum_a E P (fun t => F h a t * F h a t).
  by rewrite -E_sum//; move=> a; exact: L_FF.
have -> : dot (A *m h) (A *m h) = \sum_a (A *m h) a 0 * (A *m h) a 0 by [].
rewrite mulr_sumr; apply: ler_sum => a _.
have C0 : 0 < C by exact: expR_gt0.
rewrite -(ler_pM2l C0); apply: le_trans (cauchy_schwarz h a).
rewrite E_SF exprMn [leLHS]mulrA -expr2 ler_wpM2r ?sqr_ge0// /C -expRD.
rewrite [expR (_ / 2) ^+ 2]expr2 -expRD ler_expR -mulr2n -[_ / 2 *+ 2]mulr_natr divfK ?pnatr_eq0//.
by rewrite mulr_natl mulr2n addrK.
Qed.

Theorem EM_contraction sigma2 rho2 :
  (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) -> 0 <= sigma2 ->
  dot theta theta <= rho2 ->
  dot (em_map theta) (em_map theta) <= (1 - expR (- rho2) * sigma2) * dot theta theta.
Proof.
move=> hA s0 hr; apply: le_trans (EM_decrease theta) _.
rewrite mulrBl mul1r lerD2l lerN2.
apply: le_trans (Bmx_lower theta).
apply: le_trans (ler_wpM2l (expR_ge0 _) (hA theta)).
by rewrite mulrA ler_wpM2r ?dot_ge0// ler_wpM2r// ler_expR lerN2.
Qed.

End contraction.

End EM.
