From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors.

Section psd.
Variables (R : realType) (d : nat).

Lemma psd_contract (C : 'M[R]_d) (q : R) : C^T = C -> 0 < q ->
  (forall h, 0 <= dot h (C *m h)) -> (forall h, dot h (C *m h) <= q * dot h h) ->
  forall x, dot (C *m x) (C *m x) <= q ^+ 2 * dot x x.
Proof.
move=> Cs q0 C0 Cq x; set v := C *m x.
have sy : dot x (C *m v) = dot v v.
  by rewrite [RHS]dotE [in RHS]/v trmx_mul Cs dotE mulmxA.
have dZr y z : dot y (q *: z) = q * dot y z :> R.
  by rewrite !dotE -scalemxAr mxE.
have dZl y z : dot (q *: z) y = q * dot z y :> R by rewrite dotC dZr dotC.
have h2 := C0 (q *: x - v); move: h2.
rewrite mulmxBr -scalemxAr -/v dotBl !dotBr !dZr !dZl sy => h2.
have h1 := Cq v.
have hb : dot v v <= q * dot x v.
  rewrite -(ler_pM2l q0) -subr_ge0; apply: le_trans h2 _.
  by rewrite lerBlDr lerDl subr_ge0.
apply: le_trans hb _; rewrite expr2 -mulrA ler_pM2l//; exact: Cq.
Qed.

End psd.

Section main.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.

(* population em_map on X ~ N(0, I_d), and B(theta) = E[G^T G] *)
Notation M := (em_map U w (@Xg R d) (Eg R d)).
Notation B := (Bmx U w (@Xg R d) (Eg R d)).
Notation A := (\sum_j w j *: U j).

Let lp := @L_post R d k U w w_gt0 w_sum.
Let lp2 := @L_post2 R d k U w w_gt0 w_sum.
Let lx := @L_Xpost R d k U w w_gt0 w_sum.
Let st := @Stein_post R d k U w w_gt0 w_sum.

Theorem gauss_EM_identity theta : M theta = theta - B theta *m theta.
Proof. exact: EM_identity. Qed.

Theorem gauss_B_sym theta : (B theta)^T = B theta.
Proof. exact: Bmx_sym. Qed.

Theorem gauss_B_psd theta h : 0 <= dot h (B theta *m h) <= dot h h.
Proof. by apply/andP; split; [exact: Bmx_ge0|exact: Bmx_le1]. Qed.

Theorem gauss_B0 : B 0 = A^T *m A.
Proof. exact: Bmx0. Qed.

Theorem gauss_EM_nonexpansive theta : dot (M theta) (M theta) <= dot theta theta.
Proof. exact: EM_nonexpansive. Qed.

Theorem gauss_B_lower theta h :
  expR (- dot theta theta) * dot (A *m h) (A *m h) <= dot h (B theta *m h).
Proof. by apply: Bmx_lower => // u; [exact: L_exp|exact: E_exp]. Qed.

(* the central theorem: for every d, k, weights and orthogonal maps *)
Theorem gauss_EM_contraction (sigma2 rho2 : R) (theta : 'cV[R]_d) :
  0 <= sigma2 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  dot theta theta <= rho2 ->
  dot (M theta) (M theta) <= (1 - expR (- rho2) * sigma2) * dot theta theta.
Proof.
move=> s0 hA hr.
by apply: EM_contraction => // u; [exact: L_exp|exact: E_exp].
Qed.

(* the sharp form: |M(theta)| <= (1 - exp(-rho^2) sigma^2) |theta| *)
Theorem gauss_EM_contraction_sharp (sigma2 rho2 : R) (theta : 'cV[R]_d) :
  0 <= sigma2 <= 1 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  dot theta theta <= rho2 ->
  dot (M theta) (M theta) <= (1 - expR (- rho2) * sigma2) ^+ 2 * dot theta theta.
Proof.
move=> /andP[s0 s1] hA hr.
have [t0|t0] := eqVneq (dot theta theta) 0.
  by rewrite t0 mulr0 -t0; exact: gauss_EM_nonexpansive.
have tp : 0 < dot theta theta by rewrite lt_def t0 dot_ge0.
have q0 : 0 < 1 - expR (- rho2) * sigma2.
  rewrite subr_gt0; apply: (@le_lt_trans _ _ (expR (- rho2))).
    by rewrite ler_piMr ?expR_ge0.
  by rewrite -expR0 ltr_expR oppr_lt0 (lt_le_trans tp).
have CE h : (1%:M - B theta) *m h = h - B theta *m h by rewrite mulmxBl mul1mx.
rewrite gauss_EM_identity -CE; apply: psd_contract => //.
- by rewrite linearB/= trmx1 gauss_B_sym.
- move=> h; rewrite CE dotBr subr_ge0.
  by have /andP[] := gauss_B_psd theta h.
- move=> h; rewrite CE dotBr mulrBl mul1r lerD2l lerN2.
  apply: le_trans (gauss_B_lower theta h).
  apply: le_trans (ler_wpM2l (expR_ge0 _) (hA h)).
  by rewrite mulrA ler_wpM2r ?dot_ge0// ler_wpM2r// ler_expR lerN2.
Qed.

(* the integrands of M and B are integrable, so the integrals are not default values *)
Theorem gauss_EM_integrable theta a :
  (gP (gauss R d)).-integrable setT
    (fun t => ((\sum_j post U w theta (Xg t) j *: ((U j)^T *m Xg t)) a 0)%:E).
Proof.
apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_c (U j)^T a c * (Xg t c 0 * post U w theta (Xg t) j))).
  move=> t; rewrite summxE; apply: eq_bigr => j _.
  rewrite [RHS]mxE [X in _ = _ * X]mxE mulr_sumr; apply: eq_bigr => c _.
  by rewrite [RHS]mulrC mulrA.
by apply: L_sum => j; apply: L_sum => c; apply: L_scale; exact: lx.
Qed.

(* global linear convergence, from every start *)
Theorem gauss_EM_converges (sigma2 : R) (theta : 'cV[R]_d) (n : nat) :
  0 <= sigma2 <= 1 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  dot (iter n M theta) (iter n M theta) <=
    (1 - expR (- dot theta theta) * sigma2) ^+ n * dot theta theta.
Proof.
move=> /andP[s0 s1] hA.
have q0 : 0 <= 1 - expR (- dot theta theta) * sigma2.
  rewrite subr_ge0 mulr_ile1 ?expR_ge0// -expR0 ler_expR oppr_le0; exact: dot_ge0.
have ball m : dot (iter m M theta) (iter m M theta) <= dot theta theta.
  elim: m => [|m IH]; first by [].
  by rewrite iterS; apply: le_trans IH; exact: gauss_EM_nonexpansive.
elim: n => [|n IH]; first by rewrite expr0 mul1r.
rewrite iterS; apply: le_trans (gauss_EM_contraction s0 hA (ball n)) _.
by rewrite exprS -mulrA ler_wpM2l.
Qed.

Theorem gauss_EM_converges_sharp (sigma2 : R) (theta : 'cV[R]_d) (n : nat) :
  0 <= sigma2 <= 1 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  dot (iter n M theta) (iter n M theta) <=
    ((1 - expR (- dot theta theta) * sigma2) ^+ n) ^+ 2 * dot theta theta.
Proof.
move=> s01 hA.
have ball m : dot (iter m M theta) (iter m M theta) <= dot theta theta.
  elim: m => [|m IH]; first by [].
  by rewrite iterS; apply: le_trans IH; exact: gauss_EM_nonexpansive.
elim: n => [|n IH]; first by rewrite expr0 expr1n mul1r.
rewrite iterS; apply: le_trans (gauss_EM_contraction_sharp s01 hA (ball n)) _.
rewrite [_ ^+ n.+1]exprS exprMn -[leRHS]mulrA; apply: ler_wpM2l IH; exact: sqr_ge0.
Qed.

End main.
