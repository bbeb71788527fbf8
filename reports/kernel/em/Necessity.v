(* theta = 0 is the only stationary point, and where A annihilates an invariant subspace no start that has a part
   there converges at an exponential rate. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood Population.

Section stationary.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).
Notation B := (Bmx U w X (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation loss := (loss U w).
Notation p := (post U w).
Notation grad theta := (B theta *m theta).
Let lp2 := @L_post2 R d k U w w_gt0 w_sum.

Lemma B_quad theta h :
  dot h (B theta *m h) = EE (fun t => dot (Gmap U w theta (X t) *m h) (Gmap U w theta (X t) *m h)) /\
  LL (fun t => dot (Gmap U w theta (X t) *m h) (Gmap U w theta (X t) *m h)).
Proof. exact: Bmx_quad. Qed.

Lemma Gmap_mul (theta x h : 'cV[R]_d) : Gmap U w theta x *m h = \sum_j p theta x j *: (U j *m h).
Proof. by rewrite /Gmap mulmx_suml; apply: eq_bigr => j _; rewrite scalemxAl. Qed.

Let quadratic_mono (f v n s e : R) : e <= n -> 0 <= f + (- (2 * s) * v + s ^+ 2 * e) -> 0 <= f - 2 * s * v + s ^+ 2 * n.
Proof. by move=> en; have := ler_wpM2l (sqr_ge0 s) en; lra. Qed.

(* (|theta|^2 - f)^2 <= d f with f = <theta, B(theta) theta>: Cauchy and Schwarz on E<X, G theta> *)
Theorem gradient_lower theta (f := dot theta (grad theta)) (q := dot theta theta) :
  (q - f) ^+ 2 <= d%:R * f.
Proof.
have [fE fl] := B_quad theta theta; have [vl vE] := em_map_dot U w_gt0 w_sum theta theta.
set v := q - f.
have {}vE : v = EE (fun t => dot (X t) (Gmap U w theta (X t) *m theta)).
  have -> : v = dot (M theta) theta by rewrite (gauss_EM_identity U_orth w_gt0 w_sum) dotBl [dot (grad theta) _]dotC.
  rewrite vE; apply: E_ext => t; rewrite Gmap_mul dot_sumr; apply: eq_bigr => j _; by rewrite dotZr.
have {}vl : LL (fun t => dot (X t) (Gmap U w theta (X t) *m theta)).
  apply: (@L_ext _ _ (Eg R d) _ _ _ vl) => t.
  by rewrite Gmap_mul dot_sumr; apply: eq_bigr => j _; rewrite dotZr.
have ineq s : 0 <= f - 2 * s * v + s ^+ 2 * d%:R.
  have h t : 0 <= dot (Gmap U w theta (X t) *m theta) (Gmap U w theta (X t) *m theta) +
     (- (2 * s) * dot (X t) (Gmap U w theta (X t) *m theta) + s ^+ 2 * dot (X t) (X t)).
    have := dot_ge0 (Gmap U w theta (X t) *m theta - s *: X t).
    rewrite dotBl !dotBr !dotZl !dotZr [dot (Gmap _ _ _ _ *m _) (X t)]dotC.
    by move: (dot _ _) (dot (X t) _) (dot (X t) _) => a b c *; lra.
  have l1 : LL (fun t => - (2 * s) * dot (X t) (Gmap U w theta (X t) *m theta)) by exact: L_scale.
  have l2 : LL (fun t => s ^+ 2 * dot (X t) (X t)) by apply: L_scale; exact: L_sqr_norm.
  have := E_ge0 (L_add fl (L_add l1 l2)) h.
  rewrite E_add//; last exact: L_add.
  rewrite E_add// !E_scale//; last exact: L_sqr_norm.
  rewrite -fE -vE -/f.
  by apply: quadratic_mono; exact: E_sqr_norm_le.
have [d0|dn] := eqVneq (d%:R : R) 0.
  have q0 : q = 0.
    move/eqP: d0; rewrite pnatr_eq0 => /eqP d0; rewrite /q /dot big1// => i _.
    by case: i => i hi; exfalso; move: hi; rewrite d0.
  have t0 : theta = 0 by apply/eqP; rewrite -dot_eq0 -/q q0.
  by rewrite /v /f q0 t0 mulmx0 dot0l subrr expr0n/= mulr0.
have dp : 0 < d%:R :> R by rewrite lt_def dn ler0n.
have := mulr_ge0 (ltW dp) (ineq (v / d%:R)).
have e : v / d%:R * d%:R = v by rewrite divfK.
have -> : d%:R * (f - 2 * (v / d%:R) * v + (v / d%:R) ^+ 2 * d%:R) = d%:R * f - 2 * v * (v / d%:R * d%:R) + (v / d%:R * d%:R) ^+ 2.
  ring.
by rewrite e => h; rewrite -subr_ge0; apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Theorem gradient_lower_radius theta :
  dot theta theta ^+ 2 <= (d%:R + 2 * dot theta theta) * dot theta (grad theta).
Proof.
have := gradient_lower theta; move: (dot theta (grad theta)) (dot theta theta) (d%:R : R) => f q n /= h.
by have := sqr_ge0 f; lra.
Qed.

(* 0 is the only stationary point, whatever the weights *)
Theorem stationary_only theta : M theta = theta <-> theta = 0.
Proof.
rewrite (gauss_EM_identity U_orth w_gt0 w_sum); split=> [h|->]; last by rewrite mulmx0 subr0.
have g0 : grad theta = 0 by rewrite -[grad theta](subKr theta) h subrr.
have := gradient_lower_radius theta; rewrite g0 [dot theta 0]dotC dot0l mulr0 => h2.
by apply/eqP; rewrite -dot_eq0 -sqrf_eq0 eq_le h2 sqr_ge0.
Qed.

(* small KL means small theta: |theta|^6 <= 2 (d + 2|theta|^2)^2 KL *)
Theorem norm_le_loss theta :
  dot theta theta ^+ 3 <= 2 * (d%:R + 2 * dot theta theta) ^+ 2 * loss theta.
Proof.
have h := gradient_lower_radius theta; have cs := cauchy_schwarz_dot theta (grad theta).
have hg := half_gradient_le U_orth w_gt0 w_sum theta; have q0 := dot_ge0 theta.
have f0 : 0 <= dot theta (grad theta) by have /andP[] := gauss_B_psd U_orth w_gt0 w_sum theta theta.
have /andP[l0 _] := loss_bounds U_orth w_gt0 w_sum theta.
move: (dot (grad theta) (grad theta)) (dot theta (grad theta)) (loss theta) (dot theta theta) h cs hg q0 f0 l0 => g f l q h cs hg q0 f0 l0.
set n := d%:R + 2 * q in h *.
have n0 : 0 <= n by rewrite addr_ge0// mulr_ge0.
have [->|qn] := eqVneq q 0.
  by rewrite expr0n/= mulr_ge0// mulr_ge0// sqr_ge0.
have qp : 0 < q by rewrite lt_def qn.
rewrite -(ler_pM2l qp) -exprS; apply: (@le_trans _ _ (n ^+ 2 * f ^+ 2)).
  by rewrite -exprMn -[4%N]/(2 * 2)%N exprM lerXn2r// nnegrE ?sqr_ge0// mulr_ge0.
apply: (@le_trans _ _ (n ^+ 2 * (q * g))); first by rewrite ler_wpM2l// sqr_ge0.
have : n ^+ 2 * q * g <= n ^+ 2 * q * (2 * l).
  by rewrite ler_wpM2l//; [rewrite mulr_ge0// sqr_ge0|lra].
by move: (n ^+ 2) => m; lra.
Qed.

End stationary.

Section necessity.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).
Notation B := (Bmx U w X (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation loss := (loss U w).
Notation p := (post U w).

(* |h|^2 - |sum_j q_j U_j h|^2 is half the mean square of the differences U_i h - U_j h *)
Lemma spread (q : 'I_k -> R) h : \sum_j q j = 1 ->
  dot h h - dot (\sum_j q j *: (U j *m h)) (\sum_j q j *: (U j *m h)) =
  \sum_i \sum_j q i * q j * (dot (U i *m h - U j *m h) (U i *m h - U j *m h) / 2).
Proof.
move=> q1.
have e i j : q i * q j * (dot (U i *m h - U j *m h) (U i *m h - U j *m h) / 2) =
    q i * (q j * dot h h) - q i * (q j * dot (U i *m h) (U j *m h)).
  by rewrite dotBl !dotBr !dot_U// [dot (U j *m h) (U i *m h)]dotC; move: (dot _ _) (dot _ _) => a b; field.
have row i : \sum_j q i * q j * (dot (U i *m h - U j *m h) (U i *m h - U j *m h) / 2) =
    q i * dot h h - q i * \sum_j q j * dot (U i *m h) (U j *m h).
  rewrite (eq_bigr _ (fun j _ => e i j)) sumrB -!mulr_sumr -mulr_suml q1 mul1r //.
rewrite [RHS](eq_bigr _ (fun i _ => row i)) sumrB -mulr_suml q1 mul1r; congr (_ - _).
rewrite dot_sumr; apply: eq_bigr => i _; rewrite dotZr; congr (_ * _).
by rewrite dotC dot_sumr; apply: eq_bigr => j _; rewrite dotZr.
Qed.

(* posteriors are not below pi_j e^(-2|x||theta|) *)
Lemma post_lower theta x j : w j * expR (- (2 * (norm x * norm theta))) <= p theta x j.
Proof.
have c i : `|dot x (U i *m theta)| <= norm x * norm theta.
  by rewrite -[norm theta]/(Num.sqrt (dot theta theta)) -(dot_U U_orth i theta); exact: dot_le_norm.
set z := norm x * norm theta in c *.
have S0 := partition_gt0 U w_gt0 w_sum theta x.
have S1 : partition U w theta x <= expR z.
  apply: (@le_trans _ _ (\sum_i w i * expR z)); last by rewrite -mulr_suml w_sum mul1r.
  apply: ler_sum => i _; rewrite (ler_pM2l (w_gt0 i)) ler_expR.
  by have := c i; rewrite ler_norml => /andP[].
rewrite /post -/(partition U w theta x) -mulrA (ler_pM2l (w_gt0 j)).
have -> : - (2 * z) = - z + - z by ring.
rewrite expRD ler_pM ?expR_ge0//.
  by rewrite ler_expR; have := c j; rewrite ler_norml => /andP[].
by rewrite expRN lef_pV2// posrE expR_gt0.
Qed.

Let mean_bound (e g r n a : R) : 0 <= e * g * r -> a <= n ->
  e * g <= e * g * (1 + 2 * (n + 1) * r - 2 * r) + - (e * g * (2 * r)) * a.
Proof. by move=> er an; have := ler_wpM2l er an; lra. Qed.

(* what A annihilates shrinks by no more than e^(-2(d+1)|theta|), whatever theta *)
Lemma kernel_quad theta h : A *m h = 0 ->
  expR (- (2 * (d%:R + 1) * norm theta)) * dot h h <= dot h h - dot h (B theta *m h).
Proof.
move=> Ah; have [qE ql] := B_quad U w_gt0 w_sum theta h.
set m := 2 * (d%:R + 1) * norm theta.
have r0 := norm_ge0 theta; have h0 := dot_ge0 h.
pose f t := expR (- m) * dot h h * (1 + m - 2 * norm theta) + - (expR (- m) * dot h h * (2 * norm theta)) * dot (X t) (X t).
have lf : LL f by apply: L_add; [exact: L_cst|apply: L_scale; exact: L_sqr_norm].
have pt t : f t <= dot h h - dot (Gmap U w theta (X t) *m h) (Gmap U w theta (X t) *m h).
  set x := X t; set z := norm x * norm theta.
  have p1 := post_sum U w_gt0 w_sum theta x.
  rewrite Gmap_mul spread//.
  apply: (@le_trans _ _ (expR (- (4 * z)) * dot h h)).
    have x0 := norm_ge0 x; have zle : 4 * z <= 2 * norm theta * (dot x x + 1).
      rewrite -sqr_norm /z; have := sqr_ge0 (norm x - 1).
      by move: (norm x) (norm theta) r0 x0 => a b *; nra.
    have e1 : expR (- m) * (1 + m - 4 * z) <= expR (- (4 * z)).
      have -> : expR (- (4 * z)) = expR (- m) * expR (m - 4 * z) by rewrite -expRD; congr expR; ring.
      by rewrite (ler_pM2l (expR_gt0 _)) -addrA; exact: expR_ge1Dx.
    apply: (@le_trans _ _ (expR (- m) * (1 + m - 4 * z) * dot h h)); last by rewrite ler_wpM2r.
    have em := mulr_ge0 (expR_ge0 (- m)) h0; rewrite /f -/x.
    move: (dot x x) (4 * z) (norm theta) (expR (- m)) (dot h h) em zle => a b c e g em zle.
    by have := ler_wpM2l em zle; clear; move: m => m'; lra.
  have Aw : \sum_j w j *: (U j *m h) = 0.
    by rewrite -[RHS]Ah mulmx_suml; apply: eq_bigr => j _; rewrite scalemxAl.
  have w2 : dot h h = \sum_i \sum_j w i * w j * (dot (U i *m h - U j *m h) (U i *m h - U j *m h) / 2).
    by rewrite -(spread h w_sum) Aw dot0l subr0.
  rewrite [X in _ * X]w2 mulr_sumr; apply: ler_sum => i _; rewrite mulr_sumr; apply: ler_sum => j _.
  rewrite mulrA ler_wpM2r ?divr_ge0 ?dot_ge0//.
  have -> : - (4 * z) = - (2 * z) + - (2 * z) by ring.
  rewrite expRD mulrC mulrACA ler_pM//; try exact: post_lower; by rewrite mulr_ge0 ?expR_ge0 ?ltW.
have : EE f <= EE (fun t => dot h h - dot (Gmap U w theta (X t) *m h) (Gmap U w theta (X t) *m h)).
  by apply: E_mono => //; apply: L_sub => //; exact: L_cst.
rewrite E_sub//; last exact: L_cst.
rewrite E_cst -qE; apply: le_trans.
rewrite /f E_add; [|exact: L_cst|by apply: L_scale; exact: L_sqr_norm].
rewrite E_cst E_scale; last exact: L_sqr_norm.
apply: mean_bound (E_sqr_norm_le R d); exact: mulr_ge0 (mulr_ge0 (expR_ge0 _) h0) r0.
Qed.

Section invariant.
Variable P : 'M[R]_d.
Hypothesis P_sym : P^T = P.
Hypothesis P_comm : forall j, P *m U j = U j *m P.
Hypothesis AP : A *m P = 0.

Lemma P_B theta : P *m B theta = B theta *m P.
Proof.
rewrite (Bmx_E (L_post2 U w_gt0 w_sum)) mulmx_sumr mulmx_suml; apply: eq_bigr => j _.
rewrite mulmx_sumr mulmx_suml; apply: eq_bigr => l _.
rewrite -scalemxAr -scalemxAl; congr (_ *: _).
have h : P *m (U j)^T = (U j)^T *m P by rewrite -{1}P_sym -trmx_mul -P_comm trmx_mul P_sym.
by rewrite mulmxA h -mulmxA P_comm mulmxA.
Qed.

Theorem em_keeps theta : expR (- (2 * (d%:R + 1) * norm theta)) * norm (P *m theta) <= norm (P *m M theta).
Proof.
set h := P *m theta; set b := expR _.
have MP : P *m M theta = h - B theta *m h.
  by rewrite (gauss_EM_identity U_orth w_gt0 w_sum) mulmxBr mulmxA P_B -mulmxA.
rewrite MP; have [h0|hn] := eqVneq (norm h) 0; first by rewrite h0 mulr0 norm_ge0.
have hp : 0 < norm h by rewrite lt_def hn norm_ge0.
rewrite -(ler_pM2l hp) mulrCA -expr2 sqr_norm.
have Ah : A *m h = 0 by rewrite /h mulmxA AP mul0mx.
apply: le_trans (kernel_quad theta Ah) _; rewrite -dotBr.
by apply: le_trans (ler_norm _) _; exact: dot_le_norm.
Qed.

Lemma em_keeps_iterates theta n :
  expR (- (2 * (d%:R + 1) * \sum_(i < n) norm (iter i M theta))) * norm (P *m theta) <= norm (P *m iter n M theta).
Proof.
elim: n => [|n IH]; first by rewrite big_ord0 mulr0 oppr0 expR0 mul1r.
rewrite iterS; apply: le_trans (em_keeps _).
rewrite big_ord_recr/= mulrDr opprD expRD mulrAC mulrC.
by rewrite ler_wpM2l ?expR_ge0.
Qed.

(* so no rate of |theta_t| is exponential: the sum of |theta_t| would be finite *)
Theorem no_rate_of_norm theta (C q : R) : P *m theta != 0 -> 0 <= q < 1 ->
  ~ (forall n, norm (iter n M theta) <= C * q ^+ n).
Proof.
move=> Pt /andP[q0 q1] h; have [K K0 Kb] := mulmx_bounded P.
have C0 : 0 <= C by have := h 0; rewrite expr0 mulr1; apply: le_trans; exact: norm_ge0.
set s := C / (1 - q).
have sum_le n : \sum_(i < n) norm (iter i M theta) <= s.
  apply: (@le_trans _ _ (C * \sum_(i < n) q ^+ i)).
    by rewrite mulr_sumr; apply: ler_sum => i _; exact: h.
  rewrite ler_wpM2l// -[leRHS]mul1r ler_pdivlMr; last by rewrite subr_gt0.
  have := subrX1 q n; have := exprn_ge0 n q0.
  by move: (\sum_(i < n) _) (q ^+ n) => a b *; lra.
set b := expR (- (2 * (d%:R + 1) * s)) * norm (P *m theta).
have b0 : 0 < b.
  rewrite mulr_gt0 ?expR_gt0// lt_def norm_ge0 andbT.
  apply: contra Pt => /eqP z; rewrite -dot_eq0 -sqr_norm z expr0n//.
have low n : b <= K * C * q ^+ n.
  apply: le_trans (_ : norm (P *m iter n M theta) <= _); last first.
    by apply: le_trans (Kb _) _; rewrite -mulrA ler_wpM2l.
  apply: le_trans (em_keeps_iterates theta n); rewrite ler_wpM2r ?norm_ge0// ler_expR lerN2.
  by rewrite ler_wpM2l// mulr_ge0// addr_ge0.
have lim : (fun n => K * C * q ^+ n) @ \oo --> K * C * 0.
  by apply: cvgMr; apply: cvg_expr; rewrite ger0_norm.
have := limr_ge (cvgP _ lim) (nearW _ low); rewrite (cvg_lim _ lim)// mulr0 => b1.
by move: b0; rewrite ltNge b1.
Qed.

Theorem no_rate_of_loss theta (C q : R) : P *m theta != 0 -> 0 <= q < 1 ->
  ~ (forall n, loss (iter n M theta) <= C * q ^+ n).
Proof.
move=> Pt /andP[q0 q1] h; set q6 := q `^ 6^-1.
have C0 : 0 <= C.
  have := h 0; rewrite expr0 mulr1; apply: le_trans.
  by have /andP[] := loss_bounds U_orth w_gt0 w_sum (iter 0 M theta).
have e6 x : 0 <= x -> (x `^ 6^-1) ^+ 6 = x.
  by move=> x0; rewrite -powR_mulrn ?powR_ge0// -powRrM mulVf ?powRr1// pnatr_eq0.
have r0 : 0 <= q6 by exact: powR_ge0.
have r1 : q6 < 1.
  rewrite ltNge; apply/negP => r1; have := exprn_ege1 6 r1.
  by rewrite e6// leNgt q1.
set K := 2 * (d%:R + 2 * dot theta theta) ^+ 2 * C.
have K0 : 0 <= K by rewrite mulr_ge0// mulr_ge0// sqr_ge0.
apply: (@no_rate_of_norm theta (K `^ 6^-1) q6 Pt); first by rewrite r0 r1.
move=> n; rewrite -(@ler_pXn2r _ 6)// ?nnegrE ?norm_ge0 ?mulr_ge0 ?powR_ge0 ?exprn_ge0//.
rewrite exprMn e6// -exprM mulnC exprM e6// -[6%N]/(2 * 3)%N exprM sqr_norm.
apply: le_trans (norm_le_loss U_orth w_gt0 w_sum _) _.
have ball := iterates_in_ball U_orth w_gt0 w_sum theta n; have b0 := dot_ge0 (iter n M theta).
have hn := h n; have l0 : 0 <= loss (iter n M theta).
  by have /andP[] := loss_bounds U_orth w_gt0 w_sum (iter n M theta).
rewrite /K -mulrA -[leRHS]mulrA -[leRHS]mulrA ler_wpM2l// ler_pM ?sqr_ge0//.
by rewrite lerXn2r ?nnegrE ?addr_ge0 ?mulr_ge0 ?dot_ge0// lerD2l ler_wpM2l.
Qed.
End invariant.
End necessity.
