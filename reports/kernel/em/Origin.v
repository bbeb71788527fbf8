(* Near the origin: the Jacobian of M at 0 is I - A^T A, and where A annihilates a vector there is no uniform rate. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting.
From EM Require Import Central Likelihood Population Necessity.

Section norms.
Variables (R : realType) (d : nat).

Lemma norm_scale (a : R) (x : 'cV[R]_d) : norm (a *: x) = `|a| * norm x.
Proof. by rewrite /norm dotZl dotZr mulrA -expr2 sqrtrM ?sqr_ge0// sqrtr_sqr. Qed.

Lemma norm0 : norm (0 : 'cV[R]_d) = 0.
Proof. by rewrite /norm dot0l sqrtr0. Qed.

Lemma norm_sum n (F : 'I_n -> 'cV[R]_d) : norm (\sum_j F j) <= \sum_j norm (F j).
Proof.
elim/big_rec2: _ => [|j a b _ h]; first by rewrite norm0.
by apply: le_trans (norm_triangle _ _) _; rewrite lerD2l.
Qed.

(* a symmetric matrix whose quadratic form is small is small *)
Lemma small_symmetric (D : 'M[R]_d) (e : R) x : D^T = D -> 0 < e ->
  (forall h, `|dot h (D *m h)| <= e * dot h h) -> norm (D *m x) <= 3 * e * norm x.
Proof.
move=> Ds e0 De; set C := D + e%:M.
have CE h : C *m h = D *m h + e *: h by rewrite mulmxDl mul_scalar_mx.
have b h : 0 <= dot h (C *m h) <= 2 * e * dot h h.
  rewrite CE dotDr dotZr; have := De h; rewrite ler_norml => /andP[].
  by move: (dot h (D *m h)) (dot h h) => p q *; apply/andP; split; lra.
have e2 : 0 < 2 * e by rewrite mulr_gt0.
have h : dot (C *m x) (C *m x) <= (2 * e) ^+ 2 * dot x x.
  apply: psd_contract => //; first by rewrite linearD/= Ds tr_scalar_mx.
  - by move=> h; have /andP[] := b h.
  - by move=> h; have /andP[] := b h.
have {}h : norm (C *m x) <= 2 * e * norm x.
  by rewrite -(@ler_pXn2r _ 2)// ?nnegrE ?norm_ge0 ?(mulr_ge0 (ltW e2) (norm_ge0 _))// exprMn !sqr_norm.
have -> : D *m x = C *m x + (- e) *: x by rewrite CE scaleNr addrK.
apply: le_trans (norm_triangle _ _) _; rewrite norm_scale normrN gtr0_norm//.
have -> : 3 * e * norm x = 2 * e * norm x + e * norm x by ring.
by rewrite lerD2r.
Qed.

End norms.

Section origin.
Variables (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation EE := (E (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).
Notation B := (Bmx U w X (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation G := (Gmap U w).

Lemma posteriors_near theta h x : \sum_j `|post U w (theta + h) x j - post U w theta x j| <= 4 * (norm x * norm h).
Proof.
have y j : `|dot x (U j *m h)| <= norm x * norm h.
  by rewrite -[norm h]/(Num.sqrt (dot h h)) -(dot_U U_orth j h); exact: dot_le_norm.
have c0 : 0 <= norm x * norm h by rewrite mulr_ge0 ?norm_ge0.
have p0 j := post_ge0 U w_gt0 w_sum theta x j; have p1 := post_sum U w_gt0 w_sum theta x.
have := sum_tilt_change p0 p1 c0 y; apply: le_trans.
rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => j _.
by rewrite -(post_change U w_gt0 w_sum).
Qed.

Lemma Gmap_near theta h x y : norm (G (theta + h) x *m y - G theta x *m y) <= 4 * (norm x * norm h) * norm y.
Proof.
have -> : G (theta + h) x *m y - G theta x *m y = \sum_j (post U w (theta + h) x j - post U w theta x j) *: (U j *m y).
  by rewrite !Gmap_mul -sumrB; apply: eq_bigr => j _; rewrite scalerBl.
apply: le_trans (norm_sum _) _.
rewrite (eq_bigr (fun j => `|post U w (theta + h) x j - post U w theta x j| * norm y)); last first.
  by move=> j _; rewrite norm_scale /norm dot_U.
by rewrite -mulr_suml ler_wpM2r ?norm_ge0// posteriors_near.
Qed.

Lemma A_le h : norm (A *m h) <= norm h.
Proof.
rewrite /norm ler_wsqrtr//; have /andP[_] := gauss_B_psd U_orth w_gt0 w_sum 0 h.
by rewrite (gauss_B0 U w_sum) !dotE trmx_mul -!mulmxA.
Qed.

Let near_arith (a b x r hh u v : R) : 0 <= b -> 0 <= a -> a - b <= 4 * (x * r) * u -> b - a <= 4 * (x * r) * u ->
  a <= u -> b <= u -> 0 <= x -> 0 <= r -> u ^+ 2 = hh -> x ^+ 2 = v -> 0 <= u ->
  `|a ^+ 2 - b ^+ 2| <= 4 * (v + 1) * r * hh.
Proof.
move=> b0 a0 h1 h2 au bu x0 r0 <- <- u0.
have s : a + b <= 2 * u by lra.
have c0 : 0 <= 4 * (x * r) * u by rewrite !mulr_ge0.
have m : 4 * (x * r) * u * (2 * u) <= 4 * (x ^+ 2 + 1) * r * u ^+ 2.
  have -> : 4 * (x * r) * u * (2 * u) = 4 * r * u ^+ 2 * (2 * x) by ring.
  have -> : 4 * (x ^+ 2 + 1) * r * u ^+ 2 = 4 * r * u ^+ 2 * (x ^+ 2 + 1) by ring.
  rewrite ler_wpM2l ?mulr_ge0 ?sqr_ge0//.
  by have := sqr_ge0 (x - 1); lra.
rewrite subr_sqr normrM (ger0_norm (addr_ge0 a0 b0)).
apply: le_trans m; apply: ler_pM => //; first exact: addr_ge0.
by rewrite ler_norml; apply/andP; split; lra.
Qed.

(* B varies by at most 4 (d + 1) |h| between theta and theta + h *)
Lemma quadratic_near theta h y : `|dot y ((B (theta + h) - B theta) *m y)| <= 4 * (d%:R + 1) * norm h * dot y y.
Proof.
pose f t := 4 * norm h * dot y y * dot (X t) (X t) + 4 * norm h * dot y y.
have lf : L (Eg R d) f by apply: L_add; [apply: L_scale; exact: L_sqr_norm|exact: L_cst].
have Ef : EE f <= 4 * (d%:R + 1) * norm h * dot y y.
  rewrite E_add; [|by apply: L_scale; exact: L_sqr_norm|exact: L_cst].
  rewrite E_scale ?E_cst; last exact: L_sqr_norm.
  have c : 0 <= 4 * norm h * dot y y by rewrite !mulr_ge0 ?norm_ge0 ?dot_ge0.
  have := ler_wpM2l c (E_sqr_norm_le R d).
  by move: (EE _) (norm h) (dot y y) => p q s *; lra.
have [qE ql] := B_quad U w_gt0 w_sum (theta + h) y; have [rE rl] := B_quad U w_gt0 w_sum theta y.
set g := fun t => dot (G (theta + h) (X t) *m y) (G (theta + h) (X t) *m y) in qE ql.
set e := fun t => dot (G theta (X t) *m y) (G theta (X t) *m y) in rE rl.
have pt t : `|g t - e t| <= f t.
  rewrite /g /e /f -!sqr_norm.
  have tri (u v : 'cV[R]_d) : norm u - norm v <= norm (u - v).
    by rewrite lerBlDr; apply: le_trans (norm_triangle _ _); rewrite subrK.
  have n1 := Gmap_near theta h (X t) y.
  have n2 : norm (G theta (X t) *m y) - norm (G (theta + h) (X t) *m y) <= 4 * (norm (X t) * norm h) * norm y.
    apply: le_trans n1; rewrite -[X in _ <= X]mul1r -[X in X * _](normrN1 R) -norm_scale scaleN1r opprB.
    exact: tri.
  have gl eta : norm (G eta (X t) *m y) <= norm y by rewrite /norm ler_wsqrtr// Gmap_le.
  have := near_arith (norm_ge0 _) (norm_ge0 _) (le_trans (tri _ _) n1) n2 (gl _) (gl _) (norm_ge0 _) (norm_ge0 _) erefl erefl (norm_ge0 _).
  move=> hn; apply: le_trans hn _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by move: (norm (X t)) (norm h) (norm y) => p q s; ring.
have -> : dot y ((B (theta + h) - B theta) *m y) = EE (fun t => g t - e t).
  by rewrite mulmxBl dotBr (E_sub ql rl) -qE -rE.
have lg : L (Eg R d) (fun t => g t - e t) by apply: L_sub.
apply: le_trans Ef; rewrite ler_norml; apply/andP; split.
  rewrite -mulN1r -E_scale//; apply: E_mono => //; first exact: L_scale.
  by move=> t; rewrite mulN1r; have := pt t; rewrite ler_norml => /andP[].
by apply: E_mono => // t; have := pt t; rewrite ler_norml => /andP[].
Qed.

Lemma B_near theta h x : norm ((B (theta + h) - B theta) *m x) <= 12 * (d%:R + 1) * norm h * norm x.
Proof.
have [->|hn] := eqVneq h 0; first by rewrite addr0 subrr mul0mx norm0 mulr0 mul0r.
have hp : 0 < norm h by rewrite lt_def norm_ge0 andbT -sqrf_eq0 sqr_norm dot_eq0.
have e0 : 0 < 4 * (d%:R + 1) * norm h by rewrite !mulr_gt0// ltr_wpDl.
have -> : 12 * (d%:R + 1) * norm h * norm x = 3 * (4 * (d%:R + 1) * norm h) * norm x by ring.
apply: small_symmetric => //; last by move=> y; exact: quadratic_near.
by rewrite linearB/=; congr (_ - _); exact: gauss_B_sym.
Qed.

(* M(theta) = (I - A^T A) theta + O(|theta|^2) *)
Theorem em_near_origin theta :
  norm (M theta - (theta - A^T *m A *m theta)) <= 12 * (d%:R + 1) * norm theta ^+ 2.
Proof.
have -> : M theta - (theta - A^T *m A *m theta) = - ((B (0 + theta) - B 0) *m theta).
  rewrite (gauss_EM_identity U_orth w_gt0 w_sum) add0r (gauss_B0 U w_sum) mulmxBl.
  by move: (B theta *m theta) (A^T *m A *m theta) => p q; apply/matrixP => a b; rewrite !mxE; ring.
by rewrite -scaleN1r norm_scale normrN1 mul1r expr2 mulrA; exact: B_near.
Qed.

Let K : R := 12 * (d%:R + 1).

Let K_ge0 : 0 <= K. Proof. by rewrite mulr_ge0// addr_ge0. Qed.

Lemma shrink_le x : norm (x - A^T *m A *m x) <= norm x.
Proof.
have h : dot (x - A^T *m A *m x) (x - A^T *m A *m x) <= 1 ^+ 2 * dot x x.
  have -> : x - A^T *m A *m x = (1%:M - A^T *m A) *m x by rewrite mulmxBl mul1mx.
  have q h : dot h ((1%:M - A^T *m A) *m h) = dot h h - dot (A *m h) (A *m h).
    by rewrite mulmxBl mul1mx dotBr; congr (_ - _); rewrite !dotE trmx_mul -!mulmxA.
  apply: psd_contract => //; first by rewrite linearB/= trmx1 trmx_mul trmxK.
  - move=> h; rewrite q subr_ge0 -!sqr_norm lerXn2r ?nnegrE ?norm_ge0//; exact: A_le.
  - by move=> h; rewrite q mul1r gerBl dot_ge0.
by rewrite expr1n mul1r in h; rewrite /norm ler_wsqrtr.
Qed.

(* a small start that A annihilates stays where it is for long *)
Lemma em_lingers theta n : A *m theta = 0 ->
  norm (iter n M theta - theta) <= n%:R * (K * norm theta ^+ 2).
Proof.
move=> At; elim: n => [|n IH]; first by rewrite subrr norm0 mul0r.
rewrite iterS; set e := iter n M theta in IH *.
have el : norm e <= norm theta by rewrite /norm ler_wsqrtr// (iterates_in_ball U_orth w_gt0 w_sum).
have -> : M e - theta = (M e - (e - A^T *m A *m e)) + ((e - theta) - A^T *m A *m (e - theta)).
  have z : A^T *m A *m theta = 0 by rewrite -mulmxA At mulmx0.
  rewrite mulmxBr z subr0; move: (M e) (A^T *m A *m e) => p q.
  by apply/matrixP => a b; rewrite !mxE; ring.
apply: le_trans (norm_triangle _ _) _.
have h1 := em_near_origin e; rewrite -/K in h1.
have h2 : K * norm e ^+ 2 <= K * norm theta ^+ 2 by rewrite ler_wpM2l// lerXn2r// nnegrE norm_ge0.
have h3 := le_trans (shrink_le (e - theta)) IH.
have -> : n.+1%:R * (K * norm theta ^+ 2) = K * norm theta ^+ 2 + n%:R * (K * norm theta ^+ 2).
  by rewrite -natr1; ring.
exact: lerD (le_trans h1 h2) h3.
Qed.

Lemma power_below (C q b : R) : 0 <= q < 1 -> 0 < b -> exists n, C * q ^+ n < b.
Proof.
move=> /andP[q0 q1] b0; apply: contrapT => no.
have low n : b <= C * q ^+ n by rewrite leNgt; apply/negP => h; apply: no; exists n.
have lim : (fun n => C * q ^+ n) @ \oo --> C * 0.
  by apply: cvgMr; apply: cvg_expr; rewrite ger0_norm.
have := limr_ge (cvgP _ lim) (nearW _ low); rewrite (cvg_lim _ lim)// mulr0 => b1.
by move: b0; rewrite ltNge b1.
Qed.

Let linger_arith (t n c x y : R) : 0 < t -> 0 <= n -> t * (2 * n + 1) <= 1 -> c < 2^-1 -> t <= x + y -> y <= n * t ^+ 2 ->
  c * t < x.
Proof.
move=> t0 n0 h c2 txy yn.
have h1 : n * t ^+ 2 <= t * 2^-1.
  have -> : n * t ^+ 2 = t * (n * t) by ring.
  by rewrite ler_wpM2l ?ltW//; lra.
have h2 : c * t < 2^-1 * t by rewrite ltr_pM2r.
lra.
Qed.

(* so there is no uniform rate near 0 *)
Theorem no_rate_near_origin (u : 'cV[R]_d) (C q rho : R) : A *m u = 0 -> u != 0 -> 0 <= q < 1 -> 0 < rho ->
  exists (theta : 'cV[R]_d) n, norm theta <= rho /\ C * q ^+ n * norm theta < norm (iter n M theta).
Proof.
move=> Au un q01 r0; have [n hn] := power_below C q01 (ltac:(by rewrite invr_gt0) : 0 < 2^-1 :> R).
have up : 0 < norm u by rewrite lt_def norm_ge0 andbT -sqrf_eq0 sqr_norm dot_eq0.
set m := n%:R * K; have m0 : 0 <= m by rewrite mulr_ge0.
have b0 : 0 < 2 * m + 1 by rewrite ltr_wpDl// mulr_ge0.
pose t := Num.min rho (2 * m + 1)^-1.
have t0 : 0 < t by rewrite lt_min r0 invr_gt0.
have tb : t * (2 * m + 1) <= 1 by rewrite -ler_pdivlMr// div1r ge_min lexx orbT.
exists ((t / norm u) *: u), n; set theta := _ *: u.
have nt : norm theta = t by rewrite norm_scale gtr0_norm ?divr_gt0// divfK// gt_eqF.
have At : A *m theta = 0 by rewrite -scalemxAr Au scaler0.
rewrite nt; split; first by rewrite ge_min lexx.
have := em_lingers n At; rewrite nt mulrA -/m => l.
apply: linger_arith t0 m0 tb hn _ l.
have -> : t = norm (iter n M theta + (theta - iter n M theta)) by rewrite addrC subrK nt.
apply: le_trans (norm_triangle _ _) _; rewrite lerD2l.
by rewrite -[leLHS]mul1r -[X in X * _](normrN1 R) -norm_scale scaleN1r opprB.
Qed.

End origin.
