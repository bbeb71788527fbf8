(* Near the origin KL is strongly convex if A is invertible, and maps that are nearly others have nearly their A. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood.
From EM Require Import Population Necessity Origin.

Section convexity.
Variables (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).
Hypothesis U_orth : forall j, (U j)^T *m U j = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation M := (em_map U w (@Xg R d) (Eg R d)).
Notation B := (Bmx U w (@Xg R d) (Eg R d)).
Notation A := (\sum_j w j *: U j).
Notation loss := (loss U w).
Notation grad theta := (B theta *m theta).

Let combine (x y q s n r e : R) : s * q <= x -> `|y| <= e * (n * n) * r -> n * n = q -> (s - e * r) * q <= x + y.
Proof. by move=> h1; rewrite ler_norml => /andP[h2 _] e2; rewrite e2 in h2; lra. Qed.

(* the gradient is strongly monotone on a ball about 0 *)
Theorem gradient_monotone (sigma2 rho : R) a b : 0 <= sigma2 ->
  (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) -> norm a <= rho -> norm b <= rho ->
  (expR (- rho ^+ 2) * sigma2 - 12 * (d%:R + 1) * rho) * dot (b - a) (b - a) <= dot (b - a) (grad b - grad a).
Proof.
move=> s0 hA ar br; set h := b - a.
have e : grad b - grad a = B b *m h + (B (a + h) - B a) *m a.
  have -> : a + h = b by rewrite /h addrC subrK.
  by rewrite /h; move: (B b) (B a) => C D; rewrite mulmxBr mulmxBl addrA subrK.
rewrite e [leRHS]dotDr; apply: (@combine _ _ _ _ (norm h)); last by rewrite -expr2 sqr_norm.
- rewrite -mulrA; apply: le_trans (gauss_B_lower U_orth w_gt0 w_sum b h).
  apply: ler_pM; rewrite ?expR_ge0 ?mulr_ge0 ?dot_ge0//.
  by rewrite ler_expR lerN2 -sqr_norm lerXn2r// nnegrE ?norm_ge0// (le_trans (norm_ge0 _) br).
- apply: le_trans (dot_le_norm _ _) _.
  have h1 := B_near U_orth w_gt0 w_sum a h a.
  apply: le_trans (ler_wpM2l (norm_ge0 h) h1) _.
  have c0 : 0 <= 12 * (d%:R + 1) * (norm h * norm h) by rewrite !mulr_ge0 ?norm_ge0 ?addr_ge0.
  have := ler_wpM2l c0 ar; apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma loss_lower theta h : loss theta + dot (grad theta) h - 4 * d%:R * dot h h <= loss (theta + h).
Proof.
have := Lam_gradient U_orth w_gt0 w_sum theta h; have h0 := dot_ge0 h.
rewrite /Likelihood.loss (gauss_EM_identity U_orth w_gt0 w_sum) dotBl dotDl !dotDr [dot h theta]dotC.
move: (Lam _ _ _) (Lam _ _ theta) (dot theta theta) (dot theta h) (dot (grad theta) h) (dot h h) h0.
by move=> x y p q r s s0 /andP[_ h1]; lra.
Qed.

Section segment.
Variables (mu : R) (a h : 'cV[R]_d).
Hypothesis mono : forall t : R, 0 <= t <= 1 -> mu * dot (t *: h) (t *: h) <= dot (t *: h) (grad (a + t *: h) - grad a).

Lemma slope_lower (t : R) : 0 <= t <= 1 -> dot (grad a) h + mu * t * dot h h <= dot (grad (a + t *: h)) h.
Proof.
move=> t01; have := mono t01; rewrite !dotZl dotZr dotBr ![dot h (grad _)]dotC.
have [->|tn] := eqVneq t 0; first by rewrite scale0r addr0 mulr0 mul0r addr0.
have tp : 0 < t by rewrite lt_def tn; case/andP: t01.
move: (dot h h) (dot (grad _) h) (dot (grad a) h) => q x y.
have -> : mu * (t * (t * q)) = t * (mu * t * q) by ring.
by rewrite ler_pM2l//; lra.
Qed.

Let step_arith (l l' g c q m t n dd : R) : 0 < n ->
  l + n^-1 * g - 4 * dd * (n^-1 * (n^-1 * q)) <= l' -> c + m * t * q <= g ->
  l + n^-1 * c + m * t * q * n^-1 - 4 * dd * q * n^-1 ^+ 2 <= l'.
Proof.
move=> n0 h1 h2; have i0 : 0 <= n^-1 by rewrite invr_ge0 ltW.
have := ler_wpM2l i0 h2; move: h1; rewrite expr2; move: (n^-1) => i h1 h3.
have -> : 4 * dd * q * (i * i) = 4 * dd * (i * (i * q)) by ring.
have -> : m * t * q * i = i * (m * t * q) by ring.
have e3 : i * (c + m * t * q) = i * c + i * (m * t * q) by ring.
by rewrite e3 in h3; lra.
Qed.

Let induct (l0 c q m dd v x l : R) :
  l0 + x * v * c + m / 2 * q * (x * (x - 1)) * v ^+ 2 - 4 * dd * q * x * v ^+ 2 <= l ->
  l0 + (x + 1) * v * c + m / 2 * q * ((x + 1) * (x + 1 - 1)) * v ^+ 2 - 4 * dd * q * (x + 1) * v ^+ 2
    <= l + v * c + m * (x * v) * q * v - 4 * dd * q * v ^+ 2.
Proof.
rewrite -subr_ge0 => le3; rewrite -subr_ge0; apply: le_trans le3 _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by field.
Qed.

Lemma loss_along (n i : nat) : (i <= n.+1)%N ->
  loss a + i%:R / n.+1%:R * dot (grad a) h + mu / 2 * dot h h * (i%:R * (i%:R - 1)) * n.+1%:R^-1 ^+ 2
    - 4 * d%:R * dot h h * i%:R * n.+1%:R^-1 ^+ 2 <= loss (a + (i%:R / n.+1%:R) *: h).
Proof.
set N : R := n.+1%:R; have N0 : 0 < N by rewrite ltr0n.
elim: i => [|i IH] iN; first by rewrite !mul0r !mulr0 !mul0r scale0r !addr0 subr0.
have t01 : 0 <= i%:R / N <= 1.
  apply/andP; split; first by rewrite divr_ge0// ltW.
  by rewrite ler_pdivrMr// mul1r ler_nat ltnW.
have e : a + (i.+1%:R / N) *: h = a + (i%:R / N) *: h + N^-1 *: h.
  by rewrite -addrA -scalerDl -natr1 mulrDl mul1r.
have := loss_lower (a + (i%:R / N) *: h) (N^-1 *: h); rewrite -e dotZl !dotZr => h1.
have h2 := slope_lower t01; have h3 := IH (ltnW iN).
have := step_arith N0 h1 h2; apply: le_trans; rewrite -natr1; exact: induct h3.
Qed.

Let last_arith (N l0 c q m dd : R) : N != 0 -> l0 + c + m / 2 * q - (m / 2 + 4 * dd) * q / N <=
  l0 + 1 * c + m / 2 * q * (N * (N - 1)) * N^-1 ^+ 2 - 4 * dd * q * N * N^-1 ^+ 2.
Proof. by move=> N0; rewrite le_eqVlt; apply/orP; left; apply/eqP; field. Qed.

Theorem loss_convex : loss a + dot (grad a) h + mu / 2 * dot h h <= loss (a + h).
Proof.
set c := (mu / 2 + 4 * d%:R) * dot h h.
have bound (n : nat) : loss a + dot (grad a) h + mu / 2 * dot h h - c / n.+1%:R <= loss (a + h).
  have := @loss_along n n.+1 (leqnn _); have N0 : (n.+1%:R : R) != 0 by rewrite pnatr_eq0.
  rewrite (divff N0) scale1r; apply: le_trans; rewrite /c; exact: last_arith.
apply/ler_addgt0Pr => e e0.
have [n hn] : exists n : nat, c / n.+1%:R <= e.
  exists (Num.bound (`|c| / e)); rewrite ler_pdivrMr ?ltr0n// mulrC -ler_pdivrMr//.
  have b := archi_boundP (divr_ge0 (normr_ge0 c) (ltW e0)).
  apply: le_trans (_ : `|c| / e <= _); first by rewrite ler_pM2r ?invr_gt0// ler_norm.
  by apply: ltW; apply: lt_trans b _; rewrite ltr_nat.
have := bound n; rewrite lerBlDr => h3; apply: le_trans h3 _; by rewrite lerD2l.
Qed.

End segment.

Lemma norm_segment (a h : 'cV[R]_d) (rho t : R) : 0 <= t <= 1 -> norm a <= rho -> norm (a + h) <= rho -> norm (a + t *: h) <= rho.
Proof.
move=> /andP[t0 t1] h1 h2.
have -> : a + t *: h = (1 - t) *: a + t *: (a + h).
  by rewrite scalerBl scale1r scalerDr addrA subrK.
apply: le_trans (norm_triangle _ _) _; rewrite !norm_scale ger0_norm ?subr_ge0// (ger0_norm t0).
have s0 : 0 <= 1 - t by rewrite subr_ge0.
apply: le_trans (lerD (ler_wpM2l s0 h1) (ler_wpM2l t0 h2)) _; by rewrite -mulrDl subrK mul1r.
Qed.

Let radius_arith (s g e n : R) : 0 <= s <= 1 -> 1 <= n -> 0 <= g -> g * (26 * n) <= s -> 1 - g ^+ 2 <= e ->
  s / 2 <= e * s - 12 * n * g.
Proof.
move=> /andP[s0 s1] n1 g0 h he.
have gn : 0 <= g * (n - 1) by rewrite mulr_ge0// subr_ge0.
have g1 : g <= 1 by lra.
have gg : g ^+ 2 <= g by rewrite expr2 -[leRHS]mulr1 ler_wpM2l.
have := ler_wpM2r s0 he; have sg : 0 <= (1 - s) * g by rewrite mulr_ge0// subr_ge0.
have gs := ler_wpM2r s0 gg; lra.
Qed.

(* strongly convex with the parameter sigma^2/2 *)
Theorem convex_near_origin (sigma2 : R) a b : 0 <= sigma2 <= 1 ->
  (forall h, sigma2 * dot h h <= dot (A *m h) (A *m h)) ->
  norm a <= sigma2 / (26 * (d%:R + 1)) -> norm b <= sigma2 / (26 * (d%:R + 1)) ->
  loss a + dot (grad a) (b - a) + sigma2 / 4 * dot (b - a) (b - a) <= loss b.
Proof.
move=> s01 hA ar br; set rho := sigma2 / _ in ar br; set h := b - a.
have eb : a + h = b by rewrite /h addrC subrK.
have n1 : 1 <= d%:R + 1 :> R by rewrite lerDr.
have rho0 : 0 <= rho := le_trans (norm_ge0 a) ar.
have hr : rho * (26 * (d%:R + 1)) <= sigma2.
  by rewrite /rho divfK// gt_eqF// mulr_gt0// (lt_le_trans ltr01 n1).
have hm : sigma2 / 2 <= expR (- rho ^+ 2) * sigma2 - 12 * (d%:R + 1) * rho.
  by apply: radius_arith => //; exact: expR_ge1Dx.
have s4 : sigma2 / 4 = sigma2 / 2 / 2 by field.
rewrite s4 -eb; apply: loss_convex => t t01.
have ht : norm (a + t *: h) <= rho by apply: norm_segment => //; rewrite eb.
have s0 : 0 <= sigma2 by case/andP: s01.
have := gradient_monotone s0 hA ar ht; have -> : a + t *: h - a = t *: h by rewrite addrC addKr.
by apply: le_trans; rewrite ler_wpM2r// dot_ge0.
Qed.

End convexity.

Section nearby.
Variables (R : realType) (d k : nat) (U V : 'I_k -> 'M[R]_d) (w e : 'I_k -> R) (s : R).
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis near_maps : forall j h, norm ((U j - V j) *m h) <= e j * norm h.
Hypothesis V_lower : forall h, s * norm h <= norm ((\sum_j w j *: V j) *m h).

Theorem nearby_lower h : (s - \sum_j w j * e j) * norm h <= norm ((\sum_j w j *: U j) *m h).
Proof.
have b : norm ((\sum_j w j *: (V j - U j)) *m h) <= (\sum_j w j * e j) * norm h.
  rewrite mulmx_suml mulr_suml; apply: le_trans (norm_sum _) _; apply: ler_sum => j _.
  rewrite -scalemxAl norm_scale gtr0_norm// -mulrA; apply: ler_wpM2l; first exact: ltW.
  have -> : (V j - U j) *m h = - 1 *: ((U j - V j) *m h) by rewrite scaleN1r -mulNmx opprB.
  by rewrite norm_scale normrN1 mul1r; exact: near_maps.
have e1 : (\sum_j w j *: V j) *m h = (\sum_j w j *: U j) *m h + (\sum_j w j *: (V j - U j)) *m h.
  by rewrite -mulmxDl -big_split/=; congr (_ *m _); apply: eq_bigr => j _; rewrite -scalerDr addrC subrK.
have := V_lower h; rewrite e1 => l; rewrite mulrBl lerBlDr; apply: le_trans l _.
by apply: le_trans (norm_triangle _ _) _; rewrite lerD2l.
Qed.

End nearby.
