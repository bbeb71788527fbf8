(* The likelihood of the mixture on N(0, I_d): EM's step is its gradient step, KL is between 0 and |theta|^2/2, and
   every step lowers it. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting.

Section likelihood.
Variables (R : realType) (d k : nat).
Variables (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation G := (gauss R d).
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation p := (post U w).
Let lp := @L_post R d k U w w_gt0 w_sum.
Let lx := @L_Xpost R d k U w w_gt0 w_sum.

(* S(theta; x) = sum_j w_j e^<x, U_j theta>: the density of the mixture over that of N(0, I), but for a constant *)
Definition partition (theta x : 'cV[R]_d) : R := \sum_l w l * expR (dot x (U l *m theta)).

Lemma partition_gt0 theta x : 0 < partition theta x.
Proof. exact: denom_gt0. Qed.

Definition Lam (theta : 'cV[R]_d) : R := EE (fun t => ln (partition theta (X t))).

Lemma partition_change theta h x :
  partition (theta + h) x = partition theta x * tilt_mass (p theta x) (fun j => dot x (U j *m h)).
Proof.
rewrite /tilt_mass mulr_sumr; apply: eq_bigr => j _.
rewrite /post -/(partition theta x) mulmxDr dotDr expRD.
by rewrite [RHS]mulrA [partition _ _ * _]mulrC divfK ?gt_eqF ?partition_gt0// mulrA.
Qed.

Lemma post_change theta h x j :
  p (theta + h) x j = tilt (p theta x) (fun j => dot x (U j *m h)) j.
Proof.
rewrite /tilt /post -/(partition _ _) -/(partition _ _) partition_change.
set Z := tilt_mass _ _; rewrite mulmxDr dotDr expRD invfM; ring.
Qed.

Let y_le h x j : `|dot x (U j *m h)| <= norm x * norm h.
Proof. by rewrite -[norm h]/(Num.sqrt (dot h h)) -(dot_U U_orth j h); exact: dot_le_norm. Qed.

Let c_ge0 (h x : 'cV[R]_d) : 0 <= norm x * norm h.
Proof. by rewrite mulr_ge0 ?norm_ge0. Qed.

(* the pointwise first-order expansion of log S, with a remainder of second order *)
Lemma ln_partition_change theta h x :
  0 <= ln (partition (theta + h) x) - ln (partition theta x) - \sum_j p theta x j * dot x (U j *m h)
    <= 4 * (dot x x * dot h h).
Proof.
have p0 j := post_ge0 U w_gt0 w_sum theta x j; have p1 := post_sum U w_gt0 w_sum theta x.
rewrite partition_change lnM ?posrE ?partition_gt0//; last first.
  exact: (tilt_mass_gt0 p0 p1 (y_le h x)).
have := jensen_ln (fun j => dot x (U j *m h)) p0 p1; rewrite -/(tilt_mass _ _) => h1.
have := ln_tilt_mass_le p0 p1 (c_ge0 h x) (y_le h x).
rewrite exprMn !sqr_norm => h2; move: h1 h2.
move: (ln (tilt_mass _ _)) (ln (partition _ _)) (\sum_j _) (dot x x * dot h h) => t z s b h1 h2.
by apply/andP; split; lra.
Qed.

Lemma ln_partition_le theta x : ln (partition theta x) <= partition theta x.
Proof. by apply: ltW; apply: ln_sublinear; exact: partition_gt0. Qed.

Lemma ln_partition_ge theta x : dot x (A *m theta) <= ln (partition theta x).
Proof.
apply: le_trans (jensen_ln (fun j => dot x (U j *m theta)) (fun j => ltW (w_gt0 j)) w_sum).
rewrite le_eqVlt; apply/orP; left; apply/eqP; rewrite mulmx_suml.
under [RHS]eq_bigr do rewrite -dotZr scalemxAl.
elim/big_rec2: _ => [|j a b _ <-]; first by rewrite dotC dot0l.
by rewrite dotDr.
Qed.

Lemma L_partition theta : LL (fun t => partition theta (X t)).
Proof. by apply: L_sum => l; apply: L_scale; exact: L_exp. Qed.

Lemma E_partition theta : EE (fun t => partition theta (X t)) = expR (dot theta theta / 2).
Proof.
rewrite E_sum; last by move=> l; apply: L_scale; exact: L_exp.
transitivity (\sum_l w l * expR (dot theta theta / 2)); last by rewrite -mulr_suml w_sum mul1r.
apply: eq_bigr => l _; by rewrite E_scale ?E_exp ?dot_U//; exact: L_exp.
Qed.

Lemma L_ln_partition theta : LL (fun t => ln (partition theta (X t))).
Proof.
have mp : measurable_fun setT (fun t => partition theta (X t)).
  apply: measurable_sum => l; apply: measurable_funM => //; apply: measurableT_comp => //.
  exact: measurable_dot.
apply: (@L_le _ _ _ (fun t => partition theta (X t) + (expR (dot (X t) (A *m theta)) + expR (dot (X t) (- (A *m theta)))))).
- apply: (@measurable_comp _ _ _ _ _ _ [set~ (0 : R)]) => //.
  + by apply: measurableC; exact: measurable_set1.
  + by move=> _ [t _ <-] /= /eqP; rewrite gt_eqF// partition_gt0.
- move=> t; have h1 := ln_partition_le theta (X t); have h2 := ln_partition_ge theta (X t).
  have h3 := partition_gt0 theta (X t).
  have e0 := expR_ge1Dx (dot (X t) (A *m theta)); have e1 := expR_ge1Dx (dot (X t) (- (A *m theta))).
  have e2 := expR_gt0 (dot (X t) (A *m theta)); have e3 := expR_gt0 (dot (X t) (- (A *m theta))).
  rewrite -scaleN1r dotZr mulN1r in e1 e3 *.
  by rewrite ler_norml; apply/andP; split; lra.
- by apply: L_add; [exact: L_partition|apply: L_add; exact: L_exp].
Qed.


(* Lambda lies between 0 and |theta|^2/2, by Jensen's inequality twice *)
Theorem Lam_ge0 theta : 0 <= Lam theta.
Proof.
have [l e] := E_dot (A *m theta); rewrite -e.
apply: E_mono => //; [exact: L_ln_partition|by move=> t; exact: ln_partition_ge].
Qed.

Theorem Lam_le theta : Lam theta <= dot theta theta / 2.
Proof.
set q := dot theta theta / 2.
have ln_le (s : R) : 0 < s -> ln s <= expR (- q) * s + (q - 1).
  move=> s0; have e0 := expR_gt0 q.
  have : ln (s * expR (- q)) <= s * expR (- q) - 1.
    have z0 := mulr_gt0 s0 (expR_gt0 (- q)); set z := s * _ in z0 *.
    have -> : ln z = ln (1 + (z - 1)) by congr ln; ring.
    by apply: le_ln1Dx; lra.
  by rewrite lnM ?posrE ?expR_gt0// expRK; lra.
have lP := L_partition theta.
have : Lam theta <= EE (fun t => expR (- q) * partition theta (X t) + (q - 1)).
  apply: E_mono; [exact: L_ln_partition|by apply: L_add; [exact: L_scale|exact: L_cst]|].
  by move=> t; apply: ln_le; exact: partition_gt0.
rewrite E_add; [|exact: L_scale|exact: L_cst].
by rewrite E_scale// E_cst E_partition -expRD addNr expR0; lra.
Qed.

Lemma Lam0 : Lam 0 = 0.
Proof. by apply/le_anti; rewrite Lam_ge0 andbT; apply: le_trans (Lam_le 0) _; rewrite dot0l mul0r. Qed.

(* <M(theta), h> = E sum_j gamma_j <X, U_j h> *)
Lemma em_map_dot theta h :
  LL (fun t => \sum_j p theta (X t) j * dot (X t) (U j *m h)) /\
  dot (M theta) h = EE (fun t => \sum_j p theta (X t) j * dot (X t) (U j *m h)).
Proof.
have e t : \sum_j p theta (X t) j * dot (X t) (U j *m h) =
    \sum_a h a 0 * (\sum_j p theta (X t) j *: ((U j)^T *m X t)) a 0.
  under [RHS]eq_bigr do rewrite summxE mulr_sumr.
  rewrite [RHS]exchange_big/=; apply: eq_bigr => j _.
  rewrite -[X in _ * X = _]/(dot _ _) dotE mulmxA -[(X t)^T *m U j]trmxK trmx_mul trmxK -dotE.
  rewrite /dot mulr_sumr; apply: eq_bigr => a _.
  by rewrite [X in _ = _ * X]mxE; ring.
have l0 a : LL (fun t => (\sum_j p theta (X t) j *: ((U j)^T *m X t)) a 0).
  apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_c (U j)^T a c * (X t c 0 * p theta (X t) j))).
    move=> t; rewrite summxE; apply: eq_bigr => j _.
    rewrite [RHS]mxE [X in _ = _ * X]mxE mulr_sumr; apply: eq_bigr => c _; ring.
  by apply: L_sum => j; apply: L_sum => c; apply: L_scale; exact: lx.
have l a : LL (fun t => h a 0 * (\sum_j p theta (X t) j *: ((U j)^T *m X t)) a 0) by exact: L_scale.
split; first by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum l)) => t; rewrite e.
rewrite (E_ext _ e) E_sum// dotC; apply: eq_bigr => a _.
by rewrite mxE E_scale.
Qed.

(* M is the gradient of Lambda: Lambda is convex, and its first-order expansion has a remainder of second order *)
Theorem Lam_gradient theta h :
  0 <= Lam (theta + h) - Lam theta - dot (M theta) h <= 4 * d%:R * dot h h.
Proof.
have [l e] := em_map_dot theta h; have ln1 := L_ln_partition (theta + h); have ln0 := L_ln_partition theta.
have -> : Lam (theta + h) - Lam theta - dot (M theta) h =
   EE (fun t => ln (partition (theta + h) (X t)) - ln (partition theta (X t)) - \sum_j p theta (X t) j * dot (X t) (U j *m h)).
  rewrite e !E_sub//; exact: L_sub.
have ld : LL (fun t => 4 * dot h h * dot (X t) (X t)) by apply: L_scale; exact: L_sqr_norm.
apply/andP; split.
  apply: E_ge0; first by apply: L_sub => //; exact: L_sub.
  by move=> t; have /andP[] := ln_partition_change theta h (X t).
apply: (@le_trans _ _ (EE (fun t => 4 * dot h h * dot (X t) (X t)))).
  apply: E_mono => //; first by apply: L_sub => //; exact: L_sub.
  move=> t; have /andP[_] := ln_partition_change theta h (X t).
  move: (ln (partition (theta + h) (X t))) (ln (partition theta (X t))) (\sum_j _) (dot h h) (dot (X t) (X t)).
  by move=> a b s p q; lra.
rewrite E_scale; last exact: L_sqr_norm.
by have := E_sqr_norm_le R d; have := dot_ge0 h; nra.
Qed.

(* the loss l(theta) - l(0) = KL(N(0, I) || p_theta) *)
Definition loss theta := dot theta theta / 2 - Lam theta.

Theorem loss_bounds theta : 0 <= loss theta <= dot theta theta / 2.
Proof. by have := Lam_ge0 theta; have := Lam_le theta; rewrite /loss => ? ?; apply/andP; split; lra. Qed.

End likelihood.
