(* The population theorem in KL: the Polyak-Lojasiewicz inequality and the number of steps. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood.

Section population.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation M := (em_map U w (@Xg R d) (Eg R d)).
Notation B := (Bmx U w (@Xg R d) (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation loss := (loss U w).
Notation grad theta := (B theta *m theta).

Let loss_between := loss_bounds U_orth w_gt0 w_sum.
(* every step lowers the loss by at least half the squared gradient *)
Theorem loss_descent theta : loss (M theta) <= loss theta - dot (grad theta) (grad theta) / 2.
Proof.
have /andP[h _] := Lam_gradient U_orth w_gt0 w_sum theta (M theta - theta).
move: h; rewrite [theta + _]addrC subrK /loss dotBr.
have -> : grad theta = theta - M theta by rewrite (gauss_EM_identity U_orth w_gt0 w_sum) opprB addrC subrK.
rewrite dotBl !dotBr [dot theta (M theta)]dotC.
move: (dot (M theta) (M theta)) (dot (M theta) theta) (dot theta theta) (Lam U w (M theta)) (Lam U w theta) => *; lra.
Qed.

Let step_le (a b g mu : R) : a <= b - g -> mu * b <= g -> a <= (1 - mu) * b.
Proof. by lra. Qed.

Lemma half_gradient_le theta : dot (grad theta) (grad theta) / 2 <= loss theta.
Proof.
have h := loss_descent theta; have /andP[h0 _] := loss_between (M theta).
by rewrite -subr_ge0; exact: le_trans h0 h.
Qed.

Theorem pl_inequality (sigma2 rho2 : R) (theta : 'cV[R]_d) :
  0 <= sigma2 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) -> dot theta theta <= rho2 ->
  (expR (- rho2) * sigma2) ^+ 2 * loss theta <= dot (grad theta) (grad theta) / 2.
Proof.
move=> s0 hA hr; set b := expR (- rho2) * sigma2.
have b0 : 0 <= b by rewrite mulr_ge0 ?expR_ge0.
have /andP[l0 l1] := loss_between theta.
have g0 := dot_ge0 (grad theta); have t0 := dot_ge0 theta.
have hb : b * dot theta theta <= dot theta (grad theta).
  apply: le_trans (gauss_B_lower U_orth w_gt0 w_sum theta theta).
  apply: le_trans (ler_wpM2l (expR_ge0 _) (hA theta)).
  by rewrite mulrA ler_wpM2r// ler_wpM2r// ler_expR lerN2.
have cs := cauchy_schwarz_dot theta (grad theta).
move: (loss theta) (dot (grad theta) (grad theta)) (dot theta (grad theta)) (dot theta theta) l0 l1 g0 t0 hb cs => l g f t l0 l1 g0 t0 hb cs.
have [tz|tn] := eqVneq t 0; first by (have -> : l = 0 by lra); rewrite mulr0; lra.
have tp : 0 < t by rewrite lt_def tn.
suff h : b ^+ 2 * t <= g by have := sqr_ge0 b; nra.
rewrite -(ler_pM2l tp); apply: le_trans cs.
have -> : t * (b ^+ 2 * t) = (b * t) ^+ 2 by ring.
by rewrite lerXn2r// nnegrE; have := mulr_ge0 b0 t0; lra.
Qed.

Lemma iterates_in_ball theta n : dot (iter n M theta) (iter n M theta) <= dot theta theta.
Proof.
elim: n => [|n IH]; first by [].
by rewrite iterS; apply: le_trans IH; exact: gauss_EM_nonexpansive.
Qed.

(* with any PL constant mu on the ball of the start, each step multiplies KL by at most 1 - mu *)
Theorem loss_converges (mu : R) (theta : 'cV[R]_d) (n : nat) : 0 <= mu <= 1 ->
  (forall eta, dot eta eta <= dot theta theta -> mu * loss eta <= dot (grad eta) (grad eta) / 2) ->
  loss (iter n M theta) <= (1 - mu) ^+ n * loss theta.
Proof.
move=> /andP[m0 m1] pl; elim: n => [|n IH]; first by rewrite expr0 mul1r.
have h1 := loss_descent (iter n M theta); have h2 := pl _ (iterates_in_ball theta n).
rewrite iterS exprS -mulrA; apply: (@le_trans _ _ ((1 - mu) * loss (iter n M theta))); first exact: step_le h1 h2.
by apply: ler_wpM2l IH; rewrite subr_ge0.
Qed.

Theorem steps_to_loss (mu eps : R) (theta : 'cV[R]_d) (n : nat) : 0 < mu < 1 -> 0 < eps -> 0 < loss theta ->
  (forall eta, dot eta eta <= dot theta theta -> mu * loss eta <= dot (grad eta) (grad eta) / 2) ->
  ln (loss theta / eps) / - ln (1 - mu) <= n%:R -> loss (iter n M theta) <= eps.
Proof.
move=> /andP[m0 m1] e0 l0 pl; have q0 : 0 < 1 - mu by lra.
have nl : 0 < - ln (1 - mu) by rewrite oppr_gt0 ln_lt0//; apply/andP; split; lra.
rewrite ler_pdivrMr// => hn.
apply: le_trans (loss_converges n _ pl) _; first by apply/andP; split; lra.
have -> : (1 - mu) ^+ n = expR (n%:R * ln (1 - mu)) by rewrite expRM_natl lnK.
rewrite -ler_pdivlMr// -[leRHS]lnK ?posrE ?divr_gt0// ler_expR.
have -> : ln (eps / loss theta) = - ln (loss theta / eps) by rewrite -lnV ?posrE ?divr_gt0// invf_div.
by move: (ln (loss theta / eps)) (ln (1 - mu)) hn => x y; lra.
Qed.

(* the population theorem in KL: from every start, with an explicit rate *)
Theorem loss_converges_explicit (sigma2 : R) (theta : 'cV[R]_d) (n : nat) :
  0 <= sigma2 <= 1 -> (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  loss (iter n M theta) <= (1 - (expR (- dot theta theta) * sigma2) ^+ 2) ^+ n * loss theta.
Proof.
move=> /andP[s0 s1] hA; apply: loss_converges; last by move=> eta; exact: pl_inequality.
rewrite sqr_ge0/= expr_le1// ?mulr_ge0 ?expR_ge0// mulr_ile1 ?expR_ge0//.
by rewrite -expR0 ler_expR oppr_le0 dot_ge0.
Qed.

End population.
